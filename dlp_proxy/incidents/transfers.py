"""Transfers as they are counted: how far each came, and which customers are in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from dlp_proxy.incidents.event_of import NO_VALUES
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.model.event import ACCOUNT

COUNTED: Final = 1
NAMES: Final = 2
"""Bits of ``posting.role``."""

IS_TRANSFER: Final = (
    # Rings and resets are events too, of which nothing was inspected; those of earlier versions may not say so much.
    " AND (e.coverage <> '' OR json_extract((SELECT json FROM record WHERE event = e.sequence),"
    " '$.unmapped.dlp.kind') IS NULL) AND coalesce(o.disposition, '') <> 'self-test'"
)


class Reached(IntEnum):
    """How far a customer's data came. Of several transfers the furthest stands."""

    BLOCKED = 1
    POSSIBLE = 2
    LEFT = 3

    @property
    def word(self) -> str:
        return self.name.lower()


_WHY: Final = {
    "": "no outcome is known: the proxy stopped before it could tell, or it is under way",
    "unknown": "the outcome is not known",
    "refused": "sent, and the destination did not accept it",
    "unanswered": "sent, and the destination never answers in this protocol",
    "aborted": "cut off while it was sent",
    "blocked": "a part was sent before it was blocked",
    "redact": "some values were taken out, the rest was sent",
}
"""Why a transfer only may have let somebody's data go: fate or action -> what is printed."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer.

    Attributes:
        time: milliseconds since the epoch.
        reached: how far it came, and `why` that is not certain, where it is not.
        coverage: ``full``, ``partial``, ``none``, or ``enough`` (read until it was enough to block).
        customers: tokens of the customers in it, in rising order, one for each record: one who stands in it twice
            is there twice.
        values: (kind, token) of every value that was found.
        account: token of the account at the destination; 0 where none was told. Both only where they are asked for.
    """

    sequence: int
    uid: str
    time: int
    user: str
    site: str
    action: str
    rule: str
    incident: str
    coverage: str
    bytes: int
    light: bool
    reached: Reached
    why: str
    customers: tuple[int, ...]
    values: tuple[tuple[str, int], ...]
    account: int = 0


def transfers(connection: sqlite3.Connection, selection: Selection, *, values: bool = True) -> Iterator[Transfer]:
    """Yield the transfers that are asked for, in order of their sequence.

    Args:
        values: their values are wanted too, not only the customers.
    """
    condition, given = selection.where()
    rows = connection.execute(
        "SELECT e.sequence, e.uid, e.time, e.user, e.site, e.action, e.rule, e.incident, e.coverage, e.bytes, e.light,"  # noqa: S608 - made of constants
        " o.fate, o.released FROM event e LEFT JOIN outcome o ON o.uid = e.uid"
        f" WHERE {condition}{IS_TRANSFER} ORDER BY e.sequence",
        given,
    )
    postings = groupby(
        connection.execute(
            "SELECT p.event, p.role, p.token, p.record, t.kind FROM event e JOIN posting p ON p.event = e.sequence"  # noqa: S608 - made of constants
            f" JOIN token t ON t.number = p.token WHERE {condition}"
            f"{'' if values else ' AND p.role > 0'} ORDER BY p.event",
            given,
        ),
        key=itemgetter(0),
    )
    waiting = next(postings, None)
    for sequence, uid, time, user, site, action, rule, incident, coverage, size, light, fate, released in rows:
        while waiting is not None and waiting[0] < sequence:
            waiting = next(postings, None)
        found = list(waiting[1]) if waiting is not None and waiting[0] == sequence else []
        reached, why = reached_by(action, fate or "", released or 0)
        yield Transfer(
            sequence,
            uid,
            time,
            user,
            site,
            action,
            rule,
            incident,
            coverage,
            size,
            bool(light),
            reached,
            why,
            _customers(found),
            tuple({(kind, token) for _, _, token, _, kind in found if kind not in NO_VALUES}) if values else (),
            next((token for _, _, token, _, kind in found if kind == ACCOUNT), 0) if values else 0,
        )


def reached_by(action: str, fate: str, released: int) -> tuple[Reached, str]:
    """Return how far a transfer came, and why that is not certain.

    Args:
        fate: as `Outcome.fate`; empty while nothing is known.
        released: bytes of its body that went out.
    """
    if fate == "blocked" and not released:
        return Reached.BLOCKED, ""
    if fate == "accepted":
        return (Reached.POSSIBLE, _WHY["redact"]) if action == "redact" else (Reached.LEFT, "")
    return Reached.POSSIBLE, _WHY.get(fate, _WHY["unknown"])


def _customers(found: list[tuple[Any, ...]]) -> tuple[int, ...]:
    """Return who is in a transfer: who its records are known by; where it has no records, what was counted."""
    named = {(token, record) for _, role, token, record, _ in found if role & NAMES}
    some = named or {(token, 0) for _, role, token, _, _ in found if role & COUNTED}
    return tuple(sorted(token for token, _ in some))
