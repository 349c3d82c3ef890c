"""Pieces of a held body on their way to the destination."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dlp_proxy.proxy.pacing import NextPiece


class _Held:
    """A body in a file that takes its time."""

    asked = 0

    def __len__(self) -> int:
        return 100

    def read_at_once(self, _start: int, _most: int) -> bytes | None:
        return None

    def read(self, _start: int, _most: int) -> bytes:
        self.asked += 1
        return b"more"


@pytest.mark.parametrize(
    ("start", "holds_client", "asked"),
    [
        pytest.param(100, False, 0, id="all of it went on and no more comes: the end, at once"),
        pytest.param(100, True, 1, id="more may come"),
        pytest.param(99, False, 1, id="a byte is left"),
    ],
)
def test_the_end_of_a_body_is_said_without_a_thread(start: int, holds_client: bool, asked: int) -> None:  # noqa: FBT001
    body: Any = _Held()
    stream: Any = None
    piece = NextPiece(stream, body, start, 1.0, holds_client)
    assert asyncio.run(piece._read()) == (b"more" if asked else b"")
    assert body.asked == asked
