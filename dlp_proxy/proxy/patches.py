"""Our classes in place of mitmproxy's: every change to it is named here and pinned in `test_mitmproxy_pins.py`."""

from __future__ import annotations

import structlog
from mitmproxy import certs
from mitmproxy.http import Request
from mitmproxy.proxy import mode_servers
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import websocket as websocket_layers
from mitmproxy.proxy.layers.http import HTTPMode, _http1, _http2

from dlp_proxy.proxy.connections import CleanHandler
from dlp_proxy.proxy.error_page import NAMELESS, error_page
from dlp_proxy.proxy.framing import fault_of_request
from dlp_proxy.proxy.http1 import BoundedServer
from dlp_proxy.proxy.streams import HeldStream
from dlp_proxy.proxy.websocket import JudgedWebsocket

LEAVES_KEPT = 5_000
"""Certificates of sites kept in memory, about 4 kB each; mitmproxy keeps 100, first in first out."""


_log = structlog.get_logger("dlp_proxy.proxy")
_stock_validation = http_layers.validate_request


def _validate(mode: HTTPMode, request: Request, validate_inbound_headers: bool) -> str | None:  # noqa: FBT001 - mitmproxy's
    """Return why a request is refused: by our rules, then by mitmproxy's."""
    fault = fault_of_request(request, tunnel=mode is HTTPMode.transparent)
    if fault:
        _log.warning("malformed request refused", fault=fault)
        return f"The request was refused: {fault}."
    return _stock_validation(mode, request, validate_inbound_headers)


def install() -> None:
    """Put our classes where mitmproxy looks them up when it makes one. Doing it twice changes nothing."""
    http_layers.HttpStream = HeldStream  # type: ignore[misc]
    http_layers.validate_request = _validate
    http_layers.Http1Server = BoundedServer  # type: ignore[attr-defined]
    websocket_layers.WebsocketLayer = JudgedWebsocket  # type: ignore[misc]
    mode_servers.ProxyConnectionHandler = CleanHandler  # type: ignore[misc]
    certs.CertStore.STORE_CAP = LEAVES_KEPT
    for protocol in (_http1, _http2):
        protocol.format_error = error_page  # type: ignore[attr-defined]
        protocol.version = NAMELESS  # type: ignore[attr-defined]
