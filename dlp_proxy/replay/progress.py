"""How far a replay is: what came out of each item, and the windows after it, in one file that a crash leaves whole."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.schema import WINDOWS
from dlp_proxy.stores.sqlite.shared_windows import SharedWindows

_TABLES: Final = f"""{WINDOWS}
CREATE TABLE about (what TEXT NOT NULL) STRICT;
CREATE TABLE passed (number INTEGER NOT NULL) STRICT;
CREATE TABLE item (number INTEGER PRIMARY KEY, input TEXT NOT NULL, output TEXT NOT NULL) STRICT;
"""
_AT_ONCE: Final = 200
"""Items in one commit."""


class Progress:
    """Items that are done. What is reported is read from here, so a resumed replay reports as one that was not stopped.

    Attributes:
        windows: those that are fed again; they are as they were after the last item that is kept.
    """

    def __init__(self, path: Path | None, about: Mapping[str, Any]) -> None:
        """Open or make the file; None keeps everything in memory.

        Args:
            about: what is replayed, with what.

        Raises:
            StoreError: it cannot be used, or is of another replay.
        """
        said = canonical(dict(about)).decode()
        try:
            if path is not None:
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self.connection = sqlite3.connect(path or ":memory:", isolation_level=None)
            self.connection.execute("BEGIN IMMEDIATE")
            if not self.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone():
                for statement in filter(str.strip, _TABLES.split(";\n")):
                    self.connection.execute(statement)
                self.connection.execute("INSERT INTO about (what) VALUES (?)", (said,))
                self.connection.execute("INSERT INTO passed (number) VALUES (0)")
            (kept,) = self.connection.execute("SELECT what FROM about").fetchone()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot use {path} for the progress of a replay: {error}") from error
        if kept != said:
            self.connection.close()
            raise StoreError(f"{path} is the progress of another replay: give another name, or the same words as then")
        self.windows = SharedWindows(self.connection)
        self._waiting = 0
        (self._done,) = self.connection.execute("SELECT number FROM passed").fetchone()

    @property
    def done(self) -> int:
        """Return the number of the last item that was taken in; 0 for none."""
        return int(self._done)

    def add(self, number: int, given: str, output: Mapping[str, Any]) -> None:
        """Keep what came out of an item; `given` is the digest of what went in, in hexadecimal."""
        self.connection.execute(
            "INSERT INTO item (number, input, output) VALUES (?, ?, ?)",
            (number, given, canonical(dict(output)).decode()),
        )
        self.passed(number)

    def passed(self, number: int) -> None:
        """Say that an item was taken in, whether or not anything is kept of it: it is not fed to windows again."""
        self._done = number
        self._waiting += 1
        if self._waiting >= _AT_ONCE:
            self.keep()

    def keep(self) -> None:
        """Commit."""
        self._waiting = 0
        self.connection.execute("UPDATE passed SET number = ?", (self._done,))
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN IMMEDIATE")

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the digest of what went in, and what came out, in order."""
        for given, output in self.connection.execute("SELECT input, output FROM item ORDER BY number"):
            yield given, json.loads(output)

    def close(self) -> None:
        self.keep()
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
