"""Inspectors killed, hung and starved of memory while others send: `python -m tests.live.lost_inspectors`.

The message at work must get the verdict of the fail mode, nothing of it may reach the origin, everybody else must be
answered as ever, and the pool must be whole again.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from tests.live.crew import LONG, Load, policy
from tests.live.harness import Certificates, OriginThread, curl, wait_until
from tests.live.system import HOSTS, PEOPLE, System, start_system

INSPECTORS: Final = 2
_URL: Final = f"http://{HOSTS[2]}/long"
_ROWS: Final = (200_000, 400_000, 600_000, 750_000)
_SENDER: Final = list(PEOPLE)[-1]

WAYS: Final[Mapping[str, Callable[[int], object]]] = {
    "killed": lambda pid: os.kill(pid, signal.SIGKILL),
    "starved": lambda pid: resource.prlimit(pid, resource.RLIMIT_AS, (1 << 20, 1 << 20)),
    "hung": lambda pid: os.kill(pid, signal.SIGSTOP),
}
"""What is done to an inspector at work; a hung one is given up after the seconds of an inspection, which are many."""


def inspectors(system: System) -> dict[int, str]:
    """Return the processes that the fork server made, each with its state."""
    found: dict[int, str] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
            words = (stat.parent / "cmdline").read_bytes()
        except (OSError, UnicodeDecodeError):
            continue
        if b"forkserver" in words and int(fields[1]) != system.process.pid and fields[0] != "Z":
            parent = Path(f"/proc/{fields[1]}/stat")
            if parent.exists() and int(parent.read_text().rpartition(")")[2].split()[1]) == system.process.pid:
                found[int(stat.parent.name)] = fields[0]
    return found


def run(folder: Path, ways: Iterable[str]) -> tuple[list[str], dict[str, int]]:
    """Lose an inspector in each of these ways; return lines to print, and the counts that must be none."""
    certificates = Certificates(folder)
    world = OriginThread(certificates.leaf(*HOSTS))
    policies = folder / "policies"
    policies.mkdir()
    (policies / "phones.yaml").write_text(policy())
    body = folder / "stock.csv"
    names = dict.fromkeys(HOSTS, f"127.0.0.1:{world.plain_port}")
    system = start_system(
        folder, certificates.ca, world, policies, LONG, inspectors=INSPECTORS, workers=1, resolve=names
    )
    lines: list[str] = []
    verdicts, others, leaked = "verdicts other than the fail mode's", "others not answered as ever", "at the origin"
    counts = {verdicts: 0, others: 0, leaked: 0}
    try:
        for way in ways:
            answered, loads, whole = _lose(system, WAYS[way], body)
            counts[verdicts] += answered != 403
            counts[others] += sum(one.failed + len(one.wrong) for one in loads)
            before, during = (_median_of_slow(one) for one in loads)
            lines.append(
                f"{way}: answered {answered}; the pool was whole {whole:.2f} s later; others, slowest in twenty: "
                f"{before:.0f} ms before, {during:.0f} ms meanwhile, {sum(len(one.answers) for one in loads)} answers"
            )
        reasons = [gap["reason"] for kept in system.events() for gap in kept.event.body["coverage"]["gaps"]]
        lines.append(f"gaps in the store: {', '.join(reasons)}")
        counts[leaked] = sum(seen.target.endswith("/long") for seen in world.seen)
    finally:
        system.stop()
        world.stop()
    return lines, counts


def _lose(system: System, way: Callable[[int], object], body: Path) -> tuple[int, list[Load], float]:
    """Return what the upload was answered, the load before and meanwhile, and the seconds until the pool was whole.

    They count from when the pool noticed: a hung inspector is given its time first.
    """
    assert wait_until(lambda: _there(system) == INSPECTORS + 1, LONG)
    with Load(system.port, clients=3) as before:
        time.sleep(2)
    ready = set(inspectors(system))  # one that is just starting would be lost before it has any work
    codes: list[int] = []
    sent = ("--interface", _SENDER, "--data-binary", f"@{body}")
    lost = _metric(system, "dlp_proxy_inspector_restarts_total")

    def noticed() -> bool:
        return _metric(system, "dlp_proxy_inspector_restarts_total") > lost

    with Load(system.port, clients=3) as meanwhile:
        for rows in _ROWS:  # what one had in memory may do for a table, and it may be done before it is struck
            body.write_text("sku,title,price\n" + "A1,blue cotton,12.50\n" * rows)
            upload = threading.Thread(target=lambda: codes.append(curl(system, _URL, *sent, check=False).code))
            upload.start()
            assert wait_until(lambda one=upload: _at_work(system) & ready or not one.is_alive(), LONG)
            for pid in _at_work(system) & ready:
                way(pid)
            assert wait_until(lambda one=upload: noticed() or not one.is_alive(), LONG)
            if wait_until(noticed, 3):
                break
        began = time.monotonic()
        assert wait_until(lambda: _there(system) == INSPECTORS + 1, LONG)
        whole = time.monotonic() - began
        upload.join()
    return codes[-1], [before, meanwhile], whole


def _there(system: System) -> float:
    return _metric(system, "dlp_proxy_inspectors")


def _metric(system: System, name: str) -> float:
    """Return the sum of a metric over its labels."""
    lines = [line.rpartition(" ") for line in system.ask("/metrics").splitlines()]
    return sum(float(value) for named, _, value in lines if named.partition("{")[0] == name)


def _at_work(system: System) -> set[int]:
    return {pid for pid, state in inspectors(system).items() if state == "R"}


def _median_of_slow(load: Load) -> float:
    """Return the time, in milliseconds, that one in twenty answers took longer than."""
    return 1000 * statistics.quantiles([end - began for began, end in load.answers], n=20)[-1]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    words = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-lost-") as name:
        lines, counts = run(Path(name), words.ways)
    print("\n".join(lines))
    for what, count in counts.items():
        print(f"{what}: {count}")
    return int(any(counts.values()))


if __name__ == "__main__":
    sys.exit(main())
