"""Reading the whole log of a store, a long one in several stretches by as many processes."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, NamedTuple

from dlp_proxy.evidence.merkle import AT_ONCE, FIRST
from dlp_proxy.evidence.stretch import Stretch, read_stretch
from dlp_proxy.stores.sqlite.connect import open_for_reading

_WORTH: Final = 100_000
"""Entries that are worth a process of their own."""
_MOST: Final = 4
"""Processes: whoever puts the stretches together could use no more."""


def stretches(connection: sqlite3.Connection, sizes: Collection[int], processes: int = 0) -> Iterator[Stretch]:
    """Yield the log of a store in stretches, from its first entry to its last.

    Args:
        connection: by which the store is seen as of one moment; the process has no thread but one.
        sizes: of the log, at which its root will be asked for.
        processes: that read at once; 0 for as many as there are cores and work for.
    """
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
    asked = frozenset(sizes)
    many = processes or min(len(os.sched_getaffinity(0)), last // _WORTH, _MOST)
    each = last // max(many, 1) // AT_ONCE * AT_ONCE
    (path,) = [file for _, name, file in connection.execute("PRAGMA database_list") if name == "main"]
    if many < 2 or not each or not path:
        yield _read(connection, _Asked(1, -1, last, asked))
        return
    readers = [_Reader(path, _Asked(1 + number * each, each, last, asked)) for number in range(many - 1)]
    try:
        own = _read(connection, _Asked(1 + len(readers) * each, -1, last, asked))
        for one in readers:
            yield one.came() or _read(connection, one.asked)
        yield own
    finally:
        for one in readers:
            one.end()


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


class _Reader:
    """A process that reads one stretch."""

    def __init__(self, path: str, asked: _Asked) -> None:
        context = multiprocessing.get_context("fork")
        self.asked = asked
        self._pipe, theirs = context.Pipe(duplex=False)
        # It opens the store by itself: a connection does not go over a fork.
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, path, asked), daemon=True)
        self._process.start()
        theirs.close()

    def came(self) -> Stretch | None:
        """Return the stretch; None when the process died."""
        try:
            found: Stretch = self._pipe.recv()
        except EOFError:
            return None
        return found

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection, path: str, asked: _Asked) -> None:
    with closing(open_for_reading(Path(path))) as connection:
        pipe.send(_read(connection, asked))
