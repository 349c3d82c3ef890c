"""Scope, hunt, grouping, who with whom."""

from __future__ import annotations

from pathlib import Path

from benchmarks.investigating.world import CUSTOMERS, STEP_SECONDS, beginning
from dlp_proxy.incidents.hunt import hunt
from dlp_proxy.incidents.regrouping import group_all
from dlp_proxy.incidents.scope import scope
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.together import together
from dlp_proxy.stores.sqlite.read import SqliteReader

SCOPED = 51_500
"""Events in a row that hold about 50,000 different of the million customers."""
HUNTED = 1_000


def scoped(path: Path) -> str:
    with SqliteReader(path) as reader:
        (last,) = reader.connection.execute("SELECT max(sequence) FROM event").fetchone()
        until = beginning() + last * STEP_SECONDS * 1000
        answer = scope(reader.connection, Selection(since=until - SCOPED * STEP_SECONDS * 1000))
    return f"{answer.whole.attempted:,} customers in {answer.whole.transfers:,} transfers"


def hunted(path: Path) -> str:
    step = CUSTOMERS // HUNTED
    wanted = [[(customer * 3).to_bytes(16, "big")] for customer in range(0, CUSTOMERS, step)]
    with SqliteReader(path) as reader:
        answer = hunt(reader.connection, wanted, Selection(), "tk-bench")
    return f"{sum(one.answer == 'yes' for one in answer.found)} of {len(answer.found):,} numbers found"


def grouped_anew(path: Path) -> str:
    with SqliteReader(path) as reader:
        found = group_all(reader.connection, ()).found
    return f"{len(found):,} incidents"


def linked(path: Path) -> str:
    with SqliteReader(path) as reader:
        answer = together(reader.connection, Selection())
    return f"{len(answer.pairs):,} pairs, {len(answer.sites)} destinations of a few"
