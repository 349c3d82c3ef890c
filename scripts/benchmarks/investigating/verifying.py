"""Verifying the log, and what it vouches for."""

from __future__ import annotations

from pathlib import Path

from benchmarks.investigating.world import VERIFIER
from dlp_proxy.evidence.verify import verify_log
from dlp_proxy.stores.sqlite.log import notes
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.verify import verify_contents

ENTRIES = 1_000_000


def log(path: Path) -> str:
    with SqliteReader(path) as reader:
        rows = reader.connection.execute(
            "SELECT number, entry, hash FROM log WHERE number <= ? ORDER BY number", (ENTRIES,)
        )
        signed = [one for one in notes(reader.connection) if one[0] <= ENTRIES]
        report = verify_log(rows, signed, VERIFIER)
    # The checkpoint over the last entries lies behind the millionth: its entry is not read.
    assert report.fault is None, report.fault
    return f"{report.entries:,} entries, {report.checkpoints} checkpoints"


def contents(path: Path) -> str:
    with SqliteReader(path) as reader:
        found = verify_contents(reader.connection)
    assert found.fault is None, found.fault
    return f"{found.events:,} events, {found.postings:,} postings, {found.outcomes:,} outcomes"
