"""Several people and one place: a destination or an account there that a few of them fill, and the same customers sent
there by several.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Final, override

from dlp_proxy.incidents.grouped import DAY, Draft, People
from dlp_proxy.incidents.transfers import Transfer

DAYS: Final = 30
EACH: Final = 20
"""Different customers in 30 days from which somebody counts as filling a place; two must."""
TOGETHER: Final = 50
"""Different customers at least, of those who fill it."""
IN_COMMON: Final = 10
"""Customers that both sent to one place link two people."""

type Sent = Mapping[str, list[Transfer]]
"""Who sent what to one place, in order."""


class _AtPlaces:
    """Who sent which customers where, and when; blocked or not: an attempt links people too."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._used: defaultdict[str, set[str]] = defaultdict(set)
        self._sent: defaultdict[str, defaultdict[str, list[Transfer]]] = defaultdict(lambda: defaultdict(list))

    def see(self, one: Transfer) -> None:
        if one.customers and one.user in self._people.groups and not self._people.meant(one):
            self._take(one)

    def _take(self, one: Transfer) -> None:
        if not (place := self._place(one)):
            return
        used = self._used[place]
        used.add(one.user)
        if len(used) <= self._people.most:
            self._sent[place][one.user].append(one)
        else:
            self._sent.pop(place, None)  # everybody's: it links nobody

    def _place(self, one: Transfer) -> str:
        return one.site

    def places(self) -> Iterator[tuple[str, Sent]]:
        yield from ((place, sent) for place, sent in self._sent.items() if len(sent) > 1)


class SharedDestination(_AtPlaces):
    """A destination that at least two people, and few in all, sent many customers to within a month."""

    def found(self) -> list[Draft]:
        drafts = []
        for site, sent in self.places():
            if full := _filled(sent):
                some = [one for each in full.values() for one in each]
                accounts = {one.account_name for one in some}
                drafts.append(
                    Draft(
                        "shared-destination",
                        site,
                        tuple(sorted(full)),
                        tuple(sorted(one.sequence for one in some)),
                        f"{len(full)} people each sent at least {EACH} different customers to {site} within"
                        f" {DAYS} days, {len(_customers(some))} together; {len(sent)} people use it in all"
                        f" (more than {self._people.most} would make it everybody's)"
                        + (
                            f"; all to one account there, {accounts.pop()}"
                            if len(accounts) == 1 and any(accounts)
                            else ""
                        ),
                        terms=(_SEVERAL,),
                    )
                )
        return drafts


class SharedContent(_AtPlaces):
    """People who sent the same customers to the same destination, and who are linked by that."""

    def found(self) -> list[Draft]:
        drafts = []
        for site, sent in self.places():
            tokens = {user: _customers(some) for user, some in sent.items()}
            for users in _linked(tokens):
                shared = _by_several(tokens, users)
                events = sorted(
                    one.sequence for user in users for one in sent[user] if not shared.isdisjoint(one.customers)
                )
                drafts.append(
                    Draft(
                        "shared-content",
                        f"{site}\0{users[0]}",
                        users,
                        tuple(events),
                        f"{len(users)} people sent {len(shared)} customers to {site} that at least one other of them"
                        f" sent there too ({IN_COMMON} in common link two)",
                        terms=(_THE_SAME,),
                    )
                )
        return sorted(drafts, key=lambda one: one.events)


class SharedAccount(_AtPlaces):
    """An account at a destination that several people, and few in all, fill, or sent the same customers to.

    It does not matter who else uses the destination: at a mail service that is everybody. Where all that went to a
    destination went to one account, the destination says it already.

    Args:
        rest_unseen: destinations of which only some accounts are shown to it.
    """

    def __init__(self, people: People, rest_unseen: Collection[str] = ()) -> None:
        super().__init__(people)
        self._rest_unseen = rest_unseen
        self._at_site: Counter[str] = Counter()

    @override
    def _take(self, one: Transfer) -> None:
        self._at_site[one.site] += 1
        super()._take(one)

    @override
    def _place(self, one: Transfer) -> str:
        return account_key(one.site, one.account_name) if one.account_name else ""

    def found(self) -> list[Draft]:
        drafts = []
        for place, sent in self.places():
            site, _, account = place.partition("\0")
            if site not in self._rest_unseen and sum(map(len, sent.values())) == self._at_site[site]:
                continue
            full = _filled(sent)
            tokens = {user: _customers(some) for user, some in sent.items()}
            linked = sorted({user for users in _linked(tokens) for user in users})
            if not full and not linked:
                continue
            users = sorted({*full, *linked})
            some = [one for user in users for one in sent[user]]
            why = [f"{len(full)} of them at least {EACH} each within {DAYS} days"] if full else []
            if linked:
                why.append(f"{len(_by_several(tokens, linked))} of these were sent there by more than one of them")
            drafts.append(
                Draft(
                    "shared-account",
                    place,
                    tuple(users),
                    tuple(sorted(one.sequence for one in some)),
                    f"{len(users)} people sent {len(_customers(some))} different customers to one account at {site},"
                    f" {account}: {'; '.join(why)}; {len(sent)} people fill it in all (more than"
                    f" {self._people.most} would make it everybody's)",
                    terms=(_SEVERAL, _THE_SAME) if linked else (_SEVERAL,),
                )
            )
        return drafts


_SEVERAL: Final = (10, "several people")
_THE_SAME: Final = (20, "the same customers by several people")


def account_key(site: str, account: str) -> str:
    """Return what makes an incident of an account the same one: at which destination it is, and its name."""
    return f"{site}\0{account}"


def _filled(sent: Sent) -> Sent:
    """Return those who fill a place, with what they sent there; nobody where it is too few people or customers."""
    full = {user: some for user, some in sent.items() if _most_in_a_month(some) >= EACH}
    together = _customers([one for some in full.values() for one in some])
    return full if len(full) > 1 and len(together) >= TOGETHER else {}


def _linked(tokens: Mapping[str, set[int]]) -> set[tuple[str, ...]]:
    """Return those who are linked by customers that both sent, directly or through each other."""
    linked: dict[str, set[str]] = {}
    for first, second in combinations(sorted(tokens), 2):
        if len(tokens[first] & tokens[second]) >= IN_COMMON:
            together = linked.get(first, {first}) | linked.get(second, {second})
            for user in together:
                linked[user] = together
    return {tuple(sorted(some)) for some in linked.values()}


def _by_several(tokens: Mapping[str, set[int]], users: Collection[str]) -> set[int]:
    """Return the customers that more than one of some people sent."""
    return {token for first, second in combinations(users, 2) for token in tokens[first] & tokens[second]}


def _customers(some: Collection[Transfer]) -> set[int]:
    return {token for one in some for token in one.customers}


def _most_in_a_month(some: list[Transfer]) -> int:
    """Return how many different customers stand in the fullest 30 days."""
    days: dict[int, set[int]] = {}
    for one in some:
        days.setdefault(one.time // DAY, set()).update(one.customers)
    return max(
        len(set().union(*(tokens for other, tokens in days.items() if day - DAYS < other <= day))) for day in days
    )
