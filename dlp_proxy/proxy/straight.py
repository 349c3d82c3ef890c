# mypy: disable-error-code=no-untyped-call
"""Long bodies on the straight way: from the client's socket into their file, and from there into the destination's.

Through mitmproxy's layers a body goes piece by piece, and each piece is an event, several commands and ten copies. In
the middle of an HTTP/1 body of known length the layers have nothing to decide: so many bytes come, or go on. Those are
moved here, with the layers' own TLS, while the layers wait. Heads, ends, errors, and what else may come stay theirs.

Only ways whose every layer is known are gone: TLS once or not at all, CONNECT over HTTP/1, no proxy upstream. On any
other, and whenever something looks odd, nothing is done here, and the layers do it. See docs/adr/0090.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, Protocol, Self

from mitmproxy.connection import Connection
from mitmproxy.proxy import tunnel
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import modes, tls
from mitmproxy.proxy.layers.http._http1 import Http1Client
from OpenSSL import SSL

from dlp_proxy.proxy.gathered import READ, GatheredReader, GatheredWriter
from dlp_proxy.proxy.http1 import BoundedServer
from dlp_proxy.proxy.tls_steps import opened, sealed_whole

_IDLE_SECONDS: Final = 0.3
"""After so long without a byte what came goes to the file, and the layers wait on, with their own patience."""
_KNOWN: Final = (
    modes.HttpProxy,
    modes.HttpUpstreamProxy,
    modes.TransparentProxy,
    NextLayer,
    http_layers.HttpLayer,
    http_layers.HttpStream,
    tls.ClientTLSLayer,
    tls.ServerTLSLayer,
)
"""Layers that change nothing about bytes, or whose change is made here."""


class Transports(Protocol):
    """What is needed of a connection's handler."""

    transports: Any


class Inlet(asyncio.BufferedProtocol):
    """Where a body's bytes come from: reads the client's socket in place of the stream's reader, between `with`.

    The bytes are counted at the layer that would have read them.

    Attributes:
        ended: no more comes here; why, the layers find out.
    """

    def __init__(
        self, server: BoundedServer, session: SSL.Connection | None, reader: GatheredReader, writer: GatheredWriter
    ) -> None:
        self._server = server
        self._session = session
        self._reader = reader
        self._writer = writer
        self._transport: Any = writer.transport
        self._stream: Any = None
        self._came = memoryview(bytearray(READ)) if session else memoryview(b"")
        self._early = b""
        self._room = memoryview(b"")
        self._full: asyncio.Future[None] | None = None
        self.ended = False

    def __enter__(self) -> Self:
        self._transport.pause_reading()
        self._early = self._reader.taken_out()
        self._stream = self._transport.get_protocol()
        self._transport.set_protocol(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.set_protocol(self._stream)
        if self._early:
            self._stream.data_received(self._early)
        self._transport.resume_reading()

    @property
    def left(self) -> int:
        """Return the bytes that are still to come here. The last one goes to the layers: it tells them of the end."""
        return max(0, self._server.left - 1)

    async def fill(self, room: memoryview) -> int:
        """Put the body's next bytes into `room`, and return how many; fewer than fit when it `ended`."""
        self._room = whole = room[: self.left]
        if self._early:
            self._take_early()
        self._decrypt()
        if self._room and not self.ended:
            self._full = asyncio.get_running_loop().create_future()
            self._transport.resume_reading()
            await self._until_full()
            self._transport.pause_reading()
        filled = len(whole) - len(self._room)
        self._room = memoryview(b"")
        self._server.came(filled)
        return filled

    async def _until_full(self) -> None:
        """Wait as long as bytes come."""
        while self._full is not None and not self._full.done():
            before = len(self._room)
            await asyncio.wait([self._full], timeout=_IDLE_SECONDS)
            self.ended = self.ended or (len(self._room) == before and not self._full.done())
            if self.ended:
                return

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self._came if self._session else self._room

    def buffer_updated(self, nbytes: int) -> None:
        if self._session is None:
            self._room = self._room[nbytes:]
        else:
            self._session.bio_write(self._came[:nbytes])
            self._decrypt()
        if not self._room:
            self._stop()

    def eof_received(self) -> bool | None:
        self._stop(ended=True)
        said: bool | None = self._stream.eof_received()
        return said

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop(ended=True)
        self._stream.connection_lost(exc)

    def pause_writing(self) -> None:
        self._stream.pause_writing()

    def resume_writing(self) -> None:
        self._stream.resume_writing()

    def _stop(self, *, ended: bool = False) -> None:
        self.ended = self.ended or ended
        if self._full is not None and not self._full.done():
            self._full.set_result(None)
            if not self.ended:
                self._transport.pause_reading()

    def _take_early(self) -> None:
        """Take what the stream's reader had read already."""
        if self._session is not None:
            self._session.bio_write(self._early)
            self._early = b""
            return
        fits = self._early[: len(self._room)]
        self._room[: len(fits)] = fits
        self._room, self._early = self._room[len(fits) :], self._early[len(fits) :]

    def _decrypt(self) -> None:
        """Take what is there of the session; no more, so that the layers find what stands behind the body."""
        if self._session is None:
            return
        if self._room:
            count, over = opened(self._session, self._room)
            self._room = self._room[count:]
            if over:  # the layers ask again, and are told why
                self._stop(ended=True)
        if answer := sealed_whole(self._session):
            self._writer.write(answer)


class Outlet:
    """Where a body's bytes go on to."""

    def __init__(self, session: SSL.Connection | None, writer: GatheredWriter) -> None:
        self._session = session
        self._writer = writer

    def write(self, data: bytes | bytearray) -> None:
        if self._writer.is_closing():
            return
        if self._session is not None:
            try:
                self._session.sendall(data)
            except SSL.Error:
                return  # the connection ended; what comes back says so to the layers
            data = sealed_whole(self._session)
        self._writer.write(data)


def inlet(stream: http_layers.HttpStream, handler: Transports) -> Inlet | None:
    """Return the straight way from a stream's client; None where there is none."""
    client = stream.context.client
    layers = stream.context.layers
    io = handler.transports.get(client)
    *outer, server = [one.connections.get(client) for one in layers if isinstance(one, http_layers.HttpLayer)]
    if not (
        io
        and isinstance(io.reader, GatheredReader)
        and not io.reader.waited_for
        and all(isinstance(one, _KNOWN) for one in layers)
        and all(isinstance(one, BoundedServer) and one.state == one.passthrough for one in outer)
        and isinstance(server, BoundedServer)
        and server.left
    ):
        return None
    sessions = _sessions(layers, client)
    return Inlet(server, sessions[0], io.reader, io.writer) if len(sessions) == 1 else None


def outlet(stream: http_layers.HttpStream, handler: Transports) -> Outlet | None:
    """Return the straight way to a stream's destination, behind the request's head; None where there is none."""
    server = stream.context.server
    layers = stream.context.layers
    io = handler.transports.get(server)
    below = [one for one in layers if isinstance(one, http_layers.HttpLayer)][-1].connections.get(server)
    stack = []
    while below is not None:
        stack.append(below)
        below = getattr(below, "child_layer", None)
    if not (
        io
        and isinstance(io.writer, GatheredWriter)
        and server.via is None
        and "transfer-encoding" not in stream.flow.request.headers
        and all(isinstance(one, _KNOWN) for one in layers)
        and stack
        and isinstance(stack[-1], Http1Client)
        and all(isinstance(one, (tls.ServerTLSLayer, http_layers.HttpClient)) for one in stack[:-1])
    ):
        return None
    sessions = _sessions([*layers, *stack], server)
    return Outlet(sessions[0], io.writer) if len(sessions) == 1 else None


def _sessions(layers: list[Any], connection: Connection) -> list[SSL.Connection | None]:
    """Return the sessions of TLS in which a connection's bytes are; one that is None where they are in the clear."""
    found = [one for one in layers if isinstance(one, tls.TLSLayer) and one.conn is connection]
    if any(one.tunnel_state is not tunnel.TunnelState.OPEN for one in found):
        return []
    return [one.tls for one in found] if connection.tls or found else [None]
