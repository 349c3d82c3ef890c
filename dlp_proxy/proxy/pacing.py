# mypy: disable-error-code=no-untyped-call
"""Work that a layer waits for: writing a held body to its file, reading it back as fast as the destination takes it.

mitmproxy's layers cannot await. A hook of theirs can: `CleanHandler` runs the work of the hooks made here itself, off
the event loop, and the layer goes on when it is done. Nobody else listens to them.
"""

from __future__ import annotations

import abc
import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mitmproxy.proxy import commands
from mitmproxy.proxy.layers import http as http_layers

from dlp_proxy.proxy.spool import IN_MEMORY, HeldBody, SpoolFullError
from dlp_proxy.proxy.straight import Inlet, inlet, outlet

if TYPE_CHECKING:
    from mitmproxy.proxy.server import ConnectionHandler

PIECE: Final = 512 * 1024
"""Bytes of a held body that are handed to the destination's connection at a time."""

_UNSENT: Final = 1024 * 1024
"""Bytes that may wait to be sent before the next piece is read."""
_LOOK_SECONDS: Final = 0.002
_LOOK_LESS_OFTEN: Final = 0.05
_LAST_WORDS_SECONDS: Final = 0.5
"""After so long it counts that a destination's connection is closed: what it said last may still be on its way here."""

_DISK: Final = ThreadPoolExecutor(max_workers=4, thread_name_prefix="spool")


class OwnWork(commands.StartHook):
    """A hook that no addon hears of; the connection's handler does what it says."""

    name = ""
    holds_client = False
    """Whether the client is not read from until the work is done."""
    read_for_client = False
    """Whether the work read what the client's layers would have: they are to look at what it left."""

    @abc.abstractmethod
    async def work(self, handler: ConnectionHandler) -> None:
        """Do it. Errors are kept for the layer, never raised."""


@dataclass(eq=False)
class Write(OwnWork):
    """Bring a body's bytes to its file. The client is not read from meanwhile, so memory stays bounded.

    Attributes:
        failed: why it could not be done; empty when it was.
    """

    body: HeldBody
    failed: str = ""
    holds_client: bool = True

    async def work(self, handler: ConnectionHandler) -> None:
        self.failed = await asyncio.get_running_loop().run_in_executor(_DISK, _why_not, self.body.write)


@dataclass(eq=False)
class TakeIn(OwnWork):
    """Bring what comes of a body straight to its file, as far as there is a straight way.

    Reading goes on while a piece is written, so two pieces are in memory.

    Attributes:
        stream: the stream whose body it is.
        ahead: asked after each piece for a hook that is to be called then.
        failed: why what came could not be kept; empty when it could.
    """

    stream: http_layers.HttpStream
    body: HeldBody
    ahead: Callable[[], commands.StartHook | None]
    failed: str = ""
    holds_client: bool = True
    read_for_client: bool = False

    async def work(self, handler: ConnectionHandler) -> None:
        await asyncio.sleep(0)  # who started this goes on first, until it is done with the layers and waits
        way = inlet(self.stream, handler)
        if way is None:
            return
        self.read_for_client = True
        with way:
            await self._take(way, handler)

    async def _take(self, way: Inlet, handler: ConnectionHandler) -> None:
        rooms = [memoryview(bytearray(min(IN_MEMORY, way.left))) for _ in range(2)]
        writing = _Writing(self.body)
        while way.left and not way.ended:
            rooms.reverse()
            filled = rooms[0][: await way.fill(rooms[0])]
            self.failed = await writing.over()
            if self.failed:
                self.body += bytes(filled)
                return
            if hook := self.ahead():
                await handler.handle_hook(hook)
            writing.begin(filled)
        self.failed = await writing.over()


class _Writing:
    """One piece at a time on its way to a body's file; what could not be written there is in memory."""

    def __init__(self, body: HeldBody) -> None:
        self._body = body
        self._piece = memoryview(b"")
        self._done: asyncio.Future[str] | None = None

    def begin(self, piece: memoryview) -> None:
        self._piece = piece
        self._done = asyncio.get_running_loop().run_in_executor(_DISK, _why_not, lambda: self._body.append(piece))

    async def over(self) -> str:
        """Wait for the end of it, and return why it could not be done."""
        why = await self._done if self._done is not None else ""
        if why:
            self._body += bytes(self._piece)
        return why


def _why_not(keep: Callable[[], None]) -> str:
    """Keep something of a body, or return why that cannot be done."""
    try:
        keep()
    except SpoolFullError:
        return "no room to hold it"
    except OSError as error:
        return f"it could not be held: {error.strerror or type(error).__name__}"
    return ""


@dataclass(eq=False)
class NextPiece(OwnWork):
    """Wait until the destination has taken what it was sent, then read on.

    Attributes:
        stream: the stream whose body it is; events that wait for it end the waiting.
        start: where the piece begins; what is before it was passed on, also by this work on a straight way.
        data: the piece; empty at the end, when `failed`, or when something happened that the stream must see first.
        failed: why no more can be read.
        holds_client: more of the body may come, so the client is not read from meanwhile.
    """

    stream: http_layers.HttpStream
    body: HeldBody
    start: int
    stall_seconds: float
    holds_client: bool = False
    data: bytes | bytearray = b""
    failed: str = ""

    async def work(self, handler: ConnectionHandler) -> None:
        way = None if self.holds_client else outlet(self.stream, handler)
        while await self._taken(handler):
            # Whoever gave rise to this may be the one that reads the destination's answer: it goes back to reading
            # first, or it would wait until all that is written now was taken.
            await asyncio.sleep(0)
            data = await self._read()
            if way is None or not data:
                self.data = data
                return
            way.write(data)
            self.start += len(data)

    async def _read(self) -> bytes | bytearray:
        if not self.holds_client and self.start >= len(self.body):
            return b""  # said at once: until the stream has ended, the client's next request would pile up before it
        if (data := self.body.read_at_once(self.start, PIECE)) is not None:
            return data
        try:
            return await asyncio.get_running_loop().run_in_executor(_DISK, self.body.read, self.start, PIECE)
        except OSError as error:
            self.failed = error.strerror or str(error)
            return b""

    async def _taken(self, handler: ConnectionHandler) -> bool:
        loop = asyncio.get_running_loop()
        pause, least, since = _LOOK_SECONDS, None, loop.time()
        gone: float | None = None
        while True:
            if something_waits(self.stream):
                return False
            unsent = _unsent(self.stream, handler)
            if _gone(self.stream, handler):
                gone = loop.time() if gone is None else gone
                if loop.time() - gone > _LAST_WORDS_SECONDS:
                    self.failed = "the destination went away"
                    return False
            elif unsent <= _UNSENT and not (self.start >= len(self.body) and _behind_window(self.stream)):
                return True  # of the last piece nothing waits for a window: the client may leave soon
            elif least is None or unsent < least:
                least, since, pause = unsent, loop.time(), _LOOK_SECONDS
            elif loop.time() - since > self.stall_seconds:
                self.failed = "the destination stopped taking it"
                return False
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LOOK_LESS_OFTEN)


@dataclass(eq=False)
class Drained(OwnWork):
    """Wait until the destination has taken what it was sent, or something happens that the stream must see.

    Attributes:
        most: bytes that may wait however much happens, so that two ends in league cannot fill the memory.
        failed: it took nothing for so long that it is given up.
    """

    stream: http_layers.HttpStream
    stall_seconds: float
    failed: str = ""
    most: int = 8 * _UNSENT
    holds_client: bool = True

    async def work(self, handler: ConnectionHandler) -> None:
        loop = asyncio.get_running_loop()
        pause, least, since = _LOOK_SECONDS, _unsent(self.stream, handler), loop.time()
        while (unsent := _unsent(self.stream, handler)) > (self.most if something_waits(self.stream) else _UNSENT):
            if unsent < least:
                least, since, pause = unsent, loop.time(), _LOOK_SECONDS
            elif loop.time() - since > self.stall_seconds:
                self.failed = "the destination stopped taking it"
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LOOK_LESS_OFTEN)


def drop(body: HeldBody) -> None:
    """Let a body go off the event loop: taking a large file away takes time."""
    if body.on_disk:
        _DISK.submit(body.close)
    else:
        body.close()


def something_waits(stream: http_layers.HttpStream) -> bool:
    """Tell whether events came in for a stream that is paused."""
    return bool(stream._paused_event_queue)  # noqa: SLF001 - pinned in test_mitmproxy_pins


def _gone(stream: http_layers.HttpStream, handler: ConnectionHandler) -> bool:
    """Tell whether nothing that is written reaches the destination any more; behind a proxy upstream it says so."""
    server = stream.context.server
    writer = getattr(handler.transports.get(server), "writer", None)
    return server.via is None if writer is None else writer.is_closing()


def _unsent(stream: http_layers.HttpStream, handler: ConnectionHandler) -> int:
    """Return how many bytes wait for the destination: in the socket's buffer, and behind its HTTP/2 window."""
    server = stream.context.server
    held = _behind_window(stream)
    io = handler.transports.get(server)
    transport: Any = getattr(getattr(io, "writer", None), "transport", None)
    return held if transport is None else held + int(transport.get_write_buffer_size())


def _behind_window(stream: http_layers.HttpStream) -> int:
    server = stream.context.server
    for layer in reversed(stream.context.layers):
        if isinstance(layer, http_layers.HttpLayer):
            client = last_child(layer.connections.get(server))
            buffers = getattr(getattr(client, "h2_conn", None), "stream_buffers", {})
            return sum(len(one.data) for queue in buffers.values() for one in queue)
    return 0


def last_child(layer: Any) -> Any:  # noqa: ANN401 - any layer
    """Return the layer that speaks HTTP: a connection's stack begins with TLS, and each layer knows the next one."""
    while (child := getattr(layer, "child_layer", None)) is not None:
        layer = child
    return layer
