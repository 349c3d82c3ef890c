"""What is under way on each connection, so that a proxy can end without cutting anything off."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from mitmproxy import connection, http, tcp

from dlp_proxy.proxy.bypass import Bypassed

_GRACE_SECONDS: Final = 0.5
"""A connection on which nothing was asked yet may be in the middle of its first head or handshake."""
_LOOK_SECONDS: Final = 0.05


class UnderWay:
    """Counts the requests of each client connection between their head and the end of their answer."""

    name = "under way"

    def __init__(self) -> None:
        self._of: dict[str, set[str]] = {}
        self._answered: Counter[str] = Counter()
        self.ending = False

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        self._of.setdefault(flow.client_conn.id, set()).add(flow.id)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """While ending, tell clients of HTTP/1 that this answer is the last one of the connection."""
        if self.ending and flow.response and not flow.request.is_http2 and flow.response.status_code != 101:
            flow.response.headers["connection"] = "close"

    def response(self, flow: http.HTTPFlow) -> None:
        self.responseheaders(flow)  # an answer of ours has no hook at its head
        if flow.websocket is None:
            self._over(flow.client_conn.id, flow.id)

    def error(self, flow: http.HTTPFlow) -> None:
        self._over(flow.client_conn.id, flow.id)

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        self._over(flow.client_conn.id, flow.id)

    def tcp_start(self, flow: tcp.TCPFlow) -> None:
        self._of.setdefault(flow.client_conn.id, set()).add(flow.id)

    def tcp_end(self, flow: tcp.TCPFlow) -> None:
        self._over(flow.client_conn.id, flow.id)

    def tcp_error(self, flow: tcp.TCPFlow) -> None:
        self._over(flow.client_conn.id, flow.id)

    def bypass_begins(self, bypassed: Bypassed) -> None:
        self._of.setdefault(bypassed.client, set()).add(f"unopened {id(bypassed)}")

    def bypass_ends(self, bypassed: Bypassed) -> None:
        self._over(bypassed.client, f"unopened {id(bypassed)}")

    def client_disconnected(self, client: connection.Client) -> None:
        self._of.pop(client.id, None)
        self._answered.pop(client.id, None)

    def idle(self, client: str, *, grace: bool) -> bool:
        """Tell whether a connection may be closed: nothing is asked on it, or not yet and no `grace` is given."""
        return not self._of.get(client) and not (grace and not self._answered[client])

    async def end(self, clients: Callable[[], Iterable[str]], close: Callable[[str], None], seconds: float) -> bool:
        """Close each connection as soon as nothing is under way on it; false when `seconds` were not enough."""
        self.ending = True
        self._answered.clear()
        loop = asyncio.get_running_loop()
        began = loop.time()
        while (left := list(clients())) and loop.time() < began + seconds:
            grace = loop.time() < began + _GRACE_SECONDS
            for one in left:
                if self.idle(one, grace=grace):
                    close(one)
            await asyncio.sleep(_LOOK_SECONDS)
        return not list(clients())

    def _over(self, client: str, flow: str) -> None:
        some = self._of.get(client)
        if some is not None:
            some.discard(flow)
            if not some:
                del self._of[client]
        if self.ending:
            self._answered[client] += 1
