"""Fewer, larger steps between sockets and layers: what belongs together is written at once, what is there is read.

mitmproxy writes head, body and end of a message each by itself, and reads 64 KiB at a time. Each step costs a call of
the kernel and a way through all layers.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

_MOST: Final = 64 * 1024
"""Bytes that wait for the end of a turn of the event loop; more are written at once."""
READ: Final = 256 * 1024
"""Bytes that are read at once; the event loop receives no more in one go."""


class GatheredReader:
    """A stream's reader that gives all that is there, up to `READ`, to who asks for less.

    Attributes:
        waited_for: somebody waits for what comes next.
    """

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.waited_for = False

    async def read(self, _most: int) -> bytes:
        self.waited_for = True
        try:
            return await self._reader.read(READ)
        finally:
            self.waited_for = False

    def taken_out(self) -> bytes:
        """Return what came and was not asked for, for somebody who reads the socket from here on."""
        held = self._reader._buffer  # type: ignore[attr-defined]  # noqa: SLF001 - pinned in test_mitmproxy_pins
        data = bytes(held)
        held.clear()
        return data

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the stream's own
        return getattr(self._reader, name)


class GatheredWriter:
    """A stream's writer that keeps what is written until the event loop's next turn, and in order.

    A write costs a call of the kernel and a packet, the dearest part of a small message.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes | bytearray] = []
        self._size = 0

    def write(self, data: bytes | bytearray) -> None:
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= _MOST:
            self._flush()

    def write_eof(self) -> None:
        self._flush()
        self._writer.write_eof()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    async def drain(self) -> None:
        self._flush()
        await self._writer.drain()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the stream's own
        return getattr(self._writer, name)

    def _flush(self) -> None:
        if self._waiting:
            together = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
            self._waiting = []
            self._size = 0
            if not self._writer.is_closing():
                self._writer.write(together)
