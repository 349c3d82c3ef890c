"""`scripts/bench proxy`: requests per second and CPU per request, beside stock mitmdump and a direct connection.

All in one run, in turns: direct, stock, ours, and again. TLS on both sides, connections kept, HTTP/1.1. CPU is that of
the proxy's own processes, inspectors too. The table holds medians over the rounds; compare ratios, not figures.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from benchmarks.page import put
from dlp_proxy.cli.demo_site import DemoSite

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "localhost"
KINDS: Final = {"get": "GET 1 KB", "post": "POST 10 KB JSON"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the origin: a proxy that runs, or none."""

    name: str
    port: int
    trust: Path
    pid: int = 0

    def cpu(self) -> float:
        """Return the CPU seconds of the proxy and its children so far."""
        return sum(_cpu(pid) for pid in _family(self.pid)) if self.pid else 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    rps: float
    cpu: float
    p99: float


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _process(*command: str, log: Path) -> Iterator[subprocess.Popen[str]]:
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=output, text=True, env={**os.environ, "PYTHONPATH": "scripts"}
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


def measure(way: Way, origin: int, kind: str, seconds: float, connections: int) -> Sample:
    before = way.cpu()
    words = (HOST, str(origin), str(way.port), str(way.trust), kind, str(seconds), str(connections))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{way.name}: {done.stderr[-500:]}")
    result = json.loads(done.stdout)
    return Sample(result["rps"], (way.cpu() - before) / result["count"] * 1e6, result["p99"])


@contextlib.contextmanager
def ways(folder: Path) -> Iterator[tuple[int, list[Way]]]:
    """Start the origin, stock mitmdump and our proxy; yield the origin's port and the ways to it."""
    site = DemoSite(folder, (HOST,))
    with contextlib.ExitStack() as stack:
        origin = stack.enter_context(
            _process(sys.executable, "-m", "benchmarks.origin", str(folder / "site.pem"), log=folder / "origin.log")
        )
        assert origin.stdout is not None
        origin_port = int(origin.stdout.readline())
        stock_port, ours_port, operations = _free_port(), _free_port(), _free_port()
        stock = stack.enter_context(
            _process(
                str(Path(sys.executable).parent / "mitmdump"), "-q",
                "--listen-host", "127.0.0.1", "-p", str(stock_port),
                "--set", f"confdir={folder / 'stock'}", "--set", "flow_detail=0",
                "--set", f"ssl_verify_upstream_trusted_ca={site.ca}", log=folder / "stock.log",
            )
        )  # fmt: skip
        config = folder / "proxy.yaml"
        config.write_text(yaml.safe_dump({"upstream_ca": str(site.ca), "allow_private_destinations": True}))
        ours = stack.enter_context(
            _process(
                sys.executable, "-m", "dlp_proxy.cli.main", "run", "--config", str(config),
                "--listen", f"127.0.0.1:{ours_port}", "--operations", f"127.0.0.1:{operations}",
                "--policies", str(ROOT / "policies"), "--state", str(folder / "state"), log=folder / "ours.log",
            )
        )  # fmt: skip
        for port in (stock_port, ours_port):
            _wait_for(port)
        time.sleep(1)
        yield (
            origin_port,
            [
                Way("direct", 0, site.ca),
                Way("stock mitmdump, no addon", stock_port, folder / "stock" / "mitmproxy-ca-cert.pem", stock.pid),
                Way("dlp_proxy, shipped policies", ours_port, folder / "state" / "ca" / "ca.pem", ours.pid),
            ],
        )


def table(found: dict[tuple[str, str], list[Sample]], names: list[str]) -> str:
    lines = ["| | " + " | ".join(KINDS.values()) + " |", "|---|" + "---|" * len(KINDS)]
    for name in names:
        cells = []
        for kind in KINDS:
            some = found[name, kind]
            rps, cpu, p99 = (statistics.median(getattr(one, what) for one in some) for what in ("rps", "cpu", "p99"))
            shown = f"{rps:.0f} rps" + (f", {cpu:.0f} us CPU" if cpu else "") + f", p99 {p99:.0f} ms"
            cells.append(shown)
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    ratios = []
    for kind in KINDS:
        pairs = list(zip(found[names[2], kind], found[names[1], kind], strict=True))
        faster = statistics.median(ours.rps / stock.rps for ours, stock in pairs)
        dearer = statistics.median(ours.cpu / stock.cpu for ours, stock in pairs)
        ratios.append(f"**{faster:.2f}x** the requests, {dearer:.2f}x the CPU each")
    lines.append("| dlp_proxy / stock, median of the rounds' ratios | " + " | ".join(ratios) + " |")
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=6)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--connections", type=int, default=16)
    arguments.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    words = arguments.parse_args()
    found: dict[tuple[str, str], list[Sample]] = {}
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-bench-") as name:
        folder = Path(name)
        with ways(folder) as (origin, some):
            for way in some:
                for kind in KINDS:
                    measure(way, origin, kind, 1, words.connections)
            for _ in range(words.rounds):
                for kind in KINDS:
                    for way in some:
                        sample = measure(way, origin, kind, words.seconds, words.connections)
                        found.setdefault((way.name, kind), []).append(sample)
    shown = table(found, [way.name for way in some])
    print(shown)
    if words.write:
        put("proxy", shown)


if __name__ == "__main__":
    main()
