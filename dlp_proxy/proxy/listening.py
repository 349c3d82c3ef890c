"""Taking connections from a socket that several processes listen on (docs/adr/0060)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

GIVEN: Final = "given_socket"
"""Where our master keeps the socket that it was given; None where it binds one of its own."""
_PAUSE_SECONDS: Final = 0.5
"""Without a free descriptor nothing can be taken: try again then."""

_log = structlog.get_logger("dlp_proxy.proxy")

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class SharedListener:
    """Looks like an `asyncio.Server` to who started it.

    It takes one connection at a time. asyncio's own server takes all that wait, so that whichever process woke first
    would have every connection of a burst and the others none.
    """

    def __init__(self, given: socket.socket, serve: Serve) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket = given
        self._serve = serve
        self._open = True
        given.settimeout(0)
        self._loop.add_reader(given.fileno(), self._take)

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        return (self._socket,) if self._open else ()

    def close(self) -> None:
        """Take no more. What nobody has taken yet waits for the other processes."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()

    def _take(self) -> None:
        try:
            taken, _ = self._socket.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was quicker, or the client is gone
        except OSError as error:
            _log.error("no connection can be taken", error=error.strerror, pause=_PAUSE_SECONDS)
            self._loop.remove_reader(self._socket.fileno())
            self._loop.call_later(_PAUSE_SECONDS, self._go_on)
            return
        taken.settimeout(0)
        self._loop.create_task(self._begin(taken))

    def _go_on(self) -> None:
        if self._open:
            self._loop.add_reader(self._socket.fileno(), self._take)

    async def _begin(self, taken: socket.socket) -> None:
        reader = asyncio.StreamReader(loop=self._loop)
        protocol = asyncio.StreamReaderProtocol(reader, self._serve, loop=self._loop)
        await self._loop.connect_accepted_socket(lambda: protocol, taken)
