"""Reading HTTP/1 from clients: a limit on the head, and an answer where mitmproxy's reader would wait or stop."""

from __future__ import annotations

from typing import Final

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http._base import HttpEvent, ReceiveHttp
from mitmproxy.proxy.layers.http._events import ErrorCode, RequestProtocolError, ResponseHeaders
from mitmproxy.proxy.layers.http._http1 import Http1Server, make_error_response

HEADER_BYTES: Final = "dlp_header_bytes"
_REQUEST_LINE: Final = 64 * 1024
_AHEAD: Final = 1024 * 1024
"""Bytes of further requests that are kept while one is being answered."""


class BoundedServer(Http1Server):
    """HTTP/1 server side with a bounded request head. Trailers are refused: mitmproxy cannot pass them on."""

    def send(self, event: HttpEvent) -> CommandGenerator[None]:
        """Send; a ``100 Continue`` is no answer, so an error after it is still told (the stock class only closes)."""
        yield from super().send(event)
        if isinstance(event, ResponseHeaders) and event.response.status_code == 100:
            self.response = None

    def read_headers(self, event: events.ConnectionEvent) -> CommandGenerator[None]:
        if isinstance(event, events.DataReceived) and self._head_too_large():
            yield commands.SendData(self.conn, make_error_response(431, "The request's header fields are too large."))
            yield commands.CloseConnection(self.conn)
            self.state = self.done
            return
        if isinstance(event, events.DataReceived) and self._another_protocol():
            yield commands.SendData(self.conn, make_error_response(400, "Only HTTP is proxied."))
            yield commands.CloseConnection(self.conn)
            self.state = self.done
            return
        yield from super().read_headers(event)

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
            yield commands.CloseConnection(self.conn)
            error = RequestProtocolError(self.stream_id, "too much sent ahead", ErrorCode.CLIENT_DISCONNECTED)
            yield ReceiveHttp(error)
            self.state = self.done
            return
        yield from super().wait(event)

    def read_body(self, event: events.Event) -> CommandGenerator[None]:
        try:
            yield from super().read_body(event)
        except NotImplementedError:
            yield commands.SendData(self.conn, make_error_response(400, "Trailers are not accepted."))
            yield commands.CloseConnection(self.conn)
            self.state = self.done
            error = RequestProtocolError(self.stream_id, "trailers are not accepted", ErrorCode.GENERIC_CLIENT_ERROR)
            yield ReceiveHttp(error)
