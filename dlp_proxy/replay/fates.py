"""What becomes of a transfer under another policy, and how to say it of many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dlp_proxy.model.verdict import Action

NEWLY_BLOCKED: Final = "newly blocked"
NEWLY_ALLOWED: Final = "newly allowed"
OTHER_ACTION: Final = "other action"
OTHER_RULE: Final = "other rule"
UNCHANGED: Final = "unchanged"
UNDECIDABLE: Final = "undecidable"
FATES: Final = (NEWLY_BLOCKED, NEWLY_ALLOWED, OTHER_ACTION, OTHER_RULE, UNCHANGED, UNDECIDABLE)

STOPPING: Final = frozenset({Action.COACH, Action.BLOCK})
CAVEAT: Final = (
    "People do otherwise after a block: this says what the policy would have answered to what was sent, "
    "not what would have been sent."
)
_BOUND: Final = re.compile(r"([a-z][a-z-]*)(?:\s*(>=|>)\s*(\d+))?")
_ROWS: Final = 20


def fate(was: Action, now: Action, was_rule: str, now_rule: str) -> str:
    """Return what the change from one answer to another is called."""
    if was != now:
        if now is Action.BLOCK:
            return NEWLY_BLOCKED
        return NEWLY_ALLOWED if was in STOPPING and now not in STOPPING else OTHER_ACTION
    return UNCHANGED if was_rule == now_rule else OTHER_RULE


class Bound:
    """A demand like ``newly-allowed>0``, that a change of policy must not meet.

    Raises:
        ValueError: it is no such demand; the text says what is.
    """

    def __init__(self, words: str) -> None:
        found = _BOUND.fullmatch(words.strip())
        names = {one.replace(" ", "-"): (one,) for one in FATES} | {"changed": FATES[:4]}
        if found is None or found[1] not in names:
            raise ValueError(f"{words} is no demand like newly-allowed>0; there are {', '.join(names)}")
        self.words = words
        self._fates = names[found[1]]
        self._least = int(found[3] or 0) + (found[2] != ">=")

    def met(self, counts: Mapping[str, int]) -> bool:
        return sum(counts.get(one, 0) for one in self._fates) >= self._least


def summed(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how many there are of each fate: transfers and different customers, in all, by person and by place."""
    return {
        "fates": _counts(rows),
        "by_person": {name: _counts(some) for name, some in _grouped(rows, "user")},
        "by_destination": {name: _counts(some) for name, some in _grouped(rows, "site")},
        "undecidable": dict(sorted(Counter(one["why"] for one in rows if one["fate"] == UNDECIDABLE).items())),
    }


def said(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the same for people."""
    summary = summed(rows)
    yield f"{'':<16}{'transfers':>10}{'customers':>10}"
    for name in FATES:
        one = summary["fates"].get(name, {"transfers": 0, "customers": 0})
        yield f"{name:<16}{one['transfers']:>10}{one['customers']:>10}"
    for why, count in summary["undecidable"].items():
        yield f"  undecidable: {count} because of {why}"
    for title, key in (("by person", "by_person"), ("by destination", "by_destination")):
        changed = {name: one for name, one in summary[key].items() if set(one) - {UNCHANGED}}
        if changed:
            yield f"{title}:"
        for name, one in list(changed.items())[:_ROWS]:
            parts = ", ".join(
                f"{one[what]['transfers']} {what} ({one[what]['customers']} customers)"
                for what in FATES
                if what in one and what != UNCHANGED
            )
            yield f"  {name:<28} {parts}"
        if len(changed) > _ROWS:
            yield f"  ... {len(changed) - _ROWS} more"
    yield CAVEAT


def _grouped(rows: Sequence[Mapping[str, Any]], key: str) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in rows:
        groups.setdefault(one[key], []).append(one)
    yield from sorted(groups.items())


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name in FATES:
        some = [one for one in rows if one["fate"] == name]
        if some:
            customers = {customer for one in some for customer in one["customers"]}
            found[name] = {"transfers": len(some), "customers": len(customers)}
    return found
