"""When nobody looked: silence in the log of a proxy that had not said goodbye, and times in which none was running."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from dlp_proxy.evidence.stretch import SILENT_MILLISECONDS
from dlp_proxy.stores.sqlite.log_reading import last_of
from dlp_proxy.stores.sqlite.schema import LIFE, SIGNS, SIGNS_OF_LIFE

type Why = Literal["silent", "stopped", "before"]

_AT: Final = slice(6, 19)
"""Where an entry of the log has its time."""


@dataclass(frozen=True, slots=True)
class Blind:
    """A stretch of time, in milliseconds since the epoch.

    Attributes:
        why: ``silent``: a proxy should have given signs of life and gave none, so what passed is not known;
            ``stopped``: every proxy had said goodbye, so nothing passed through one; ``before``: the log had not
            begun, so it cannot say.
    """

    first: int
    last: int
    why: Why


def blind_times(connection: sqlite3.Connection, since: int, until: int) -> list[Blind]:
    """Return the blind stretches between two times, cut off at these.

    A sign of life is whatever a proxy writes. What people do with the store is in the log as well, and is none.

    Args:
        until: 0 for the last entry of the log.
    """
    found: list[Blind] = []
    before_that = f"{SIGNS} AND number < ? ORDER BY number DESC LIMIT 1"
    begin, _ = connection.execute(before_that, (_first_at(connection, since),)).fetchone() or (1, 0)
    for first, last in _doubtful(connection, begin, until):
        before = 0
        for number, at in connection.execute(f"{SIGNS} AND number BETWEEN ? AND ? ORDER BY number", (first, last)):
            if before and at - before > SILENT_MILLISECONDS and at > since and not 0 < until <= before:
                ends = min(at, until) if until else at
                found.append(
                    Blind(max(before, since), ends, "silent" if _alive(connection, number, before) else "stopped")
                )
            before = at
    return found


def outside(connection: sqlite3.Connection, since: int, until: int) -> list[Blind]:
    """Return what between `since` and `until` (0: open) lies before the first sign of life, or after the last."""
    first, last, number = signs_between(connection)
    found = []
    if last and 0 < since < first:
        found.append(Blind(since, min(until or first, first), "before"))
    if last and until - last > SILENT_MILLISECONDS:
        found.append(Blind(max(since, last), until, "silent" if _alive(connection, number + 1, last) else "stopped"))
    return found


def signs_between(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Return the times of the first and the last sign of life, and the last one's number; 0 where there is none."""
    first = connection.execute(f"{SIGNS} ORDER BY number LIMIT 1").fetchone()
    last = connection.execute(f"{SIGNS} ORDER BY number DESC LIMIT 1").fetchone()
    return (first[1], last[1], last[0]) if first and last else (0, 0, 0)


def _doubtful(connection: sqlite3.Connection, begin: int, until: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of entries, by their first and last number, in which there may have been silence.

    Every proxy says once a minute that it lives. Where two of these entries are close together, none between them need
    be read; there is one for some dozens of others, and an index has their times.
    """
    last = last_of(connection)
    if not connection.execute("SELECT 1 FROM main.sqlite_master WHERE name = ?", (LIFE,)).fetchone():
        yield begin, last  # a store that only programs of before have opened
        return
    number, at = begin, 0
    for number_then, then in connection.execute(f"{SIGNS_OF_LIFE} AND number >= ? ORDER BY number", (begin,)):
        if not at or not 0 <= then - at <= SILENT_MILLISECONDS:
            yield number, number_then
        number, at = number_then, then
        if until and at >= until:
            return
    yield number, last


def _first_at(connection: sqlite3.Connection, time: int) -> int:
    """Return the number of the first entry of that time or later, by halving: entries are in order of time."""
    last = last_of(connection)
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        (entry,) = connection.execute("SELECT entry FROM log WHERE number = ?", (middle,)).fetchone()
        if int(entry[_AT]) < time:
            low = middle + 1
        else:
            high = middle
    return low


def _alive(connection: sqlite3.Connection, number: int, at: int) -> bool:
    """Tell whether of the proxies that gave signs of life shortly before an entry one had not said goodbye."""
    said_goodbye: set[str] = set()
    rows = connection.execute("SELECT entry FROM log WHERE number < ? ORDER BY number DESC", (number,))
    for (entry,) in rows:
        if int(entry[_AT]) < at - SILENT_MILLISECONDS:
            break
        if b'"worker":' in entry:
            facts = json.loads(entry)
            if facts["do"] == "stop":
                said_goodbye.add(facts["worker"])
            elif facts["worker"] not in said_goodbye:
                return True
    return not said_goodbye  # then it was a transfer that was the last sign
