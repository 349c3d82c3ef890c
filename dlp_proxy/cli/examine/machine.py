"""The machine: who runs it, its clock, memory for the processes that are asked for, and limits."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.settings import Settings
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.connect import UNUSABLE
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.cgroup import allowance
from dlp_proxy.wiring.sizes import cores, sizes_of
from dlp_proxy.wiring.start_error import ProxyStartError
from dlp_proxy.wiring.temporary import temporary_folder

_PROCESS_BYTES: Final = 350 * 1024 * 1024
"""What a worker or an inspector takes when it has seen some bodies."""
_ENOUGH_FILES: Final = 4096
_TOO_FEW_FILES: Final = 1024
_THREADS: Final = 100
"""Of a worker: its own, those that write, look names up and prove who sends."""
_THREADS_OF_INSPECTOR: Final = 8
_AHEAD: Final = dt.timedelta(minutes=5)
_TIMEX_BYTES: Final = 512
"""More than a ``struct timex`` has; all zero it asks and sets nothing."""
_TIME_ERROR: Final = 5
_WRITTEN: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""No clock that is right shows an earlier time than this program was written in."""


def machine(settings: Settings, folder: StateDir) -> Iterator[Answer]:
    """Yield what the machine must give."""
    yield open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    yield clock(dt.datetime.now(dt.UTC), _newest(folder.events), kept_right=_kept_right())
    allowed = allowance()
    yield memory(settings, _available(Path("/proc/meminfo")), allowed.memory)
    if allowed.processes:
        yield threads(settings, allowed.processes)
    yield temporary_files()
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


def clock(now: dt.datetime, newest: dt.datetime | None, *, kept_right: bool) -> Answer:
    """Say whether certificates, retention and the order of events can be right by this clock.

    Args:
        newest: time of the last event in the store.
        kept_right: something keeps it right, as far as can be seen.
    """
    mend = "set it and keep it with NTP, e.g. chrony"
    if now < _WRITTEN:
        return Answer("clock", "problem", f"it is not {now:%Y-%m-%d}: {mend}")
    if newest is not None and newest - now > _AHEAD:
        says = f"it is {now:%Y-%m-%d %H:%M} UTC, and the last event was at {newest:%Y-%m-%d %H:%M}: it went back"
        return Answer("clock", "problem", f"{says}; {mend}")
    if not kept_right:
        return Answer(
            "clock", "warning", f"{now:%Y-%m-%d %H:%M} UTC, and the kernel knows of nothing that keeps it: {mend}"
        )
    return Answer("clock", "fine", f"{now:%Y-%m-%d %H:%M} UTC")


def memory(settings: Settings, available: int, allowed: int = 0) -> Answer:
    """Say whether all processes that are asked for have room.

    Args:
        available: bytes; 0 where the system does not tell.
        allowed: bytes that a container or unit is limited to; 0 where it is not.
    """
    sizes = sizes_of(settings, cores())
    processes = sizes.workers * (1 + sizes.inspectors)
    needed = processes * _PROCESS_BYTES
    says = f"{sizes.workers} workers and {sizes.workers * sizes.inspectors} inspectors on {cores()} cores"
    mend = "fewer `workers` or `inspectors`"
    if allowed and needed > allowed:
        limit = f"{allowed >> 20} MB is the limit of this container or unit"
        return Answer("processes", "problem", f"{says} want {needed >> 20} MB, {limit}: raise it, or {mend}")
    if available and needed > available:
        says = f"{says} want {needed >> 20} MB, {available >> 20} MB are free"
        return Answer("processes", "problem", f"{says}: {mend}")
    if sizes.workers > 2 * cores():
        return Answer("processes", "warning", f"{says}: more workers than cores only wait for each other")
    return Answer("processes", "fine", says)


def threads(settings: Settings, allowed: int) -> Answer:
    """Say whether a container or unit lets all threads be started; where one cannot be, uploads are stopped."""
    sizes = sizes_of(settings, cores())
    needed = sizes.workers * (_THREADS + sizes.inspectors * _THREADS_OF_INSPECTOR)
    says = f"{sizes.workers} workers with their inspectors may have {needed} threads"
    if needed > allowed:
        mend = "raise pids_limit, or TasksMax="
        return Answer("threads", "problem", f"{says}, {allowed} is the limit of this container or unit: {mend}")
    return Answer("threads", "fine", f"{says} of {allowed}")


def temporary_files() -> Answer:
    """Say whether there is a folder for temporary files."""
    try:
        return Answer("temporary", "fine", f"files go to {temporary_folder()}")
    except ProxyStartError as error:
        return Answer("temporary", "problem", str(error))


def _newest(events: Path) -> dt.datetime | None:
    if not events.exists():
        return None
    try:
        with SqliteReader(events) as reader:
            row = reader.connection.execute("SELECT time FROM event ORDER BY sequence DESC LIMIT 1").fetchone()
    except (StoreError, *UNUSABLE):
        return None  # told of where the store is looked at
    return None if row is None else dt.datetime.fromtimestamp(row[0] / 1000, dt.UTC)


def _kept_right() -> bool:
    """Ask the kernel whether something keeps its clock (adjtimex(2)); true where it cannot be asked."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return True
    return int(state) != _TIME_ERROR


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
