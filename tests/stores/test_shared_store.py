"""Several proxies on one store: no two of them see the same total, and a killed one loses nothing."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from dlp_proxy.stores.sqlite.read import SqliteReader

WORKER = """
import sys
from pathlib import Path
from dlp_proxy.model.event import Event
from dlp_proxy.model.totals import Observation, Series
from dlp_proxy.stores.sqlite.store import SqliteStore

path, worker, first, last, limit = sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:6])
series = Series("bulk", "li")
store = SqliteStore(Path(path))

def judge(number):
    def settle(windows, now):
        total = windows.observe(now, [Observation(series, (number.to_bytes(16, "big"),), (86400,), limit)])
        count = total.distinct[series, 86400]
        action = "block" if count >= limit else "counted"
        uid = f"{worker:02}{number:024}"
        return count, Event(uid, now, "li", "pan.example", action, action, "bulk", count, {})
    return settle

waiting = []
for number in range(first, last):
    waiting.append(store.settle(judge(number)))
    if len(waiting) == 8:
        for one in waiting:
            print(one.result(60)[0], flush=True)
        waiting.clear()
for one in waiting:
    print(one.result(60)[0], flush=True)
"""


def start(path: Path, worker: int, first: int, last: int, limit: int = 200) -> subprocess.Popen[str]:
    words = [str(path), str(worker), str(first), str(last), str(limit)]
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", WORKER, *words], stdout=subprocess.PIPE, text=True, cwd=root)


def test_the_limit_is_reached_exactly_once_however_many_count(tmp_path: Path) -> None:
    for turn, workers in enumerate((2, 4)):
        path = tmp_path / f"{turn}.db"
        running = [start(path, worker, worker * 100, worker * 100 + 100) for worker in range(workers)]
        totals = sorted(int(line) for one in running for line in one.communicate(timeout=120)[0].split())
        assert totals == list(range(1, workers * 100 + 1))
        with SqliteReader(path) as reader:
            kept = list(reader.events())
        assert [one.sequence for one in kept] == [one.event.records for one in kept] == list(range(1, len(totals) + 1))
        assert Counter(one.event.action for one in kept)["counted"] == 199


def test_customers_that_two_send_are_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    running = [start(path, worker, worker * 50, worker * 50 + 100) for worker in range(4)]
    totals = [int(line) for one in running for line in one.communicate(timeout=120)[0].split()]
    assert len(totals) == 400
    assert max(totals) == 250
    assert set(totals) == set(range(1, 251))


def test_killed_ones_lose_no_event_and_no_total(tmp_path: Path) -> None:
    """Workers are killed at random and others take their place; what was answered is in the store and in the total."""
    path = tmp_path / "events.db"
    chance = random.Random(7)
    answered: list[int] = []
    for turn in range(4):
        running = [
            start(path, turn * 2 + one, (turn * 2 + one) * 10**6, (turn * 2 + one + 1) * 10**6, limit=10**6)
            for one in range(2)
        ]
        for one in running:
            assert one.stdout is not None
            for _ in range(chance.randrange(10, 60)):
                answered.append(int(one.stdout.readline()))
        for one in running:
            os.kill(one.pid, signal.SIGKILL)
            assert one.stdout is not None
            # Not `communicate`: it passes over what is read ahead here, and begins in the middle of a number.
            with one.stdout:
                answered += map(int, one.stdout.read().split())
            one.wait(30)
    with SqliteReader(path) as reader:
        totals = [one.event.records for one in reader.events()]
    assert totals == list(range(1, len(totals) + 1))
    assert set(answered) <= set(totals)
    assert len(answered) == len(set(answered)) >= 80
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
