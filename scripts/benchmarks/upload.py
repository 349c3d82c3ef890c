"""`scripts/bench upload`: large uploads through dlp_proxy and through stock mitmdump, with and without its streaming.

TLS on both sides, HTTP/1.1 and HTTP/2. A film is noise, a table is lines of CSV; either is clean or has sixty
customers at its very end. Time is the client's, CPU that of the proxy's processes together, memory the growth of
anonymous memory of the proxy's process, and beside it what the largest inspector had. Each upload must arrive as it
was sent, or be stopped with nothing at the origin: everything else ends the benchmark.

Stock without streaming is left out beyond `--most-unstreamed` megabytes: it holds several times the body.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import Empty, Queue
from typing import Final

import yaml

from benchmarks.page import put
from benchmarks.processes import PeakMemory, end_on_term, family_cpu, free_port, process, wait_for, wait_for_file
from benchmarks.ways import compile_gate
from dlp_proxy.cli.demo_site import DemoSite

ROOT: Final = Path(__file__).resolve().parents[2]
HOST: Final = "localhost"
KINDS: Final = ("film", "film with records", "table", "table with records")
VERSIONS: Final = {"HTTP/1.1": "--http1.1", "HTTP/2": "--http2"}
STREAMED, WHOLE, OURS = "stock, streaming", "stock, not streaming", "dlp_proxy"
MB: Final = 1_000_000
_LIMIT_SECONDS: Final = 900


@dataclass(frozen=True, slots=True)
class Way:
    name: str
    port: int
    trust: Path
    pid: int


@dataclass(frozen=True, slots=True)
class Sample:
    """`grown`: megabytes of anonymous memory beyond what the proxy had; `below`: those of the largest inspector."""

    code: int
    seconds: float
    cpu: float
    grown: float
    below: float


class Origin:
    """What arrived, as the sink prints it."""

    def __init__(self, output: Iterator[str]) -> None:
        self.port = int(next(output))
        self._said: Queue[dict[str, object]] = Queue()
        threading.Thread(target=self._listen, args=(output,), daemon=True).start()

    def _listen(self, output: Iterator[str]) -> None:
        for line in output:
            self._said.put(json.loads(line))

    def arrived(self, wait: float) -> dict[str, object] | None:
        try:
            return self._said.get(timeout=wait)
        except Empty:
            return None


def make(folder: Path, kind: str, size: int) -> Path:
    """Write a body of `size` megabytes; `kind` is `film` or `table`, or one of them `with records`."""
    path = folder / f"{kind}-{size}".replace(" ", "-")
    if path.exists():
        return path
    chance = random.Random(7)
    left = size * MB
    with path.open("wb") as file:
        if kind.startswith("film"):
            while left > 0:
                left -= file.write(chance.randbytes(min(left, MB)))
            if kind == "film with records":
                file.write(b"\0" + _records(chance))
            return path
        words = "order item price stock colour blue large cotton shipped pending store review basket total".split()
        block = "".join(
            f"{chance.randrange(10**5, 10**7)},{' '.join(chance.choices(words, k=5))},{chance.uniform(1, 900):.2f},"
            f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 28):02},{chance.choice(('north', 'south'))}\n"
            for _ in range(20_000)
        ).encode()
        left -= file.write(b"id,title,price,created,warehouse\n")
        while left > len(block):
            left -= file.write(block)
        if kind == "table with records":
            file.write(_records(chance))
    return path


def _records(chance: random.Random) -> bytes:
    lines = []
    for number in range(60):
        person = f"1{chance.choice((38, 39, 50))}{number:03}{chance.randrange(10**5):05}"
        order = chance.randrange(10**9, 10**10)
        lines.append(f"{order},Li Wei {person} 北京市朝阳区建国路{number}号,1,2026-01-01,n\n")
    return "".join(lines).encode()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def send(way: Way, origin: int, version: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *("curl", "--silent", "--show-error", "--max-time", str(_LIMIT_SECONDS), VERSIONS[version]),
            *("--proxy", f"http://127.0.0.1:{way.port}", "--cacert", str(way.trust), "-X", "POST", "-T", str(path)),
            *("-H", "Expect:", "--write-out", "\\n%{response_code} %{http_version} %{time_total}"),
            f"https://{HOST}:{origin}/upload",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def measure(way: Way, origin: Origin, version: str, path: Path, *, at_once: int = 1, stopped: bool = False) -> Sample:
    """Send a file, or the same several times at once, and look at what became of it."""
    expected, before = digest(path), family_cpu(way.pid)
    with PeakMemory(way.pid) as peak:
        senders = [send(way, origin.port, version, path) for _ in range(at_once)]
        answers = [(sender, *sender.communicate()) for sender in senders]
    due, took = 403 if stopped else 200, 0.0
    for sender, answer, said in answers:
        if sender.returncode:
            raise RuntimeError(f"{way.name}, {version}, {path.name}: {said}")
        page, _, end = answer.rpartition("\n")
        code, used, seconds = end.split()
        took = max(took, float(seconds))
        if int(code) != due:
            raise RuntimeError(f"{way.name}, {version}, {path.name}: answered {code} {page[:500]}")
        if used != version.removeprefix("HTTP/"):
            raise RuntimeError(f"{way.name}: negotiated {used} instead of {version}")
    for _ in answers:
        seen = origin.arrived(1 if stopped else 30)
        if (seen is not None) == stopped or (seen and (seen["sha256"], seen["version"]) != (expected, version)):
            raise RuntimeError(f"{way.name}, {version}, {path.name}: answered {due}, the origin saw {seen}")
    used_cpu = family_cpu(way.pid) - before
    return Sample(due, took, used_cpu, (peak.process - peak.before) / MB, peak.below / MB)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[tuple[Origin, dict[str, Way]]]:
    """Start the origin and the three proxies; ours with its gate compiled, as it is a minute after a first start."""
    site = DemoSite(folder, (HOST,))
    state, policies = folder / "state", ROOT / "policies"
    compile_gate(state)
    config = folder / "proxy.yaml"
    config.write_text(yaml.safe_dump({"upstream_ca": str(site.ca), "allow_private_destinations": True}))
    dump = str(Path(sys.executable).parent / "mitmdump")
    ports = {name: free_port() for name in (STREAMED, WHOLE, OURS)}
    stock = [dump, "-q", "--listen-host", "127.0.0.1", "--set", "flow_detail=0"]
    stock += ["--set", f"confdir={folder / 'stock'}", "--set", f"ssl_verify_upstream_trusted_ca={site.ca}"]
    ours = [sys.executable, "-m", "dlp_proxy.cli.main", "run", "--config", str(config), "--policies", str(policies)]
    ready = folder / "ready"
    ours += [
        "--ready-file",
        str(ready),
        "--state",
        str(state),
        "--operations",
        f"127.0.0.1:{free_port()}",
        "--listen",
        f"127.0.0.1:{ports[OURS]}",
    ]
    commands = {
        STREAMED: [*stock, "-p", str(ports[STREAMED]), "--set", "stream_large_bodies=64k"],
        WHOLE: [*stock, "-p", str(ports[WHOLE])],
        OURS: ours,
    }
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(
            process(sys.executable, "-m", "benchmarks.sink", str(folder / "site.pem"), log=folder / "sink.log")
        )
        assert sink.stdout is not None
        origin = Origin(iter(sink.stdout))
        ways: dict[str, Way] = {}
        for name, words in commands.items():
            started = stack.enter_context(process(*words, log=folder / f"{name.replace(' ', '-')}.log"))
            wait_for(ports[name])
            trust = state / "ca" / "ca.pem" if name == OURS else folder / "stock" / "mitmproxy-ca-cert.pem"
            ways[name] = Way(name, ports[name], trust, started.pid)
        wait_for_file(ready)
        yield origin, ways


def cell(some: list[Sample], size: int) -> str:
    """Return what a table says of samples: medians, and the most memory."""
    seconds, cpu = (statistics.median(getattr(one, what) for one in some) for what in ("seconds", "cpu"))
    grown, below = (max(getattr(one, what) for one in some) for what in ("grown", "below"))
    inspector = f", inspector {below:.0f} MB" if below else ""
    return f"{seconds:.1f} s ({size / seconds:.0f} MB/s), CPU {cpu:.1f} s, +{max(0.0, grown):.0f} MB{inspector}"


def ratio(other: list[Sample], ours: list[Sample]) -> str:
    """Return our rate against another's, each round's two side by side."""
    return f"{statistics.median(one.seconds / two.seconds for one, two in zip(other, ours, strict=True)):.2f}x"


def rows(origin: Origin, ways: dict[str, Way], words: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Measure one size after the other, the ways in turn, and yield the lines of the table."""
    yield "| body | HTTP | stock, streaming | stock, not streaming | dlp_proxy | rate / stock streaming |"
    yield "|---|---|---|---|---|---|"
    for kind in words.kinds:
        for size in words.sizes:
            path = make(folder, kind, size)
            for version in words.versions:
                stopped = kind.endswith("with records")
                found: dict[str, list[Sample]] = {}
                for _ in range(words.rounds):
                    for way in ways.values():
                        if stopped and way.name != OURS:
                            continue
                        if way.name == WHOLE and size > words.most_unstreamed:
                            continue
                        sample = measure(way, origin, version, path, stopped=stopped)
                        found.setdefault(way.name, []).append(sample)
                        print(f"{kind} {size} {version} {way.name}: {cell([sample], size)}", file=sys.stderr)
                cells = [cell(found[name], size) if name in found else "" for name in ways]
                verdict = "403, nothing left" if stopped else ratio(found[STREAMED], found[OURS])
                yield f"| {kind}, {size} MB | {version} | {' | '.join(cells)} | {verdict} |"
            path.unlink()


def together(origin: Origin, ways: dict[str, Way], words: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Measure four uploads at once."""
    path = make(folder, "film", words.together)
    for version in words.versions:
        found: dict[str, list[Sample]] = {STREAMED: [], OURS: []}
        for _ in range(words.rounds):
            for name, samples in found.items():
                samples.append(measure(ways[name], origin, version, path, at_once=4))
                print(
                    f"four films {words.together} {version} {name}: {cell(samples[-1:], 4 * words.together)}",
                    file=sys.stderr,
                )
        cells = [cell(samples, 4 * words.together) for samples in found.values()]
        share = ratio(found[STREAMED], found[OURS])
        yield f"| four films at once, {words.together} MB each | {version} | {cells[0]} | | {cells[1]} | {share} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 500, 1000], help="megabytes")
    arguments.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    arguments.add_argument("--versions", nargs="+", choices=VERSIONS, default=list(VERSIONS))
    arguments.add_argument("--rounds", type=int, default=1, help="times that each cell is measured; the median counts")
    arguments.add_argument("--most-unstreamed", type=int, default=500, help="megabytes")
    arguments.add_argument("--together", type=int, default=500, help="megabytes of each of four; 0 leaves it out")
    arguments.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    words = arguments.parse_args()
    end_on_term()
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-bench-") as name:
        folder = Path(name)
        with running(folder) as (origin, ways):
            for way in ways.values():
                for version in words.versions:
                    measure(way, origin, version, make(folder, "film", 1))
            lines: list[str] = []
            several = together(origin, ways, words, folder) if words.together else ()
            for line in chain(rows(origin, ways, words, folder), several):
                print(line, flush=True)
                lines.append(line)
    shown = "\n".join(lines)
    if words.write:
        put("upload", shown)


if __name__ == "__main__":
    main()
