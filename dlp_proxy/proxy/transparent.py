# mypy: disable-error-code=no-untyped-call
"""Transparent mode: the firewall redirects connections here, and clients know of no proxy.

They are headed for an address, and policies are about names. So a connection goes where its TLS name or Host header
resolves to when *we* ask: whoever writes a name that is allowed on packets to another address reaches the name.
"""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.net import check
from mitmproxy.proxy.mode_specs import TransparentMode
from mitmproxy.tls import ClientHelloData

from dlp_proxy.proxy.destinations import DestinationRules, normal_host, parse_ip


def name_connection(data: ClientHelloData, rules: DestinationRules) -> None:
    """Take the TLS name for the destination, unless the address it is headed for is refused."""
    context = data.context
    name = data.client_hello.sni
    if not isinstance(context.client.proxy_mode, TransparentMode) or not name or not context.server.address:
        return
    host, port = context.server.address[:2]
    if parse_ip(host) is not None and not rules.refuses(host, port) and not context.server.connected:
        context.server.address = (normal_host(name), port)


def name_destination(flow: http.HTTPFlow) -> None:
    """Take the Host header of a request in the clear for its destination; the port is the one it was headed for."""
    if not isinstance(flow.client_conn.proxy_mode, TransparentMode) or flow.request.scheme != "http":
        return
    host = normal_host(host_and_port(flow.request.host_header or "")[0])
    if host and parse_ip(host) is None and check.is_valid_host(host):
        flow.request.data.host = host


def host_and_port(authority: str) -> tuple[str, str]:
    """Return host and port of an authority; the port is empty where there is none."""
    host, colon, port = authority.rpartition(":")
    return (host, port) if colon and port.isdigit() and not authority.endswith("]") else (authority, "")
