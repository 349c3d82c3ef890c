"""Snappy blocks, and streams of them.

Sources: google/snappy, *format_description.txt* and *framing_format.txt*.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.unpack.budget import Exhausted, Meter

FRAMED: Final = b"\xff\x06\0\0sNaPpY"
"""How a stream begins."""

_CHECKSUM: Final = 4
_OFTEN: Final = 4096
"""Tags after which the time is looked at."""
_AT_MOST: Final = 22
"""Bytes that one byte may become: three copy 64."""
_PACKED, _PLAIN, _FIRST_SKIPPED = 0x00, 0x01, 0x80


def framed(data: bytes, meter: Meter) -> tuple[bytes, int, str, Exhausted | None]:
    """Return what a stream holds, where it ends, what is wrong with it, and the limit that was reached."""
    pieces: list[bytes] = []
    at = 0
    try:
        while at + _CHECKSUM <= len(data):
            kind, size = data[at], int.from_bytes(data[at + 1 : at + 4], "little")
            chunk = data[at + 4 : at + 4 + size]
            if len(chunk) < size:
                return b"".join(pieces), len(data), "is cut short", None
            if kind == _PACKED:
                made = unsnap(chunk[_CHECKSUM:], meter)
                if made is None:
                    return b"".join(pieces), len(data), "is broken", None
                pieces.append(made)
            elif kind == _PLAIN:
                pieces.append(chunk[_CHECKSUM:][: meter.room])
                meter.charge(len(pieces[-1]))
                if len(pieces[-1]) < size - _CHECKSUM:
                    raise meter.overrun()
            elif kind < _FIRST_SKIPPED:
                break
            at += 4 + size
    except Exhausted as reached:
        return b"".join(pieces), len(data), "", reached
    return b"".join(pieces), at, "", None


def bare(data: bytes, meter: Meter) -> bytes | None:
    """Return what a block holds of which nothing says that it is one; None where it is none, or too much.

    Raises:
        Exhausted: there is no time.
    """
    size, _ = _size(data)
    return unsnap(data, meter) if len(data) // 2 <= size <= min(_AT_MOST * len(data), meter.room) else None


def unsnap(data: bytes, meter: Meter) -> bytes | None:
    """Return what a block holds, None when it is broken.

    Raises:
        Exhausted: it holds more than may be unpacked.
    """
    size, at = _size(data)
    if size > meter.room:
        raise meter.overrun()
    out = bytearray()
    tags = 0
    while at < len(data) and len(out) <= size:
        tags += 1
        if tags % _OFTEN == 0:
            meter.budget.hurry()
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            length = (tag >> 2) + 1
            if length > 60:
                width = length - 60
                length = int.from_bytes(data[at : at + width], "little") + 1
                at += width
            out += data[at : at + length]
            at += length
            continue
        if tag & 3 == 1:
            length, offset = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | (data[at] if at < len(data) else 0)
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            length, offset = (tag >> 2) + 1, int.from_bytes(data[at : at + width], "little")
            at += width
        start = len(out) - offset
        if not offset or start < 0:
            return None
        if offset >= length:
            out += out[start : start + length]
        else:  # a copy may overlap what it writes
            out += (bytes(out[start:]) * (length // offset + 1))[:length]
    if len(out) != size:
        return None
    meter.charge(size)
    return bytes(out)


def _size(data: bytes) -> tuple[int, int]:
    """Return the size that a block says it becomes, and where that ends."""
    at = shift = size = 0
    while at < len(data) and at < 5:
        size |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            break
    return size, at
