"""Name resolution under the destination rules: the addresses that are checked are the ones connected to.

`asyncio.open_connection` asks `loop.getaddrinfo` and connects to what it answers. Checking there leaves no moment
between check and use in which a name could be pointed elsewhere (DNS rebinding), and needs no second look-up.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from dlp_proxy.proxy.destinations import DestinationRefusedError, DestinationRules

_RULES: ContextVar[DestinationRules | None] = ContextVar("destination rules", default=None)


@contextmanager
def under(rules: DestinationRules) -> Iterator[None]:
    """Apply the rules to every name that this task resolves inside the block."""
    token = _RULES.set(rules)
    try:
        yield
    finally:
        _RULES.reset(token)


def guard(loop: asyncio.AbstractEventLoop) -> None:
    """Put the checked look-up in place of the loop's; only tasks inside `under` notice."""
    stock = loop.getaddrinfo

    async def getaddrinfo(host: bytes | str | None, port: int, **more: int) -> list[tuple[Any, ...]]:
        rules = _RULES.get()
        if rules is None:
            return list(await stock(host, port, **more))
        name = host.decode("idna") if isinstance(host, bytes) else host or ""
        if pinned := rules.pinned(name, port):
            return _answer(*pinned)
        return _allowed(list(await stock(host, port, **more)), rules)

    loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign, assignment]


def _answer(address: str, port: int) -> list[tuple[Any, ...]]:
    return list(socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))


def _allowed(found: list[tuple[Any, ...]], rules: DestinationRules) -> list[tuple[Any, ...]]:
    kept = []
    reason = "the name has no address"
    for one in found:
        address, port = one[4][0], one[4][1]
        why_not = rules.refuses_address(ipaddress.ip_address(address.partition("%")[0]), port)
        if why_not:
            reason = why_not
        else:
            kept.append(one)
    if not kept:
        raise DestinationRefusedError(reason)
    return kept
