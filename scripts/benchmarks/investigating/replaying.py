"""Recorded flows through the engine: `dlp-proxy replay` beside `mitmdump -nr` with our addon, and its steps alone."""

from __future__ import annotations

import io
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.bodies import ordinary_json
from benchmarks.ways import ROOT, compile_gate
from dlp_proxy.cli.demo_traffic import as_json, orders
from dlp_proxy.stores.state_dir import StateDir

_OWN: Final = Path(__file__).with_name("own_addon.py")
_STEPS: Final = Path(__file__).with_name("same_steps.py")
_BODY: Final = 20_000
_WITH_ORDERS: Final = 20
"""One flow in so many holds orders of customers."""


def make_flows(path: Path, count: int) -> None:
    """Write flows of 20 kB each, of forty people to four sites."""
    from mitmproxy import http  # noqa: PLC0415 - a second, and only this bench needs it
    from mitmproxy.io import FlowWriter  # noqa: PLC0415
    from mitmproxy.test.tflow import tflow  # noqa: PLC0415

    chance = random.Random(1)
    bodies = [ordinary_json(_BODY + 11 * number) for number in range(12)]
    half = _BODY // 2
    file = io.BytesIO()
    writer = FlowWriter(file)  # type: ignore[no-untyped-call]
    for number in range(count):
        # Of two halves, numbered: no two flows have the same body.
        first, second = (chance.choice(bodies)[:half].rpartition(b", {")[0] for _ in range(2))
        ordinary = b'{"number": %d, "first": %b]}, "second": %b]}}' % (number, first, second)
        body = as_json(orders(3, seed=number)) if not number % _WITH_ORDERS else ordinary
        url = f"https://site{chance.randrange(4)}.example/up"
        flow = tflow(req=http.Request.make("POST", url, body, [(b"content-type", b"application/json")]))
        flow.request.timestamp_start = flow.request.timestamp_end = 1_764_000_000.0 + number
        flow.metadata["proxyauth"] = (f"user{chance.randrange(40)}", "")
        flow.id = f"{number:032x}"
        writer.add(flow)
    path.write_bytes(file.getvalue())


def replaying(folder: Path, counts: tuple[int, int], rounds: int) -> list[str]:
    """Return the rows of the table: events a second, by the difference of two lengths, so that starts do not count."""
    state = StateDir(folder / "state")
    compile_gate(state.path)
    state.make()
    state.key()
    files = []
    for count in counts:
        path = folder / f"{count}.flow"
        make_flows(path, count)
        files.append(path)
    reading = [str(Path(sys.executable).with_name("mitmdump")), "-q", "-n", "-r"]
    ours = [sys.executable, "-m", "dlp_proxy.cli.main", "replay", "--policies", str(ROOT / "policies"), "--json"]
    ways = {
        "`mitmdump -nr`, the proxy's own addon": lambda path: [*reading, str(path), "-s", str(_OWN)],
        "`mitmdump -nr`, an addon of the steps alone: unpack, detect, count, decide": lambda path: [
            *(*reading, str(path), "-s", str(_STEPS))
        ],
        "`dlp-proxy replay`, one process that inspects": lambda path: [*ours, str(path), "--workers", "1"],
        "`dlp-proxy replay`, two": lambda path: [*ours, str(path), "--workers", "2"],
    }
    environment = {
        **os.environ,
        "DLP_PROXY_STATE": str(state.path),
        "PYTHONPATH": str(ROOT),
        "BENCH_POLICIES": str(ROOT / "policies"),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    cpus: dict[str, list[float]] = {name: [] for name in ways}
    verdicts: dict[str, set[str]] = {name: set() for name in ways}
    for _ in range(rounds):
        for name, words in ways.items():
            short, long = (_timed(words(path), environment) for path in files)
            if long[0] <= short[0]:
                raise RuntimeError(f"{name}: {counts[1]} flows took no longer than {counts[0]}; take more flows")
            rates[name].append((counts[1] - counts[0]) / (long[0] - short[0]))
            cpus[name].append((long[1] - short[1]) / (counts[1] - counts[0]) * 1e3)
            verdicts[name].add(long[2])
    first = next(iter(ways))
    rows = ["| what | events a second | times | CPU ms an event | came out |", "|---|---:|---:|---:|---|"]
    for name in ways:
        rate = statistics.median(rates[name])
        times = statistics.median(mine / theirs for mine, theirs in zip(rates[name], rates[first], strict=True))
        cpu = statistics.median(cpus[name])
        rows.append(f"| {name} | {rate:,.0f} | {times:.1f} | {cpu:.1f} | {', '.join(sorted(verdicts[name]))} |")
    return rows


def _timed(words: Sequence[str], environment: dict[str, str]) -> tuple[float, float, str]:
    """Return the seconds and the CPU seconds of a command with its children, and what came out."""
    began, before = time.perf_counter(), os.times()
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment, cwd=ROOT)
    took, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    said = json.loads(done.stdout.strip().splitlines()[-1])
    items = said["manifest"]["items"] if "manifest" in said else said["items"]
    return took, cpu, f"{items} judged"
