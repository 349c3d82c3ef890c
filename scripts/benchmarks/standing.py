"""What processes hold while they run for long: memory and descriptors, now and as a trend."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import anonymous, family


@dataclass(frozen=True, slots=True)
class Held:
    """Of a process and all below it.

    Attributes:
        at: seconds since the clock began.
        megabytes: anonymous memory; pages of files do not count.
        descriptors: that are open.
    """

    at: float
    megabytes: float
    descriptors: int


def held(pid: int, at: float) -> Held:
    all_of_it = family(pid)
    return Held(at, sum(map(anonymous, all_of_it)) / 1e6, sum(map(_descriptors, all_of_it)))


def _descriptors(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0


def slope(some: Sequence[Held]) -> float:
    """Return by how many megabytes a minute memory grew: the line that fits best (least squares)."""
    if len(some) < 2:
        return 0.0
    return statistics.linear_regression([one.at / 60 for one in some], [one.megabytes for one in some]).slope
