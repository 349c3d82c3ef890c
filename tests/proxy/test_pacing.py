"""Pieces of a held body on their way to the destination."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from dlp_proxy.proxy import pacing
from dlp_proxy.proxy.early_answers import EarlyAnswers
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


async def test_last_words_are_waited_for_however_long_nothing_was_taken_before(monkeypatch: pytest.MonkeyPatch) -> None:
    began = asyncio.get_running_loop().time()
    monkeypatch.setattr(pacing, "_LAST_WORDS_SECONDS", 0.3)
    monkeypatch.setattr(pacing, "_unsent", lambda *_: 1 << 30)
    monkeypatch.setattr(pacing, "_gone", lambda *_: asyncio.get_running_loop().time() - began > 0.4)
    monkeypatch.setattr(pacing, "something_waits", lambda *_: asyncio.get_running_loop().time() - began > 0.55)
    nothing: Any = None
    piece = NextPiece(nothing, nothing, 0, 60.0)
    assert not await piece._taken(nothing)
    assert not piece.failed


@pytest.mark.parametrize(
    ("headers", "closes"),
    [({}, True), ({"content-length": "3"}, False), ({"content-length": "3", "connection": "close"}, True)],
)
def test_an_answer_that_ends_with_its_connection_is_the_last_one(headers: dict[str, str], closes: bool) -> None:  # noqa: FBT001
    stream: Any = EarlyAnswers.__new__(EarlyAnswers)
    stream.flow = tflow.tflow(resp=True)
    stream.flow.response = http.Response.make(413, b"no\n", headers)
    stream.flow.response.headers = http.Headers([(name.encode(), value.encode()) for name, value in headers.items()])
    assert stream._closes is closes
