"""Which protocol a connection speaks: TLS or HTTP, and nothing else but where the settings name the destination."""

from __future__ import annotations

from mitmproxy.addons.next_layer import NeedsMoreData, NextLayer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import Layer
from mitmproxy.proxy.layers import ClientTLSLayer, HttpLayer, ServerTLSLayer
from mitmproxy.proxy.layers.http import HTTPMode

from dlp_proxy.proxy.bypass import BypassDesk, Bypassed, NotWholeError
from dlp_proxy.proxy.raw import JudgedTcp, is_raw
from dlp_proxy.proxy.relay import RelayedTls

_TLS_LAYERS = 2
"""A secure web proxy has TLS to the proxy and TLS to the site: any more is a tunnel in a tunnel."""


class HttpOnly(NextLayer):
    """mitmproxy's choice, limited to what is inspected.

    The stock addon relays bytes for CONNECT to port 53 (DNS), for ignored hosts and for what does not look like
    HTTP. Here all of it is taken as HTTP, whose parser answers 400 to anything else; and to destinations that the
    settings name, as a raw connection that is judged. What the bypass file names is passed on.
    """

    name = "nextlayer"

    def __init__(self, bypass: BypassDesk) -> None:
        self._bypass = bypass

    def _next_layer(self, context: Context, data_client: bytes, data_server: bytes) -> Layer | None:
        if not data_server and (bypassed := self._bypassed(context, data_client)):
            return RelayedTls(context, bypassed)
        chosen = super()._next_layer(context, data_client, data_server)
        secure = isinstance(chosen, (ServerTLSLayer, ClientTLSLayer))
        if chosen is not None and not secure and is_raw(context, data_client):
            context.layers = [layer for layer in context.layers if layer is not chosen]
            return JudgedTcp(context)
        if chosen is None or isinstance(chosen, HttpLayer):
            return chosen
        below = sum(isinstance(layer, ClientTLSLayer) for layer in context.layers)
        if secure and below <= _TLS_LAYERS:
            return chosen
        context.layers = [layer for layer in context.layers if layer is not chosen]
        return HttpLayer(context, HTTPMode.transparent)

    def _bypassed(self, context: Context, data: bytes) -> Bypassed | None:
        try:
            return self._bypass.decide(context, data)
        except NotWholeError:
            raise NeedsMoreData from None
