"""The machine: who runs it, its clock, memory for the processes that are asked for, and limits."""

from __future__ import annotations

import datetime as dt
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.settings import Settings
from dlp_proxy.wiring.sizes import cores, sizes_of

_PROCESS_BYTES: Final = 350 * 1024 * 1024
"""What a worker or an inspector takes when it has seen some bodies."""
_ENOUGH_FILES: Final = 4096
_TOO_FEW_FILES: Final = 1024
_WRITTEN: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""No clock that is right shows an earlier time than this program was written in."""


def machine(settings: Settings) -> Iterator[Answer]:
    """Yield what the machine must give."""
    yield open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    yield clock(dt.datetime.now(dt.UTC))
    yield memory(settings, _available(Path("/proc/meminfo")))
    if os.geteuid() == 0:
        yield Answer("user", "warning", "runs as root: a user of its own, with its state folder, is all it needs")
    core, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if core != 0 and not _piped_core():
        yield Answer("core dumps", "warning", "a crash would write bodies to disk: LimitCORE=0, or ulimit -c 0")


def open_files(limit: int) -> Answer:
    """Say whether connections will find a descriptor."""
    mend = "two for each connection; raise it with LimitNOFILE= or ulimit -n"
    if limit < _TOO_FEW_FILES:
        return Answer("open files", "problem", f"limit {limit}: {mend}")
    if limit < _ENOUGH_FILES:
        return Answer("open files", "warning", f"limit {limit}: {mend}")
    return Answer("open files", "fine", f"limit {limit}")


def clock(now: dt.datetime) -> Answer:
    """Say whether certificates can be right by this clock."""
    if now < _WRITTEN:
        return Answer("clock", "problem", f"it is not {now:%Y-%m-%d}: set it and keep it with NTP, e.g. chrony")
    return Answer("clock", "fine", f"{now:%Y-%m-%d %H:%M} UTC")


def memory(settings: Settings, available: int) -> Answer:
    """Say whether all processes that are asked for have room.

    Args:
        available: bytes; 0 where the system does not tell.
    """
    sizes = sizes_of(settings, cores())
    processes = sizes.workers + sizes.inspectors
    needed = processes * _PROCESS_BYTES
    says = f"{sizes.workers} workers and {sizes.inspectors} inspectors on {cores()} cores"
    if available and needed > available:
        return Answer(
            "processes",
            "problem",
            f"{says} want {needed >> 20} MB, {available >> 20} MB are free: fewer `workers` or `inspectors`",
        )
    if sizes.workers > 2 * cores():
        return Answer("processes", "warning", f"{says}: more workers than cores only wait for each other")
    return Answer("processes", "fine", says)


def _available(meminfo: Path) -> int:
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)


def _piped_core() -> bool:
    """Tell whether a program takes core dumps: what it does with them is its own matter."""
    try:
        return Path("/proc/sys/kernel/core_pattern").read_text(encoding="ascii").startswith("|")
    except OSError:
        return False
