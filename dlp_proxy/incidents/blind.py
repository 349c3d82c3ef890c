"""When nobody looked: silence in the log of a proxy that had not said goodbye, and times in which none was running."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from dlp_proxy.evidence.stretch import SILENT_MILLISECONDS

type Why = Literal["silent", "stopped"]

_AT: Final = slice(6, 19)
"""Where an entry of the log has its time."""

_LEAST: Final = 16
_MOST: Final = 4096
"""Entries that are passed over at once where they are close together: more while that goes well."""
_GROWS_AFTER: Final = 8
"""Times that it went well until more are passed over."""
_READ: Final = 64
"""Entries that are read one by one where it does not."""


@dataclass(frozen=True, slots=True)
class Blind:
    """A stretch of time, in milliseconds since the epoch.

    Attributes:
        why: ``silent``: a proxy should have given signs of life and gave none, so what passed is not known;
            ``stopped``: every proxy had said goodbye, so nothing passed through one.
    """

    first: int
    last: int
    why: Why


def blind_times(connection: sqlite3.Connection, since: int, until: int) -> list[Blind]:
    """Return the blind stretches between two times, cut off at these.

    Args:
        until: 0 for the last entry of the log.
    """
    found: list[Blind] = []
    before = 0
    for number, at in _times(connection, max(_first_at(connection, since - SILENT_MILLISECONDS) - 1, 1)):
        if before and at - before > SILENT_MILLISECONDS and at > since:
            first, last = max(before, since), min(at, until) if until else at
            found.append(Blind(first, last, "silent" if _alive(connection, number, before) else "stopped"))
        before = at
        if until and at >= until:
            break
    return found


def _times(connection: sqlite3.Connection, begin: int) -> Iterator[tuple[int, int]]:
    """Yield number and time of entries; of those that lie close together only the last of each stretch.

    Entries are in order of time: where the first and the last of many are close, so are all between.
    """
    one = "SELECT entry FROM log WHERE number = ?"
    some = "SELECT number, entry FROM log WHERE number >= ? ORDER BY number LIMIT ?"
    at, stride, went_well = 0, _LEAST, 0
    while True:
        row = connection.execute(one, (begin + stride - 1,)).fetchone() if at else None
        last = int(row[0][_AT]) if row else 0
        if row and 0 <= last - at <= SILENT_MILLISECONDS:
            at, begin = last, begin + stride
            yield begin - 1, at
            went_well += 1
            if went_well % _GROWS_AFTER == 0:
                stride = min(stride * 2, _MOST)
        elif stride > _LEAST:
            stride, went_well = stride // 2, 0
        else:
            rows = connection.execute(some, (begin, _READ)).fetchall()
            for number, entry in rows:
                at = int(entry[_AT])
                yield number, at
            if len(rows) < _READ:
                return
            begin += _READ


def _first_at(connection: sqlite3.Connection, time: int) -> int:
    """Return the number of the first entry of that time or later, by halving: entries are in order of time."""
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
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
    """Tell whether a proxy that had given signs of life shortly before an entry had not said goodbye."""
    said_goodbye: set[str] = set()
    rows = connection.execute("SELECT entry FROM log WHERE number < ? ORDER BY number DESC", (number,))
    for (entry,) in rows:
        if int(entry[_AT]) < at - SILENT_MILLISECONDS:
            return False
        if b'"worker":' in entry:
            facts = json.loads(entry)
            if facts["do"] == "stop":
                said_goodbye.add(facts["worker"])
            elif facts["worker"] not in said_goodbye:
                return True
    return False
