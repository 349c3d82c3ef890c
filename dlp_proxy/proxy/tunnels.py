# mypy: disable-error-code=no-untyped-call
"""What is inside a tunnel goes straight to the layers inside it.

A CONNECT over HTTP/1 that was answered has nothing more to say: its layers hand each event on to what is inside, and
each command back out, through a dozen generators. Here what is inside takes their place. What these layers still
change on the way out is changed here too: a connection that is half closed inside a tunnel is closed.

Which layers there are, and that they do no more, is pinned in `tests/proxy/test_mitmproxy_pins.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator, Layer
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.layers.http._http1 import Http1Server

from dlp_proxy.proxy.pacing import OwnWork

if TYPE_CHECKING:
    from mitmproxy.proxy.server import ConnectionHandler


class Straight:
    """In place of the outermost layers of a connection, once they only pass on."""

    def __init__(self, inside: Layer, client: Any) -> None:  # noqa: ANN401 - mitmproxy's
        self._inside = inside
        self._client = client

    def handle_event(self, event: events.Event) -> CommandGenerator[None]:
        for command in self._inside.handle_event(event):
            if not isinstance(command, commands.CloseConnection):
                yield command
            elif command.connection != self._client or self._client.state & ConnectionState.CAN_WRITE:
                yield commands.CloseConnection(command.connection)


@dataclass(eq=False)
class GoStraight(OwnWork):
    """Says that a tunnel is open: the handler may leave out what is around it from its next event on."""

    stream: http_layers.HttpStream
    blocking = False

    async def work(self, handler: ConnectionHandler) -> None:
        handler.tunnel = self.stream  # type: ignore[attr-defined]


def straight(stream: http_layers.HttpStream) -> Straight | None:
    """Return what may take the place of the layers around a tunnel; None where they do more than pass on."""
    outermost, around, *_ = stream.context.layers
    server = getattr(around, "connections", {}).get(stream.context.client)
    only_pass_on = (
        isinstance(outermost, modes.HttpProxy)
        and isinstance(around, http_layers.HttpLayer)
        and around.mode is HTTPMode.regular
        and isinstance(server, Http1Server)
        and server.state == server.passthrough
        and not server.buf
        and stream._handle_event == stream.passthrough  # noqa: SLF001 - pinned
        and stream.child_layer is not None
        and not any(one._paused for one in (outermost, around, server, stream))  # noqa: SLF001 - same
    )
    return Straight(stream.child_layer, stream.context.client) if only_pass_on else None  # type: ignore[arg-type]
