"""How the database is opened: what SQLite is told to do with the disk, and with others who write."""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.turn import Turn

FULL = 2
"""``synchronous``: a commit waits until it is on the disk (sqlite.org/pragma.html)."""


def test_a_commit_waits_for_the_disk_and_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    asked = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        answers = [connection.execute(f"PRAGMA {one}").fetchone()[0] for one in asked]
    assert answers == ["wal", FULL, 1, 1]


def test_a_transaction_lets_nobody_else_begin_one(tmp_path: Path) -> None:
    """Two that read first and wrote then would both decide on the same total."""
    path = tmp_path / "events.db"
    with closing(open_for_writing(path)) as one, closing(open_for_writing(path)) as other:
        other.execute("PRAGMA busy_timeout=0")
        with (
            transaction(one),
            pytest.raises(sqlite3.OperationalError, match="locked"),
            transaction(other),
        ):
            pytest.fail("two write at once")
        with transaction(other):
            other.execute("INSERT INTO probe (at) VALUES (1)")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            _write(connection, "INSERT INTO probe (at) VALUES (1)", "INSERT INTO nowhere VALUES (1)")
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM probe").fetchone() == (0,)


def _write(connection: sqlite3.Connection, *statements: str) -> None:
    with transaction(connection):
        for one in statements:
            connection.execute(one)


def test_one_at_a_time_has_the_turn(tmp_path: Path) -> None:
    one, other = Turn(tmp_path / "events.db"), Turn(tmp_path / "events.db")
    with one:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other._handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    with other:
        pass
    one.close()
    other.close()
