"""Names behind a proxy upstream: what is known here to be inside is refused, what is not known is left to it."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import pytest

from dlp_proxy.proxy import resolver as resolver_module
from dlp_proxy.proxy.destinations import DestinationRules
from dlp_proxy.proxy.resolver import Inside

NAMES = {"intranet.corp.example": ("10.1.2.3",), "shop.example": ("93.184.215.14",), "two.example": ("8.8.8.8", "::1")}


WITHIN = "an address inside the organisation"
THROUGH = DestinationRules((), upstream=("127.0.0.1", 3128))


class Names:
    """A resolver, which may wait."""

    def __init__(self) -> None:
        self.looked: list[str] = []
        self.go = threading.Event()

    def look_up(self, host: str, port: int) -> list[Any]:
        self.looked.append(host)
        if host.startswith("slow"):
            self.go.wait(20)
        if host not in NAMES:
            raise socket.gaierror(-2, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in NAMES[host]]


def asked(names: tuple[str, ...], rules: DestinationRules, resolver: Names) -> list[str]:
    async def ask() -> list[str]:
        inside = Inside(rules, resolver.look_up)
        return [await inside.refuses(one, 443) for one in names]

    return asyncio.run(ask())


def test_what_is_inside_is_refused_and_remembered() -> None:
    resolver = Names()
    names = ("intranet.corp.example", "shop.example", "two.example", "nobody.example", "INTRANET.corp.example.")
    assert asked(names, THROUGH, resolver) == [WITHIN, "", WITHIN, "", WITHIN]
    assert resolver.looked == list(names[:4])


def test_without_one_nothing_is_looked_up() -> None:
    resolver = Names()
    assert asked(("intranet.corp.example",), DestinationRules(()), resolver) == [""]
    assert resolver.looked == []


def test_names_that_take_long_do_not_open_a_way_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody whose own names are slow fills the threads: what could not be looked up at all is refused."""
    monkeypatch.setattr(resolver_module, "_LOOK_UPS", 2)
    monkeypatch.setattr(resolver_module, "_SECONDS_ASKED", 0.1)
    resolver = Names()

    async def ask() -> tuple[list[str], str, str]:
        inside = Inside(THROUGH, resolver.look_up)
        slow = await asyncio.gather(*(inside.refuses(f"slow{one}.example", 443) for one in range(2)))
        crowded = await inside.refuses("intranet.corp.example", 443)
        resolver.go.set()
        return slow, crowded, await inside.refuses("intranet.corp.example", 443)

    assert asyncio.run(ask()) == (["", ""], "too many names are being looked up", WITHIN)
