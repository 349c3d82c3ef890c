"""A worker's process before it has its orders: it imports what it will need, and waits.

Apart from `worker_process`, and without anything that is slow to import: `run` starts the first workers before it
imports what a supervisor needs, so that both are done side by side (docs/adr/0101).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading


class Child:
    """One process, and the supervisor's end of the socket pair to it."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            OSError: there is no room for another process or descriptor.
        """
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "dlp_proxy.wiring.worker_start", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    def hand_over(self, listening: socket.socket) -> socket.socket:
        """Give it the socket that workers share; return the end to talk over. One that died is told by `wait`."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._control, [b"\0"], [listening.fileno()])
        return self._control

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def wait(self) -> None:
        """Wait until it ended. Once for each process."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()

        def look() -> None:
            self._process.wait()
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=look, name="worker ends", daemon=True).start()
        await ended.wait()


def listening_of(control: socket.socket) -> socket.socket | None:
    """Return the socket that the supervisor gives, in the worker; None when there is no supervisor any more."""
    try:
        word, given, *_ = socket.recv_fds(control, 1, 1)
    except OSError:
        return None
    return socket.socket(fileno=given[0]) if word and given else None
