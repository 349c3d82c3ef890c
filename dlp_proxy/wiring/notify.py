"""Telling systemd how it stands (sd_notify(3)): ready, reloading, stopping, and that it is alive."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, MutableMapping
from typing import Self


class Notifier:
    """Says it to the socket that systemd named; to nobody where there is none."""

    def __init__(self, address: str = "", watchdog_seconds: float = 0.0) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog_seconds = watchdog_seconds

    @classmethod
    def of(cls, environment: MutableMapping[str, str], pid: int) -> Self:
        """Take what systemd told out of the environment: processes below must not speak for this one."""
        address = environment.pop("NOTIFY_SOCKET", "")
        microseconds = environment.pop("WATCHDOG_USEC", "")
        mine = environment.pop("WATCHDOG_PID", str(pid)) == str(pid)
        return cls(address, int(microseconds) / 1e6 if mine and microseconds.isdigit() else 0.0)

    def ready(self, status: str) -> None:
        self._say(f"READY=1\nSTATUS={status}\nMAINPID={os.getpid()}")

    def reloading(self) -> None:
        self._say(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        self._say("STOPPING=1\nSTATUS=letting what is under way end")

    def status(self, text: str) -> None:
        self._say(f"STATUS={text}")

    async def watch(self, alive: Callable[[], bool]) -> None:
        """Say that it is alive, twice in the time that systemd allows, as long as `alive` says so too."""
        while self.watchdog_seconds:
            if alive():
                self._say("WATCHDOG=1")
            await asyncio.sleep(self.watchdog_seconds / 2)

    def _say(self, text: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as to:
                to.sendto(text.encode(), self._address)
        except OSError:
            return  # systemd is gone or busy: nothing that traffic should wait or end for
