"""The customers of a case by name: who is to be told, for whoever may know it. It leaves the house only sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from dlp_proxy.incidents.transfers import Reached
from dlp_proxy.reporting.case import Case
from dlp_proxy.reporting.sheet import sheet
from dlp_proxy.reporting.words import utc


@dataclass(frozen=True, slots=True)
class Affected:
    """The list, in the clear.

    Attributes:
        named: customers of whom a value was given; `unnamed` those in the case of whom none was.
    """

    table: bytes
    named: int
    unnamed: int


def affected(connection: sqlite3.Connection, case: Case, values: Mapping[bytes, str]) -> Affected:
    """Return every customer in the case, how far their data came, and the value where it was given.

    Args:
        values: token -> the value it was made of, as people of the company know it.
    """
    rows = []
    named = 0
    for token, (reached, first) in customers_of(case).items():
        value, kind, _ = connection.execute("SELECT value, kind, key FROM token WHERE number = ?", (token,)).fetchone()
        plain = values.get(bytes(value), "")
        named += bool(plain)
        rows.append((plain, kind, reached.word, utc(first), value.hex()))
    table = sheet(("value", "kind", "reached", "first_utc", "token"), sorted(rows, key=lambda row: (not row[0], row)))
    return Affected(table, named, len(rows) - named)


def customers_of(case: Case) -> dict[int, tuple[Reached, int]]:
    """Return every customer's token with how far their data came, and when first."""
    furthest: dict[int, tuple[Reached, int]] = {}
    for one in case.transfers:
        for token in one.customers:
            reached, first = furthest.get(token, (one.reached, one.time))
            furthest[token] = max(reached, one.reached), min(first, one.time)
    return furthest
