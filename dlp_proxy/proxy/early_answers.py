# mypy: disable-error-code=no-untyped-call
"""Answers that are there before their request has ended: ours, and those of a destination that did not wait for it.

A destination may answer while it still takes what is sent, or so as not to have to take it (RFC 9112, 9.3; RFC 9113,
8.1). The first is told to the client as it comes, but for its end, which waits until all was sent: the client has sent
everything long ago, and would leave. The second ends at once. The stock class breaks it off, whole as it is.
"""

from __future__ import annotations

from typing import Final

from mitmproxy.net.http.http1 import expected_http_body_size
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http import DropStream, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestEndOfMessage,
    RequestProtocolError,
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._hooks import HttpResponseHook

LINGER_SECONDS: Final = "dlp_linger_seconds"
_REFUSED_SECONDS: Final = 2.0
"""Seconds without taking anything after which a destination that has refused an upload is taken at its word."""


class EarlyAnswers(http_layers.HttpStream):
    """A stream whose answer may come first."""

    _lingering: commands.RequestWakeup | None = None
    _end: RequestEndOfMessage | None = None
    """The end of the request, once it is here."""
    _kept = b""
    """The last byte of an early answer: whoever has all of it may leave, and the rest of the upload with them."""
    _head_kept = False
    """An early answer without a body waits as a whole."""

    def state_stream_response_body(self, event: events.Event) -> CommandGenerator[None]:
        """Pass an answer on as it comes; of one that accepts an upload which still goes on, all but the last byte."""
        if isinstance(event, ResponseData):
            keeping = int(self._early and self._accepts)
            data, self._kept = self._kept + event.data, b""
            data, self._kept = data[: len(data) - keeping], data[len(data) - keeping :]
            event = ResponseData(self.stream_id, data)
        yield from super().state_stream_response_body(event)

    def send_response(self, already_streamed: bool = False) -> CommandGenerator[None]:  # noqa: FBT001, FBT002 - mitmproxy's
        """Send an answer, or end one that was passed on as it came; its end waits as long as the request goes on."""
        if not self._early:
            yield from self._give_kept()
            yield from super().send_response(already_streamed and not self._head_kept)
            return
        self._head_kept = not already_streamed and self._accepts
        if not already_streamed and not self._accepts and self.flow.response is not None:
            head = ResponseHeaders(self.stream_id, self.flow.response, end_stream=False)
            yield SendHttp(head, self.context.client)
        self.server_state = self.state_answered
        if not self._accepts and self._closes:
            error = RequestProtocolError(self.stream_id, "the destination takes no more", ErrorCode.CANCEL)
            yield SendHttp(error, self.context.server)
            yield from self.handle_protocol_error(
                ResponseProtocolError(self.stream_id, error.message, ErrorCode.GENERIC_SERVER_ERROR)
            )

    @property
    def _early(self) -> bool:
        return bool(self.client_state == self.state_stream_request_body)

    @property
    def _accepts(self) -> bool:
        return self.flow.response is not None and self.flow.response.status_code < 400

    @property
    def _closes(self) -> bool:
        """Tell whether it is the last answer of its connection: it says so, or ends with it (RFC 9112, 6.3, 9.6)."""
        answer = self.flow.response
        if answer is None or answer.is_http2:
            return False
        said = {one.strip().lower() for one in answer.headers.get("connection", "").split(",")}
        return "close" in said or expected_http_body_size(self.flow.request, answer) == -1

    @property
    def _stall_seconds(self) -> float:
        """Seconds for which a destination may take nothing of an upload."""
        return _REFUSED_SECONDS if self._refused() and not self._accepts else self.context.options.tcp_timeout

    def _give_kept(self) -> CommandGenerator[None]:
        kept, self._kept = self._kept, b""
        if kept:
            yield SendHttp(ResponseData(self.stream_id, kept), self.context.client)

    def state_answered(self, _event: events.Event) -> CommandGenerator[None]:
        """Pass over what a destination says behind its answer."""
        yield from ()

    def _refused(self) -> bool:
        """Tell whether the destination has answered, and the request has not all been sent."""
        return self._early and self.server_state == self.state_answered

    def _end_refused(self) -> CommandGenerator[None]:
        """End the answer of a destination that takes no more of the request."""
        if (yield from self.check_killed(emit_error_hook=True)):
            return
        if self._end is not None:
            self.client_state = self.state_done
            yield from self.send_response(already_streamed=True)
            return
        yield from self._linger()
        yield from self.send_response(already_streamed=True)
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    def _end_left(self, event: RequestProtocolError) -> CommandGenerator[None]:
        """End an upload that was refused when its client has left: it has heard the answer, which counts."""
        yield SendHttp(event, self.context.server)
        self.client_state = self.server_state = self.state_errored
        yield HttpResponseHook(self.flow)
        self.flow.live = False
        yield DropStream(self.stream_id)

    def _answer_early(self) -> CommandGenerator[None]:
        """Send an answer of ours before the request has ended, then throw away what still comes."""
        if (yield from self.check_killed(emit_error_hook=True)):
            return
        yield from self._linger()
        yield from self.send_response()
        if self.client_state == self.state_discard:
            yield SendHttp(ResponseEndOfMessage(self.stream_id), self.context.client)

    def _linger(self) -> CommandGenerator[None]:
        """Throw away what still comes of the request, for a while (RFC 9112, 9.6)."""
        self.client_state = self.state_discard
        self._lingering = commands.RequestWakeup(getattr(self.context.options, LINGER_SECONDS))
        yield self._lingering

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
