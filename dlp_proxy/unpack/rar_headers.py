"""What the headers of a RAR archive say without unpacking: names, what is locked, whether it is one volume of several.

Sources: RAR technical note (TechNote.txt of RAR 2.02 to 4), *RAR 5.0 archive format* (rarlab.com).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.unpack import charset

_MAIN, _FILE, _END = 0x73, 0x74, 0x7B
_LONG_BLOCK, _LARGE = 0x8000, 0x0100
_MEMBERS: Final = 100_000


@dataclass(slots=True)
class Headers:
    """Names in the order of the members. `locked` holds those that need a password; `all_locked`: the names do, too."""

    names: list[str] = field(default_factory=list)
    locked: set[str] = field(default_factory=set)
    all_locked: bool = False
    is_volume: bool = False


def headers(data: bytes) -> Headers:
    """Return what the headers say, as far as they can be followed."""
    found = Headers()
    try:
        if data[6] == 1:
            _follow_5(data, found)
        else:
            _follow_4(data, found)
    except (IndexError, struct.error):
        pass
    return found


def _follow_4(data: bytes, found: Headers) -> None:
    at = 7
    while at + 7 <= len(data) and len(found.names) < _MEMBERS:
        kind, flags, size = struct.unpack_from("<BHH", data, at + 2)
        more = struct.unpack_from("<I", data, at + 7)[0] if flags & _LONG_BLOCK or kind == _FILE else 0
        if kind == _MAIN:
            found.is_volume = bool(flags & 1)
            found.all_locked = bool(flags & 0x80)
        elif kind == _FILE:
            length = struct.unpack_from("<H", data, at + 26)[0]
            start = at + (40 if flags & _LARGE else 32)
            name = _name(data[start : start + length].partition(b"\0")[0])
            found.names.append(name)
            if flags & 4:
                found.locked.add(name)
            more += struct.unpack_from("<I", data, at + 32)[0] << 32 if flags & _LARGE else 0
        elif kind == _END:
            found.is_volume = found.is_volume or bool(flags & 1)
        if size < 7 or found.all_locked:
            break
        at += size + more


def _follow_5(data: bytes, found: Headers) -> None:
    at = 8
    while at + 7 < len(data) and len(found.names) < _MEMBERS:
        size, start = _varint(data, at + 4)
        end = start + size
        kind, here = _varint(data, start)
        flags, here = _varint(data, here)
        extra, here = _varint(data, here) if flags & 1 else (0, here)
        body, here = _varint(data, here) if flags & 2 else (0, here)
        if kind == 4:
            found.all_locked = True
        elif kind == 1:
            found.is_volume = bool(_varint(data, here)[0] & 1)
        elif kind == 2:
            name = _name_5(data, here)
            found.names.append(name)
            if 1 in _extras(data, end - extra, end):
                found.locked.add(name)
        if not size or found.all_locked:
            break
        at = end + body


def _name_5(data: bytes, at: int) -> str:
    flags, at = _varint(data, at)
    _, at = _varint(data, at)
    _, at = _varint(data, at)
    at += 4 * bool(flags & 2) + 4 * bool(flags & 4)
    _, at = _varint(data, at)
    _, at = _varint(data, at)
    size, at = _varint(data, at)
    return _name(data[at : at + size])


def _extras(data: bytes, at: int, end: int) -> Iterator[int]:
    """Yield the kinds of a header's extra records."""
    while at < end:
        size, start = _varint(data, at)
        yield _varint(data, start)[0]
        at = start + max(size, 1)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise IndexError


def _name(raw: bytes) -> str:
    decoded = charset.decode(raw)
    return raw.decode("latin-1") if decoded is None else decoded[0]
