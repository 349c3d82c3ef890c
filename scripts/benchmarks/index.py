"""``scripts/bench index``: how long an index of customers takes to build, how large it is, and what a look-up costs."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.page import put
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.normalise import normalise
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.stores.known_values import KnownValues
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir

_STEP: Final = 7_654_321  # prime to 10^8, so that numbers follow each other in no order and none comes twice
_ASKED: Final = 2000
_ROUNDS: Final = 7


def main() -> None:
    asked = argparse.ArgumentParser(prog="scripts/bench index")
    asked.add_argument("--values", type=int, default=10_000_000)
    asked.add_argument("--write", action="store_true")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = _measure(Path(folder), args.values)
    print(table)
    if args.write:
        put("index", table)


def _phone(number: int) -> str:
    return f"138{number * _STEP % 10**8:08}"


def _measure(folder: Path, values: int) -> str:
    source, state = folder / "customers.csv", folder / "state"
    with source.open("w") as file:
        file.write("phone\n")
        file.writelines(f"{_phone(number)}\n" for number in range(values))
    words = ("index", "build", "--from", source, "--columns", "phone=phone-cn", "--state", state)
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "dlp_proxy.cli.main", *words])
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit("the index was not built")
    kept = StateDir(state)
    path = kept.indexes / "customers.known"
    known = KnownValues(path, kept.key_of_indexes())
    matched, looked_up, alone = _costs(known, values)
    cpu = used.ru_utime + used.ru_stime
    size = path.stat().st_size / 1e6
    rows = [
        "| values | build, wall s | build, CPU s | memory of the build MB | index MB |",
        "|---:|---:|---:|---:|---:|",
        f"| {known.about.values:,} | {wall:.0f} | {cpu:.0f} | {used.ru_maxrss / 1024:.0f} | {size:.0f} |",
        "",
        "| one value | CPU us |",
        "|---|---:|",
        f"| found and checked by its detector | {matched:.1f} |",
        f"| looked up, {_ASKED} at once | {looked_up:.2f} |",
        f"| looked up alone | {alone:.2f} |",
    ]
    return "\n".join(rows)


def _costs(known: KnownValues, values: int) -> tuple[float, float, float]:
    """Return the microseconds of CPU a value takes: to be found, to be looked up with others, and alone."""
    spec = next(one for one in STANDARD if one.name == "std/phone-cn")
    detectors = DetectorSet([compile_detector(spec)], fast=True)
    chance = random.Random(7)
    phones = [_phone(chance.randrange(2 * values)) for _ in range(_ASKED)]  # half of them are nobody's
    part = Part(Location("body"), "".join(f"call {phone} please\n" for phone in phones))
    fingerprint = KeyedFingerprint(b"k" * 32)
    findings, _ = scan((part,), detectors, fingerprint, LIMITS)
    asked = [(spec.kind, normalise(phone, spec.normalise)) for phone in phones]
    found = sum(known.holds(asked))
    if len(findings) != len(phones) or not 0 < found < len(phones):
        raise SystemExit(f"{len(findings)} of {len(phones)} found, {found} known: this measures something else")
    return (
        _median(lambda: scan((part,), detectors, fingerprint, LIMITS)),
        _median(lambda: known.holds(asked)),
        _median(lambda: [known.holds([one]) for one in asked]),
    )


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        times.append((time.process_time() - began) / _ASKED * 1e6)
    return statistics.median(times)


if __name__ == "__main__":
    main()
