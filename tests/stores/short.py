"""A store whose disk is full at any moment, or that others hold. ``python -m tests.stores.short 100``.

The disk is full by the limit of the kernel on the size of a file: writing behind it fails, as on a full disk.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from dlp_proxy.stores.sqlite.read import SqliteReader
from tests.stores.kept import contents, first_fault

_ROOT: Final = Path(__file__).resolve().parents[2]
_WORKER: Final = """
import resource, signal, sys
from pathlib import Path
from dlp_proxy.model.event import Outcome
from dlp_proxy.stores.ports import StoreError
from tests.stores.kept import event, open_store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then writing fails with an error
store = open_store(Path(sys.argv[1]))
first, limit = int(sys.argv[2]), int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
for number in range(first, first + 300):
    one = event(number)
    try:
        store.record(one).result(60)
    except StoreError:
        print("refused", flush=True)
        break
    print(one.uid, flush=True)  # this is the answer: what was printed must be there
    store.outcome(Outcome(one.uid, one.time, "blocked"))
try:
    store.close()
except StoreError:
    pass
"""


class Short(NamedTuple):
    """How often the disk was full, how many events were answered and refused, and how many are kept."""

    times: int
    answered: int
    refused: int
    kept: int


def _recorded(path: Path, first: int, limit: int) -> list[str]:
    words = [sys.executable, "-c", _WORKER, str(path), str(first), str(limit)]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    return subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout.split()


def fill_up(path: Path, times: int, seed: int) -> Short:
    """Let the disk be full so many times; see that nothing answered is lost, and that it goes on afterwards."""
    chance = random.Random(seed)
    answered = set(_recorded(path, 0, 0)[:300])
    refused = 0
    for turn in range(1, times + 1):
        size = max(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
        said = _recorded(path, 1000 * turn, size + chance.randrange(0, 400_000))
        refused += said.count("refused")
        answered |= {one for one in said if one != "refused"}
        assert (fault := first_fault(path)) is None, fault
    answered |= set(_recorded(path, 1000 * (times + 1), 0))
    with SqliteReader(path) as reader:
        kept = {one.event.uid for one in reader.events()}
    assert answered <= kept, "something that was answered is lost"
    assert contents(path).fault is None
    return Short(times, len(answered), refused, len(kept))


def hold(path: Path, seconds: float) -> list[str]:
    """Record beside somebody who holds the store for some seconds; return what the recorder said."""
    _recorded(path, 900_000, 0)
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds, lambda: other.execute("ROLLBACK"))
        timer.start()
        said = _recorded(path, 950_000, 0)
        timer.join()
    assert (fault := first_fault(path)) is None, fault
    return said


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(fill_up(Path(folder) / "events.db", int(sys.argv[1]), seed=int(time.time())))
        print("held for 2 s:", len(hold(Path(folder) / "held.db", 2.0)), "answered")
