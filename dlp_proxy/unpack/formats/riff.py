"""RIFF files: WebP pictures with Exif and XMP, sound and video with their texts (INFO lists), and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import exif
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.picture import behind, beside, look, others, said
from dlp_proxy.unpack.sniff import describe

NAME: Final = "riff"

_MEDIA: Final = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"fmt ", b"data", b"movi", b"idx1",
    b"fact", b"cue ", b"hdrl"}  # fmt: skip
_CHUNKS: Final = 20_000


def accepts(content: Content) -> bool:
    return content.data.startswith(b"RIFF") and content.data[8:12] in {b"WEBP", b"WAVE", b"AVI "}


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    texts: list[tuple[str, bytes]] = []
    done: list[tuple[int, int]] = []
    for kind, body, at in _chunks(data, 12, end):
        if kind not in _MEDIA:
            done.append((at, at + len(body)))
        if kind == b"EXIF":
            yield from exif.read(content.inside(body, "Exif"))
        elif kind == b"LIST" and body[:4] == b"INFO":
            texts += [(name.decode("latin-1"), text) for name, text, _ in _chunks(body, 4, len(body))]
        elif kind not in _MEDIA and kind != b"LIST":
            yield from beside(content, body, "XMP" if kind == b"XMP " else "chunk that is not of the picture")
    yield from said(content, texts, "text")
    if data[8:12] == b"WEBP":
        yield from look(content, budget)
    else:
        yield Gap("unknown-format", content.location, f"nothing here reads {describe(data)}")
    yield from behind(content, end)
    yield from others(content, [*done, (end, len(data))])


def _chunks(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield kind, bytes and their offset of each chunk."""
    for _ in range(_CHUNKS):
        if at + 8 > end:
            return
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : min(at + 8 + size, end)], at + 8
        at += 8 + size + size % 2
