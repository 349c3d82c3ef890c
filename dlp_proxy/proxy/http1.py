"""Reading HTTP/1 from clients: strictly, with a limit on the head, and with an answer where the stock reader stops."""

from __future__ import annotations

from typing import Final

from h11 import _readers as h11_readers
from mitmproxy.http import Headers
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http._base import HttpEvent, ReceiveHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestEndOfMessage,
    RequestProtocolError,
    RequestTrailers,
    ResponseHeaders,
)
from mitmproxy.proxy.layers.http._http1 import Http1Server, make_error_response

from dlp_proxy.proxy.chunked import ChunkedReader
from dlp_proxy.proxy.framing import SAID, fault_of_head
from dlp_proxy.proxy.refusals import count, cut_off, malformed

HEADER_BYTES: Final = "dlp_header_bytes"
_REQUEST_LINE: Final = 64 * 1024
_AHEAD: Final = 1024 * 1024
"""Bytes of further requests that are kept while one is being answered."""


class BoundedServer(Http1Server):
    """HTTP/1 server side with a bounded request head, strict framing, and trailers."""

    def send(self, event: HttpEvent) -> CommandGenerator[None]:
        """Send; a ``100 Continue`` is no answer, so an error after it is still told (the stock class only closes)."""
        yield from super().send(event)
        if isinstance(event, ResponseHeaders) and event.response.status_code == 100:
            self.response = None

    def read_headers(self, event: events.ConnectionEvent) -> CommandGenerator[None]:
        """Read a head, unless it is too large or could be read in two ways."""
        if isinstance(event, events.DataReceived):
            if self._head_too_large():
                count(self.context, "head too large")
                yield from self._refuse(431, "The request's header fields are too large.")
                return
            if self._another_protocol():
                count(self.context, "no HTTP")
                yield from self._refuse(400, "Only HTTP is proxied.")
                return
            if fault := fault_of_head(bytes(self.buf)):
                malformed(self.context, fault)
                yield from self._refuse(400, f"{SAID}{fault}.")
                return
            while bytes(self.buf).startswith(b"\r\n"):
                self.buf.maybe_extract_at_most(2)  # the stock reader takes an empty line for a head without lines
        yield from super().read_headers(event)

    def _refuse(self, status: int, says: str) -> CommandGenerator[None]:
        yield commands.SendData(self.conn, make_error_response(status, says))
        yield commands.CloseConnection(self.conn)
        self.state = self.done

    def _another_protocol(self) -> bool:
        """Tell whether the first line cannot be a request's, so that its sender is not left waiting for more."""
        first, newline, _ = bytes(self.buf)[:_REQUEST_LINE].lstrip(b"\r\n").partition(b"\n")
        return bool(newline) and b" HTTP/" not in first

    def _head_too_large(self) -> bool:
        limit: int = getattr(self.context.options, HEADER_BYTES)
        if len(self.buf) <= limit:
            return False
        head = bytes(self.buf)[: limit + 4]
        return b"\r\n\r\n" not in head and b"\n\n" not in head

    def wait(self, event: events.Event) -> CommandGenerator[None]:
        """Wait for the answer before the next request; a client that sends a flood of them meanwhile is cut off."""
        if isinstance(event, events.DataReceived) and len(self.buf) > _AHEAD:
            cut_off(self.context, "sent ahead", len(self.buf))
            yield commands.CloseConnection(self.conn)
            error = RequestProtocolError(self.stream_id, "too much sent ahead", ErrorCode.CLIENT_DISCONNECTED)
            yield ReceiveHttp(error)
            self.state = self.done
            return
        yield from super().wait(event)

    @property
    def left(self) -> int:
        """Return the bytes of a body of known length that are still to come; 0 when another thing comes next."""
        counts = isinstance(self.body_reader, h11_readers.ContentLengthReader) and self.state == self.read_body
        return self.body_reader._remaining if counts and not self.buf else 0  # type: ignore[union-attr]  # noqa: SLF001 - pinned in test_mitmproxy_pins

    def came(self, count: int) -> None:
        """Say that the body's next bytes were read, and not by this layer."""
        self.body_reader._remaining -= count  # type: ignore[union-attr]  # noqa: SLF001

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        """Read a body; trailers go to the stream, which the stock class cannot do."""
        if self.body_reader.__class__ is h11_readers.ChunkedReader:
            self.body_reader = ChunkedReader()  # type: ignore[assignment]
        for command in super().read_body(event):
            if isinstance(command, commands.CloseConnection) and isinstance(event, events.DataReceived):
                # The stock class closes without a word when the body breaks its framing.
                malformed(self.context, "the body's framing is malformed")
                if self.response is None:
                    says = f"{SAID}its body is malformed."
                    yield commands.SendData(self.conn, make_error_response(400, says))
            if isinstance(command, ReceiveHttp) and isinstance(command.event, RequestEndOfMessage):
                trailers = getattr(self.body_reader, "trailers", ())
                if trailers:
                    yield ReceiveHttp(RequestTrailers(self.stream_id, Headers(trailers)))
            yield command
