"""Different customers that everybody had sent, day by day, and whose count stood out. Kept, it can be gone on with."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from dlp_proxy.incidents.drip import peers_of, quantile
from dlp_proxy.incidents.grouped import People

WINDOWS: Final = ((7, 50, 4), (30, 100, 8), (90, 200, 15))
"""(days, different customers, days on which something was sent): all of one row opens a drip."""

LONGEST: Final = max(days for days, _, _ in WINDOWS)
TIMES_PEERS: Final = 2
"""So many times the peers' 95th percentile it must be: some work sends customers all day."""


@dataclass(slots=True)
class _Sender:
    """One person.

    Attributes:
        newest: day -> customers who were sent on that day and not since.
        sent: day -> different customers on that day.
        last: customer -> the last day; only of those whom a later day may send again.
    """

    newest: Counter[int] = field(default_factory=Counter)
    sent: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)

    def live(self, day: int, tokens: Collection[int]) -> None:
        """Take in a day: customers move from the day they were last sent to this one."""
        for token in tokens:
            before = self.last.get(token)
            if before is not None:
                self.newest[before] -= 1
            self.last[token] = day
            self.newest[day] += 1
        self.sent[day] = len(tokens)

    def within(self, day: int, days: int) -> int:
        since = day - days
        return sum([count for one, count in self.newest.items() if one > since])  # a generator takes twice as long

    def sent_on(self, day: int, days: int) -> list[int]:
        return [count for one, count in self.sent.items() if day - days < one <= day]


class Stretch(NamedTuple):
    """A drip: whose, the days that belong to it, and why."""

    user: str
    days: list[int]
    because: str
    terms: tuple[tuple[int, str], ...]


class Curve:
    """Everybody's counts over some transfers. A drip closes when every window is under its number again.

    Attributes:
        where: at which destinations; as it is printed.
        until: the last day that was taken in.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.until = -1
        self._senders: dict[str, _Sender] = {}
        self._opened: dict[str, Stretch] = {}
        self._closed: list[Stretch] = []
        self._peers: dict[str, tuple[frozenset[str], str]] = {}

    def take(self, people: People, day: int, sent: Mapping[str, Collection[int]]) -> None:
        """Take in a day, later than all before: who sent whom."""
        self.until = day
        for user, tokens in sent.items():
            self._senders.setdefault(user, _Sender()).live(day, tokens)
        ended = [one for one in self._opened if not self._over(one, day)]
        self._closed += [self._opened.pop(user) for user in ended]
        standing = _Standing(self._senders, day)
        for user in sent:
            if user in self._opened:
                self._opened[user].days.append(day)
            elif (one := self._opening(people, user, day, standing)) is not None:
                self._opened[user] = one

    def drips(self) -> Iterator[Stretch]:
        """Yield those that closed, then those that are open."""
        yield from self._closed
        yield from self._opened.values()

    def remember(self, sent_before: Iterable[tuple[str, int, int]]) -> None:
        """Take (person, customer, last day) of those who may be sent again, where it was read from what was kept."""
        for user, token, day in sent_before:
            if user in self._senders:
                self._senders[user].last[token] = day

    def as_json(self, until: int) -> dict[str, Any]:
        """Return what it must know to go on with days after `until`, but for the customers themselves."""
        oldest = until - LONGEST
        return {
            "until": until,
            "senders": {
                user: [[day, count, one.newest[day]] for day, count in sorted(one.sent.items()) if day > oldest]
                for user, one in sorted(self._senders.items())
            },
            "opened": [list(one) for one in self._opened.values()],
            "closed": [list(one) for one in self._closed],
        }

    @classmethod
    def of_json(cls, where: str, kept: Mapping[str, Any]) -> Curve:
        """Return what `as_json` told."""
        made = cls(where)
        made.until = kept["until"]
        for user, days in kept["senders"].items():
            made._senders[user] = _Sender(
                Counter({day: newest for day, _, newest in days}), {day: count for day, count, _ in days}
            )
        made._opened = {one[0]: _stretch(one) for one in kept["opened"]}
        made._closed = [_stretch(one) for one in kept["closed"]]
        return made

    def _over(self, user: str, day: int) -> bool:
        return any(self._senders[user].within(day, days) >= least for days, least, _ in WINDOWS)

    def _opening(self, people: People, user: str, day: int, standing: _Standing) -> Stretch | None:
        """Return the drip that begins; `standing` is everybody's as of the day."""
        sender = self._senders[user]
        for days, least, on_days in WINDOWS:
            count = sender.within(day, days)
            if count < least:
                continue
            daily = sender.sent_on(day, days)
            if len(daily) < on_days or max(daily) * 2 > count:
                continue
            if user not in self._peers:
                self._peers[user] = peers_of(people.groups, user)
            peers, who = self._peers[user]
            theirs = standing.of_peers(days, who, peers, count)
            p95 = quantile(theirs, 95)
            if count < TIMES_PEERS * p95:
                continue
            beside = f"peers ({who}, {len(peers)} people): median {quantile(theirs, 50)}, 95 of 100 under {p95 + 1}"
            because = (
                f"{count} different customers in {days} days{self.where} (from {least} on it is looked at),"
                f" on {len(daily)} days, at most {max(daily)} a day; {beside if peers else 'no peers'}"
            )
            terms = ((15, f"at least {TIMES_PEERS} times what peers sent"),) if peers else ()
            since = day - days + 1
            return Stretch(user, [one for one in sorted(sender.sent) if since <= one <= day], because, terms)
        return None


class _Standing:
    """Everybody's counts as of one day, worked out and sorted once for all who are compared with the same people."""

    def __init__(self, senders: Mapping[str, _Sender], day: int) -> None:
        self._senders = senders
        self._day = day
        self._counts: dict[int, dict[str, int]] = {}
        self._sorted: dict[tuple[int, str], list[int]] = {}

    def of_peers(self, days: int, who: str, peers: frozenset[str], own: int) -> list[int]:
        """Return the peers' counts, ascending.

        Args:
            who: names the peers together with the one who is compared, whose count is `own`.
        """
        if not peers:
            return []
        if days not in self._counts:
            self._counts[days] = {one: other.within(self._day, days) for one, other in self._senders.items()}
        if (days, who) not in self._sorted:
            counts = self._counts[days]
            self._sorted[days, who] = sorted([own, *(counts.get(one, 0) for one in peers)])
        theirs = self._sorted[days, who].copy()
        del theirs[bisect_left(theirs, own)]
        return theirs


def _stretch(kept: list[Any]) -> Stretch:
    user, days, because, terms = kept
    return Stretch(user, list(days), because, tuple((points, says) for points, says in terms))
