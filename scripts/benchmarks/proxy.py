"""`scripts/bench proxy`: requests per second and per CPU second, beside other proxies and a direct connection.

All in one run, in turns. The measure is requests per CPU second of all the processes of a proxy, its inspectors and
helpers too: the cores are shared with the load and with the origin, so requests per second say little. For the same
reason two workers are compared with one by what a request costs: where that stays the same, a second core is a second
worker's worth of requests. The table holds medians over the rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.page import put
from benchmarks.processes import end_on_term
from benchmarks.ways import HOST, OURS, OURS_TWO, REGEX, STOCK, Origins, Way, ways

KINDS: Final = {"get": "GET 1 KB", "post": "POST 10 KB JSON", "big": "POST 1 MB JSON"}
TRANSPORTS: Final = {"http": "HTTP", "kept": "TLS kept", "new": "TLS new"}
RATIOS: Final = ((OURS, STOCK), (OURS, REGEX), (OURS_TWO, OURS))


@dataclass(frozen=True, slots=True)
class Sample:
    rps: float
    cpu: float
    """Microseconds of a request."""
    p99: float


def measure(  # noqa: PLR0917 - one cell of the table
    way: Way, origins: Origins, kind: str, seconds: float, connections: int, transport: str = "kept"
) -> Sample:
    before = way.cpu()
    port = origins.plain if transport == "http" else origins.tls
    words = (HOST, str(port), str(way.port), str(way.trust), kind, transport, str(seconds), str(connections))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{way.name}: {done.stderr[-500:]}")
    result = json.loads(done.stdout)
    return Sample(result["rps"], (way.cpu() - before) / result["count"] * 1e6, result["p99"])


type Found = dict[tuple[str, str, str], list[Sample]]


def table(found: Found, names: Sequence[str], transports: Sequence[str], kinds: Sequence[str]) -> str:
    shown = []
    for transport in transports:
        titles = [KINDS[kind] for kind in kinds]
        lines = [f"| {TRANSPORTS[transport]} | " + " | ".join(titles) + " |", "|---|" + "---|" * len(titles)]
        lines += [_row(name, [_cell(found[name, transport, kind]) for kind in kinds]) for name in names]
        for ours, other in RATIOS:
            if {ours, other} <= set(names):
                cells = [_ratio(found[ours, transport, kind], found[other, transport, kind]) for kind in kinds]
                lines.append(_row(f"**{ours} / {other}, requests per CPU second**", cells))
        shown.append("\n".join(lines))
    return "\n\n".join(shown)


def _row(title: str, cells: Sequence[str]) -> str:
    return f"| {title} | " + " | ".join(cells) + " |"


def _cell(some: list[Sample]) -> str:
    rps, cpu, p99 = (statistics.median(getattr(one, what) for one in some) for what in ("rps", "cpu", "p99"))
    each = f"{1e6 / cpu:.0f} per CPU s, " if cpu else ""
    return f"{each}{rps:.0f} rps, p99 {p99:.0f} ms"


def _ratio(ours: list[Sample], other: list[Sample]) -> str:
    return f"**{statistics.median(two.cpu / max(one.cpu, 1e-9) for one, two in zip(ours, other, strict=True)):.2f}x**"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=5)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--connections", type=int, default=8)
    arguments.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    arguments.add_argument("--transports", nargs="*", choices=TRANSPORTS, default=list(TRANSPORTS))
    arguments.add_argument("--only", nargs="*", default=(), help="the ways that are wanted, by their names")
    arguments.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    words = arguments.parse_args()
    end_on_term()
    found: Found = {}
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # Squid's processes run as somebody else
        with ways(folder, compiled=True, only=tuple(words.only)) as (origins, some):
            for turn in range(words.rounds + 1):
                for transport in words.transports:
                    for kind in words.kinds:
                        for way in some:
                            seconds = words.seconds if turn else 1
                            connections = 1 if kind == "big" else words.connections
                            sample = measure(way, origins, kind, seconds, connections, transport)
                            if turn:
                                found.setdefault((way.name, transport, kind), []).append(sample)
    shown = table(found, [way.name for way in some], words.transports, words.kinds)
    print(shown)
    if words.write:
        put("proxy", shown)


if __name__ == "__main__":
    main()
