"""What is true of a story, worked out of who sent what, without the program that is judged by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Final

from tests.story.world import Send, World

_FURTHEST: Final = {"accepted": 2, "blocked": 0}


def truth(world: World) -> dict[str, Any]:
    """Return the truth about each planted case and about the whole time, JSON-ready."""
    cases = sorted({one.case for one in world.sends if one.case})
    ring = [world.cast[f"ring-{part}"] for part in (1, 2, 3)]
    sent = {user: _customers(one for one in world.sends if one.user == user and one.case == "ring") for user in ring}
    drip = [one for one in world.sends if one.case == "drip"]
    return {
        "whole": counts(world.sends),
        "cases": {
            case: {
                "people": sorted({one.user for one in world.sends if one.case == case}),
                "site": next(one.site for one in world.sends if one.case == case),
                **counts([one for one in world.sends if one.case == case]),
            }
            for case in cases
        },
        "people": _grouped(world.sends, lambda one: one.user),
        "sites": _grouped(world.sends, lambda one: one.site),
        "days": _grouped(world.sends, day),
        "ring": {
            "shared": len(set().union(*(sent[a] & sent[b] for a in ring for b in ring if a < b))),
            "pairs": [[a, b, len(sent[a] & sent[b])] for a in sorted(ring) for b in sorted(ring) if a < b],
        },
        "account": {
            "filled": len(_customers(one for one in world.sends if one.case == "account")),
            "by_several": 12,
            "own": _grouped([one for one in world.sends if one.account], lambda one: one.account),
        },
        "drip": {"days": len({day(one) for one in drip}), "a_day": 8, "customers": len(_customers(drip))},
        "evasion": {"blocked": 60, "let_go": 48},
        "blind_seconds": (world.blind[1] - world.blind[0]) // 1000,
        "unread_transfers": sum(one.coverage != "full" and one.fate != "blocked" for one in world.sends),
        "transfers": len(world.sends),
        "innocent": {"courier": world.cast["courier"], "nat": "10.20.0.1", "idle": world.cast["idle"]},
    }


def counts(sends: Iterable[Send]) -> dict[str, int]:
    """Count customers under the furthest each came, by sets."""
    furthest: dict[int, int] = {}
    some = [one for one in sends if one.customers]
    for one in some:
        for customer in one.customers:
            furthest[customer] = max(furthest.get(customer, 0), _FURTHEST.get(one.fate, 1))
    levels = list(furthest.values())
    return {
        "left": levels.count(2),
        "possible": levels.count(1),
        "blocked": levels.count(0),
        "records": sum(len(one.customers) for one in some),
        "transfers": len(some),
        "first": min((one.time for one in some), default=0),
        "last": max((one.time for one in some), default=0),
    }


def day(one: Send) -> str:
    return dt.datetime.fromtimestamp(one.time / 1000, dt.UTC).date().isoformat()


def _grouped(sends: Iterable[Send], key: Callable[[Send], str]) -> dict[str, dict[str, int]]:
    by: dict[str, list[Send]] = {}
    for one in sends:
        if one.customers:
            by.setdefault(key(one), []).append(one)
    return {each: counts(by[each]) for each in sorted(by)}


def _customers(sends: Iterable[Send]) -> set[int]:
    return {customer for one in sends for customer in one.customers}
