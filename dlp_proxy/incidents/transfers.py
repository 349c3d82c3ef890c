"""Transfers as they are counted: how far each came, and which customers are in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from dlp_proxy.incidents.event_of import NO_VALUES
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.model.event import ACCOUNT, account_name

COUNTED: Final = 1
NAMES: Final = 2
"""Bits of ``posting.role``."""

IS_TRANSFER: Final = (
    # Rings and resets are events too, of which nothing was inspected; those of earlier versions may not say so much.
    " AND (e.coverage <> '' OR json_extract((SELECT json FROM record WHERE event = e.sequence),"
    " '$.unmapped.dlp.kind') IS NULL) AND coalesce(o.disposition, '') <> 'self-test'"
)


_OR_ACCOUNT: Final = f" OR p.token IN (SELECT number FROM token WHERE kind = '{ACCOUNT}')"  # noqa: S608 - a constant
_KIND_BY_ROLE: Final = f"iif(p.role = 0, '{ACCOUNT}', '')"
"""Where only customers and accounts are read: an account is nobody's value, so it has no role."""


NO_VALUES_WANTED: Final[Mapping[str, Collection[int]]] = MappingProxyType({})


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


class Transfer(NamedTuple):
    """One transfer; a tuple, as a million of them are made at once.

    Attributes:
        time: milliseconds since the epoch.
        reached: how far it came, and `why` that is not certain, where it is not.
        coverage: ``full``, ``partial``, ``none``, or ``enough`` (read until it was enough to block).
        customers: tokens of the customers in it, in rising order, one for each record: one who stands in it twice
            is there twice.
        values: kind -> tokens of the different values of that kind; only where they are asked for.
        account: token of the account at the destination, and `account_name`, as events give it; 0 and the empty text
            where none was told, or is asked for.
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
    values: Mapping[str, Collection[int]]
    account: int = 0
    account_name: str = ""


def transfers(
    connection: sqlite3.Connection, selection: Selection, *, values: bool = True, accounts: bool = True
) -> Iterator[Transfer]:
    """Yield the transfers that are asked for, in order of their sequence.

    Args:
        values: their values are wanted too, not only the customers.
        accounts: likewise the accounts at destinations.
    """
    condition, given = selection.where()
    of_token, wanted = (
        ("t.kind", "") if values else (_KIND_BY_ROLE, f" AND (p.role > 0{_OR_ACCOUNT if accounts else ''})")
    )
    names: dict[int, str] = {}
    rows = connection.execute(
        "SELECT e.sequence, e.uid, e.time, e.user, e.site, e.action, e.rule, e.incident, e.coverage, e.bytes, e.light,"  # noqa: S608 - made of constants
        " o.fate, o.released FROM event e LEFT JOIN outcome o ON o.uid = e.uid"
        f" WHERE {condition}{IS_TRANSFER} ORDER BY e.sequence",
        given,
    )
    postings = groupby(
        connection.execute(
            f"SELECT p.event, p.role, p.token, p.record, {of_token} FROM event e JOIN posting p ON p.event = e.sequence"  # noqa: S608 - made of constants
            f"{' JOIN token t ON t.number = p.token' if values else ''} WHERE {condition}{wanted} ORDER BY p.event",
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
        account = next((token for _, _, token, _, kind in found if kind == ACCOUNT), 0) if accounts else 0
        if account and account not in names:
            (value,) = connection.execute("SELECT value FROM token WHERE number = ?", (account,)).fetchone()
            names[account] = account_name(value.hex())
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
            _values(found) if values else NO_VALUES_WANTED,
            account,
            names.get(account, ""),
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


def _values(found: list[tuple[Any, ...]]) -> dict[str, set[int]]:
    kinds: dict[str, set[int]] = {}
    for _, _, token, _, kind in found:
        if kind in kinds:
            kinds[kind].add(token)
        elif kind not in NO_VALUES:
            kinds[kind] = {token}
    return kinds


def _customers(found: list[tuple[Any, ...]]) -> tuple[int, ...]:
    """Return who is in a transfer: who its records are known by; where it has no records, what was counted."""
    named = {(token, record) for _, role, token, record, _ in found if role & NAMES}
    some = named or {(token, 0) for _, role, token, _, _ in found if role & COUNTED}
    return tuple(sorted(token for token, _ in some))
