"""Verifying the log, and what it vouches for."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from benchmarks.investigating.world import NODE, VERIFIER
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.log import keep_node
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.verify import verify_contents, verify_entries

ENTRIES = 1_000_000


def log(path: Path) -> str:
    """Verify so many entries as the command does; the first round puts them into a store of their own."""
    own = path.with_name(f"log-of-{path.name}")
    if not own.exists():
        _take_out(path, own)
    with SqliteReader(own) as reader:
        report = verify_entries(reader.connection, VERIFIER)
    assert report.fault is None, report.fault
    return f"{report.entries:,} entries, {report.checkpoints} checkpoints"


def _take_out(path: Path, own: Path) -> None:
    with closing(open_for_writing(own)) as connection:
        connection.execute("ATTACH ? AS whole", (str(path),))
        with transaction(connection):
            keep_node(connection, NODE)
            # The checkpoint over the last entries lies behind the millionth: its entry is not there.
            for table, column in (("log", "number"), ("checkpoint", "size")):
                rows = f"SELECT * FROM whole.{table} WHERE {column} <= ?"  # noqa: S608 - the two above
                connection.execute(f"INSERT INTO {table} {rows}", (ENTRIES,))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def contents(path: Path) -> str:
    with SqliteReader(path) as reader:
        found = verify_contents(reader.connection)
    assert found.fault is None, found.fault
    return f"{found.events:,} events, {found.postings:,} postings, {found.outcomes:,} outcomes"
