"""What a container or a systemd unit lets this process have: limits of its control groups, versions 1 and 2.

A container's CPU limit is no affinity, and its memory limit is not in ``/proc/meminfo``: asked for there, a machine of
sixty cores is seen where two may be used (docs.kernel.org/admin-guide/cgroup-v2.html, cgroup-v1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OWN: Final = Path("/proc/self/cgroup")
_MOUNTED: Final = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits; 0 where there is none.

    Attributes:
        cores: how many cores' time, e.g. 1.5.
        memory: bytes.
        processes: with their threads.
    """

    cores: float = 0.0
    memory: int = 0
    processes: int = 0


def allowance(own: Path = _OWN, mounted: Path = _MOUNTED) -> Allowance:
    """Return what this process may have. Groups lie in each other, and the smallest limit on the way up holds.

    Args:
        own: the groups of the process, like ``/proc/self/cgroup``.
        mounted: where control groups are mounted.
    """
    cores = [*_quotas(_texts(own, mounted, "", "cpu.max")), *_older_quotas(own, mounted)]
    memory = [*_texts(own, mounted, "", "memory.max"), *_texts(own, mounted, "memory", "memory.limit_in_bytes")]
    processes = [*_texts(own, mounted, "", "pids.max"), *_texts(own, mounted, "pids", "pids.max")]
    return Allowance(min(cores, default=0.0), _least(memory), _least(processes))


def _least(texts: list[str]) -> int:
    # Version 1 writes "no limit" as the largest number of pages.
    return min((int(one) for one in texts if one.isdigit() and int(one) < 2**62), default=0)


def _quotas(texts: Iterator[str]) -> Iterator[float]:
    for text in texts:
        quota, _, period = text.partition(" ")
        if quota.isdigit() and period.isdigit():
            yield int(quota) / int(period)


def _older_quotas(own: Path, mounted: Path) -> Iterator[float]:
    quotas, periods = (_texts(own, mounted, "cpu", f"cpu.cfs_{name}_us") for name in ("quota", "period"))
    for quota, period in zip(quotas, periods, strict=False):
        if quota.isdigit() and period.isdigit():
            yield int(quota) / int(period)


def _texts(own: Path, mounted: Path, controller: str, name: str) -> Iterator[str]:
    """Yield what stands in a file of this process's group and of those above it.

    Args:
        controller: of version 1; empty for version 2.
    """
    for root, group in _groups(own, mounted, controller):
        # In a container its own group is the root of what is mounted, and the path may be one of outside.
        inside = root / group if (root / group).is_dir() else root
        for folder in (inside, *inside.parents):
            if not folder.is_relative_to(root):
                break
            try:
                yield (folder / name).read_text(encoding="ascii").strip()
            except OSError:
                continue  # the root of all groups has no limits


def _groups(own: Path, mounted: Path, controller: str) -> Iterator[tuple[Path, str]]:
    """Yield the mounted root of a hierarchy and the process's path in it."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, names, path = line.split(":", 2)
        if controller and controller in names.split(","):
            yield (
                next((one for one in (mounted / names, mounted / controller) if one.is_dir()), mounted),
                path.lstrip("/"),
            )
        elif not controller and not names:
            both = mounted / "unified"  # where both versions are mounted
            yield both if both.is_dir() else mounted, path.lstrip("/")
