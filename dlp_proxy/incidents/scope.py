"""How many customers, by whom, to whom, since when, and what is not known of it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from dlp_proxy.incidents.accounts import account_names
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import Reached, Transfer, transfers
from dlp_proxy.incidents.unseen import Unseen, unseen

RULE: Final = (
    "A customer is one value by which a record is known: what the policy's identify_by finds first, such as the"
    " telephone; in a transfer without records, each value that its rule counted. A customer counts once, under the"
    " furthest it came: left (sent, and accepted by the destination) before possible (sent, but not known to be"
    " accepted) before blocked (nothing was let go). Who is known by a telephone in one transfer and by an order"
    " number only in another counts twice."
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Different customers (or values), each under the furthest it came; times in milliseconds since the epoch.

    Attributes:
        records: of customers in transfers: one who was sent twice is two.
        first: of the first transfer that holds any, whatever became of it, and `last`; 0 without one.
        first_out: of the first that was not blocked, and `last_out`; 0 without one.
        new: customers that came further than blocked for the first time here; among days, what each day added.
    """

    left: int
    possible: int
    blocked: int
    records: int
    transfers: int
    first: int
    last: int
    first_out: int
    last_out: int
    new: int

    @property
    def lower(self) -> int:
        """Return how many left for certain."""
        return self.left

    @property
    def upper(self) -> int:
        """Return how many left at most, of those that were seen."""
        return self.left + self.possible

    @property
    def attempted(self) -> int:
        return self.left + self.possible + self.blocked

    def as_json(self) -> dict[str, int]:
        return {"lower": self.lower, "upper": self.upper, "attempted": self.attempted, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Scope:
    """The answer.

    Attributes:
        whole: of all that was asked for.
        people: who sent -> numbers, and likewise for the others; days are in UTC.
        accounts: account at a destination -> numbers, where messages told of one.
        kinds: kind of value -> numbers of different values of that kind.
        possible_because: reason -> customers of `whole.possible`; one may have several.
        unseen: what could not be looked at, so that more may have left.
        since: the time that was looked at: as asked, else of named events from the first to the last with customers,
            else from the first event that is kept; likewise `until`.
        newest: number of the last event that was looked at: asked again with it, the answer is the same.
    """

    whole: Numbers
    people: Mapping[str, Numbers]
    sites: Mapping[str, Numbers]
    days: Mapping[str, Numbers]
    kinds: Mapping[str, Numbers]
    possible_because: Mapping[str, int]
    unseen: Unseen
    since: int
    until: int
    newest: int
    rule: str = RULE
    accounts: Mapping[str, Numbers] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        groups = {"people": self.people, "sites": self.sites, "accounts": self.accounts}
        groups |= {"days": self.days, "kinds": self.kinds}
        return {
            "customers": self.whole.as_json(),
            **{name: {key: one.as_json() for key, one in group.items()} for name, group in groups.items()},
            "possible_because": dict(self.possible_because),
            "unknown": self.unseen.as_json(),
            "since": self.since,
            "until": self.until,
            "newest_event": self.newest,
            "rule": self.rule,
        }


@dataclass(slots=True)
class _Level:
    """Transfers that came equally far."""

    seen: set[int] = field(default_factory=set)
    records: int = 0
    transfers: int = 0
    first: int = 0
    last: int = 0


class _Tally:
    __slots__ = ("_levels", "new")

    def __init__(self) -> None:
        self._levels = [_Level() for _ in range(len(Reached) + 1)]  # by `Reached`, of which none is 0
        self.new = 0

    def add(self, one: Transfer, tokens: Collection[int]) -> None:
        level, time = self._levels[one.reached], one.time
        level.seen.update(tokens)
        level.records += len(tokens)
        level.transfers += 1
        if time > level.last:  # noqa: PLR1730 - for each of a hundred thousand, seven times
            level.last = time
        if time < level.first or not level.first:
            level.first = time

    def seen(self, reached: Reached) -> set[int]:
        """Return whose data came so far and no further."""
        return self._levels[reached].seen.difference(*(level.seen for level in self._levels[reached + 1 :]))

    @property
    def first(self) -> int:
        return _first(self._levels)

    @property
    def last(self) -> int:
        return max(level.last for level in self._levels)

    def numbers(self) -> Numbers:
        levels, out = self._levels, self._levels[Reached.BLOCKED + 1 :]
        return Numbers(
            len(self.seen(Reached.LEFT)),
            len(self.seen(Reached.POSSIBLE)),
            len(self.seen(Reached.BLOCKED)),
            sum(level.records for level in levels),
            sum(level.transfers for level in levels),
            self.first,
            self.last,
            _first(out),
            max(level.last for level in out),
            self.new,
        )


def _first(some: Iterable[_Level]) -> int:
    return min((level.first for level in some if level.transfers), default=0)


def scope(connection: sqlite3.Connection, selection: Selection) -> Scope:
    """Count. One pass over the transfers, so its time goes by how many records they hold."""
    (newest,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM event").fetchone()
    selection = replace(selection, newest=min(selection.newest or newest, newest))  # what comes in meanwhile is later
    whole = _Tally()
    people, sites, days, kinds = (defaultdict[str, _Tally](_Tally) for _ in range(4))
    accounts: defaultdict[tuple[str, int], _Tally] = defaultdict(_Tally)
    out: set[int] = set()
    because: defaultdict[str, set[int]] = defaultdict(set)
    for one in transfers(connection, selection):
        if one.customers:
            tallies = [whole, people[one.user], sites[one.site], days[day_of(one.time)]]
            if one.account:
                tallies.append(accounts[one.site, one.account])
            for tally in tallies:
                tally.add(one, one.customers)
            if one.reached > Reached.BLOCKED:
                before = len(out)
                out.update(one.customers)
                if new := len(out) - before:
                    for tally in tallies:
                        tally.new += new
                if one.why:
                    because[one.why].update(one.customers)
        for kind, tokens in one.values.items():
            kinds[kind].add(one, tokens)
    possible = whole.seen(Reached.POSSIBLE)
    since, until = _asked_time(connection, selection, whole)
    names = account_names(connection, (token for _, token in accounts))
    return Scope(
        whole=whole.numbers(),
        people=_numbers(people),
        sites=_numbers(sites),
        days=_numbers(days),
        kinds=_numbers(kinds),
        possible_because={why: len(because[why] & possible) for why in sorted(because)},
        unseen=unseen(connection, selection, since, until),
        since=since,
        until=until,
        newest=selection.newest,
        accounts=_numbers({f"{site} {names[token]}": one for (site, token), one in accounts.items()}),
    )


def _asked_time(connection: sqlite3.Connection, selection: Selection, whole: _Tally) -> tuple[int, int]:
    first, last = whole.first, whole.last
    if selection.events is None:  # somebody may have sent more when nobody looked, also before and after what was seen
        (first,) = connection.execute("SELECT coalesce(min(time), 0) FROM event").fetchone()
        newest = "SELECT time FROM event WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1"
        (last,) = connection.execute(newest, (selection.newest,)).fetchone() or (0,)
    return max(selection.since, first), min(selection.until or last, last)


def _numbers(group: Mapping[str, _Tally]) -> dict[str, Numbers]:
    return {key: group[key].numbers() for key in sorted(group)}


def day_of(time: int) -> str:
    """Return the day of a time in milliseconds since the epoch, in UTC."""
    return _day(time // 86_400_000)


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    return dt.datetime.fromtimestamp(number * 86_400, dt.UTC).strftime("%Y-%m-%d")
