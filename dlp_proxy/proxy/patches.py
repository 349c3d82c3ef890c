"""Our classes in place of mitmproxy's: every change to it is named here and pinned in `test_mitmproxy_pins.py`."""

from __future__ import annotations

import asyncio
from typing import Any

from mitmproxy import certs, ctx
from mitmproxy.http import MessageData, Request
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy import mode_servers
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import websocket as websocket_layers
from mitmproxy.proxy.layers.http import HTTPMode, _http1, _http2
from mitmproxy.utils import asyncio_utils
from OpenSSL import SSL

from dlp_proxy.proxy import fields, tls_steps
from dlp_proxy.proxy.connections import CleanHandler
from dlp_proxy.proxy.error_page import NAMELESS, error_page
from dlp_proxy.proxy.framing import SAID, fault_of_request, forget_upgrade
from dlp_proxy.proxy.grpc_stream import MessageStream
from dlp_proxy.proxy.http1 import BoundedServer
from dlp_proxy.proxy.http2 import BoundedHttp2, PromptHttp2
from dlp_proxy.proxy.listening import GIVEN, SharedListener
from dlp_proxy.proxy.websocket import JudgedWebsocket

LEAVES_KEPT = 5_000
"""Certificates of sites kept in memory, about 4 kB each; mitmproxy keeps 100, first in first out."""


_stock_validation = http_layers.validate_request
_stock_check = getattr(MessageData, "__post_init__", None)
_stock_context = net_tls._create_ssl_context  # noqa: SLF001 - pinned
_stock_listen = mode_servers.AsyncioServerInstance.listen


def _validate(mode: HTTPMode, request: Request, validate_inbound_headers: bool) -> str | None:  # noqa: FBT001 - mitmproxy's
    """Return why a request is refused: by our rules, then by mitmproxy's."""
    tunnel = mode is HTTPMode.transparent
    if not tunnel:
        forget_upgrade(request)
    fault = fault_of_request(request, tunnel=tunnel)
    if fault:
        return f"{SAID}{fault}."
    return _stock_validation(mode, request, validate_inbound_headers)


def _unchecked(_message: MessageData) -> None:
    """Take the fields of a message as they are."""


def _named(task: asyncio.Task[Any], *, name: str, client: object = None) -> None:  # noqa: ARG001 - mitmproxy's
    """Name a task, and do not look into the environment for each of a request's."""
    task.set_name(name)


async def _listen(instance: mode_servers.AsyncioServerInstance[Any], host: str, port: int) -> list[Any]:
    """Listen on the socket that this process was given, else bind one as mitmproxy does."""
    given = getattr(ctx.master, GIVEN, None)
    if given is None:
        return await _stock_listen(instance, host, port)
    return [SharedListener(given, instance.handle_stream)]


def _frugal_context(*words: Any, **named: Any) -> SSL.Context:  # noqa: ANN401 - mitmproxy's
    """Make a context of TLS of which a connection that says nothing keeps no buffers (SSL_CTX_set_mode(3))."""
    made = _stock_context(*words, **named)
    made.set_mode(SSL.MODE_RELEASE_BUFFERS)
    return made


def install() -> None:
    """Put our classes where mitmproxy looks them up when it makes one. Doing it twice changes nothing."""
    http_layers.HttpStream = MessageStream  # type: ignore[misc]
    http_layers.validate_request = _validate
    http_layers.Http1Server = BoundedServer  # type: ignore[attr-defined]
    http_layers.Http2Server = BoundedHttp2  # type: ignore[attr-defined]
    http_layers.Http2Client = PromptHttp2  # type: ignore[attr-defined]
    websocket_layers.WebsocketLayer = JudgedWebsocket  # type: ignore[misc]
    mode_servers.ProxyConnectionHandler = CleanHandler  # type: ignore[misc]
    mode_servers.AsyncioServerInstance.listen = _listen  # type: ignore[method-assign, assignment]
    net_tls._create_ssl_context = _frugal_context  # noqa: SLF001 - pinned
    fields.install()
    tls_steps.install()
    asyncio_utils.set_task_debug_info = _named
    certs.CertStore.STORE_CAP = LEAVES_KEPT
    # It compares the type of each field with its annotation, for every message; mypy did that.
    MessageData.__post_init__ = _unchecked  # type: ignore[method-assign]
    for protocol in (_http1, _http2):
        protocol.format_error = error_page  # type: ignore[attr-defined]
        protocol.version = NAMELESS  # type: ignore[attr-defined]
