"""The clock that windows go by: it never jumps, and goes on over restarts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class HostClock:
    """The clocks of this machine.

    Attributes:
        boot: names this run of the machine; a restart of the machine changes it.
        since_boot: seconds since the machine started, sleep included; nobody can set it.
        wall: seconds since the epoch, UTC, as the machine believes.
    """

    boot: Callable[[], str]
    since_boot: Callable[[], float]
    wall: Callable[[], float]


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "unnamed"


def _since_boot() -> float:
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


HOST: Final = HostClock(_boot, _since_boot, time.time)


class WindowClock:
    """Seconds since the epoch that only go forward, one second a second, the same for all proxies of a machine.

    The wall clock is asked once, when the machine was started; from then on the time since boot is counted. So whoever
    sets the wall clock on or back, or waits for daylight saving, empties no window and holds nobody longer. After a
    restart of the machine it goes on from the wall clock, or from the last sighting where the wall clock is behind it.
    """

    def __init__(self, connection: sqlite3.Connection, host: HostClock = HOST) -> None:
        """Read the machine's anchor in the store; take the wall clock where there is none of this run of it."""
        self._host = host
        boot, since = host.boot(), host.since_boot()
        kept = connection.execute("SELECT boot, since_boot, time FROM clock").fetchone()
        self._anchored = kept is not None and kept[0] == boot and kept[1] <= since
        if not self._anchored:
            (newest,) = connection.execute("SELECT max(newest) FROM series").fetchone()
            kept = (boot, since, max(host.wall(), newest or 0.0))
        self._anchor = kept
        self._lead: float = kept[2] - kept[1]

    def keep(self, connection: sqlite3.Connection) -> None:
        """Leave the anchor in the store, in the transaction in which it was read, so that all proxies agree on it."""
        if not self._anchored:
            connection.execute("DELETE FROM clock")
            connection.execute("INSERT INTO clock (boot, since_boot, time) VALUES (?, ?, ?)", self._anchor)

    def now(self) -> float:
        """Return the time that windows go by."""
        return self._lead + self._host.since_boot()
