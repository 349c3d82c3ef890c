# mypy: disable-error-code=no-untyped-call
"""HTTP/2. From clients: true lengths, trailers as strict as heads, and an end to requests that are taken back.

Of destinations: a request that they take no more of ends, also where they say so together with their answer.
"""

from __future__ import annotations

from typing import Final

import h2.errors
import h2.events
import h2.stream
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http._http2 import Http2Client, Http2Server

from dlp_proxy.proxy.framing import fault_of_trailer_fields
from dlp_proxy.proxy.refusals import cut_off, malformed

_RESETS: Final = 200
"""Requests taken back on one connection that are always fine. Beyond it most must have been meant (CVE-2023-44487)."""


class BoundedHttp2(Http2Server):
    """HTTP/2 server side that bounds what a client can have begun for nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._opened = 0
        self._resets = 0
        self._missing: dict[int, int] = {}

    def handle_h2_event(self, event: h2.events.Event) -> CommandGenerator[bool]:
        if fault := self._fault_of_length(event):
            yield from self._malformed(fault)
            return True
        if isinstance(event, h2.events.RequestReceived):
            self._opened += 1
        elif isinstance(event, h2.events.StreamReset):
            self._resets += 1
            if self._resets > _RESETS and 2 * self._resets > self._opened:
                cut_off(self.context, "taken back")
                yield from super().protocol_error("too many resets", h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)
                return True
        elif isinstance(event, h2.events.TrailersReceived) and (fault := fault_of_trailer_fields(event.headers or ())):
            yield from self._malformed(fault)
            return True
        return (yield from super().handle_h2_event(event))

    def _malformed(self, fault: str) -> CommandGenerator[None]:
        malformed(self.context, fault)
        yield from super().protocol_error(fault)

    def protocol_error(
        self, message: str, error_code: int = h2.errors.ErrorCodes.PROTOCOL_ERROR
    ) -> CommandGenerator[None]:
        """Tell of what the library refuses; its text may quote what came."""
        malformed(self.context, "what comes is not HTTP/2")
        yield from super().protocol_error(message, error_code)

    def _fault_of_length(self, event: h2.events.Event) -> str:
        """Compare a declared length with what came (RFC 9113, 8.1.1): the library does where data ends the stream only.

        Over HTTP/1 the destination would take the next request for what is missing.
        """
        if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
            declared = [bytes(value) for name, value in event.headers or () if bytes(name).lower() == b"content-length"]
            if declared and declared[0].isdigit():
                self._missing[event.stream_id] = int(declared[0])
        elif isinstance(event, h2.events.DataReceived) and event.stream_id in self._missing:
            self._missing[event.stream_id] -= len(event.data or b"")
        elif isinstance(event, h2.events.StreamReset) and event.stream_id is not None:
            self._missing.pop(event.stream_id, None)
        elif isinstance(event, h2.events.StreamEnded) and event.stream_id is not None:
            return "the body has another length" if self._missing.pop(event.stream_id, 0) else ""
        return ""


class PromptHttp2(Http2Client):
    """HTTP/2 client side that tells of a stream's reset also when it came in one read with the end of the answer.

    Such an answer may come before the whole request (RFC 9113, 8.1). The stock class forgets the stream at the end of
    the answer when the library, which has read on, calls it closed: the rest would go nowhere, and count as sent.
    """

    def handle_h2_event(self, event: h2.events.Event) -> CommandGenerator[bool]:
        ended = event.stream_id if isinstance(event, h2.events.StreamEnded) else None
        state = self.streams.get(ended) if ended is not None else None
        over = yield from super().handle_h2_event(event)
        if ended is not None and state is not None and self._was_reset(ended):
            self.streams[ended] = state
        return over

    def _was_reset(self, stream_id: int) -> bool:
        stream = self.h2_conn.streams.get(stream_id)
        return stream is not None and stream.closed_by is h2.stream.StreamClosedBy.RECV_RST_STREAM
