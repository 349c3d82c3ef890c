"""How one person's different customers add up over time, beside those who do the same work."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final

from dlp_proxy.incidents.scope import day_of
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import Reached, Transfer, transfers

FEWEST_PEERS: Final = 5
"""Of fewer a middle says nothing, and would say it of somebody."""

MARKS: Final = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which something was sent.

    Attributes:
        new: customers who had not been sent before; `customers` all so far, `records` likewise with repetitions.
        sent: transfers that day that were not blocked, and `blocked` those that were.
        median: of the peers' customers so far, and `p95`; None with fewer than `FEWEST_PEERS` peers.
    """

    day: str
    new: int
    customers: int
    records: int
    sent: int
    blocked: int
    median: int | None
    p95: int | None


@dataclass(frozen=True, slots=True)
class Drip:
    """The curve.

    Attributes:
        peers: how many people it is compared with, and `peers_are` who they are.
        days_to: customers -> days from the first transfer until so many had been sent, the first day being 1.
        longest_quiet_days: the most days between two on which something was sent.
        median_a_day: new customers on a day on which something was sent, the middle one.
    """

    user: str
    steps: tuple[Step, ...]
    peers: int
    peers_are: str
    days_to: Mapping[int, int]
    longest_quiet_days: int
    median_a_day: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def drip(connection: sqlite3.Connection, user: str, selection: Selection, sanctioned: Iterable[str] = ()) -> Drip:
    """Return the curve of what somebody sent that was not blocked, leaving out sanctioned destinations.

    Peers are those of the same directory group, the smallest that has enough of them, else everybody.
    """
    left_out = frozenset(sanctioned)
    groups = groups_of(connection)
    wanted, peers_are = peers_of(groups, user)
    mine: list[Transfer] = []
    daily: dict[str, dict[str, int]] = {}
    seen: dict[str, set[int]] = {}
    for one in transfers(connection, selection, values=False):
        if not left_out.isdisjoint((one.site, one.account_name)) or not one.customers:
            continue
        if one.user == user:
            mine.append(one)
        elif one.user in wanted and one.reached > Reached.BLOCKED:
            before = seen.setdefault(one.user, set())
            before.update(one.customers)
            daily.setdefault(one.user, {})[day_of(one.time)] = len(before)
    steps = _steps(mine, [daily.get(one, {}) for one in sorted(wanted)])
    days = [_number(one.day) for one in steps if one.sent]
    return Drip(
        user,
        tuple(steps),
        len(wanted),
        peers_are,
        _days_to(steps),
        max((later - earlier - 1 for earlier, later in pairwise(days)), default=0),
        quantile(sorted(one.new for one in steps if one.sent), 50),
    )


def groups_of(connection: sqlite3.Connection, users: Iterable[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return everybody who is one person -> directory groups, as of their last transfer; or only some of them.

    Shared names and addresses are not people: they are nobody's peers.
    """
    asked = None if users is None else json.dumps(sorted(users))
    some = "" if users is None else " AND user IN (SELECT value FROM json_each(?))"
    rows = connection.execute(
        "SELECT l.user, json_extract(r.json, '$.unmapped.dlp.identity.groups'),"  # noqa: S608 - made of constants
        " json_extract(r.json, '$.unmapped.dlp.identity.shared'),"
        " json_extract(r.json, '$.unmapped.dlp.identity.strength')"
        f" FROM (SELECT user, max(sequence) AS last FROM event WHERE coverage <> ''{some} GROUP BY user) l"
        " JOIN record r ON r.event = l.last",
        () if asked is None else (asked,),
    )
    return {
        user: tuple(sorted(_list(groups)))
        for user, groups, shared, strength in rows
        if not shared and strength != "none"
    }


def quantile(ascending: Sequence[int], percent: int) -> int:
    """Return the value at a percentage of an ascending sequence (nearest rank); 0 of an empty one."""
    if not ascending:
        return 0
    return ascending[max((len(ascending) * percent + 99) // 100, 1) - 1]


def _list(text: str | None) -> list[str]:
    return [str(one) for one in json.loads(text or "[]")]


def peers_of(groups: Mapping[str, Sequence[str]], user: str) -> tuple[frozenset[str], str]:
    """Return those whom somebody is compared with, and who they are: the smallest group that has enough others."""
    sizes = {
        group: frozenset(one for one in groups if one != user and group in groups[one])
        for group in groups.get(user, ())
    }
    fit = sorted((len(some), group) for group, some in sizes.items() if len(some) >= FEWEST_PEERS)
    if fit:
        return sizes[fit[0][1]], f"group {fit[0][1]}"
    everybody = frozenset(groups) - {user}
    if len(everybody) >= FEWEST_PEERS:
        return everybody, "everybody"
    return frozenset(), f"none: fewer than {FEWEST_PEERS} people"


def _steps(mine: Sequence[Transfer], peers: Sequence[Mapping[str, int]]) -> list[Step]:
    by_day: dict[str, list[Transfer]] = {}
    for one in mine:
        by_day.setdefault(day_of(one.time), []).append(one)
    steps: list[Step] = []
    seen: set[int] = set()
    records = 0
    for day in sorted(by_day):
        before = len(seen)
        for one in by_day[day]:
            if one.reached > Reached.BLOCKED:
                seen.update(one.customers)
                records += len(one.customers)
        so_far = sorted(max((count for own, count in each.items() if own <= day), default=0) for each in peers)
        steps.append(
            Step(
                day,
                len(seen) - before,
                len(seen),
                records,
                sum(one.reached is not Reached.BLOCKED for one in by_day[day]),
                sum(one.reached is Reached.BLOCKED for one in by_day[day]),
                quantile(so_far, 50) if peers else None,
                quantile(so_far, 95) if peers else None,
            )
        )
    return steps


def _days_to(steps: Sequence[Step]) -> dict[int, int]:
    found: dict[int, int] = {}
    for mark in MARKS:
        reached = next((one for one in steps if one.customers >= mark), None)
        if reached is None:
            break
        found[mark] = _number(reached.day) - _number(steps[0].day) + 1
    return found


def _number(day: str) -> int:
    return dt.date.fromisoformat(day).toordinal()
