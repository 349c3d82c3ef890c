"""The operations port: is it alive, is it ready, what did it count, and what a workstation needs to use it.

On loopback only. A name other than loopback's in the Host header is refused, so that a web page cannot read this
port through DNS rebinding.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tornado.httpserver
import tornado.netutil
import tornado.web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.readiness import Readiness

_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True, slots=True)
class Desk:
    """What the operations port shows. `exposition` is the text of the metrics."""

    readiness: Callable[[], Awaitable[Readiness]]
    exposition: Callable[[], Awaitable[bytes]]
    ca_certificate: Path
    proxy_address: Callable[[], str]
    policies: Callable[[], str]
    """A line about the policies in force."""
    reload: Callable[[], Awaitable[tuple[int, str]]]
    """Takes the policy folder up; status and text of the answer."""
    proxy_by_tls: bool = False
    """Clients must speak TLS to the proxy."""


def exposition_of(metrics: Metrics) -> Callable[[], Awaitable[bytes]]:
    """Return how the metrics of one process are asked for."""

    async def exposition() -> bytes:
        return generate_latest(metrics.registry)

    return exposition


class OperationsServer:
    """HTTP server of the operations port."""

    def __init__(self, desk: Desk) -> None:
        routes = [
            (r"/healthz", _Health, {"desk": desk}),
            (r"/readyz", _Ready, {"desk": desk}),
            (r"/metrics", _Counts, {"desk": desk}),
            (r"/proxy\.pac", _Pac, {"desk": desk}),
            (r"/-/reload", _Reload, {"desk": desk}),
            (r"/ca\.pem", _Certificate, {"desk": desk}),
        ]
        application = tornado.web.Application(routes, log_function=_no_log, default_handler_class=_Nothing)
        self._server = tornado.httpserver.HTTPServer(application, max_header_size=16 * 1024, max_body_size=1024)
        self.port = 0

    def listen(self, host: str, port: int) -> None:
        """Bind and serve; port 0 takes a free one, `port` says which.

        Raises:
            ValueError: `host` is not a loopback address.
            OSError: the port is taken.
        """
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the operations port shows internals: {host} is not a loopback address")
        sockets = tornado.netutil.bind_sockets(port, host)
        self.port = sockets[0].getsockname()[1]
        self._server.add_sockets(sockets)

    async def stop(self) -> None:
        self._server.stop()
        await self._server.close_all_connections()


class _Page(tornado.web.RequestHandler):
    desk: Desk

    def initialize(self, desk: Desk | None = None) -> None:
        if desk is not None:
            self.desk = desk

    def prepare(self) -> None:
        name = self.request.host.lower()
        host = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
        if host not in _HOSTS:
            raise tornado.web.HTTPError(421)

    def set_default_headers(self) -> None:
        self.set_header("Server", "dlp_proxy")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")

    def write_error(self, status_code: int, **more: object) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}\n")


class _Nothing(_Page):
    def prepare(self) -> None:
        super().prepare()
        raise tornado.web.HTTPError(404)


class _Health(_Page):
    def get(self) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"alive\n{self.desk.policies()}\n")


class _Reload(_Page):
    async def post(self) -> None:
        """Read the policies again. Not for web pages: a browser names where it comes from."""
        if any(name in self.request.headers for name in ("Origin", "Sec-Fetch-Site", "Referer")):
            raise tornado.web.HTTPError(403)
        status, says = await self.desk.reload()
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(says if says.endswith("\n") else f"{says}\n")


class _Ready(_Page):
    async def get(self) -> None:
        readiness = await self.desk.readiness()
        self.set_status(200 if readiness.ready else 503)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"ready": readiness.ready, **readiness.facts}))


class _Counts(_Page):
    async def get(self) -> None:
        exposition = await self.desk.exposition()
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(exposition)


class _Pac(_Page):
    def get(self) -> None:
        self.set_header("Content-Type", "application/x-ns-proxy-autoconfig")
        self.finish(pac_text(self.desk.proxy_address(), "HTTPS" if self.desk.proxy_by_tls else "PROXY"))


class _Certificate(_Page):
    def get(self) -> None:
        """Give the certificate out of its file, and only certificates: a key in the file would stay in it."""
        text = self.desk.ca_certificate.read_text(encoding="ascii")
        begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
        blocks = [block.partition(end)[0] for block in text.split(begin)[1:]]
        self.set_header("Content-Type", "application/x-pem-file")
        self.set_header("Content-Disposition", 'attachment; filename="dlp-proxy-ca.pem"')
        self.finish("".join(f"{begin}{block}{end}\n" for block in blocks))


def pac_text(proxy: str, how: str = "PROXY") -> str:
    """Return a PAC file that sends everything but the machine itself through the proxy, with no way around it."""
    return (
        "function FindProxyForURL(url, host) {\n"
        '  if (host === "localhost" || host === "127.0.0.1" || host === "::1") return "DIRECT";\n'
        f"  return {json.dumps(f'{how} {proxy}')};\n"
        "}\n"
    )


def _no_log(handler: tornado.web.RequestHandler) -> None:
    """Nobody needs a line for each probe of a monitor."""
