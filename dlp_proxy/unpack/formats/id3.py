"""MP3 files: the texts of their tags (ID3v2.2 to 2.4, and version 1 at the end). What is said in them is not heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import further
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.picture import others, said

NAME: Final = "id3"

_CHARSETS: Final = {0: "", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_IN_A_LANGUAGE: Final = (b"COM", b"ULT", b"USLT", b"USER")
"""Comments and lyrics: three letters for their language stand before the text."""
_WRITTEN: Final = (b"T", b"W", b"COM", b"ULT", b"USLT", b"USER")
"""Frames that are text by their names; others hold what a program put into them."""
_FRAMES: Final = 10_000


def accepts(content: Content) -> bool:
    return content.data.startswith(b"ID3") and content.data[3:4] in {b"\2", b"\3", b"\4"}


def read(content: Content, _budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    version, end = data[3], 10 + _seven_bits(data[6:10])
    width = 3 if version == 2 else 4
    head = 6 if version == 2 else 10
    texts: list[tuple[str, bytes]] = []
    at = 10
    while at + head < min(end, len(data)) and data[at] and len(texts) < _FRAMES:
        raw = data[at + width : at + 2 * width]
        size = _seven_bits(raw) if version == 4 else int.from_bytes(raw)
        body = data[at + head : at + head + size]
        name = data[at : at + width]
        if name.startswith((b"APIC", b"PIC", b"GEOB")):
            yield from _inside(content, body)
        elif body and not name.startswith(_WRITTEN) and (packed := list(private.held(content.inside(body, "frame")))):
            yield from packed
        elif body:
            if name.startswith(_IN_A_LANGUAGE):
                body = body[:1] + body[4:]
            texts.append((name.decode("latin-1"), _text(body)))
        at += head + size
    yield from said(content, texts, "tag")
    yield Gap("unknown-format", content.location, "sound: what is said in it was not heard")
    yield from others(content, [(0, min(end, len(data)))])
    yield from further(content.inside(data[min(end, len(data)) :], "the sound"))


def _inside(content: Content, body: bytes) -> Iterator[Content]:
    """Yield a picture or an object of the tag from where it begins: two or three texts stand before it."""
    for magic in (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"PK\3\4", b"%PDF"):
        if (start := body.find(magic)) >= 0:
            yield content.inside(body[start:], "object of the tag")
            return


def _seven_bits(raw: bytes) -> int:
    return sum((byte & 127) << 7 * place for place, byte in enumerate(reversed(raw)))


def _text(body: bytes) -> bytes:
    charset = _CHARSETS.get(body[0], "")
    return (
        body[1:].decode(charset, "replace").replace("\0", " ").replace("\ufeff", "").encode()
        if charset
        else body[1:].replace(b"\0", b" ")
    )
