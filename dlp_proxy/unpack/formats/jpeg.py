"""JPEG pictures (ITU T.81): Exif, XMP, IPTC, comments, other segments, and what follows the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import exif, iptc, private
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.picture import behind, look, others

NAME: Final = "jpeg"

_SCAN, _END, _COMMENT, _PHOTOSHOP = 0xDA, 0xD9, 0xFE, 0xED
_APPLICATION: Final = range(0xE0, 0xF0)
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP: Final = b"http://ns.adobe.com/xmp/extension/\0"
_OF_THE_PICTURE: Final = (b"JFIF\0", b"JFXX\0", b"ICC_PROFILE\0", b"Adobe")
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SEGMENTS: Final = 20_000


def accepts(content: Content) -> bool:
    return content.data.startswith(b"\xff\xd8\xff")


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    more: list[bytes] = []
    done: list[tuple[int, int]] = []
    end = len(content.data)
    for kind, start, stop in _segments(content.data):
        body = content.data[start:stop]
        if kind == _COMMENT or kind in _APPLICATION:
            done.append((start, stop))
        if kind == _END:
            end = stop
        elif kind == _COMMENT:
            yield content.inside(body, "comment")
        elif body.startswith(_MORE_XMP):
            more.append(body[len(_MORE_XMP) + 40 :])
        elif kind in _APPLICATION:
            yield from _application(content, kind, body)
    if more:
        yield content.inside(b"".join(more), "XMP, continued")
    yield from look(content, budget)
    yield from behind(content, end)
    yield from others(content, [*done, (end, len(content.data))])


def _application(content: Content, kind: int, body: bytes) -> Iterator[Part | Content]:
    if body.startswith(b"Exif\0\0"):
        yield from exif.read(content.inside(body, "Exif"))
    elif body.startswith(_XMP):
        yield content.inside(body[len(_XMP) :], "XMP")
    elif kind == _PHOTOSHOP and body.startswith(iptc.RESOURCES):
        yield from iptc.read(content.inside(body, "IPTC"))
    elif not body.startswith(_OF_THE_PICTURE):
        inside = content.inside(body, "application segment")
        yield from list(private.held(inside)) or strings(inside)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start, end) of each segment up to the end of the picture."""
    at = 2
    for _ in range(_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return
        kind, at = found[0][1], found.end()
        if kind == _END:
            yield kind, at, at
            return
        size = int.from_bytes(data[at : at + 2])
        yield kind, at + 2, at + size
        at += max(size, 2)
