# mypy: disable-error-code=no-untyped-call
"""How request bodies come in and go on: counted, held back whole, released at the destination's pace.

Rules that the stock `HttpStream` does not keep:

1. An answer that an addon sets at the headers is sent at once; no ``100 Continue`` goes out and the rest of the
   body is thrown away as it comes, for a while, so that the client can read the answer (RFC 9112, 9.6: lingering).
2. A body without a length is counted while it is held, and judged as too large when it reaches the limit.
3. A connection that the destination rules refuse is answered with 403, not with mitmproxy's 502 and its reason.
4. A body that came without a length over HTTP/2 gets one when it goes on over HTTP/1. Without it the stock class writes
   the body behind a head that has none, and the destination reads it as the next request.
5. A body over a mebibyte is held in a file, and comes back from it in pieces, the next one when the last was taken.

Assumptions about the stock class are pinned in `tests/proxy/test_mitmproxy_pins.py`.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, Final

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import GetHttpConnection, SendHttp
from mitmproxy.proxy.layers.http._events import (
    ErrorCode,
    RequestData,
    RequestEndOfMessage,
    RequestHeaders,
    RequestProtocolError,
    RequestTrailers,
    ResponseHeaders,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._hooks import HttpRequestHeadersHook, HttpRequestHook, HttpResponseHeadersHook

from dlp_proxy.proxy.ahead import LookAheadHook
from dlp_proxy.proxy.destinations import DestinationRefusedError
from dlp_proxy.proxy.early_answers import EarlyAnswers
from dlp_proxy.proxy.enforce import refuse_destination
from dlp_proxy.proxy.framing import SAID
from dlp_proxy.proxy.pacing import NextPiece, TakeIn, Write, drop, something_waits
from dlp_proxy.proxy.passage import passage_of, tunnel_of
from dlp_proxy.proxy.refusals import malformed
from dlp_proxy.proxy.spool import HeldBody
from dlp_proxy.proxy.tunnels import GoStraight

BODY_BYTES: Final = "dlp_body_bytes"
AHEAD_FROM: Final = 4 * 1024 * 1024
"""Bytes of a body after which it may be looked at while the rest comes in."""
SPOOL: Final = "dlp_spool"
"""Where the options object keeps the `SpoolFolder`."""


class HeldStream(EarlyAnswers):
    """One request and its answer; nothing of the request goes upstream before its verdict."""

    _resume: commands.RequestWakeup | None = None
    _released = 0
    """Bytes of the held body that went on."""
    _before = 0
    """Bytes of the body that were held when it was asked whether to look at it ahead."""

    def __init__(self, context: Context, stream_id: int) -> None:
        super().__init__(context, stream_id)
        self._limit: int = getattr(context.options, BODY_BYTES)
        self._body = HeldBody(getattr(context.options, SPOOL))
        self._releasing = False
        self._behind: list[RequestData] = []

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.Wakeup):
            yield from self._go_on() if event.command is self._resume else self._stop_lingering()
        else:
            yield from super()._handle_event(event)

    def state_wait_for_request_headers(self, event: RequestHeaders) -> CommandGenerator[None]:
        """Do what the stock class does up to the hook; when the hook answered, stop there and answer."""
        stock: Generator[Any, Any, None] = super().state_wait_for_request_headers(event)
        if (hook := (yield from _as_stock(stock, until=HttpRequestHeadersHook))) is None:
            return
        passage_of(self.flow).tunnel = tunnel_of(self.context)
        reply = yield hook
        if self.flow.response and not self.flow.error:
            stock.close()
            yield from self._answer_early()
        else:
            yield from _as_stock(stock, reply)

    def check_invalid(self, request: bool) -> CommandGenerator[bool]:  # noqa: FBT001 - mitmproxy's
        """Check a message as the stock class does, with our rules in front of its own, and tell of refused requests."""
        refused = yield from super().check_invalid(request)
        if refused and request and self.flow.error:
            says = self.flow.error.msg
            ours = says.startswith(SAID)
            malformed(self.context, says.removeprefix(SAID).rstrip(".") if ours else "mitmproxy does not take it")
        return refused

    def handle_connect_finish(self) -> CommandGenerator[None]:
        """Answer a CONNECT; from then on what is around the tunnel may be left out."""
        yield from super().handle_connect_finish()
        if self._handle_event == self.passthrough:
            yield GoStraight(self)

    def state_consume_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """Hold the body; over the limit, or where it cannot be held, ask for a verdict on what was not taken in."""
        if isinstance(event, RequestData):
            if len(self._body) + len(event.data) > self._limit:
                yield from self._not_held(event, f"larger than {self._limit} bytes; not read")
                return
            self._body += event.data
            if self._body.due and (yield from self._write(event)):
                if hook := self._ahead():
                    yield hook
                yield from self._take_in()
        elif isinstance(event, RequestEndOfMessage):
            yield from self._held_whole(event)
        else:
            yield from super().state_consume_request_body(event)

    def _ahead(self) -> LookAheadHook | None:
        """Return the hook that asks whether to look at the body ahead, when it is time for it."""
        if not len(self._body) >= AHEAD_FROM > self._before:
            return None
        self._before = len(self._body)
        passage_of(self.flow).held = self._body.path
        return LookAheadHook(self.flow)

    def _take_in(self) -> CommandGenerator[None]:
        """Take what comes straight from the client's socket, as far as that can be done."""
        work = TakeIn(self, self._body, self._ahead)
        yield work
        if work.failed:
            yield from self._not_held(None, work.failed)

    def _write(self, event: events.Event) -> CommandGenerator[bool]:
        work = Write(self._body)
        yield work
        if work.failed and self.client_state == self.state_consume_request_body:
            yield from self._not_held(None, work.failed)
        return not work.failed

    def _held_whole(self, event: RequestEndOfMessage) -> CommandGenerator[None]:
        """Ask for the verdict, then answer or release."""
        if self._body.on_disk and not (yield from self._write(event)):
            return
        self._end = event
        request, passage = self.flow.request, passage_of(self.flow)
        request.timestamp_end = time.time()
        if self._body.on_disk:
            passage.held, passage.held_bytes = self._body.path, len(self._body)
        else:
            request.data.content = bytes(self._body)
            self._body.clear()
        self.client_state = self.state_done
        yield HttpRequestHook(self.flow)
        if (yield from self.check_killed(emit_error_hook=True)):
            self._let_go()
        elif self.flow.response:
            self._let_go()
            self.flow.response.timestamp_start = time.time()
            yield HttpResponseHeadersHook(self.flow)
            if not (yield from self.check_killed(emit_error_hook=True)):
                yield from self.send_response()
        elif not (yield from self.make_server_connection()):
            self._let_go()
        elif self._body.on_disk and (not passage.rewritten or (yield from self._exchanged())):
            yield SendHttp(RequestHeaders(self.stream_id, request, end_stream=False), self.context.server)
            yield from self._release()
        else:
            yield from self._send_whole()

    def _exchanged(self) -> CommandGenerator[bool]:
        """Hold the body that goes on instead as the one that came was held; False when it has to go out of memory."""
        request, came = self.flow.request, self._body
        self._body = HeldBody(getattr(self.context.options, SPOOL))
        drop(came)
        self._body += request.raw_content or b""
        work = Write(self._body)
        yield work
        if work.failed:
            drop(self._body)
            return False
        request.data.content = None
        return True

    def _send_whole(self) -> CommandGenerator[None]:
        request, server = self.flow.request, self.context.server
        content = request.raw_content
        yield SendHttp(RequestHeaders(self.stream_id, request, not (content or request.trailers)), server)
        if content:
            yield SendHttp(RequestData(self.stream_id, content), server)
        yield from self._finish()

    def _finish(self) -> CommandGenerator[None]:
        if self.flow.request.trailers:
            yield SendHttp(RequestTrailers(self.stream_id, self.flow.request.trailers), self.context.server)
        yield SendHttp(RequestEndOfMessage(self.stream_id), self.context.server)

    def _not_held(self, event: RequestData | None, why: str) -> CommandGenerator[None]:
        """Ask for a verdict on a body that could not be held whole; where policy lets it go, pass on what comes."""
        passage_of(self.flow).not_held = why
        yield HttpRequestHook(self.flow)
        if (yield from self.check_killed(emit_error_hook=True)):
            self._let_go()
            return
        if self.flow.response or not self.flow.request.stream:
            self._let_go()
            yield from self._answer_early()
            return
        if event is not None:
            self._body += event.data
        yield from self.start_request_stream()
        if self.client_state == self.state_stream_request_body:
            yield from self._release()
        else:
            self._let_go()

    def state_stream_request_body(self, event: events.Event) -> CommandGenerator[None]:
        """Pass on a body that policy let go unread, and count it."""
        if self._releasing:
            yield from self._take_behind(event)
            return
        if isinstance(event, RequestData):
            passage_of(self.flow).released += len(event.data)
        elif isinstance(event, RequestEndOfMessage):
            self._end = event
        yield from super().state_stream_request_body(event)
        if isinstance(event, RequestEndOfMessage):
            yield from self._give_kept()
            if self.server_state == self.state_answered:
                yield from self.send_response(already_streamed=True)

    def _take_behind(self, event: events.Event) -> CommandGenerator[None]:
        """Keep the order: what comes while the held part is on its way stands behind it."""
        if isinstance(event, RequestData):
            self._behind.append(event)
        elif isinstance(event, RequestEndOfMessage):
            self._end = event
        elif isinstance(event, RequestTrailers):
            self.flow.request.trailers = event.trailers
        yield from ()

    def _release(self) -> CommandGenerator[None]:
        """Begin to pass on what is held; the stock states take it for a body that is streamed."""
        self.client_state = self.state_stream_request_body
        self._releasing = True
        yield from self._go_on()

    def _go_on(self) -> CommandGenerator[None]:
        """Send piece after piece; step back whenever something else happened on this stream."""
        if not self._releasing or self.state_errored in {self.client_state, self.server_state}:
            self._let_go()
            return
        while True:
            work = NextPiece(self, self._body, self._released, self._stall_seconds, self._end is None)
            yield work
            passage_of(self.flow).released += work.start + len(work.data) - self._released
            self._released = work.start + len(work.data)
            if work.failed:
                yield from self._broken_off(work.failed)
                return
            if work.data:
                yield SendHttp(RequestData(self.stream_id, bytes(work.data)), self.context.server)
            if something_waits(self):
                self._resume = commands.RequestWakeup(0)
                yield self._resume
                return
            if not work.data and self._released >= len(self._body):
                break
        yield from self._released_whole()

    def _released_whole(self) -> CommandGenerator[None]:
        self._let_go()
        behind, self._behind = self._behind, []
        for event in behind:
            yield from self.state_stream_request_body(event)
        if self._end is None:
            return
        self.client_state = self.state_done
        if self.flow.request.stream:
            # Judged before its end came: the stock order of things asks again, and the answer is known.
            yield HttpRequestHook(self.flow)
        yield from self._finish()
        yield from self._give_kept()
        if self.server_state == self.state_answered:
            yield from self.send_response(already_streamed=True)
        elif self.server_state == self.state_done:
            yield from self.flow_done()

    def state_wait_for_response_headers(self, event: ResponseHeaders) -> CommandGenerator[None]:
        """Do what the stock class does; where the hook put an answer of ours in the destination's place, send that."""
        stock: Generator[Any, Any, None] = super().state_wait_for_response_headers(event)
        if (hook := (yield from _as_stock(stock, until=HttpResponseHeadersHook))) is None:
            return
        reply = yield hook
        if passage_of(self.flow).withheld:
            stock.close()
            yield from self._answer_instead()
        else:
            yield from _as_stock(stock, reply)

    def _answer_instead(self) -> CommandGenerator[None]:
        """End what the destination says in the midst of it, and answer."""
        if (yield from self.check_killed(emit_error_hook=True)):
            return
        self._let_go()
        yield SendHttp(RequestProtocolError(self.stream_id, "not recorded", ErrorCode.CANCEL), self.context.server)
        if self._end is not None or self.client_state == self.state_done:
            self.client_state = self.state_done
            yield from self.send_response()
        else:
            yield from self._answer_early()
        self.server_state = self.state_errored  # what came meanwhile, and comes until that is heard, is passed over

    def _broken_off(self, why: str) -> CommandGenerator[None]:
        self._let_go()
        error = ResponseProtocolError(self.stream_id, why, ErrorCode.GENERIC_SERVER_ERROR)
        yield SendHttp(RequestProtocolError(self.stream_id, why, ErrorCode.CANCEL), self.context.server)
        yield from self.handle_protocol_error(error)

    def _upstream_is_http2(self) -> bool:
        return bool(self.context.server.alpn == b"h2")

    def _frame_for_http1(self) -> None:
        """Say where the body ends. Trailers end here too: they were judged, and may be discarded (RFC 9110, 6.5.1)."""
        request = self.flow.request
        request.trailers = None
        if not request.is_http2 or "content-length" in request.headers:
            return
        if self._end is None:
            request.headers["transfer-encoding"] = "chunked"
        elif size := len(self._body) if self._body.on_disk else len(request.raw_content or b""):
            request.headers["content-length"] = str(size)

    def _let_go(self) -> None:
        self._releasing = False
        drop(self._body)

    def handle_protocol_error(self, event: RequestProtocolError | ResponseProtocolError) -> CommandGenerator[None]:
        """End the stream; nothing of its body stays."""
        self._let_go()
        if isinstance(event, ResponseProtocolError) and self._refused():
            yield from self._end_refused()
        elif isinstance(event, RequestProtocolError) and self._refused() and not self._accepts:
            yield from self._end_left(event)
        elif isinstance(event, RequestProtocolError) or not passage_of(self.flow).withheld:
            yield from super().handle_protocol_error(event)

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
            if not self._body.on_disk:
                passage_of(self.flow).released = len(self.flow.request.raw_content or b"")
            if not self._upstream_is_http2():
                self._frame_for_http1()
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


def _as_stock(
    stock: Generator[Any, Any, None], reply: object = None, until: type[commands.Command] | None = None
) -> CommandGenerator[commands.Command | None]:
    """Do what the stock class does, up to a hook that it is about to ask: return that, or None at the end."""
    while True:
        try:
            command = stock.send(reply)
        except StopIteration:
            return None
        if until is not None and isinstance(command, until):
            return command
        reply = yield command
