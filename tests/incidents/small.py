"""A store with a handful of uploads, for one question at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dlp_proxy.stores.state_dir import StateDir
from tests.story.world import BEGIN, DAY, HOUR, Send, World
from tests.story.written import write

MORNING = int(BEGIN.timestamp() * 1000) + 9 * HOUR


def kept(path: Path, sends: Sequence[Send], blind: tuple[int, int] = (0, 0)) -> StateDir:
    """Write uploads of one group of people into a new state folder; between the times of `blind` no proxy lives."""
    groups = {one.user: "sales" for one in sends}
    ordered = tuple(sorted(sends, key=lambda one: one.time))
    begin = int(BEGIN.timestamp() * 1000)
    days = sorted({begin + (one.time - begin) // DAY * DAY for one in ordered})
    state = StateDir(path / "state")
    write(World(groups, {}, ordered, tuple(days), blind, 0), state)
    return state


def at(minutes: int, day: int = 0) -> int:
    """Return a time in milliseconds: minutes after nine on a day of the story."""
    return MORNING + day * DAY + minutes * 60_000
