"""``scripts/bench windows``: what one observation costs when the store holds little and when it holds much."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.page import put
from dlp_proxy.model.totals import Observation, Series
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.shared_windows import SharedWindows

_PER_KEY: Final = 100
"""Identities of each person: 100,000 people with 100 customers each are ten million."""
_DAY: Final = 86_400
_NOW: Final = 1_800_000_000.0


def main() -> None:
    asked = argparse.ArgumentParser(prog="scripts/bench windows")
    asked.add_argument("--sizes", default="10000,1000000,10000000")
    asked.add_argument("--observations", type=int, default=20_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--write", action="store_true")
    args = asked.parse_args()
    rows = [
        "| identities | CPU us an observation | against the smallest | observations a second | memory MB | file MB |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    smallest = 0.0
    for size in map(int, args.sizes.split(",")):
        cost, rate, memory, file = _measure(size, args.observations, args.rounds)
        smallest = smallest or cost
        rows.append(f"| {size:,} | {cost:.1f} | {cost / smallest:.2f}x | {rate:,.0f} | {memory:.0f} | {file:.0f} |")
        print(rows[-1], flush=True)
    table = "\n".join(rows)
    print(table)
    if args.write:
        put("windows", table)


def _measure(size: int, observations: int, rounds: int) -> tuple[float, float, float, float]:
    """Return median CPU microseconds and rate of an observation, memory and file size in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.db"
        connection = open_for_writing(path)
        people = max(1, size // _PER_KEY)
        with transaction(connection):
            connection.executemany(
                "INSERT INTO series (number, name, key, newest) VALUES (?, 'bulk', ?, ?)",
                ((one, f"user-{one}", _NOW) for one in range(1, people + 1)),
            )
        for first in range(1, people + 1, 10_000):
            chance = random.Random(first)
            with transaction(connection):
                for one in range(first, min(first + 10_000, people + 1)):
                    connection.executemany(
                        "INSERT INTO sighting VALUES (?, ?, ?)",
                        sorted((one, chance.randbytes(16), _NOW - chance.random() * _DAY) for _ in range(_PER_KEY)),
                    )
        chance = random.Random(2)
        costs, rates = [], []
        for _ in range(rounds):
            began, wall = time.process_time(), time.perf_counter()
            for batch in range(0, observations, 50):
                with transaction(connection):
                    windows = SharedWindows(connection)
                    for number in range(batch, batch + 50):
                        series = Series("bulk", f"user-{chance.randrange(1, people + 1)}")
                        windows.observe(_NOW + number, [Observation(series, (chance.randbytes(16),), (_DAY,), 200)])
            costs.append((time.process_time() - began) / observations * 1e6)
            rates.append(observations / (time.perf_counter() - wall))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        file = path.stat().st_size / 1e6
        connection.close()
    return statistics.median(costs), statistics.median(rates), memory, file


if __name__ == "__main__":
    main()
