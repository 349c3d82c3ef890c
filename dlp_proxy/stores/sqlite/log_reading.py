"""Reading the whole log of a store, a long one in several stretches by as many processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from dlp_proxy.evidence.merkle import AT_ONCE, FIRST
from dlp_proxy.evidence.stretch import Stretch, read_stretch
from dlp_proxy.stores.sqlite.side_by_side import how_many, read_side_by_side

_WORTH: Final = 100_000
"""Entries that are worth a process of their own."""


def stretches(connection: sqlite3.Connection, sizes: Collection[int], processes: int = 0) -> Iterator[Stretch]:
    """Yield the log of a store in stretches, from its first entry to its last.

    Args:
        connection: by which the store is seen as of one moment; the process has no thread but one.
        sizes: of the log, at which its root will be asked for.
        processes: that read at once; 0 for as many as there are cores and work for.
    """
    last = last_of(connection)
    many = how_many(connection, last, _WORTH, processes)
    each = last // many // AT_ONCE * AT_ONCE
    many = many if each else 1
    asked = [_Asked(1 + number * each, each, last, frozenset(sizes)) for number in range(many)]
    asked[-1] = asked[-1]._replace(entries=-1)
    return read_side_by_side(connection, _read, asked)


def last_of(connection: sqlite3.Connection) -> int:
    """Return the number of the log's last entry; 0 where there is none."""
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
    return int(last)


class _Asked(NamedTuple):
    """So many `entries`, or all with -1, up to the `last` of the log, where the one numbered `first` should begin."""

    first: int
    entries: int
    last: int
    sizes: frozenset[int]


def _read(connection: sqlite3.Connection, asked: _Asked) -> Stretch:
    first = asked.first
    # What has a number before the first of all is read too: it does not belong there.
    least = first if first > 1 else -(2**63)
    rows = connection.execute(
        "SELECT number, entry, hash FROM log WHERE number >= ? AND number <= ? ORDER BY number LIMIT ?",
        (least, asked.last, asked.entries),
    )
    before = connection.execute("SELECT hash FROM log WHERE number = ?", (first - 1,)).fetchone()
    return read_stretch(rows, first, FIRST if first == 1 or before is None else bytes(before[0]), asked.sizes)
