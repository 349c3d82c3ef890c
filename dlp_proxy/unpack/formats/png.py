"""PNG pictures (W3C PNG 3rd edition): text chunks, Exif, chunks of nobody's, and what follows the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import exif
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import further
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.inflate import inflate
from dlp_proxy.unpack.picture import behind, beside, look, others, said

NAME: Final = "png"

_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
_PICTURE: Final = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"hIST",
    b"pHYs", b"tIME", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI", b"iDOT",
}  # fmt: skip


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data, at = content.data, len(_MAGIC)
    texts: list[tuple[str, bytes]] = []
    done: list[tuple[int, int]] = []
    kind = b""
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        at += size + 12
        if kind in {b"tEXt", b"zTXt", b"iTXt"}:
            texts.append(_text(kind, body, budget))
        elif kind == b"eXIf":
            yield from exif.read(content.inside(body, "Exif"))
        elif kind not in _PICTURE:
            budget.hurry()
            yield from beside(content, body, "chunk that is not of the picture")
        if kind not in _PICTURE:
            done.append((at - size - 12, at))
        if kind == b"IEND" or len(texts) > budget.limits.members:
            break
    yield from said(content, texts, "text chunk")
    yield from look(content, budget)
    if kind != b"IEND" or at > len(data):
        yield Gap("malformed", content.location, "the picture ends too early")
        yield from further(content)
    yield from behind(content, at)
    yield from others(content, [*done, (at, len(data))])


def _text(kind: bytes, body: bytes, budget: Budget) -> tuple[str, bytes]:
    """Return keyword and text of a chunk; what does not inflate stays as it is.

    Raises:
        Exhausted: it inflates too far.
    """
    keyword, _, text = body.partition(b"\0")
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        packed = text[:1] == b"\1"
        *_, text = text[2:].split(b"\0", 2)
    elif packed:
        text = text[1:]
    if packed:
        result = inflate("zlib", text, 0, budget.meter(len(text)))
        if result.exhausted:
            raise result.exhausted
        text = result.data or text
    return keyword.decode("latin-1"), text
