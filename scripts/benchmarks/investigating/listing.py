"""Listing."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

from benchmarks.investigating.world import event
from dlp_proxy.incidents.kept_grouping import keep, kept_or_grouped
from dlp_proxy.incidents.queue import Wanted, queue
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.writing import Writing


def incidents(path: Path) -> str:
    with SqliteReader(path) as reader:
        rows = list(reader.incidents(50))
    return f"{len(rows)} incidents, {sum(row.events for row in rows):,} events"


def queued(path: Path) -> str:
    """Group where that was not done before, and list: the first round pays, the median does not."""
    with SqliteReader(path) as reader:
        world, entry = kept_or_grouped(reader.connection)
        lines = queue(reader.connection, reader.incidents(50), world.found, Wanted())[:50]
    if entry:
        with closing(open_for_writing(path)) as connection, transaction(connection):
            keep(Writing(connection, 0, "bench", "tk-bench"), (), world, entry)
    return f"{len(lines)} of {len(world.found):,}"


def queued_after_one(path: Path) -> str:
    """Write one more event, as the proxy does, and list."""
    with closing(open_for_writing(path)) as connection, transaction(connection):
        number = connection.execute("SELECT max(sequence) FROM event").fetchone()[0]
        one = event(number, random.Random(number))
        Writing(connection, int(one.time * 1000), "bench", "tk-bench").insert_event(one)
    return queued(path)
