"""What we take for granted about mitmproxy. A test that fails here names the place of ours to look at."""

from __future__ import annotations

import ast
import asyncio
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from h11 import _readers as h11_readers
from mitmproxy import addonmanager, certs
from mitmproxy.addons import next_layer, tlsconfig
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy import layer, mode_servers, server, tunnel
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers import websocket as websocket_layers
from mitmproxy.proxy.layers.http import _http1, _http2, _http_h2
from mitmproxy.proxy.layers.http._upstream_proxy import HttpUpstreamProxy as UpstreamTunnel
from mitmproxy.proxy.layers.tcp import TCPLayer
from mitmproxy.proxy.layers.tls import TLSLayer
from mitmproxy.utils import asyncio_utils
from OpenSSL import SSL

from dlp_proxy.proxy import patches, tls_steps
from dlp_proxy.proxy.connections import CleanHandler
from dlp_proxy.proxy.grpc_stream import MessageStream
from dlp_proxy.proxy.http1 import BoundedServer
from dlp_proxy.proxy.master import FixedOptions, ProxyError
from dlp_proxy.proxy.streams import HeldStream
from dlp_proxy.proxy.websocket import JudgedWebsocket


def stock(ours: type, name: str) -> type:
    (found,) = [one for one in ours.__mro__[1:] if one.__name__ == name]
    return found


STREAM: Any = stock(HeldStream, "HttpStream")
WEBSOCKET: Any = stock(JudgedWebsocket, "WebsocketLayer")
BUFFERED: Any = _http_h2.BufferedH2Connection
HANDLER: Any = stock(CleanHandler, "ProxyConnectionHandler")

LINES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("a stream is made by its module's name", http_layers.HttpLayer.make_stream, "HttpStream(ctx, stream_id)"),
    ("an HTTP/1 server too", http_layers.HttpLayer._handle_event, "Http1Server(self.context.fork())"),
    ("a WebSocket layer by its module", STREAM.flow_done, "websocket.WebsocketLayer(self.context, self.flow)"),
    ("a server listens here", mode_servers.AsyncioServerInstance._start, "await self.listen(host, port)"),
    ("and is only asked to close", mode_servers.AsyncioServerInstance._stop, "s.close()"),
    ("a hook is a task of its own", server.ConnectionHandler.server_event, "self.hook_task(command)"),
    ("with this lock held", server.ConnectionHandler.server_event, "async with self._server_event_lock:"),
    ("who was reached has an address", server.ConnectionHandler.open_connection, "assert command.connection.peername"),
    ("and ends like ours", server.ConnectionHandler.hook_task, "await self.server_event(events.HookCompleted(hook))"),
    ("a relay takes its writer anew for each write", server.ConnectionHandler.server_event, "].writer"),
    ("types of fields are checked here", patches._stock_check or object, "typecheck.check_option_type("),
    ("a handler by its module's name", mode_servers.ServerInstance.handle_stream, "ProxyConnectionHandler("),
    ("waiting for more is said so", next_layer.NextLayer.next_layer, "except NeedsMoreData:"),
    ("a relay is told to start", TCPLayer.start.__wrapped__, "self._handle_event = self.relay_messages"),
    ("what is relayed goes on as it is", TCPLayer.relay_messages.__wrapped__, "SendData(send_to, event.data)"),
    (
        "a redirected request goes to the address",
        STREAM.state_wait_for_request_headers,
        "self.context.server.address[0]",
    ),
    (
        "an upstream's tunnel has its own connection",
        UpstreamTunnel.make,
        "http_proxy = connection.Server(address=address)",
    ),
    (
        "absolute form asks for no tunnel",
        http_layers.HttpLayer.get_connection,
        "event.tls or self.mode != HTTPMode.upstream",
    ),
    ("the original destination is asked here", mode_servers.ServerInstance.handle_stream, "platform.original_addr(s)"),
    ("a chain is sent when there are several", certs.CertStore.from_files, "if len(certs) > 1:"),
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
    ("a server's layers are kept by the first of them", http_layers.HttpLayer.get_connection, "= stack[0]"),
    ("whose next one is its child", tunnel.TunnelLayer.__init__, "self.child_layer = layer.NextLayer("),
    ("and HTTP/2 the last", http_layers.HttpClient._handle_event.__wrapped__, "self.child_layer = Http2Client("),
    ("data waits in the stream's buffer", BUFFERED.send_data, "self.stream_buffers[stream_id].append("),
    ("and leaves it when the window opens", BUFFERED.receive_data, "self.stream_window_updated(event.stream_id)"),
    ("events for a paused layer wait in a queue", layer.Layer.handle_event, "self._paused_event_queue.append(event)"),
    ("a blocking hook pauses its layer", vars(layer.Layer)["_Layer__process"], "command.blocking = self"),
    ("a client is read from when writers are drained", server.ConnectionHandler.handle_connection, "drain_writers()"),
    ("a hook is handled by the handler", server.ConnectionHandler.hook_task, "await self.handle_hook(hook)"),
    ("a wake-up is answered by its handler", server.ConnectionHandler.wakeup, "events.Wakeup("),
    ("a server is connected before the headers", STREAM.make_server_connection, "GetHttpConnection("),
    ("an error lets the stream's partner know", STREAM.handle_protocol_error, "RequestProtocolError"),
    ("the choice has a method", next_layer.NextLayer.next_layer, "self._next_layer("),
    ("a body's length is counted down here", h11_readers.ContentLengthReader.__call__, "self._remaining -= len(data)"),
    ("and its end is told by its last byte", h11_readers.ContentLengthReader.__call__, "if self._remaining == 0:"),
    ("bytes for a stream wait here", asyncio.StreamReader.feed_data, "self._buffer.extend(data)"),
    ("inside a tunnel bytes are passed on", STREAM.passthrough.__wrapped__, "DataReceived(self.context.client"),
    ("a body goes on as it is, but for chunks", _http1.Http1Client.send, "raw = event.data"),
    ("leaves are capped by a class attribute", certs.CertStore.expire, "self.STORE_CAP"),
    ("a tunnel that is answered only passes on", STREAM.handle_connect_finish, "self._handle_event = self.passthrough"),
    ("and closes what is closed by half", STREAM.passthrough.__wrapped__, "CloseConnection(command.connection)"),
    ("its server too", _http1.Http1Connection.make_pipe, "self.state = self.passthrough"),
    (
        "which closes only what can be written",
        _http1.Http1Server.send,
        "(self.conn.state & ConnectionState.CAN_WRITE)",
    ),
    (
        "nothing is around that but this",
        modes.HttpProxy._handle_event.__wrapped__,
        "= child_layer.handle_event",
    ),
    ("TLS sends until nothing is left", tls_steps.STOCK[0], "data = self.tls.bio_read(65535)"),
    ("and reads until nothing is left", tls_steps.STOCK[1], "plaintext.extend(self.tls.recv(65535))"),
    ("then sends, as reading may ask for it", tls_steps.STOCK[1], "yield from self.tls_interact()"),
    ("and says that it was closed", tls_steps.STOCK[1], "self.event_to_child(events.ConnectionClosed(self.conn))"),
    ("tasks are told apart by this", asyncio_utils.create_task, "set_task_debug_info(t, name=name, client=client)"),
    (
        "lazy connects after the client's handshake",
        tlsconfig.TlsConfig.tls_clienthello,
        'connection_strategy == "eager"',
    ),
)


@pytest.mark.parametrize(("assumption", "place", "line"), LINES, ids=[one[0] for one in LINES])
def test_mitmproxy_still_does_it(assumption: str, place: Callable[..., Any], line: str) -> None:
    assert line in inspect.getsource(place), assumption


@pytest.mark.parametrize("made", [net_tls.create_client_proxy_context, net_tls.create_proxy_server_context])
def test_every_context_of_tls_gives_back_what_an_idle_connection_does_not_need(made: Callable[..., Any]) -> None:
    patches.install()
    method = net_tls.Method.TLS_SERVER_METHOD if "alpn_select_callback" in inspect.signature(made).parameters else None
    words: dict[str, Any] = dict.fromkeys(inspect.signature(made).parameters)
    words |= {
        "method": method or net_tls.Method.TLS_CLIENT_METHOD,
        "min_version": net_tls.Version.TLS1_2,
        "max_version": net_tls.Version.TLS1_3,
        "extra_chain_certs": (),
        "verify": net_tls.Verify.VERIFY_NONE,
    }
    context = made.__wrapped__(**{name: words[name] for name in inspect.signature(made).parameters})  # type: ignore[attr-defined]
    assert context.set_mode(0) & SSL.MODE_RELEASE_BUFFERS


async def test_options_are_read_as_set_and_change_no_more() -> None:
    made = FixedOptions(rawtcp=False, listen_port=8123)
    made.fix()
    assert (made.rawtcp, made.listen_port, made.http2) == (False, 8123, True)
    with pytest.raises(ProxyError, match="do not change: rawtcp"):
        made.rawtcp = True
    assert made.rawtcp is False


def test_every_assumption_was_looked_at() -> None:
    assert len(LINES) == 65


def test_the_headers_hook_comes_before_100_continue() -> None:
    source = inspect.getsource(STREAM.state_wait_for_request_headers)
    assert source.index("HttpRequestHeadersHook") < source.index("Response.make(100)")


def test_nothing_connects_before_the_request_hook() -> None:
    source = inspect.getsource(STREAM.state_consume_request_body)
    assert source.index("HttpRequestHook") < source.index("make_server_connection")


def test_install_puts_ours_in_place_and_twice_changes_nothing() -> None:
    patches.install()
    patches.install()
    assert http_layers.HttpStream is MessageStream
    assert vars(http_layers)["Http1Server"] is BoundedServer
    assert websocket_layers.WebsocketLayer is JudgedWebsocket
    assert mode_servers.ProxyConnectionHandler is CleanHandler
    assert certs.CertStore.STORE_CAP == patches.LEAVES_KEPT
    assert (TLSLayer.tls_interact, TLSLayer.receive_data) == (tls_steps.tls_interact, tls_steps.receive_data)


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
