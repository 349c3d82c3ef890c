"""A WebSocket client for plain test functions.

The library's own blocking client reads and writes one TLS connection in two threads, which now and then ends the whole
test run: OpenSSL is not made for that. This one has its connection on an event loop of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Coroutine
from typing import Any, Self

from websockets.asyncio.client import connect as connect_in_loop

_SECONDS = 60.0


class Socket:
    """One connection."""

    def __init__(self, url: str, *, source_address: tuple[str, int] | None = None, **options: Any) -> None:
        """Connect; options are those of `websockets.asyncio.client.connect`."""
        if source_address is not None:
            options["local_addr"] = source_address
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

        async def connected() -> Any:
            return await connect_in_loop(url, **options)

        try:
            self._socket = self._do(connected())
        except BaseException:
            self._end()
            raise

    def send(self, message: Any) -> None:
        self._do(self._socket.send(message))

    def recv(self, timeout: float | None = None) -> Any:
        """Return the next message.

        Raises:
            TimeoutError: there was none in time.
        """
        receiving = self._socket.recv()
        return self._do(receiving if timeout is None else asyncio.wait_for(receiving, timeout))

    def ping(self, data: str | None = None) -> Awaitable[float]:
        """Send a ping; give what is returned to `pong` to wait for its answer."""
        answer: Awaitable[float] = self._do(self._socket.ping(data))
        return answer

    def pong(self, answer: Awaitable[float], timeout: float) -> None:
        """Wait for the answer to a ping.

        Raises:
            TimeoutError: there was none in time.
        """

        async def answered() -> None:
            await asyncio.wait_for(answer, timeout)

        self._do(answered())

    def close(self, **options: Any) -> None:
        if not self._loop.is_closed():
            self._do(self._socket.close(**options))
            self._end()

    @property
    def close_code(self) -> int | None:
        code: int | None = self._socket.close_code
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS)
        self._loop.close()


def connect(url: str, **options: Any) -> Socket:
    """Return an open connection."""
    return Socket(url, **options)
