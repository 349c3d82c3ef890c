"""`scripts/bench reload`: what a large folder costs to check, what its reload costs those who send, and a proof.

In turns: requests alone, requests while the folder is taken up again and again, and again. One process sends at a
steady pace over kept TLS connections; a request counts from its appointed time. Figures are medians over the rounds.
The proof is `tests/live/reloads.py`, whole: fifty reloads of good and bad files while clients send.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

import yaml

from benchmarks.large_set import DETECTORS, RULES, write_large_set
from benchmarks.page import put
from benchmarks.processes import end_on_term, free_port, process, wait_for
from benchmarks.ways import HOST
from dlp_proxy.cli.demo_site import DemoSite
from tests.live.harness import Certificates, OriginThread
from tests.live.reloads import HOST as PLAIN
from tests.live.reloads import Proof, prove, set_of
from tests.live.system import HOSTS, start_system

_KIND: Final = "note"


@dataclass(frozen=True, slots=True)
class Running:
    """A proxy with a large set, and the origin behind it."""

    folder: Path
    origin: int
    port: int
    operations: int

    def send(self, seconds: float, rate: int, connections: int) -> list[float]:
        """Return the milliseconds of each request, sorted."""
        words = (
            HOST,
            self.origin,
            self.port,
            self.folder / "state" / "ca" / "ca.pem",
            _KIND,
            seconds,
            rate,
            connections,
        )
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.steady", *map(str, words)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-800:])
        return sorted(1000 * one for one in json.loads(done.stdout))


@dataclass
class Reloads(threading.Thread):
    """Changes the folder and has it taken up, again and again until told to stop."""

    proxy: Running
    pause: float
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._stop_now = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while not self._stop_now.wait(self.pause):
            write_large_set(self.proxy.folder / "policies", f"{time.monotonic_ns()}")
            began = time.monotonic()
            asked = Request(f"http://127.0.0.1:{self.proxy.operations}/-/reload", method="POST")
            with urlopen(asked) as answer:
                assert answer.status == 200
            self.took.append(time.monotonic() - began)

    def stop(self) -> None:
        self._stop_now.set()
        self.join()


def start(stack: ExitStack, folder: Path) -> Running:
    site = DemoSite(folder, (HOST,))
    write_large_set(folder / "policies")
    origin = stack.enter_context(
        process(sys.executable, "-m", "benchmarks.origin", str(folder / "site.pem"), log=folder / "origin.log")
    )
    assert origin.stdout is not None
    origin_port = int(origin.stdout.readline().split()[0])  # over TLS; the other is in the clear
    port, operations = free_port(), free_port()
    config = folder / "proxy.yaml"
    config.write_text(yaml.safe_dump({"upstream_ca": str(site.ca), "allow_private_destinations": True}))
    stack.enter_context(
        process(
            sys.executable, "-m", "dlp_proxy.cli.main", "run", "--config", str(config),
            "--listen", f"127.0.0.1:{port}", "--operations", f"127.0.0.1:{operations}",
            "--policies", str(folder / "policies"), "--state", str(folder / "state"), "--hyperscan", "false",
            log=folder / "ours.log",
        )
    )  # fmt: skip
    wait_for(port)
    return Running(folder, origin_port, port, operations)


def check_seconds(folder: Path, times: int = 5) -> tuple[float, float]:
    """Return wall and CPU seconds of `policy check` of a folder, as a process; medians."""
    wall, cpu = [], []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "dlp_proxy.cli.main", "policy", "check", str(folder)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wall.append(time.monotonic() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(wall), statistics.median(cpu)


def proof(folder: Path, reloads: int) -> Proof:
    """Start a proxy on the two sets of the proof, and prove."""
    certificates = Certificates(folder)
    sites = OriginThread(certificates.leaf(*HOSTS))
    (folder / "policies").mkdir()
    (folder / "policies" / "set.yaml").write_text(set_of("rule-a"), encoding="utf-8")
    pins = {PLAIN: f"127.0.0.1:{sites.plain_port}"}
    system = start_system(folder / "proxy", certificates.ca, sites, folder / "policies", resolve=pins)
    try:
        return prove(system, folder / "policies", reloads=reloads)
    finally:
        system.stop()
        sites.stop()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=15)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--rate", type=int, default=25)
    arguments.add_argument("--connections", type=int, default=8)
    arguments.add_argument("--pause", type=float, default=1.0, help="seconds between two reloads")
    arguments.add_argument("--reloads", type=int, default=50, help="of the proof")
    arguments.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    words = arguments.parse_args()
    end_on_term()
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    took: list[float] = []
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        write_large_set(folder / "checked")
        wall, cpu = check_seconds(folder / "checked")
        proxy = start(stack, folder)
        proxy.send(2, words.rate, words.connections)
        for _ in range(words.rounds):
            alone.append(proxy.send(words.seconds, words.rate, words.connections))
            reloads = Reloads(proxy, words.pause)
            reloads.start()
            beside.append(proxy.send(words.seconds, words.rate, words.connections))
            reloads.stop()
            took += reloads.took
    lines = [
        f"`policy check` of {RULES} rules and {DETECTORS} detectors: {cpu:.2f} s of CPU, {wall:.2f} s in all.",
        "",
        f"| 1 KB of JSON, {words.rate} a second | p50 | p99 | longest |",
        "|---|---:|---:|---:|",
    ]
    for title, found in (("alone", alone), (f"beside {len(took)} reloads", beside)):
        p50, p99, most = (statistics.median(_at(one, share) for one in found) for share in (0.5, 0.99, 1.0))
        lines.append(f"| {title} | {p50:.1f} ms | {p99:.1f} ms | {most:.1f} ms |")
    more = [
        statistics.median(_at(two, share) - _at(one, share) for one, two in zip(alone, beside, strict=True))
        for share in (0.5, 0.99, 1.0)
    ]
    lines.append(
        "| delay by reloading, median of the rounds | " + " | ".join(f"**{one:+.1f} ms**" for one in more) + " |"
    )
    lines += ["", f"A reload took {statistics.median(took):.1f} s from the request until the new set was in force."]
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-bench-") as name:
        proved = proof(Path(name), words.reloads)
    told = ["", f"The proof: {proved.says}.", *(f"WRONG: {one}" for one in proved.wrong)]
    print("\n".join(told))
    shown = "\n".join([*lines, *told])
    if words.write:
        put("reload", shown)


def _at(values: list[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)]


if __name__ == "__main__":
    main()
