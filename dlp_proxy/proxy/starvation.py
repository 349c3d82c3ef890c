"""Time in which a process was ready to run and got no CPU: on a busy machine it does not count against it."""

from __future__ import annotations

import contextlib
import os
import time
from typing import Final

_LOOK_AGAIN: Final = 1.0
"""Seconds after which to look again how a process gets on: what it called tells only while it runs."""
_LOOK_SOON: Final = 0.2
_AT_MOST: Final = 4
"""Times the seconds that it was given that it may take on a machine that is too busy to run it."""


class Allowance:
    """The wall time of a piece of work: some seconds, and those in which it got no CPU, within reason.

    Ordinary work would overrun otherwise on a busy machine, be refused, and cost its process besides.
    """

    def __init__(self, seconds: float, *processes: int) -> None:
        """Begin to count.

        Args:
            processes: whose time it is; of several it is that of the one that got least.
        """
        self._seconds = seconds
        self._began = time.monotonic()
        self._before = {pid: starved(pid) for pid in processes}
        self._called: dict[int, dict[int, float]] = {pid: {} for pid in processes}

    def starved(self) -> float:
        """Return the seconds that a process got no CPU, with the programs that it called, as far as they were seen."""
        for pid, called in self._called.items():
            called.update({one: starved(one) for one in called_by(pid)})
        return max(
            (starved(pid) - self._before[pid] + sum(called.values()) for pid, called in self._called.items()),
            default=0.0,
        )

    def wait(self) -> float:
        """Return the seconds to wait before asking again; 0 when the time is over."""
        most = min(self._seconds + max(0.0, self.starved()), _AT_MOST * self._seconds)
        left = self._began + most - time.monotonic()
        return min(max(left, _LOOK_SOON), _LOOK_AGAIN) if left > 0 else 0.0


def starved(pid: int) -> float:
    """Return the seconds that a process was ready to run and got no CPU; 0 where the kernel does not tell.

    Source: the second figure, nanoseconds, of ``/proc/PID/schedstat`` (Linux, scheduler/sched-stats.rst).
    """
    try:
        with open(f"/proc/{pid}/schedstat", "rb") as told:  # noqa: PTH123 - as short as it can be
            return int(told.read().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def called_by(pid: int) -> list[int]:
    """Return the programs that a process has called and that still run. Source: proc_tid_children(5)."""
    called: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.scandir(f"/proc/{pid}/task"):
            with open(f"{task.path}/children", "rb") as told:  # noqa: PTH123 - as short as it can be
                called += map(int, told.read().split())
    return called
