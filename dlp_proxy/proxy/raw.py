# mypy: disable-error-code=no-untyped-call
"""Raw connections: what is neither HTTP nor WebSocket, to destinations that the settings name, and to no others.

Each piece that the client writes is judged together with the end of what it wrote before, so that a value cut into two
writes is seen. What the server sends is passed on and not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import structlog
from mitmproxy import tcp
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.tcp import TCPLayer

from dlp_proxy.proxy.destinations import normal_host
from dlp_proxy.proxy.passage import passage_of, tunnel_of

RAW_TCP: Final = "dlp_raw_tcp"

_log = structlog.get_logger("dlp_proxy.proxy")

_HTTP: Final = re.compile(rb"[A-Z]{3,20} (?:/|\*|https?:)")
_HTTP_ALPN: Final = {b"h2", b"http/1.1", b"http/1.0"}


def may_be_raw(context: Context) -> bool:
    """Tell whether the settings let a connection to this destination speak anything."""
    address = context.server.address
    return address is not None and (normal_host(address[0]), address[1]) in getattr(context.options, RAW_TCP)


def is_raw(context: Context, data: bytes) -> bool:
    """Tell whether a connection may be raw, and is: what speaks HTTP is read as HTTP there too."""
    if not may_be_raw(context):
        return False
    return context.client.alpn not in _HTTP_ALPN and not _HTTP.match(data)


@dataclass
class RawMessageHook(commands.StartHook):
    """A piece of a raw connection waits for its verdict, in the flow's passage. The client waits meanwhile."""

    name = "raw_message"
    holds_client = True
    flow: tcp.TCPFlow


class JudgedTcp(TCPLayer):
    """Relays a connection; each piece of the client's waits for its verdict."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, ignore=True)
        self._raw = tcp.TCPFlow(context.client, context.server, live=True)
        passage_of(self._raw).tunnel = tunnel = tunnel_of(context)
        passage_of(self._raw).principal = tunnel.principal if tunnel else None
        self._received = 0

    def relay_messages(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.DataReceived) and event.connection == self.context.client:
            yield from self._judge(event.data)
            return
        if isinstance(event, events.DataReceived):
            self._received += len(event.data)
        yield from super().relay_messages(event)
        if self._handle_event == self.done:
            self._ended("closed")

    def _judge(self, data: bytes) -> CommandGenerator[None]:
        passage = passage_of(self._raw)
        passage.message = data
        yield RawMessageHook(self._raw)
        if passage.close_reason or self._raw.error:
            yield commands.CloseConnection(self.context.server)
            yield commands.CloseConnection(self.context.client)
            self._handle_event = self.done
            self._ended("stopped")
            return
        passage.message = b""
        passage.released += len(data)
        yield commands.SendData(self.context.server, data)

    def _ended(self, how: str) -> None:
        host, port = self.context.server.address or ("", 0)
        sent = passage_of(self._raw).released
        _log.info("raw connection ended", how=how, site=f"{host}:{port}", sent=sent, received=self._received)
