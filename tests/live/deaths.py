"""kill -9 of supervisor and workers at load, again and again: `scripts/deaths`.

Every event that an answer named must be in the store, which must be sound, and nothing may have reached the origin that
must be stopped. A killed supervisor is started again at once, as an init system does; its workers end by themselves.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.live.crew import Crew, Load, killed


def run(
    folder: Path, times: int, *, minutes: float = 600, supervisors: float = 0.2
) -> tuple[list[str], dict[str, int]]:
    """Kill so many times, for so long at most; return lines to print, and the counts that must be none."""
    chance, until, kills = random.Random(times), time.monotonic() + 60 * minutes, 0
    crew = Crew(folder)
    waits: dict[str, list[float]] = {"worker": [], "supervisor": []}
    try:
        with Load(crew.port) as load:
            while kills < times and time.monotonic() < until:
                kills += 1
                crew.heal()
                time.sleep(chance.uniform(0.2, 1.0))
                who = "supervisor" if chance.random() < supervisors else "worker"
                moment = time.monotonic()
                if who == "worker":
                    os.kill(chance.choice(crew.workers()), signal.SIGKILL)
                else:
                    killed(crew)
                    moment = time.monotonic()  # its workers, which answered to the end, are gone
                    crew.start()
                while (answered := load.answered_since(moment)) is None:
                    time.sleep(0.02)
                waits[who].append(answered - moment)
                print(
                    f"{kills}: {who}, {answered - moment:.1f} s, answers {len(load.answers)}",
                    file=sys.stderr,
                    flush=True,
                )
            crew.heal()
        kept = {one.event.uid for one in crew.system.events()}
        counts = {
            "answered events that are not in the store": len(set(load.stopped) - kept),
            "lists at the origin": crew.leaked(),
            "answers other than policy says": len(load.wrong),
            "faults of the store": int(crew.sound() != "ok"),
        }
    finally:
        crew.close()
    lines = [
        f"{kills} kills; {len(load.answers)} answers, {len(load.stopped)} of them with an event; {load.failed} cut"
    ]
    for who, some in waits.items():
        if some:
            lines.append(
                f"first answer after the death of a {who}: {statistics.median(some):.2f} s, at most {max(some):.2f}"
            )
    return lines, counts


def main() -> int:
    """Run and print; 1 when something is not as it must be."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=100)
    arguments.add_argument("--minutes", type=float, default=600, help="no more kills after so long")
    words = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-deaths-") as name:
        lines, counts = run(Path(name), words.times, minutes=words.minutes)
    print("\n".join([*lines, *(f"{what}: {count}" for what, count in counts.items())]))
    return int(any(counts.values()))


if __name__ == "__main__":
    raise SystemExit(main())
