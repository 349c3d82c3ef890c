# mypy: disable-error-code=no-untyped-call
"""Which connections are passed on unopened: to destinations that a file names, and to nothing that looks like them.

Programs that pin certificates do not work through a proxy that opens TLS. An entry of the file (`bypass_file`) lets one
of them through to one destination.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from mitmproxy import http
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import ClientTLSLayer, modes
from mitmproxy.proxy.layers.tls import parse_client_hello

from dlp_proxy.model.message import Principal
from dlp_proxy.proxy.bypass_file import BypassEntry, expired
from dlp_proxy.proxy.connections import VIA
from dlp_proxy.proxy.destinations import normal_host
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.passage import Passage, passage_of

_HELLO_BYTES: Final = 64 * 1024
"""A ClientHello is some hundred bytes, 2 kB with keys of today; what is longer is opened like any other TLS."""
_SERVER_NAME: Final = 0
_HIDES_THE_NAME: Final = frozenset({0xFFCE, 0xFF02, 0xFF03, *range(0xFE08, 0xFE0E)})
"""ESNI and ECH in all their drafts: the name that can be read may not be the one that is meant."""

_log = structlog.get_logger("dlp_proxy.proxy")


class NotWholeError(Exception):
    """More of the ClientHello has to come before it can be decided."""


@dataclass(slots=True)
class Bypassed:
    """One connection that is passed on unopened, and what went over it.

    Attributes:
        uid: of the event of its beginning; set when that is durable, and nothing is passed on before.
        sent: bytes from the client; `received`: bytes from the destination.
        meter: adds to a metric.
    """

    entry: BypassEntry
    principal: Principal
    host: str
    port: int
    client_port: int
    client: str
    since: float = field(default_factory=time.time)
    uid: str = ""
    sent: int = 0
    received: int = 0
    ended: bool = False
    meter: Callable[[int], None] = field(default=lambda _: None)

    def count(self, size: int, *, sent: bool) -> None:
        """Count what is passed on."""
        if sent:
            self.sent += size
        else:
            self.received += size
        self.meter(size)


class BypassDesk:
    """Decides for each connection that begins with TLS, by where it goes and by what it says."""

    def __init__(self, entries: tuple[BypassEntry, ...], book: AddressBook) -> None:
        self.entries = entries
        self._book = book
        self.told()

    def use(self, entries: tuple[BypassEntry, ...]) -> None:
        """Take another file into force. Connections that are open stay as they are."""
        if entries != self.entries:
            self.entries = entries
            self.told()

    def says(self) -> str:
        """Return how many entries hold, and which are over."""
        over = expired(self.entries, time.time())
        holds = f"{len(self.entries) - len(over)} destinations are not opened"
        return f"{holds}; over: {', '.join(over)}" if over else holds

    def told(self) -> None:
        """Say in the log which entries are over."""
        if over := expired(self.entries, time.time()):
            _log.warning("entries of the bypass file are over and do not hold", entries=over)

    def decide(self, context: Context, data: bytes) -> Bypassed | None:
        """Return what is to be passed on unopened; None for everything else.

        The destination of the CONNECT and the name in the ClientHello must be the same, and an entry must name it. A
        connection without a CONNECT (transparent mode) goes where that name resolves to, not where it was headed.

        Raises:
            NotWholeError: more of the ClientHello has to come.
        """
        if not self.entries or not starts_like_tls_record(data) or not context.server.address:
            return None
        transparent = isinstance(context.layers[0], modes.TransparentProxy)
        tunnel = _tunnel(context)
        if tunnel is None and not (transparent and not _within_tls(context)):
            return None
        host, port = normal_host(context.server.address[0]), context.server.address[1]
        some = [one for one in self.entries if one.port == port and (transparent or one.names(host, port))]
        if not some:
            return None
        name = _name(data)
        if not name or (not transparent and name != host):
            if not transparent:
                _not("TLS name missing, hidden or another", some[0])
            return None
        found = [one for one in some if one.names(name, port)]
        entry = next((one for one in found if one.expires > time.time()), None)
        if entry is None:
            if found:
                _not("the entry is over", found[0])
            return None
        principal = (tunnel.principal if tunnel else None) or self._address(context)
        if not entry.is_for(principal):
            _not("the entry is for others", entry)
            return None
        context.server.address = (name, port)
        return Bypassed(entry, principal, name, port, context.client.peername[1], context.client.id)

    def _address(self, context: Context) -> Principal:
        return self._book.principal(context.client.peername[0], str(getattr(context.client, VIA, "")))


def _not(reason: str, entry: BypassEntry) -> None:
    _log.warning("not passed on unopened", reason=reason, entry=entry.name)


def _tunnel(context: Context) -> Passage | None:
    """Return the passage of the CONNECT that a connection is directly in: not inside TLS that was opened."""
    for layer in reversed(context.layers):
        if isinstance(layer, ClientTLSLayer):
            return None
        flow = getattr(layer, "flow", None)
        if isinstance(flow, http.HTTPFlow):
            return passage_of(flow) if flow.request.method == "CONNECT" else None
    return None


def _within_tls(context: Context) -> bool:
    return any(isinstance(layer, ClientTLSLayer) for layer in context.layers)


def _name(data: bytes) -> str:
    """Return the one name in a ClientHello in its normal form; empty where there is none, or none to rely on.

    Raises:
        NotWholeError: it is not here as a whole.
    """
    try:
        hello = parse_client_hello(data)
        kinds = [kind for kind, _ in hello.extensions] if hello is not None else []
        name = hello.sni if hello is not None else None
    except Exception:  # noqa: BLE001 - whatever the parser says of it: it is no ClientHello to rely on
        return ""
    if hello is None and len(data) < _HELLO_BYTES:
        raise NotWholeError
    if name is None or kinds.count(_SERVER_NAME) != 1 or not _HIDES_THE_NAME.isdisjoint(kinds):
        return ""
    return normal_host(name)
