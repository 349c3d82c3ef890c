"""Who waits for which writer after it was read."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from dlp_proxy.proxy.connections import CleanHandler


class Slow:
    """A writer that never drains, with so many bytes in it."""

    def __init__(self, waiting: int = 1) -> None:
        self.transport = SimpleNamespace(get_write_buffer_size=lambda: waiting)

    async def drain(self) -> None:
        await asyncio.Event().wait()


class Broken(Slow):
    async def drain(self) -> None:
        raise ConnectionResetError


class Quick(Slow):
    async def drain(self) -> None:
        return


def between(client: Slow, server: Slow) -> CleanHandler:
    handler: Any = CleanHandler.__new__(CleanHandler)
    handler.client = "client"
    handler.transports = {
        name: SimpleNamespace(writer=writer, handler=SimpleNamespace(cancel=cancelled.append))
        for name, writer in (("client", client), ("server", server))
    }
    handler._holding, handler._let_go = set(), asyncio.Event()
    return handler  # type: ignore[no-any-return]


cancelled: list[str] = []


async def goes_on(handler: Any, reading: str) -> bool:
    handler.transports[reading].handler = asyncio.current_task()
    try:
        async with asyncio.timeout(0.05):
            await handler.drain_writers()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    ("reading", "client", "server", "on"),
    [
        ("client", Quick(), Slow(), False),
        ("client", Slow(), Quick(), False),
        ("client", Quick(), Quick(), True),
        ("server", Slow(), Quick(), False),
        ("server", Quick(), Slow(), True),
        ("server", Quick(), Slow(20 << 20), False),
    ],
)
async def test_a_destination_does_not_wait_for_itself(reading: str, client: Slow, server: Slow, on: bool) -> None:  # noqa: FBT001
    assert await goes_on(between(client, server), reading) is on


async def test_a_writer_that_is_broken_ends_its_connection() -> None:
    cancelled.clear()
    assert await goes_on(between(Quick(), Broken()), "client")
    assert cancelled == ["Error sending data: "]
