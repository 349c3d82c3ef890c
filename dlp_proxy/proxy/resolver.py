"""Name resolution under the destination rules: the addresses that are checked are the ones connected to.

`asyncio.open_connection` asks `loop.getaddrinfo` and connects to what it answers. Checking there leaves no moment
between check and use in which a name could be pointed elsewhere (DNS rebinding), and needs no second look-up.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from dlp_proxy.proxy.destinations import DestinationRefusedError, DestinationRules, normal_host, parse_ip

_REMEMBERED: Final = 10_000
_SECONDS_KNOWN: Final = 60.0
_SECONDS_ASKED: Final = 2.0
_LOOK_UPS: Final = 32

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


class Inside:
    """Tells whether a name is inside the organisation, where another proxy connects to it and this one only asks.

    A name that is not known here is left to that proxy. What was asked is remembered for a minute. It asks in threads
    of its own: a resolver that does not answer must not hold up files and disks, which use the loop's.
    """

    def __init__(
        self, rules: DestinationRules, look_up: Callable[[str, int], Sequence[tuple[Any, ...]]] | None = None
    ) -> None:
        self._rules = rules
        self._look_up = look_up or _from_system
        self._known: dict[str, tuple[float, str]] = {}
        self._threads = ThreadPoolExecutor(_LOOK_UPS, "look-up")

    async def refuses(self, host: str, port: int) -> str:
        """Return why a destination is refused; empty text where it is not."""
        if self._rules.upstream is None or parse_ip(host) is not None:
            return ""
        loop = asyncio.get_running_loop()
        asked = f"{normal_host(host)}:{port}"
        until, reason = self._known.get(asked, (0.0, ""))
        if loop.time() < until:
            return reason
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        looking = self._threads.submit(self._look_up, host, port)
        try:
            async with asyncio.timeout(_SECONDS_ASKED):
                found = await asyncio.wrap_future(looking)
        except (OSError, UnicodeError):  # a time-out is an OSError too
            if looking.cancelled():
                # It did not even begin: nothing is known, and somebody may mean it so. Nothing is remembered of it.
                return "too many names are being looked up"
            found = ()
        reason = next(filter(None, (self._refuses(str(one[4][0]), port) for one in found)), "")
        self._known[asked] = (loop.time() + _SECONDS_KNOWN, reason)
        return reason

    def _refuses(self, address: str, port: int) -> str:
        return self._rules.refuses_address(ipaddress.ip_address(address.partition("%")[0]), port)


def _from_system(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


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
