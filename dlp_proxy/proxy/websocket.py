"""WebSocket messages: whole from the client to a verdict, within a limit; straight through from the server.

Differences from mitmproxy's layer, which this replaces:

- a client's message over the limit is not collected any further but judged as too large;
- a stopped message closes the socket with 1008 (policy violation, RFC 6455, 7.4.1) on the client's side, one over the
  limit with 1009 (too big), and 1001 (going away) on the server's;
- control frames carry nothing across: pings are answered here and passed on empty, close reasons are cut;
- what the server sends is relayed frame by frame and not kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import wsproto.events
from mitmproxy import http
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.websocket import WebsocketConnection, WebsocketEndHook, WebsocketLayer, WebsocketMessageHook
from mitmproxy.websocket import WebSocketData, WebSocketMessage
from wsproto.connection import ConnectionState
from wsproto.frame_protocol import CloseReason, Opcode

from dlp_proxy.proxy.passage import passage_of

WEBSOCKET_BYTES: Final = "dlp_websocket_bytes"
_SLICE: Final = 8 * 1024
_OPEN: Final = (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING)


class JudgedWebsocket(WebsocketLayer):
    """Relays messages; each of the client's waits for its verdict."""

    def __init__(self, context: Context, flow: http.HTTPFlow) -> None:
        super().__init__(context, flow)
        self._limit: int = getattr(context.options, WEBSOCKET_BYTES)
        self._data = flow.websocket or WebSocketData()
        self._kept = bytearray()
        self._passing = False

    def relay_messages(self, event: events.Event) -> CommandGenerator[None]:
        if not isinstance(event, (events.DataReceived, events.ConnectionClosed)):
            return
        from_client = event.connection == self.context.client
        source, target = (self.client_ws, self.server_ws) if from_client else (self.server_ws, self.client_ws)
        for one in _events(source, event.data if isinstance(event, events.DataReceived) else None):
            if isinstance(one, wsproto.events.Message):
                if from_client:
                    yield from self._from_client(one)
                else:
                    yield target.send2(one)
            elif isinstance(one, wsproto.events.Ping):
                yield source.send2(one.response())
                yield target.send2(wsproto.events.Ping())
            elif isinstance(one, wsproto.events.CloseConnection):
                yield from self._closed_by_peer(one, from_client=from_client)
            if self._handle_event == self.done:
                return

    def _from_client(self, one: wsproto.events.Message[Any]) -> CommandGenerator[None]:
        if self._passing:
            yield self.server_ws.send2(one)
            self._passing = not one.message_finished
            return
        # One buffer, not a list of fragments: a message sent byte by byte would cost hundreds of bytes for each.
        self._kept += one.data.encode() if isinstance(one.data, str) else one.data
        too_large = len(self._kept) > self._limit
        if one.message_finished or too_large:
            yield from self._judge(one, too_large=too_large)

    def _judge(self, last: wsproto.events.Message[Any], *, too_large: bool) -> CommandGenerator[None]:
        text = isinstance(last.data, str)
        content = bytes(self._kept)
        self._kept = bytearray()
        message = WebSocketMessage(Opcode.TEXT if text else Opcode.BINARY, True, b"" if too_large else content)  # noqa: FBT003
        passage = passage_of(self.flow)
        passage.not_held = f"larger than {self._limit} bytes; not read" if too_large else ""
        self._data.messages.append(message)
        yield WebsocketMessageHook(self.flow)
        if message.dropped or passage.close_reason:
            code = CloseReason.MESSAGE_TOO_BIG if too_large else CloseReason.POLICY_VIOLATION
            yield from self._close(code, passage.close_reason)
            return
        done = last.message_finished
        if text:
            yield self.server_ws.send2(wsproto.events.TextMessage(content.decode(), message_finished=done))
        else:
            yield self.server_ws.send2(wsproto.events.BytesMessage(content, message_finished=done))
        self._passing = not last.message_finished

    def _closed_by_peer(self, one: wsproto.events.CloseConnection, *, from_client: bool) -> CommandGenerator[None]:
        self._data.closed_by_client = from_client
        cut = wsproto.events.CloseConnection(code=one.code, reason=None if from_client else one.reason)
        yield from self._end(one.code, {self.server_ws: cut, self.client_ws: cut})

    def _close(self, code: int, reason: str) -> CommandGenerator[None]:
        to_client = wsproto.events.CloseConnection(code=code, reason=reason)
        to_server = wsproto.events.CloseConnection(code=CloseReason.GOING_AWAY)
        yield from self._end(code, {self.server_ws: to_server, self.client_ws: to_client})

    def _end(
        self, code: int, closing: dict[WebsocketConnection, wsproto.events.CloseConnection]
    ) -> CommandGenerator[None]:
        self._data.timestamp_end = time.time()
        self._data.close_code = code
        for side, event in closing.items():
            if side.state in _OPEN:
                yield side.send2(event)
            yield commands.CloseConnection(side.conn)
        yield WebsocketEndHook(self.flow)
        self.flow.live = False
        self._handle_event = self.done


def _events(source: WebsocketConnection, data: bytes | None) -> Iterator[wsproto.events.Event]:
    """Yield what a connection's bytes say, in slices: what is compressed grows a thousandfold before it is counted."""
    if data is None:
        source.receive_data(None)
        yield from source.events()
    for at in range(0, len(data or b""), _SLICE):
        source.receive_data((data or b"")[at : at + _SLICE])
        yield from source.events()
