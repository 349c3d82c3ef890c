"""Transfers as they are counted: how far each came, and which customers are in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import IntEnum
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

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
    names: dict[int, str] = {}
    rows = connection.execute(
        "SELECT e.sequence, e.uid, e.time, e.user, e.site, e.action, e.rule, e.incident, e.coverage, e.bytes, e.light,"  # noqa: S608 - made of constants
        " o.fate, o.released FROM event e LEFT JOIN outcome o ON o.uid = e.uid"
        f" WHERE {condition}{IS_TRANSFER} ORDER BY e.sequence",
        given,
    )
    postings = groupby(_postings(connection, selection, values=values, accounts=accounts), key=itemgetter(0))
    waiting = next(postings, None)
    for sequence, uid, time, user, site, action, rule, incident, coverage, size, light, fate, released in rows:
        while waiting is not None and waiting[0] < sequence:
            waiting = next(postings, None)
        found = waiting[1] if waiting is not None and waiting[0] == sequence else ()
        customers, kinds, account = _told(found)
        reached, why = reached_by(action, fate or "", released or 0)
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
            customers,
            kinds,
            account,
            names.get(account, ""),
        )


def _postings(connection: sqlite3.Connection, selection: Selection, *, values: bool, accounts: bool) -> sqlite3.Cursor:
    """Return (event, role, token, record, kind), ascending; of a time alone those of a few other events too.

    Events of a time are next to each other: their postings are read from the first to the last, and no event is asked
    for again.
    """
    condition, given = selection.where()
    of, joined = "posting p", ""
    if selection.is_time:
        ends = f"SELECT coalesce(min(sequence), 0), coalesce(max(sequence), -1) FROM event e WHERE {condition}"  # noqa: S608 - constants
        condition, given = "p.event BETWEEN ? AND ?", list(connection.execute(ends, given).fetchone())
    else:
        of = "event e JOIN posting p ON p.event = e.sequence"
    kind = f"iif(p.role = 0, '{ACCOUNT}', '')"  # an account is nobody's value, so it has no role
    if values:
        kind, joined = "t.kind", " JOIN token t ON t.number = p.token"
    else:
        condition += f" AND (p.role > 0{_OR_ACCOUNT if accounts else ''})"
    return connection.execute(
        f"SELECT p.event, p.role, p.token, p.record, {kind} FROM {of}{joined} WHERE {condition}"  # noqa: S608 - constants
        " ORDER BY p.event, p.token, p.record",
        given,
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


def _told(
    found: Iterable[tuple[int, int, int, int, str]],
) -> tuple[tuple[int, ...], Mapping[str, Collection[int]], int]:
    """Return who is in a transfer, its values by kind, and the account, of its postings in order.

    Who is in it is whom its records are known by; where it has no records, what was counted.
    """
    named: list[int] = []
    counted: list[int] = []
    kinds: dict[str, list[int]] = {}
    account = last = 0
    for _, role, token, _, kind in found:
        if role & NAMES:
            named.append(token)
        if token == last:  # in another record
            continue
        last = token
        if role & COUNTED:
            counted.append(token)
        if kind in kinds:
            kinds[kind].append(token)
        elif kind == ACCOUNT:
            account = account or token
        elif kind and kind not in NO_VALUES:
            kinds[kind] = [token]
    return tuple(named or counted), kinds, account
