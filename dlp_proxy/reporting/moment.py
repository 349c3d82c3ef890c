"""The store as it was at a checkpoint of its log, so that the same question has the same answer next year."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.log import node_of, notes, origin_of

_SEQUENCE: Final = re.compile(rb'"sequence":(\d+)}$')


@dataclass(frozen=True, slots=True)
class Moment:
    """A checkpoint.

    Attributes:
        size: entries of the log under it; `note` is the signed text, `at` its time in milliseconds since the epoch.
        newest: number of the last event that was in the log by then.
        origin: which log it is.
    """

    size: int
    note: str
    at: int
    newest: int
    origin: str


def moment_of(connection: sqlite3.Connection, size: int = 0) -> Moment:
    """Return a checkpoint of a store, the last where none is named, and have the connection see nothing later.

    Tables of the same names in the connection's own temporary schema stand before those of the file. What retention
    has deleted since is deleted here too.

    Args:
        connection: to be used for nothing else afterwards.

    Raises:
        StoreError: there is no such checkpoint.
    """
    kept = dict(notes(connection))
    size = size or max(kept, default=0)
    if size not in kept:
        some = ", ".join(str(one) for one in sorted(kept)[-5:]) or "none yet"
        raise StoreError(f"there is no checkpoint over {size} entries; the last are {some}")
    newest, early = _newest(connection, size), _later(connection, size)
    connection.execute("CREATE TEMP TABLE late (uid TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT OR IGNORE INTO temp.late VALUES (?)", [(uid,) for uid in early.outcomes])
    for view, condition in (
        ("log", f"number <= {size}"),
        ("checkpoint", f"size <= {size}"),
        ("event", f"sequence <= {newest}"),
        ("outcome", "uid NOT IN (SELECT uid FROM temp.late)"),
        ("case_op", f"number < {early.step}" if early.step else "1"),
    ):
        if connection.execute("SELECT 1 FROM main.sqlite_master WHERE name = ?", (view,)).fetchone():
            connection.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM main.{view} WHERE {condition}")  # noqa: S608 - own words
    (row,) = connection.execute("SELECT entry FROM main.log WHERE number = ?", (size,)).fetchone()
    return Moment(size, kept[size], int(json.loads(row)["at"]), newest, origin_of(node_of(connection)))


@dataclass(frozen=True, slots=True)
class _Later:
    outcomes: tuple[str, ...]
    step: int


def _later(connection: sqlite3.Connection, size: int) -> _Later:
    """Return what came after: events whose outcome did, and the first step of a case that did."""
    outcomes, step = [], 0
    for (entry,) in connection.execute("SELECT entry FROM log WHERE number > ? ORDER BY number", (size,)):
        facts: dict[str, Any] = json.loads(entry)
        if facts["do"] == "outcome":
            outcomes.append(facts["of"])
        elif facts["do"] in {"case", "mark"} and not step:
            step = int(facts.get("with", {}).get("number", 0))
    return _Later(tuple(outcomes), step)


def _newest(connection: sqlite3.Connection, size: int) -> int:
    rows = connection.execute("SELECT entry FROM log WHERE number <= ? ORDER BY number DESC", (size,))
    return next((int(found[1]) for (entry,) in rows if (found := _SEQUENCE.search(entry))), 0)
