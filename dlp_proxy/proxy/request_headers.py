"""Headers that are set on requests when they have been judged: of tenants, and the log-in at the proxy upstream.

They are set last, so that events and evidence have what the client sent, and no secret of ours.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

import structlog
from mitmproxy import http

from dlp_proxy.proxy.destinations import normal_host
from dlp_proxy.proxy.fields import key_of, take_off, take_off_trailers
from dlp_proxy.proxy.passage import passage_of

_log = structlog.get_logger("dlp_proxy.proxy")

_LOGIN: Final = "proxy-authorization"


class RequestHeaders:
    """An addon behind the staircase.

    Args:
        tenants: host, or ``*.`` and the end of hosts -> header -> value.
        login: ``user:password`` at the proxy upstream; empty for none.
    """

    name = "dlp_proxy_request_headers"

    def __init__(self, tenants: Mapping[str, Mapping[str, str]], login: str = "") -> None:
        self._exact: dict[str, dict[str, str]] = {}
        self._below: list[tuple[str, dict[str, str]]] = []
        for pattern, headers in tenants.items():
            lower = {name.lower(): value for name, value in headers.items()}
            if pattern.startswith("*."):
                self._below.append((normal_host(pattern[1:]), lower))
            else:
                self._exact[normal_host(pattern)] = lower
        self._login = f"Basic {base64.b64encode(login.encode()).decode()}" if login else ""

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        if passage_of(flow).by_message or passage_of(flow).judged:  # its head goes on now, before its body is here
            self._set(flow)

    def request(self, flow: http.HTTPFlow) -> None:
        self._set(flow)

    def http_connect_upstream(self, flow: http.HTTPFlow) -> None:
        if self._login:
            flow.request.headers[_LOGIN] = self._login

    def _set(self, flow: http.HTTPFlow) -> None:
        if flow.response or flow.error:
            return
        if flow.request.scheme == "https":
            self._set_tenants(flow.request)
        elif self._login and passage_of(flow).tunnel is None:
            flow.request.headers[_LOGIN] = self._login

    def _set_tenants(self, request: http.Request) -> None:
        host = normal_host(request.host)
        some = [headers for end, headers in self._below if host.endswith(end) and host != end]
        if host in self._exact:
            some.append(self._exact[host])
        for headers in some:
            for name, value in headers.items():
                key = key_of(name.encode())
                if take_off(request, key) not in ([], [value.encode()]):
                    _log.warning("header of a tenant replaced", header=name, site=host)
                take_off_trailers(request, key)
                request.headers[name] = value
