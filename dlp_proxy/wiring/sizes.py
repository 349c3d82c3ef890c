"""How many processes of each kind an installation has, sized together for the machine's cores."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import ceil
from typing import Final

from dlp_proxy.settings import Settings
from dlp_proxy.wiring.cgroup import allowance

_FEWEST_INSPECTORS: Final = 2
"""Of an installation: one long inspection must not make every other one wait."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """`inspectors` and `spool_bytes` are the share of each worker."""

    workers: int
    inspectors: int
    spool_bytes: int


def cores() -> int:
    """Return how many cores this process may use: those it may run on, as far as a container gives it time for them."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return within_quota(here, allowance().cores)


def within_quota(here: int, quota: float) -> int:
    """Return how many of the cores that are here a quota of time fills; 0 is none."""
    return min(here, ceil(quota)) if quota else here


def sizes_of(settings: Settings, available: int) -> Sizes:
    """Return the sizes for a machine with so many cores.

    Workers do what cannot wait and inspectors, at a lower priority, what can: with both as many as there are cores, the
    cores are full when there is work and each worker has somebody to hand a large body to.
    """
    workers = available if isinstance(settings.workers, str) else settings.workers
    together = max(_FEWEST_INSPECTORS, available) if isinstance(settings.inspectors, str) else settings.inspectors
    return Sizes(workers, max(1, -(-together // workers)), settings.spool_bytes // workers)


def early_workers(sizes: Sizes, available: int) -> int:
    """Return how many workers begin beside the supervisor; the others when the first serves, so that it serves soon.

    While they begin, each takes a core, and so does the supervisor.
    """
    return min(sizes.workers, max(1, available - 1))
