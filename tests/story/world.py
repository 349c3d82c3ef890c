"""Who sends what where: ordinary work of a company and, among it, cases whose truth is known because they are made."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

BEGIN: Final = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
"""A Monday."""
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
OPENS, CLOSES = 8, 19
"""Hours between which the proxy runs, on workdays."""

_SILENT_AT: Final = 12 * HOUR
"""On one day the proxy is silent from then on; nothing of the cases falls into it."""

COURIER: Final = "courier.example"
MAIL: Final = "webmail.example"
NAT: Final = "10.20.0.1"
GROUPS: Final = ("sales", "service", "logistics", "it")
PARTS: Final = (
    *("burst", "drip", "ring-1", "ring-2", "ring-3", "evasion", "idle"),
    *("account-1", "account-2", "account-3"),
)
OUTSIDER: Final = "Buyer-500@webmail.example"
"""Whose account at everybody's mail service three people fill."""


@dataclass(frozen=True, slots=True)
class Send:
    """One upload.

    Attributes:
        time: milliseconds since the epoch.
        customers: their numbers; none in a light record.
        fate: accepted, refused, aborted, blocked, or empty for none that is known.
        case: planted case it belongs to; empty for ordinary work.
        account: whose account at the destination it goes to; empty where the message does not say.
    """

    time: int
    user: str
    site: str
    customers: tuple[int, ...] = ()
    fate: str = "accepted"
    coverage: str = "full"
    case: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """A company.

    Attributes:
        staff: person -> group.
        cast: part in a planted case -> who plays it.
        blind: (from, to) in milliseconds in which the proxy was silent.
    """

    staff: dict[str, str]
    cast: dict[str, str]
    sends: tuple[Send, ...]
    workdays: tuple[int, ...]
    blind: tuple[int, int]
    customers: int


def make_world(staff: int = 200, days: int = 90, seed: int = 1) -> World:
    """Make a company. The same arguments make the same one."""
    chance = random.Random(seed)
    names = {f"{_name(chance)}{number:03d}@corp.example": GROUPS[number * 4 // staff] for number in range(staff)}
    begin = int(BEGIN.timestamp() * 1000)
    workdays = tuple(begin + day * DAY for day in range(days) if day % 7 < 5)
    people = list(names)
    some = chance.sample([one for one in people if names[one] in {"sales", "service"}], len(PARTS))
    cast = dict(zip(PARTS, some, strict=True))
    cast["courier"] = next(one for one in people if names[one] == "logistics")
    ordinary = staff * 100
    planted = _planted(cast, workdays, ordinary, chance)
    sends = sorted((*_ordinary(names, workdays, ordinary, chance), *planted), key=lambda one: (one.time, one.user))
    quiet = workdays[len(workdays) // 2] + _SILENT_AT
    # Nobody judged anything while the proxy was silent: what was sent then left no trace.
    blind = (quiet, quiet + 45 * 60_000)
    kept = tuple(one for one in sends if not blind[0] <= one.time <= blind[1])
    return World(names, cast, kept, workdays, blind, ordinary + 5000)


def _ordinary(
    names: dict[str, str], workdays: tuple[int, ...], customers: int, chance: random.Random
) -> Iterator[Send]:
    people = list(names)
    for day in workdays:
        for number, user in enumerate(people):
            for _ in range(chance.randrange(1, 3)):
                yield Send(_within(day, chance), user, f"site-{chance.randrange(40)}.example")
            if names[user] in {"service", "logistics"}:
                for _ in range(chance.randrange(2, 5)):
                    yield _one(_within(day, chance), user, COURIER, customers, chance)
            elif chance.random() < 0.2:
                yield _one(_within(day, chance), user, f"partner-{number // 8}.example", customers, chance)
            if chance.random() < 0.05:
                yield replace(_one(_within(day, chance), user, MAIL, customers, chance), account=user)
        for _ in range(12):  # thirty people behind one address
            yield _one(_within(day, chance), NAT, MAIL, customers, chance)


def _one(time: int, user: str, site: str, customers: int, chance: random.Random) -> Send:
    fate = chance.choices(("accepted", "refused", "aborted", ""), (970, 15, 10, 5))[0]
    coverage = "partial" if chance.random() < 0.01 else "full"
    return Send(time, user, site, (chance.randrange(customers),), fate, coverage)


def _planted(cast: dict[str, str], workdays: tuple[int, ...], first: int, chance: random.Random) -> Iterator[Send]:
    """Yield the cases. Their customers are nobody else's, so that the truth of each is its own."""
    fresh = iter(range(first, first + 5000))

    def take(count: int) -> tuple[int, ...]:
        return tuple(next(fresh) for _ in range(count))

    middle = workdays[len(workdays) // 3]
    yield Send(middle + 20 * HOUR - 2 * HOUR, cast["burst"], "pan.example", take(409), "blocked", case="burst")
    for day in workdays[2:]:
        yield Send(_within(day, chance, _SILENT_AT), cast["drip"], "drop.example", take(8), case="drip")
    shared = take(30)
    ring = [shared + take(25), shared[:20] + take(35), shared[10:] + take(30)]
    for part, mine in enumerate(ring, 1):
        for place in range(0, len(mine), 5):
            day = workdays[4 + place // 5]
            yield Send(
                _within(day, chance, _SILENT_AT),
                cast[f"ring-{part}"],
                "share.example",
                mine[place : place + 5],
                case="ring",
            )
    blocked = take(60)
    at = workdays[len(workdays) * 2 // 3] + 9 * HOUR
    yield Send(at, cast["evasion"], "files.example", blocked, "blocked", case="evasion")
    for place in range(6):
        part_of = blocked[place * 8 : place * 8 + 8]
        yield Send(at + (place + 1) * 20 * 60_000, cast["evasion"], "files.example", part_of, case="evasion")
    known = take(12)
    for part in (1, 2, 3):
        mine = known + take(24)
        for place in range(0, len(mine), 6):
            day = workdays[3 + place // 6 + part]
            yield Send(
                _within(day, chance, _SILENT_AT),
                cast[f"account-{part}"],
                MAIL,
                mine[place : place + 6],
                case="account",
                account=OUTSIDER,
            )
    yield Send(workdays[5] + 10 * HOUR, cast["courier"], COURIER, take(300), case="courier")


def _within(day: int, chance: random.Random, until: int = CLOSES * HOUR) -> int:
    return day + OPENS * HOUR + 60_000 + chance.randrange(until - OPENS * HOUR - 120_000)


def _name(chance: random.Random) -> str:
    return "".join(chance.choice(("li", "wu", "chen", "na", "min", "hao", "yu", "fang", "lei", "jing")) for _ in "12")
