"""Files of boxes (ISO/IEC 14496-12): HEIC and AVIF pictures, MP4 and QuickTime; what they say in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import exif, private
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.picture import UNREAD, look

NAME: Final = "boxes"

_EXIF: Final = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_XMP, _XMP_END = b"<x:xmpmeta", b"</x:xmpmeta>"
_DATA: Final = re.compile(rb"([ -~\xa9]{4})....data\0\0\0\1....", re.DOTALL)
_HEIF: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
_KNOWN: Final = {b"ftyp", b"moov", b"mdat", b"meta", b"moof", b"mfra", b"sidx", b"styp", b"pdin", b"wide", b"prft"}
_HEAD: Final = 8
_BLOCKS: Final = 16
_TEXTS: Final = 1000


def accepts(content: Content) -> bool:
    return content.data[4:8] == b"ftyp"


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield Exif and XMP wherever they lie, texts of MP4's list, and what can be seen of a picture."""
    data = content.data
    blocks = [found.start() for found in _EXIF.finditer(data)][:_BLOCKS]
    for start in blocks:
        yield from exif.read(content.inside(data[start:], "Exif"))
    at = 0
    for _ in range(_BLOCKS):
        at = data.find(_XMP, at)
        end = data.find(_XMP_END, at) if at >= 0 else -1
        if end < 0:
            break
        yield content.inside(data[at : end + len(_XMP_END)], "XMP")
        at = end
    texts: list[tuple[str, bytes]] = []
    for found in _DATA.finditer(data):
        size = int.from_bytes(data[found.end() - 16 : found.end() - 12]) - 16
        if size > 0 and len(texts) < _TEXTS:
            texts.append((found[1].decode("latin-1"), data[found.end() : found.end() + size]))
    for name, text in texts:
        yield content.inside(text, name.strip("\xa9"))
    if data[8:12] in {b"avif", b"avis"}:
        yield from look(content, budget)
    else:
        yield Gap("unknown-format", content.location, UNREAD if data[8:12] in _HEIF else "video: nobody watched it")
    yield from _others(content)
    yield from strings(content)


def _others(content: Content) -> Iterator[Content]:
    """Yield what is packed in boxes that are nobody's, and what follows the last box."""
    data, at = content.data, 0
    for _ in range(_TEXTS):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + _HEAD]
        start = at + _HEAD
        if size == 1:
            size, start = int.from_bytes(data[start : start + _HEAD]), start + _HEAD
        if len(kind) < 4 or not kind.isascii() or size < start - at or at + size > len(data):
            break
        if kind not in _KNOWN:
            start += _HEAD * 2 if kind == b"uuid" else 0
            yield from private.held(content.inside(data[start : at + size], "box that is not of the film"))
        at += size
    if at < len(data):
        yield from private.held(content.inside(data[at:], "after the film"))
