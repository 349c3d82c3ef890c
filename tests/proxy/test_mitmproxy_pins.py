"""What we take for granted about mitmproxy. A test that fails here names the place of ours to look at."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from mitmproxy import addonmanager, certs
from mitmproxy.addons import next_layer, tlsconfig
from mitmproxy.proxy import mode_servers, server
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import websocket as websocket_layers
from mitmproxy.proxy.layers.http import _http1, _http2

from dlp_proxy.proxy import patches
from dlp_proxy.proxy.connections import CleanHandler
from dlp_proxy.proxy.http1 import BoundedServer
from dlp_proxy.proxy.master import FixedOptions, ProxyError
from dlp_proxy.proxy.streams import HeldStream
from dlp_proxy.proxy.websocket import JudgedWebsocket


def stock(ours: type, name: str) -> type:
    (found,) = [one for one in ours.__mro__[1:] if one.__name__ == name]
    return found


STREAM: Any = stock(HeldStream, "HttpStream")
WEBSOCKET: Any = stock(JudgedWebsocket, "WebsocketLayer")
HANDLER: Any = stock(CleanHandler, "ProxyConnectionHandler")

LINES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("a stream is made by its module's name", http_layers.HttpLayer.make_stream, "HttpStream(ctx, stream_id)"),
    ("an HTTP/1 server too", http_layers.HttpLayer._handle_event, "Http1Server(self.context.fork())"),
    ("a WebSocket layer by its module", STREAM.flow_done, "websocket.WebsocketLayer(self.context, self.flow)"),
    ("a handler by its module's name", mode_servers.ServerInstance.handle_stream, "ProxyConnectionHandler("),
    ("headers hook, then 100", STREAM.state_wait_for_request_headers, "yield HttpRequestHeadersHook(self.flow)"),
    ("body is held in this buffer", STREAM.state_consume_request_body, "self.request_body_buf += event.data"),
    ("the request hook comes before connecting", STREAM.state_consume_request_body, "yield HttpRequestHook(self.flow)"),
    ("only a finished client ends the flow", STREAM.send_response, "if self.client_state == self.state_done:"),
    ("a wake-up comes back to its stream", http_layers.HttpLayer.event_to_child, "commands.RequestWakeup"),
    ("trailers raise", _http1.Http1Connection.read_body, "raise NotImplementedError"),
    ("the name is resolved by asyncio", server.ConnectionHandler.open_connection, "asyncio.open_connection("),
    ("a refused address is told", server.ConnectionHandler.open_connection, "err := command.connection.error"),
    ("a crash is logged with exc_info", server.ConnectionHandler.server_event, "exc_info=True"),
    ("closing is by cancelling", server.ConnectionHandler.close_connection, "handler.cancel("),
    ("relaying starts after the hook", WEBSOCKET.start.__wrapped__, "self._handle_event = self.relay_messages"),
    ("the chain is walked for each hook", addonmanager.AddonManager.trigger_event, "for i in self.chain:"),
    ("an error's page is made by its module's name", _http1.make_error_response, "format_error(status_code, message)"),
    ("and names the version of its module", _http1.make_error_response, "version.MITMPROXY"),
    ("so it is for HTTP/2", _http2.Http2Connection._handle_event, "format_error(status, event.message)"),
    ("the choice has a method", next_layer.NextLayer.next_layer, "self._next_layer("),
    ("leaves are capped by a class attribute", certs.CertStore.expire, "self.STORE_CAP"),
    (
        "lazy connects after the client's handshake",
        tlsconfig.TlsConfig.tls_clienthello,
        'connection_strategy == "eager"',
    ),
)


@pytest.mark.parametrize(("assumption", "place", "line"), LINES, ids=[one[0] for one in LINES])
def test_mitmproxy_still_does_it(assumption: str, place: Callable[..., Any], line: str) -> None:
    assert line in inspect.getsource(place), assumption


async def test_options_are_read_as_set_and_change_no_more() -> None:
    made = FixedOptions(rawtcp=False, listen_port=8123)
    made.fix()
    assert (made.rawtcp, made.listen_port, made.http2) == (False, 8123, True)
    with pytest.raises(ProxyError, match="do not change: rawtcp"):
        made.rawtcp = True
    assert made.rawtcp is False


def test_every_assumption_was_looked_at() -> None:
    assert len(LINES) == 22


def test_the_headers_hook_comes_before_100_continue() -> None:
    source = inspect.getsource(STREAM.state_wait_for_request_headers)
    assert source.index("HttpRequestHeadersHook") < source.index("Response.make(100)")


def test_nothing_connects_before_the_request_hook() -> None:
    source = inspect.getsource(STREAM.state_consume_request_body)
    assert source.index("HttpRequestHook") < source.index("make_server_connection")


def test_install_puts_ours_in_place_and_twice_changes_nothing() -> None:
    patches.install()
    patches.install()
    assert http_layers.HttpStream is HeldStream
    assert vars(http_layers)["Http1Server"] is BoundedServer
    assert websocket_layers.WebsocketLayer is JudgedWebsocket
    assert mode_servers.ProxyConnectionHandler is CleanHandler
    assert certs.CertStore.STORE_CAP == patches.LEAVES_KEPT


def test_the_connect_method_is_the_stock_one_but_for_the_refusal() -> None:
    """`make_server_connection` is copied for one branch; its request for a connection must be mitmproxy's."""
    ours, theirs = (_call(one.make_server_connection, "GetHttpConnection") for one in (HeldStream, STREAM))
    assert ours == theirs


def _call(function: Callable[..., Any], name: str) -> str:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    (found,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]
    return ast.dump(found)
