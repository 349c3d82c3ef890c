"""``scripts/fuzz mutate [--each N] [--seconds S] [--only PART ...] [--figures FILE]``: damaged samples through real inspectors.

Nothing may reach the caller as an exception. An inspector that dies or overruns must be counted, and so is a reader that
failed. With a file for the figures a run goes on where the last one stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.proxy import pool as pools
from dlp_proxy.proxy.inspector import Recipe
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import engine_of_texts, engine_parts
from tests.samples import batches
from tests.samples.every import samples
from tests.samples.ordeal import nobody, nothing_is_small
from tests.samples.sample import Sample
from tests.samples.slight import slight

PEOPLE: Final = 2
"""Customers in a sample: damage to the frame of a format is what is looked for, not to a long text."""
_ROUND: Final = 25
"""Mutations of a sample before it is the next one's turn."""
_KEPT: Final = 20.0
"""Seconds between writes of the figures."""
_BATCH_SECONDS: Final = 900.0
"""For a batch by the clock: the machine may be busy with other things."""


class Figures:
    """What was run and what came of it, by sample; kept in a file when there is one."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._written = time.monotonic()
        self.runs: Counter[str] = Counter()
        self.came: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.replaced: Counter[str] = Counter()
        if path is not None and path.exists():
            for kind, held in json.loads(path.read_text()).items():
                getattr(self, kind).update(held)

    def keep(self) -> None:
        """Write the figures when they were not for a while: a run may end at any time."""
        if time.monotonic() > self._written + _KEPT:
            self.write()

    def write(self) -> None:
        self._written = time.monotonic()
        if self._path is not None:
            kinds = {kind: dict(getattr(self, kind)) for kind in ("runs", "came", "named", "replaced")}
            self._path.write_text(json.dumps(kinds, ensure_ascii=False, indent=1))

    def add(self, name: str, done: int, came: batches.Came) -> None:
        self.runs[name] += done
        self.came += came.came
        self.named += came.named

    def note_lost(self, name: str, number: int, reason: str) -> None:
        self.runs[name] += 1
        self.came[f"{reason}, inspector lost"] += 1
        self.named[f"{reason}, inspector lost: {name} {number}"] += 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is asked for."""

    each: int
    seconds: float
    only: tuple[str, ...]
    inspectors: int


def _held(only: tuple[str, ...]) -> list[Sample]:
    found = (slight(one) for one in samples(count=PEOPLE) if not only or any(part in one.name for part in only))
    return sorted(found, key=lambda one: len(one.data))


async def run(wanted: Wanted, figures: Figures, places_file: Path) -> None:
    parts = engine_parts(Path("policies"), passing_fingerprint(), LIMITS, ocr=False)
    parts = replace(parts, gate=DetectorSet(engine_of_texts(parts.texts, parts.fixtures), fast=True).stored())
    pools.is_small = nothing_is_small
    held, places, metrics = _held(wanted.only), batches.Places.made(places_file), Metrics()
    recipe = Recipe(batches.build, (parts, held, places_file, LIMITS.seconds))
    pool = pools.InspectionPool(nobody, recipe, processes=wanted.inspectors, seconds=_BATCH_SECONDS, metrics=metrics)
    await pool.start()
    before = Counter(figures.replaced)
    turns = iter(_turns(held, wanted.each, figures))
    ends = time.monotonic() + wanted.seconds

    async def work(slot: int) -> None:
        for sample, first, end in turns:
            if time.monotonic() > ends:
                return
            await _batch(pool, places, slot, held[sample].name, (sample, first, end), figures)
            figures.replaced = before + _replaced(metrics)
            figures.keep()

    await asyncio.gather(*(work(slot) for slot in range(wanted.inspectors)))
    pool.stop()
    figures.replaced = before + _replaced(metrics)


async def _batch(
    pool: pools.InspectionPool,
    places: batches.Places,
    slot: int,
    name: str,
    ordered: tuple[int, int, int],
    figures: Figures,
) -> None:
    """Have a batch inspected; what stood before and behind the file that cost an inspector, once more."""
    sample, *bounds = ordered
    waiting = [tuple(bounds)]
    while waiting:
        first, end = waiting.pop()
        places[slot] = first
        answer = await pool.inspect(batches.order(slot, sample, first, end))
        came = batches.came_of(answer)
        if came is not None:
            figures.add(name, end - first, came)
            continue
        lost = places[slot]
        figures.note_lost(name, lost, answer.gaps[0].reason)
        waiting += [part for part in ((first, lost), (lost + 1, end)) if part[0] < part[1]]


def _turns(held: list[Sample], each: int, figures: Figures) -> list[tuple[int, int, int]]:
    """Return what is still to be run: some of every sample, then some more of every sample."""
    turns = []
    for upto in range(_ROUND, each + _ROUND, _ROUND):
        for index, sample in enumerate(held):
            first, end = max(upto - _ROUND, figures.runs[sample.name]), min(upto, each)
            if first < end:
                turns.append((index, first, end))
    return turns


def _replaced(metrics: Metrics) -> Counter[str]:
    return Counter(
        {
            label.labels["reason"]: int(label.value)
            for family in metrics.registry.collect()
            for label in family.samples
            if label.name == "dlp_proxy_inspector_restarts_total"
        }
    )


def _told(figures: Figures, each: int) -> bool:
    """Print the figures. Return whether all is well."""
    lost = sum(count for what, count in figures.came.items() if "inspector lost" in what)
    dead = figures.replaced.total()
    print(f"{figures.runs.total()} damaged files of {len(figures.runs)} samples, "
          f"{sum(count >= each for count in figures.runs.values())} samples damaged {each} times")  # fmt: skip
    print(f"{dict(figures.came)}, inspectors replaced {dict(figures.replaced)}")
    for name, times in figures.named.most_common(40):
        print(f"{times:5} {name}")
    return figures.came["exceptions"] == 0 and lost == dead


if __name__ == "__main__":
    words = argparse.ArgumentParser()
    words.add_argument("--each", type=int, default=1000)
    words.add_argument("--seconds", type=float, default=900.0)
    words.add_argument("--only", nargs="*", default=[])
    words.add_argument("--inspectors", type=int, default=2)
    words.add_argument("--figures", type=Path, help="a file that keeps them; a run goes on from it")
    said = words.parse_args()
    kept = Figures(said.figures)
    try:
        with tempfile.TemporaryDirectory() as folder:
            wanted = Wanted(said.each, said.seconds, tuple(said.only), said.inspectors)
            asyncio.run(run(wanted, kept, Path(folder) / "places"))
    finally:
        kept.write()
    sys.exit(not _told(kept, said.each))
