"""Texts of an Exif block or a TIFF picture (TIFF 6.0, CIPA DC-008): every tag that holds letters, and the thumbnail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from dlp_proxy.model.message import Part
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.picture import beside, said

_BYTE, _ASCII, _UNDEFINED = 1, 2, 7
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_FOLDERS: Final = {0x8769: "Exif", 0x8825: "GPS", 0xA005: "interoperability", 0x014A: "below"}
_NAMES: Final = {
    0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software", 0x013B: "Artist",
    0x8298: "Copyright", 0x9286: "UserComment", 0x927C: "MakerNote", 0x02BC: "XMP", 0x83BB: "IPTC", 0x8649: "Photoshop",
    0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject",
}  # fmt: skip
_COMMON: Final = "\n 0123456789,;:"
_SWAPPED: Final = "".join([chr(ord(sign) << 8) for sign in _COMMON])
_WIDE: Final = range(0x9C9B, 0x9CA0)
_COMMENT: Final = 0x9286
_CODES: Final = {b"ASCII\0\0\0": "", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp", b"\0" * 8: ""}
_THUMBNAIL, _THUMBNAIL_SIZE = 0x0201, 0x0202
_ENTRIES: Final = 4096  # of all directories together; real ones have a hundred
_LEAST: Final = 4


def is_tiff(data: bytes) -> bool:
    return data[:4] in {b"II*\0", b"MM\0*"}


def read(content: Content) -> Iterator[Part | Content]:
    """Yield the texts, then the thumbnail; of what is no TIFF, in a place for Exif, what it is."""
    data = content.data.removeprefix(b"Exif\0\0")
    if not is_tiff(data):
        other = list(beside(content, data, "no Exif"))
        yield from other or strings(content.inside(data, "no Exif"))
        return
    texts: list[tuple[str, bytes]] = []
    places: dict[int, int] = {}
    for tag, kind, start, end in _entries(data):
        value = data[start:end]
        if tag in {_THUMBNAIL, _THUMBNAIL_SIZE}:
            places[tag] = int.from_bytes(value, _order(data))
        elif kind in {_BYTE, _ASCII, _UNDEFINED} and len(value) >= _LEAST:
            texts.append((_NAMES.get(tag, f"tag {tag:#06x}"), _plain(tag, value, _order(data))))
    yield from said(content, texts, "tag")
    start = places.get(_THUMBNAIL, 0)
    if thumbnail := data[start : start + places.get(_THUMBNAIL_SIZE, 0)] if start else b"":
        yield content.inside(thumbnail, "thumbnail")


def stretches(data: bytes) -> list[tuple[int, int]]:
    """Return where the texts that `read` yields lie in a TIFF, ascending."""
    texts = {_BYTE, _ASCII, _UNDEFINED}
    return sorted((start, end) for _, kind, start, end in _entries(data) if kind in texts and end - start >= _LEAST)


def _order(data: bytes) -> Literal["little", "big"]:
    return "little" if data[:1] == b"I" else "big"


def _plain(tag: int, value: bytes, order: Literal["little", "big"]) -> bytes:
    """Return a value as UTF-8 where the tag says in which charset it is, else as it is."""
    charset = "utf-16-le" if tag in _WIDE else ""
    if tag == _COMMENT and value[:8] in _CODES:
        charset, value = _CODES[value[:8]], value[8:]
        charset = f"utf-16-{order[0]}e" if charset == "utf-16" else charset
        if charset.startswith("utf-16") and _other_way_round(value, charset):
            charset = "utf-16-le" if charset == "utf-16-be" else "utf-16-be"
    return value.decode(charset, "replace").encode() if charset else value


def _other_way_round(value: bytes, charset: str) -> bool:
    """Tell whether line ends, spaces and digits stand in the other order of bytes: programs write either."""
    there = sum(map(value.decode(charset, "replace").count, _COMMON))
    return sum(map(value.decode(charset, "replace").count, _SWAPPED)) > there


def _entries(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield (tag, type, start and end of the value) of what every directory holds; each is read once."""
    order = _order(data)

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], order)

    waiting, seen, left = [number(4, 4)], set[int](), _ENTRIES
    while waiting and left > 0:
        at = waiting.pop()
        if at in seen or not 8 <= at <= len(data) - 2:
            continue
        seen.add(at)
        count = number(at, 2)
        for place in range(at + 2, min(at + 2 + 12 * count, len(data) - 11), 12):
            left -= 1
            if left <= 0:
                return
            tag, kind, many = number(place, 2), number(place + 2, 2), number(place + 4, 4)
            size = _SIZES.get(kind, 0) * many
            start = place + 8 if size <= 4 else number(place + 8, 4)
            if tag in _FOLDERS:
                waiting += [number(start + 4 * index, 4) for index in range(min(many, 16))]
            else:
                yield tag, kind, start, start + size
        waiting.append(number(at + 2 + 12 * count, 4))
