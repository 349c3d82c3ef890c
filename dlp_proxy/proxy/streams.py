# mypy: disable-error-code=no-untyped-call
"""How request bodies come in: counted, held back whole, and cut off at the limit.

Three rules that the stock `HttpStream` does not keep:

1. An answer that an addon sets at the headers is sent at once; no ``100 Continue`` goes out and the rest of the
   body is thrown away as it comes, for a while, so that the client can read the answer (RFC 9112, 9.6: lingering).
2. A body without a length is counted while it is held, and judged as too large when it reaches the limit.
3. A connection that the destination rules refuse is answered with 403, not with mitmproxy's 502 and its reason.

Assumptions about the stock class are pinned in `tests/proxy/test_mitmproxy_pins.py`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http import DropStream, GetHttpConnection, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    ResponseEndOfMessage,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._hooks import HttpRequestHeadersHook, HttpRequestHook
from mitmproxy.proxy.utils import ReceiveBuffer

from dlp_proxy.proxy.destinations import DestinationRefusedError
from dlp_proxy.proxy.enforce import refuse_destination
from dlp_proxy.proxy.passage import passage_of

BODY_BYTES: Final = "dlp_body_bytes"
LINGER_SECONDS: Final = "dlp_linger_seconds"


class HeldStream(http_layers.HttpStream):
    """One request and its answer; nothing of the request goes upstream before its verdict."""

    _lingering: commands.RequestWakeup | None = None

    def __init__(self, context: Context, stream_id: int) -> None:
        super().__init__(context, stream_id)
        self._limit: int = getattr(context.options, BODY_BYTES)

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.Wakeup):
            yield from self._stop_lingering()
        else:
            yield from super()._handle_event(event)

    def state_wait_for_request_headers(self, event: RequestHeaders) -> CommandGenerator[None]:
        """Do what the stock class does up to the hook; when the hook answered, stop there and answer."""
        stock: Generator[Any, Any, None] = super().state_wait_for_request_headers(event)
        reply = None
        while True:
            try:
                command = stock.send(reply)
            except StopIteration:
                return
            reply = yield command
            if isinstance(command, HttpRequestHeadersHook) and self.flow.response and not self.flow.error:
                stock.close()
                yield from self._answer_early()
                return

    def state_consume_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """Hold the body; over the limit ask for a verdict on what could not be taken in."""
        if isinstance(event, RequestData) and len(self.request_body_buf) + len(event.data) > self._limit:
            yield from self._over_limit(event)
        else:
            yield from super().state_consume_request_body(event)

    def _over_limit(self, event: RequestData) -> CommandGenerator[None]:
        passage_of(self.flow).too_large = True
        yield HttpRequestHook(self.flow)
        if (yield from self.check_killed(emit_error_hook=True)):
            self.request_body_buf = ReceiveBuffer()
            return
        if self.flow.response or not self.flow.request.stream:
            self.request_body_buf = ReceiveBuffer()
            yield from self._answer_early()
            return
        held = bytes(self.request_body_buf)
        self.request_body_buf = ReceiveBuffer()
        yield from self.start_request_stream()
        for data in (held, event.data):
            if self.client_state == self.state_stream_request_body:
                yield from self.state_stream_request_body(RequestData(self.stream_id, data))

    def state_stream_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """Pass on a body that policy let go unread, and count it."""
        if isinstance(event, RequestData):
            passage_of(self.flow).released += len(event.data)
        yield from super().state_stream_request_body(event)

    def _answer_early(self) -> CommandGenerator[None]:
        """Send the answer before the request has ended, then throw away what still comes."""
        if (yield from self.check_killed(emit_error_hook=True)):
            return
        self.client_state = self.state_discard
        self._lingering = commands.RequestWakeup(getattr(self.context.options, LINGER_SECONDS))
        yield self._lingering
        yield from self.send_response()
        if self.client_state == self.state_discard:
            yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    def state_discard(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, RequestEndOfMessage):
            self._lingering = None
            self.client_state = self.state_done
            self.flow.live = False
            yield DropStream(self.stream_id)

    def _stop_lingering(self) -> CommandGenerator[None]:
        """Give up on a client that goes on sending long after it was answered."""
        if self._lingering is None or self.client_state != self.state_discard:
            return
        self._lingering = None
        self.client_state = self.server_state = self.state_errored
        self.flow.live = False
        yield SendHttp(ResponseProtocolError(self.stream_id, "answered", ErrorCode.CANCEL), self.context.client)
        yield DropStream(self.stream_id)

    def make_server_connection(self) -> CommandGenerator[bool]:
        """Connect, and answer with 403 where the destination rules say no."""
        connection, error = yield GetHttpConnection(
            (self.flow.request.host, self.flow.request.port),
            self.flow.request.scheme == "https",
            self.flow.server_conn.via,
            self.flow.server_conn.transport_protocol,
        )
        if not error:
            self.context.server = self.flow.server_conn = connection
            passage_of(self.flow).released = len(self.flow.request.raw_content or b"")
            return True
        if DestinationRefusedError.MARK in error:
            refuse_destination(self.flow, passage_of(self.flow).uid)
            if self.client_state == self.state_done:
                yield from self.send_response()
            else:
                yield from self._answer_early()
        else:
            yield from self.handle_protocol_error(
                ResponseProtocolError(self.stream_id, error, ErrorCode.CONNECT_FAILED)
            )
        return False
