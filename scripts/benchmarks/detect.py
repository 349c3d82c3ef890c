"""`scripts/bench detect`: megabytes per CPU second on seven corpora, beside other ways to find the same.

All in one run: this program with Hyperscan and without it, the same detectors as a plain loop (every pattern over the
whole text, then the checks, no gate), Presidio's analyzer and the matcher of phonenumbers in their own environment
(`peer_speed.py`), and ripgrep with the same patterns stripped of what it does not know. Slow ones get smaller slices.
Then the time of one call, growth with size and with the number of patterns, and, with `--redos`, near misses.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.corpora import CORPORA, orders_en, orders_zh, telemetry
from benchmarks.near_misses import near_misses
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector, DetectorSpec, Pattern
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Message, Part, Principal
from dlp_proxy.pipeline import inspect
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import engine_parts, make_engine

ROOT: Final = Path(__file__).resolve().parents[2]
PEERS: Final = ROOT / ".venv-bench" / "bin" / "python"
KB: Final = 1024
SIZES: Final = {
    "ours": 1024,
    "no hyperscan": 256,
    "plain loop": 128,
    "Presidio": 8,
    "phonenumbers": 64,
    "ripgrep": 1024,
}
"""KiB of each corpus that a contender gets."""

FINGERPRINT: Final = passing_fingerprint()
_CALLS: Final = 1000


def look(detectors: Sequence[Detector], text: str) -> int:
    """Return how many values the whole scan finds."""
    return len(scan([Part(Location("body"), text)], detectors, FINGERPRINT, LIMITS)[0])


def plain_loop(detectors: Sequence[Detector], text: str) -> int:
    """Return how many candidates pass their checks when every pattern runs over the whole text."""
    return sum(not one.dropped for detector in detectors for one in detector.find(text))


def speed(run: Callable[[str], object], text: str, rounds: int = 3) -> float:
    """Return megabytes of UTF-8 per CPU second, median over the rounds."""
    size = len(text.encode()) / 1e6
    rates = []
    for _ in range(rounds):
        began = time.process_time()
        run(text)
        rates.append(size / max(time.process_time() - began, 1e-9))
    return statistics.median(rates)


def peers(texts: dict[str, tuple[str, str]]) -> dict[tuple[str, str], float]:
    """Return what Presidio and phonenumbers do on (short, longer) texts by corpus."""
    subprocess.run([ROOT / "scripts" / "bench-environment"], check=True)
    asked = json.dumps(texts)
    environment = {**os.environ, "PYTHONPATH": ""}
    worker = ROOT / "scripts" / "benchmarks" / "peer_speed.py"
    told = subprocess.run([PEERS, worker], input=asked, text=True, capture_output=True, check=True, env=environment)
    return {(who, corpus): rate for who, corpus, rate in json.loads(told.stdout)}


def ripgrep_patterns(detectors: Sequence[Detector], folder: Path) -> tuple[Path, int, int]:
    """Return a file of the patterns that ripgrep takes, how many, and of how many."""
    stripped = [_stripped(one.pattern.pattern) for detector in detectors for one in detector.patterns]
    file, probe = folder / "patterns", folder / "probe"
    probe.write_text("x\n")
    kept = [one for one in stripped if _rg(["-e", one], probe).returncode < 2]
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return file, len(kept), len(stripped)


def ripgrep(patterns: Path, text: str, folder: Path) -> float:
    """Return ripgrep's megabytes per CPU second for printing every match."""
    file = folder / "corpus"
    file.write_text(text, encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _rg(["-o", "-f", str(patterns)], file)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return file.stat().st_size / 1e6 / max(used, 1e-9)


def _rg(arguments: Sequence[str], file: Path) -> subprocess.CompletedProcess[bytes]:
    command = ["rg", "--no-config", "-a", "-N", "-j1", "--dfa-size-limit", "1G", "--regex-size-limit", "1G", *arguments]
    return subprocess.run([*command, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _stripped(pattern: str) -> str:
    """Return `pattern` without look-arounds, possessive and atomic marks, and with back references as anything."""
    made: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            made.append(pattern[at : at + 2])
            at += 2
        elif re.match(r"\(\?<?[=!]", pattern[at:]):
            at = _end_of_group(pattern, at)
        else:
            made.append(pattern[at])
            at += 1
    plain = "".join(made).replace("(?>", "(?:").replace("(?V1)", "").replace("(?V0)", "")
    plain = re.sub(r"\(\?P<\w+>", "(?:", re.sub(r"\(\?P=\w+\)", ".?", plain))
    return re.sub(r"(?<!\\)([*+?}])\+", r"\1", plain)


def _end_of_group(pattern: str, at: int) -> int:
    depth = 0
    inside = False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 2
            continue
        if inside:
            inside = character != "]"
        elif character == "[":
            inside = True
            at += pattern[at + 1 : at + 2] == "^"
            at += pattern[at + 1 : at + 2] == "]"
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return at + 1
        at += 1
    return at


def table(detectors: Sequence[Detector], fast: DetectorSet) -> str:
    """Return the table of speeds on all corpora."""
    slow = DetectorSet(detectors)
    short = {name: (make(SIZES["Presidio"] * KB), make(SIZES["phonenumbers"] * KB)) for name, make in CORPORA.items()}
    others = peers(short)
    rates: dict[str, dict[str, float]] = {who: {} for who in SIZES}
    note = "without ripgrep: it is not installed"
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-bench-") as name:
        folder = Path(name)
        patterns = None
        if shutil.which("rg"):
            patterns, kept, of = ripgrep_patterns(detectors, folder)
            note = f"ripgrep takes {kept} of {of} patterns"
        for corpus, make in CORPORA.items():
            texts = {who: make(size * KB) for who, size in SIZES.items()}
            rates["ours"][corpus] = speed(lambda text: look(fast, text), texts["ours"])
            rates["no hyperscan"][corpus] = speed(lambda text: look(slow, text), texts["no hyperscan"], 1)
            rates["plain loop"][corpus] = speed(lambda text: plain_loop(detectors, text), texts["plain loop"], 1)
            for who in ("Presidio", "phonenumbers"):
                if (who, corpus) in others:
                    rates[who][corpus] = others[who, corpus]
            if patterns is not None:
                rates["ripgrep"][corpus] = ripgrep(patterns, texts["ripgrep"], folder)
            print(
                corpus, {who: round(rate[corpus], 3) for who, rate in rates.items() if corpus in rate}, file=sys.stderr
            )
    lines = ["| MB per CPU second | " + " | ".join(CORPORA) + " |", "|---|" + "---:|" * len(CORPORA)]
    for who, rate in rates.items():
        lines.append(f"| {who} | " + " | ".join(_figure(rate.get(corpus)) for corpus in CORPORA) + " |")
    for who in list(SIZES)[1:]:
        ratios = [rates["ours"][corpus] / rates[who][corpus] if corpus in rates[who] else None for corpus in CORPORA]
        lines.append(f"| ours / {who} | " + " | ".join(_times(ratio) for ratio in ratios) + " |")
    return "\n".join([*lines, "", f"{len(detectors)} built-in detectors; {note}."])


def _figure(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.3g}"


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"**{ratio:.3g}x**"


def calls(fast: DetectorSet) -> str:
    """Return the time of one call on a kilobyte, median and 99th percentile."""
    makes = {
        "clean English": CORPORA["prose en"],
        "clean Chinese": CORPORA["prose zh"],
        "telemetry": telemetry,
        "orders zh": orders_zh,
        "orders en": orders_en,
    }
    lines = ["| one call, 1 KB of | found | median us of CPU | p99 |", "|---|---:|---:|---:|"]
    for name, make in makes.items():
        # Another kilobyte each time: one in which nothing was found is remembered, and would not be looked at again.
        whole = make(_CALLS * KB).encode()
        texts = [whole[at : at + KB].decode(errors="ignore") for at in range(0, (_CALLS - 1) * KB, KB)]
        found, times = [], []
        for text in texts:
            began = time.thread_time()
            found.append(look(fast, text))
            times.append((time.thread_time() - began) * 1e6)
        times.sort()
        middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
        lines.append(f"| {name} | {statistics.median(found):.0f} | {middle:.1f} | {late:.1f} |")
    return "\n".join(lines)


def growth(fast: DetectorSet) -> str:
    """Return the time by size, and the speed on clean text by number of patterns."""
    lines = ["| seconds by size | 64 KB | 128 KB | 256 KB | 512 KB | 1 MB |", "|---|" + "---:|" * 5]
    for corpus in ("telemetry", "orders zh", "prose en"):
        times = []
        for power in range(5):
            text = CORPORA[corpus](64 * KB * 2**power)
            times.append(len(text.encode()) / 1e6 / speed(lambda text: look(fast, text), text))
        lines.append(f"| {corpus} | " + " | ".join(f"{one:.3f}" for one in times) + " |")
    lines += ["", "| patterns | compile s | " + " | ".join(_CLEAN) + " |", "|---|---:|" + "---:|" * len(_CLEAN)]
    own = [compile_detector(_company(number)) for number in range(200)]
    for count in (20, 200):
        began = time.process_time()
        together = DetectorSet(own[:count], fast=True)
        compiled = time.process_time() - began
        run = partial(look, together)
        rates = [speed(run, CORPORA[corpus](512 * KB)) for corpus in _CLEAN]
        lines.append(
            f"| {count} of a company's own | {compiled:.2f} | " + " | ".join(f"{one:.0f}" for one in rates) + " |"
        )
    return "\n".join(lines)


def early() -> str:
    """Return the speed on dense uploads of 10 MB under the shipped policies, which stop when they have seen enough."""
    engine = make_engine(engine_parts(ROOT / "policies", FINGERPRINT, LIMITS))
    detectors = DetectorSet(engine.policy.detectors, fast=True)
    engine = replace(engine, detectors=detectors)
    lines = ["| 10 MB uploaded to a file drop | orders zh | orders en |", "|---|---:|---:|"]
    ours, whole, loop, said = [], [], [], []
    for make in (orders_zh, orders_en):
        message = Message(
            uid="bench",
            time=time.time(),
            channel="http",
            principal=Principal("bench@corp.example", "declared", "strong"),
            destination=Destination("https", "pan.baidu.example", 443),
            method="POST",
            target="/upload",
            body=make(10 * KB * KB).encode(),
        )
        began = time.process_time()
        seen = inspect(message, engine)
        ours.append(len(message.body) / 1e6 / (time.process_time() - began))
        said.append(f"{'at least ' * seen.at_least}{max(map(len, seen.records.values()), default=0)}")
        whole.append(speed(lambda text: look(detectors, text), make(SIZES["ours"] * KB), 1))
        loop.append(speed(lambda text: plain_loop(engine.policy.detectors, text), make(SIZES["plain loop"] * KB), 1))
    lines.append("| read whole, by the detectors alone: MB per CPU second | " + " | ".join(map(_figure, whole)) + " |")
    lines.append(
        "| as the proxy reads it, unpacked, grouped and judged, stopping early | "
        + " | ".join(map(_figure, ours))
        + " |"
    )
    lines.append("| plain loop of the same detectors | " + " | ".join(map(_figure, loop)) + " |")
    for name, rates in (("read whole", whole), ("as the proxy reads it", ours)):
        ratios = [_times(one / other) for one, other in zip(rates, loop, strict=True)]
        lines.append(f"| {name} / plain loop | " + " | ".join(ratios) + " |")
    lines.append("| customers in the verdict: *at least* where it stopped early | " + " | ".join(said) + " |")
    return "\n".join(lines)


_CLEAN: Final = ("minified js", "prose en", "prose zh", "base64")


def _company(number: int) -> DetectorSpec:
    letters = "".join(chr(65 + number // 26**power % 26) for power in range(3))
    pattern = rf"{letters}{number % 10}-\d{{4}}-\d{{{4 + number % 5}}}"
    return DetectorSpec(name=f"own-{number}", kind="order-number", patterns=(Pattern(pattern),))


def redos(detectors: Sequence[Detector], most: float) -> bool:
    """Print what doubling a megabyte of near misses costs each detector; tell whether none is over `most`."""
    fine = True
    for detector in detectors:
        half, whole = near_misses(detector, 512 * KB), near_misses(detector, 1024 * KB)
        ratios = []
        for _ in range(3):
            times = []
            for text in (half, whole):
                began = time.process_time()
                look([detector], text)
                times.append(time.process_time() - began)
            ratios.append(times[1] / max(times[0], 1e-3))
        ratio = statistics.median(ratios)
        fine = fine and ratio <= most
        print(f"{detector.spec.name:<24} 1 MB in {times[1]:6.2f} s   doubling costs {ratio:.2f}x")
    return fine


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    arguments.add_argument("--calls", action="store_true", help="only the time of one call")
    arguments.add_argument(
        "--redos", action="store_true", help="only near misses: exits 1 when doubling costs over 2.5x"
    )
    arguments.add_argument("--early", action="store_true", help="only dense uploads under the shipped policies")
    words = arguments.parse_args()
    if words.early:
        print(early())
        return
    detectors = [compile_detector(spec) for spec in STANDARD]
    if words.redos:
        sys.exit(0 if redos(detectors, 2.5) else 1)
    began = time.process_time()
    fast = DetectorSet(detectors, fast=True)
    print(f"# engine {fast.engine}, compiled in {time.process_time() - began:.1f} s", file=sys.stderr)
    if words.calls:
        print(calls(fast))
        return
    shown = "\n\n".join((table(detectors, fast), early(), calls(fast), growth(fast)))
    print(shown)
    if words.write:
        page = ROOT / "docs" / "benchmarks.md"
        text = page.read_text(encoding="utf-8")
        before, mark, rest = text.partition("<!-- detect -->\n")
        _, end, after = rest.partition("<!-- /detect -->")
        page.write_text(f"{before}{mark}{shown}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
