"""GIF pictures (GIF89a): comments, plain text, application blocks, and what follows the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.picture import behind, look, others

NAME: Final = "gif"

_EXTENSION, _FRAME, _END = 0x21, 0x2C, 0x3B
_APPLICATION: Final = 0xFF
_OF_PROGRAM: Final = 11
"""Bytes of an application block in which the program says who it is."""
_NAMES: Final = {0xFE: "comment", 0x01: "plain text", 0xFF: "application block"}
_XMP: Final = b"XMP DataXMP"


def accepts(content: Content) -> bool:
    return content.data[:6] in {b"GIF87a", b"GIF89a"}


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    at = 13 + _colours(data, 10)
    done: list[tuple[int, int]] = []
    while at < len(data) and data[at] in {_EXTENSION, _FRAME}:
        if data[at] == _FRAME:
            _, at = _blocks(data, at + 11 + _colours(data, at + 9))
            continue
        budget.hurry()
        kind, start = data[at + 1] if at + 1 < len(data) else 0, at + 2
        body, at = _blocks(data, start)
        if (kind in _NAMES and len(body) > 16) or kind == 0xFE:
            # XMP is no blocks: its letters are taken for their lengths, and a ramp at its end makes that come out.
            raw = data[start:at] if _XMP in body[:16] else body
            done.append((start, at))
            packed = private.held(content.inside(raw[_OF_PROGRAM:], _NAMES[kind])) if kind == _APPLICATION else ()
            yield from list(packed) or [content.inside(raw, _NAMES[kind])]
    yield from look(content, budget)
    yield from behind(content, at + 1)
    yield from others(content, [*done, (at + 1, len(data))])


def _colours(data: bytes, at: int) -> int:
    """Return the bytes of a table of colours, by the flags at `at`."""
    flags = data[at] if at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """Return what a run of blocks holds, and where the next thing starts."""
    pieces: list[bytes] = []
    while at < len(data) and (size := data[at]):
        pieces.append(data[at + 1 : at + 1 + size])
        at += size + 1
    return b"".join(pieces), at + 1
