"""What systemd is told."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from dlp_proxy.wiring.notify import Notifier


def heard(at: socket.socket) -> list[str]:
    at.settimeout(0)
    said = []
    try:
        while True:
            said.append(at.recv(4096).decode())
    except BlockingIOError:
        return said


async def test_it_says_how_it_stands(tmp_path: Path) -> None:
    path = str(tmp_path / "notify")
    environment = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000", "WATCHDOG_PID": "7", "HOME": "/"}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as at:
        at.bind(path)
        notifier = Notifier.of(environment, 7)
        assert environment == {"HOME": "/"}
        notifier.ready("serving")
        notifier.reloading()
        notifier.stopping()
        ready, reloading, stopping = heard(at)
        assert ready.startswith("READY=1\nSTATUS=serving\nMAINPID=")
        assert reloading.startswith("RELOADING=1\nMONOTONIC_USEC=")
        assert stopping.startswith("STOPPING=1\n")
        watching = asyncio.create_task(notifier.watch(lambda: True))
        await asyncio.sleep(0.05)
        watching.cancel()
        assert set(heard(at)) == {"WATCHDOG=1"}


async def test_without_systemd_it_says_nothing_and_watches_nothing() -> None:
    notifier = Notifier.of({}, 7)
    notifier.ready("serving")
    await notifier.watch(lambda: True)


def test_the_watchdog_of_another_process_is_not_ours() -> None:
    assert Notifier.of({"WATCHDOG_USEC": "20000", "WATCHDOG_PID": "8"}, 7).watchdog_seconds == 0
