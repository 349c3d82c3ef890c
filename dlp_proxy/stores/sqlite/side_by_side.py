"""Reading one store by several processes side by side."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from dlp_proxy.stores.sqlite.connect import open_for_reading

_MOST: Final = 4
"""Processes: whoever puts together what they read could use no more."""

type Read[A, T] = Callable[[sqlite3.Connection, A], T]
"""Reads what is asked for. What it returns goes from one process to the other."""


def how_many(connection: sqlite3.Connection, rows: int, worth: int, processes: int = 0) -> int:
    """Return by how many processes `rows` are read; by one where the store is in memory, which no other could open.

    Args:
        worth: rows that are worth a process of their own.
        processes: as many as this, whatever they are worth; 0 for as many as there are cores and work for.
    """
    many = processes or min(len(os.sched_getaffinity(0)), rows // worth, _MOST)
    return max(many, 1) if _path_of(connection) else 1


def _path_of(connection: sqlite3.Connection) -> str:
    (path,) = [file for _, name, file in connection.execute("PRAGMA database_list") if name == "main"]
    return str(path)


def read_side_by_side[A, T](connection: sqlite3.Connection, read: Read[A, T], asked: Sequence[A]) -> Iterator[T]:
    """Yield what `read` returns for each of `asked`, in their order: the last is read here, the others elsewhere.

    One whose process died is read here too.

    Args:
        connection: by which the store is seen as of one moment. Where there are several to read, the process has no
            thread but one; the others see the store as of a moment later.
    """
    if not asked:
        return
    *others, last = asked
    readers = [_Reader(_path_of(connection), read, one) for one in others]
    try:
        own = read(connection, last)
        for one in readers:
            came = one.came()
            yield read(connection, one.asked) if came is None else came[0]
        yield own
    finally:
        for one in readers:
            one.end()


class _Reader[A, T]:
    def __init__(self, path: str, read: Read[A, T], asked: A) -> None:
        context = multiprocessing.get_context("fork")
        self.asked = asked
        self._pipe, theirs = context.Pipe(duplex=False)
        # It opens the store by itself: a connection does not go over a fork.
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, path, read, asked), daemon=True)
        self._process.start()
        theirs.close()

    def came(self) -> tuple[T] | None:
        """Return what was read; None when the process died."""
        try:
            found: T = self._pipe.recv()
        except EOFError:
            return None
        return (found,)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work[A, T](pipe: Connection, path: str, read: Read[A, T], asked: A) -> None:
    with closing(open_for_reading(Path(path))) as connection:
        pipe.send(read(connection, asked))
