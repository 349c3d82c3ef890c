"""Which protocol a connection speaks: TLS or HTTP, and nothing else."""

from __future__ import annotations

from mitmproxy.addons.next_layer import NextLayer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import Layer
from mitmproxy.proxy.layers import ClientTLSLayer, HttpLayer, ServerTLSLayer
from mitmproxy.proxy.layers.http import HTTPMode

_TLS_LAYERS = 2
"""A secure web proxy has TLS to the proxy and TLS to the site: any more is a tunnel in a tunnel."""


class HttpOnly(NextLayer):
    """mitmproxy's choice, limited to what is inspected.

    The stock addon relays bytes for CONNECT to port 53 (DNS), for ignored hosts and for what does not look like
    HTTP. Here all of it is taken as HTTP, whose parser answers 400 to anything else.
    """

    name = "nextlayer"

    def _next_layer(self, context: Context, data_client: bytes, data_server: bytes) -> Layer | None:
        chosen = super()._next_layer(context, data_client, data_server)
        if chosen is None or isinstance(chosen, HttpLayer):
            return chosen
        below = sum(isinstance(layer, ClientTLSLayer) for layer in context.layers)
        if isinstance(chosen, (ServerTLSLayer, ClientTLSLayer)) and below <= _TLS_LAYERS:
            return chosen
        context.layers = [layer for layer in context.layers if layer is not chosen]
        return HttpLayer(context, HTTPMode.transparent)
