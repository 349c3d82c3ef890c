"""``scripts/bench investigate``: what investigators wait for, on a store of a million events."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.investigating import FIGURES
from benchmarks.investigating.replaying import replaying
from benchmarks.investigating.world import make
from benchmarks.page import put


def main() -> None:
    asked = argparse.ArgumentParser(prog="scripts/bench investigate")
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", default="", help="figures whose name holds this")
    asked.add_argument("--keep", type=Path, help="folder in which the store stays for the next time")
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--replay", type=int, nargs=2, metavar="FLOWS", help="only replay: two lengths of a flow file")
    args = asked.parse_args()
    if args.replay:
        with tempfile.TemporaryDirectory() as passing:
            rows = replaying(Path(passing), tuple(args.replay), args.rounds)
        print("\n".join(rows))
        if args.write:
            put("replay", "\n".join(rows))
        return
    with tempfile.TemporaryDirectory() as passing:
        folder = args.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"events-{args.events}.db"
        if not path.exists():
            began = time.process_time()
            make(path, args.events)
            print(
                f"made in {(time.process_time() - began) / args.events * 1e6:.0f} us of CPU an event with its outcome"
            )
        rows = [
            f"{args.events:,} events, {path.stat().st_size / 1e6:,.0f} MB; median of {args.rounds}.",
            "",
            "| what | seconds | CPU seconds | came out |",
            "|---|---:|---:|---|",
        ]
        print("\n".join(rows))
        for name, figure in FIGURES:
            if args.only in name:
                walls, cpus, says = [], [], ""
                for _ in range(args.rounds):
                    wall, cpu = time.perf_counter(), _cpu()
                    says = figure(path)
                    walls.append(time.perf_counter() - wall)
                    cpus.append(_cpu() - cpu)
                rows.append(f"| {name} | {statistics.median(walls):.2f} | {statistics.median(cpus):.2f} | {says} |")
                print(rows[-1], flush=True)
    if args.write:
        put("investigate", "\n".join(rows))


def _cpu() -> float:
    """Return the CPU seconds of this process and of those it has waited for."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
