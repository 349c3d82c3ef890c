"""Small pieces that are written in one turn of the event loop leave in one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dlp_proxy.proxy.gathered import GatheredWriter


class Recording:
    """In place of a StreamWriter."""

    def __init__(self) -> None:
        self.done: list[bytes] = []
        self.closing = False

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def write_eof(self) -> None:
        self.done.append(b"(eof)")

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.done.append(b"(close)")

    async def drain(self) -> None:
        self.done.append(b"(drain)")


def writer() -> tuple[GatheredWriter, Recording]:
    under = Recording()
    return GatheredWriter(under), under  # type: ignore[arg-type]


async def test_what_is_written_in_one_turn_leaves_at_once_and_in_order() -> None:
    gathered, under = writer()
    for piece in (b"head ", b"body ", b"end"):
        gathered.write(piece)
    assert under.done == []
    await asyncio.sleep(0)
    gathered.write(b"next")
    await asyncio.sleep(0)
    assert under.done == [b"head body end", b"next"]


async def test_nothing_waits_behind_an_end() -> None:
    ends: dict[bytes, Callable[[GatheredWriter], object]] = {
        b"(eof)": lambda one: one.write_eof(),
        b"(close)": lambda one: one.close(),
    }
    for last, end in ends.items():
        gathered, under = writer()
        gathered.write(b"data")
        end(gathered)
        assert under.done == [b"data", last]
        await asyncio.sleep(0)
        assert under.done == [b"data", last]


async def test_waiting_for_the_other_side_waits_for_what_was_gathered() -> None:
    gathered, under = writer()
    gathered.write(b"data")
    await gathered.drain()
    assert under.done == [b"data", b"(drain)"]


async def test_much_is_not_held_back() -> None:
    gathered, under = writer()
    gathered.write(bytes(40_000))
    gathered.write(bytes(40_000))
    assert [len(one) for one in under.done] == [80_000]


async def test_a_closing_connection_gets_nothing_more() -> None:
    gathered, under = writer()
    gathered.write(b"data")
    under.closing = True
    await asyncio.sleep(0)
    assert under.done == []
