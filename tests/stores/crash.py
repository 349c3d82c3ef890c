"""Killing a process that records, at any moment, and looking at what it left. ``python -m tests.stores.crash 100``."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from dlp_proxy.stores.sqlite.read import SqliteReader
from tests.stores.kept import contents, first_fault

_ROOT: Final = Path(__file__).resolve().parents[2]

_WORKER: Final = """
import sys
from pathlib import Path
from dlp_proxy.model.event import Outcome
from tests.stores.kept import event, open_store

store = open_store(Path(sys.argv[1]))
first, count = int(sys.argv[2]), int(sys.argv[3])
for number in range(first, first + count):
    one = event(number)
    store.record(one).result(60)
    print(one.uid, flush=True)  # this is the answer: what was printed must be there
    store.outcome(Outcome(one.uid, one.time, "blocked"))
    if number % 50 == 0:
        store.sign()
store.close()
"""


def worker(path: Path, first: int, count: int) -> subprocess.Popen[str]:
    """Start a process that records so many events and prints the number of each that it answered."""
    words = [sys.executable, "-c", _WORKER, str(path), str(first), str(count)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(_ROOT)})


def crash(path: Path, turns: int, seed: int) -> tuple[int, int, int]:
    """Kill a worker so many times, at a moment after its first answers, and look at the store each time.

    Returns how many events were answered, kept, and kept without an outcome.
    """
    chance = random.Random(seed)
    answered: set[str] = set()
    for turn in range(turns):
        running = worker(path, 100_000 * (turn + 1), 100_000)
        assert running.stdout is not None
        for _ in range(chance.randrange(1, 20)):
            answered.add(running.stdout.readline().strip())
        assert "" not in answered, "the worker did not begin"
        time.sleep(chance.random() / 100)
        running.send_signal(signal.SIGKILL)
        answered |= set(running.communicate(timeout=60)[0].split())
        assert first_fault(path) is None
    with SqliteReader(path) as reader:
        kept = list(reader.events())
    assert answered <= {one.event.uid for one in kept}, "something that was answered is lost"
    assert [one.sequence for one in kept] == list(range(1, len(kept) + 1)), "there is a gap"
    assert contents(path).events == len(kept)
    return len(answered), len(kept), sum(one.outcome is None for one in kept)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print("answered, kept, without outcome:", crash(Path(folder) / "events.db", int(sys.argv[1]), seed=1))
