"""Hostile bytes through an inspector process: what came of them, and what they took."""

from __future__ import annotations

import os
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.proxy.pool import InspectionPool, _Lane
from tests.samples.judge import message

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seconds` is CPU time of the inspector, `megabytes` the most memory it had during this inspection."""

    inspection: Inspection
    seconds: float
    megabytes: float
    died: bool

    @property
    def reasons(self) -> list[str]:
        return sorted({gap.reason for gap in self.inspection.gaps})


def nobody(_message: Message) -> Inspection:
    """Stand in for the event loop, which is to look at none of these."""
    raise AssertionError("looked at in the loop")


def nothing_is_small(message: Message) -> bool:
    """Have every message inspected by a process."""
    return False


async def undergo(pool: InspectionPool, name: str, data: bytes) -> Outcome:
    """Inspect in one of the pool's free inspectors; which of them it is the pool decides, so all are measured."""
    before = {lane: _seconds(lane) for lane in pool._lanes if lane.pid}
    for lane in before:
        Path(f"/proc/{lane.pid}/clear_refs").write_text("5")  # the peak is counted from here
    inspection = await pool.inspect(message(name, data))
    if not before.keys() <= pool._lanes:
        return Outcome(inspection, 0.0, 0.0, died=True)
    seconds, lane = max(((_seconds(lane) - used, lane) for lane, used in before.items()), key=itemgetter(0))
    return Outcome(inspection, seconds, _peak(lane), died=False)


def _seconds(lane: _Lane) -> float:
    fields = Path(f"/proc/{lane.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS  # its own and those of programs it ran and waited for


def _peak(lane: _Lane) -> float:
    status = Path(f"/proc/{lane.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
