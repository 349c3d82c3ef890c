"""Opening ``events.db`` so that a commit survives a power cut."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.adopt import ADOPTED, adopt
from dlp_proxy.stores.sqlite.schema import ADDITIONS, SCHEMA, UPGRADES, VERSION

UNUSABLE: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises of a file that it cannot use. Of a damaged schema it quotes a name, which may be no text."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open the database, making it when it is not there.

    Write-ahead log with ``synchronous=FULL``: a commit is on disk when it returns (sqlite.org/pragma.html).

    Raises:
        StoreError: it cannot be opened, is damaged, or was written by a newer program.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"cannot open the event store {path}: {error}; check the file's owner and the disk") from error
    try:
        connection.execute("PRAGMA page_size=8192")  # of a new file: records are 1 to 2 KB
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is forgotten is overwritten
        _make_tables(connection, path)
    except UNUSABLE as error:
        connection.close()
        raise StoreError(f"cannot use the event store {path}: {error}; check the file's owner and the disk") from error
    except StoreError:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open an existing database without being able to change it.

    Raises:
        StoreError: there is none, or it is not ours.
    """
    if not path.exists():
        raise StoreError(f"there is no event store at {path}: is --state the folder of a proxy that has run?")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)
    try:
        _check_version(connection, path)
    except UNUSABLE as error:
        connection.close()
        raise StoreError(f"cannot read the event store {path}: {error}") from error
    except StoreError:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of what is done inside, or nothing. Nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        if _version(connection) == 0:
            _run(connection, SCHEMA, VERSION)
        while (version := _version(connection)) in UPGRADES:
            _run(connection, UPGRADES[version], version + 1)
            if version == ADOPTED:
                adopt(connection)
        _check_version(connection, path)  # before anything is added to a newer program's file
        for addition in ADDITIONS:
            _run(connection, addition, VERSION)


def _run(connection: sqlite3.Connection, statements: str, version: int) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={version}")


def _version(connection: sqlite3.Connection) -> int:
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version != VERSION:
        raise StoreError(f"{path} has shape {version}, this program reads {VERSION}: use the program that wrote it")
