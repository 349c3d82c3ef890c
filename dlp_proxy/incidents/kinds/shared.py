"""Several people and one place: a destination that a few of them fill, and the same customers sent there by several."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Final

from dlp_proxy.incidents.grouped import DAY, Draft, People
from dlp_proxy.incidents.transfers import Transfer

DAYS: Final = 30
EACH: Final = 20
"""Different customers in 30 days from which somebody counts as filling a destination; two must."""
TOGETHER: Final = 50
"""Different customers at least, of those who fill it."""
IN_COMMON: Final = 10
"""Customers that both sent to one destination link two people."""


class _AtSites:
    """Who sent which customers where, and when; blocked or not: an attempt links people too."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._used: defaultdict[str, set[str]] = defaultdict(set)
        self._sent: defaultdict[str, defaultdict[str, list[Transfer]]] = defaultdict(lambda: defaultdict(list))

    def see(self, one: Transfer) -> None:
        if one.customers and one.user in self._people.groups and one.site not in self._people.sanctioned:
            used = self._used[one.site]
            used.add(one.user)
            if len(used) <= self._people.most:
                self._sent[one.site][one.user].append(one)
            else:
                self._sent.pop(one.site, None)  # everybody's: it links nobody

    def sites(self) -> list[tuple[str, dict[str, list[Transfer]]]]:
        return [(site, dict(sent)) for site, sent in self._sent.items() if len(sent) > 1]


class SharedDestination(_AtSites):
    """A destination that at least two people, and few in all, sent many customers to within a month."""

    def found(self) -> list[Draft]:
        drafts = []
        for site, sent in self.sites():
            full = {user: some for user, some in sent.items() if _most_in_a_month(some) >= EACH}
            customers = {token for some in full.values() for one in some for token in one.customers}
            if len(full) > 1 and len(customers) >= TOGETHER:
                drafts.append(
                    Draft(
                        "shared-destination",
                        site,
                        tuple(sorted(full)),
                        tuple(sorted(one.sequence for some in full.values() for one in some)),
                        f"{len(full)} people each sent at least {EACH} different customers to {site} within"
                        f" {DAYS} days, {len(customers)} together; {len(sent)} people use it in all"
                        f" (more than {self._people.most} would make it everybody's)",
                        terms=((10, "several people"),),
                    )
                )
        return drafts


class SharedContent(_AtSites):
    """People who sent the same customers to the same destination, and who are linked by that."""

    def found(self) -> list[Draft]:
        drafts = []
        for site, sent in self.sites():
            tokens = {user: {token for one in some for token in one.customers} for user, some in sent.items()}
            linked: dict[str, set[str]] = {}
            for first, second in combinations(sorted(tokens), 2):
                if len(tokens[first] & tokens[second]) >= IN_COMMON:
                    together = linked.get(first, {first}) | linked.get(second, {second})
                    for user in together:
                        linked[user] = together
            for users in {tuple(sorted(some)) for some in linked.values()}:
                shared = {token for first, second in combinations(users, 2) for token in tokens[first] & tokens[second]}
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
                        terms=((20, "the same customers by several people"),),
                    )
                )
        return sorted(drafts, key=lambda one: one.events)


def _most_in_a_month(some: list[Transfer]) -> int:
    """Return how many different customers stand in the fullest 30 days."""
    days: dict[int, set[int]] = {}
    for one in some:
        days.setdefault(one.time // DAY, set()).update(one.customers)
    return max(
        len(set().union(*(tokens for other, tokens in days.items() if day - DAYS < other <= day))) for day in days
    )
