# mypy: disable-error-code=no-untyped-call
"""A request that is a stream of messages: its head goes on when it was judged, then each message when it was.

Waiting for the end of such a request would never end: client and server take turns in it. So what was judged goes on,
and a message that is stopped ends the stream on both sides: with a status and the event's number for the client, with
a reset for the destination, which has got nothing of that message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mitmproxy import http
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    ResponseData,
    ResponseEndOfMessage,
    ResponseProtocolError,
    ResponseTrailers,
)
from mitmproxy.proxy.layers.http._hooks import HttpResponseHook

from dlp_proxy.proxy.destinations import DestinationRefusedError, normal_host
from dlp_proxy.proxy.early_answers import LINGER_SECONDS
from dlp_proxy.proxy.enforce import refuse_destination
from dlp_proxy.proxy.error_page import error_page
from dlp_proxy.proxy.grpc import INTERNAL, PERMISSION_DENIED, Framed, Messages, coding_of, ending, refusal
from dlp_proxy.proxy.pacing import Drained
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.raw import RAW_TCP
from dlp_proxy.proxy.streams import HeldStream

GRPC_BYTES: Final = "dlp_grpc_bytes"
_LOOK_EVERY: Final = 256 * 1024
"""Bytes that go on before it is looked whether the destination takes them."""


@dataclass
class GrpcMessageHook(commands.StartHook):
    """A message of a stream waits for its verdict, in the flow's passage. The client is not read from meanwhile."""

    name = "grpc_message"
    holds_client = True
    flow: http.HTTPFlow


class MessageStream(HeldStream):
    """One request and its answer; one of gRPC is judged message by message."""

    def __init__(self, context: Context, stream_id: int) -> None:
        super().__init__(context, stream_id)
        self._messages = Messages(getattr(context.options, GRPC_BYTES))
        self._undrained = 0

    def handle_connect_regular(self) -> CommandGenerator[None]:
        """Connect at once where a raw connection may follow: the server may be the one who speaks first."""
        address = (normal_host(self.flow.request.host), self.flow.request.port)
        error = None
        if self.flow.response is None and address in getattr(self.context.options, RAW_TCP):
            error = yield commands.OpenConnection(self.context.server)
        if error and DestinationRefusedError.MARK in error:
            refuse_destination(self.flow, passage_of(self.flow).uid)
        elif error:
            self.flow.response = http.Response.make(502, error_page(502, ""), {"Content-Type": "text/html"})
        yield from super().handle_connect_regular()

    def state_wait_for_request_headers(self, event: RequestHeaders) -> CommandGenerator[None]:
        yield from super().state_wait_for_request_headers(event)
        waits = self.client_state == self.state_consume_request_body
        if not waits or event.end_stream or not passage_of(self.flow).by_message:
            return
        if (yield from self.make_server_connection()):
            yield SendHttp(RequestHeaders(self.stream_id, self.flow.request, end_stream=False), self.context.server)
            self.client_state = self.state_messages
        elif self.client_state == self.state_consume_request_body:
            self.client_state = self.state_errored  # what came meanwhile has nowhere to go

    def state_messages(self, event: events.Event) -> CommandGenerator[None]:
        """Judge each message once it is whole. Trailers of a request end here: gRPC has none (RFC 9110, 6.5.1)."""
        if isinstance(event, RequestData):
            self._messages.feed(event.data)
            yield from self._judge_all()
        elif isinstance(event, RequestEndOfMessage):
            if self._messages.incomplete:
                yield from self._stop(INTERNAL, "the last message is not complete")
                return
            self.client_state = self.state_done
            yield SendHttp(RequestEndOfMessage(self.stream_id), self.context.server)
            if self.server_state == self.state_done:
                yield from self.flow_done()

    def _judge_all(self) -> CommandGenerator[None]:
        while self.client_state == self.state_messages:
            if rest := self._messages.rest():
                yield from self._pass_on(rest)
            elif (one := self._messages.next()) is not None:
                yield from self._judge(one)
            elif self._messages.fault:
                yield from self._stop(INTERNAL, self._messages.fault)
            else:
                return

    def _judge(self, one: Framed) -> CommandGenerator[None]:
        passage = passage_of(self.flow)
        passage.message = b"" if one.too_large else one.payload
        passage.message_coding = coding_of(self.flow.request) if one.compressed else ""
        passage.not_held = f"a message of more than {self._messages.limit} bytes; not read" if one.too_large else ""
        yield GrpcMessageHook(self.flow)
        passage.message = b""
        if (yield from self.check_killed(True)):  # noqa: FBT003 - mitmproxy's
            yield self._reset_upstream("killed")
        elif passage.close_reason:
            yield from self._stop(PERMISSION_DENIED, passage.close_reason)
        else:
            yield from self._pass_on(one.raw)

    def _pass_on(self, data: bytes) -> CommandGenerator[None]:
        passage_of(self.flow).released += len(data)
        yield SendHttp(RequestData(self.stream_id, data), self.context.server)
        self._undrained += len(data)
        if self._undrained > _LOOK_EVERY:
            self._undrained = 0
            work = Drained(self, self.context.options.tcp_timeout)
            yield work
            if work.failed:
                yield from self._broken_off(work.failed)

    def _stop(self, code: int, says: str) -> CommandGenerator[None]:
        """End the stream: a reset for the destination, a status for the client."""
        yield self._reset_upstream(says)
        if self.server_state in {self.state_done, self.state_errored}:
            self.client_state = self.state_errored
        elif self.flow.response is None:
            self.flow.response = refusal(self.flow.request, code, says)
            yield from self._answer_early()
            self.server_state = self.state_errored
        else:
            end = ending(self.flow.request, code, says)
            self.server_state = self.state_errored
            self.client_state = self.state_discard
            self._lingering = commands.RequestWakeup(getattr(self.context.options, LINGER_SECONDS))
            yield self._lingering
            yield HttpResponseHook(self.flow)
            if end.message:
                yield SendHttp(ResponseData(self.stream_id, end.message), self.context.client)
            if end.trailers:
                yield SendHttp(ResponseTrailers(self.stream_id, http.Headers(end.trailers)), self.context.client)
            yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    def _reset_upstream(self, why: str) -> SendHttp:
        return SendHttp(RequestProtocolError(self.stream_id, why, ErrorCode.CANCEL), self.context.server)

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> CommandGenerator[None]:
        """Tell the destination that the client is gone: the stock class knows only its own streaming state."""
        if isinstance(event, RequestProtocolError) and self.client_state == self.state_messages:
            self.client_state = self.state_stream_request_body
        yield from super().handle_protocol_error(event)
        if self.client_state == self.state_messages:
            self.client_state = self.state_errored
