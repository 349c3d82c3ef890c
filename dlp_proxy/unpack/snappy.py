"""Snappy blocks. Source: google/snappy, *format_description.txt*."""

from __future__ import annotations

from dlp_proxy.unpack.budget import Meter


def unsnap(data: bytes, meter: Meter) -> bytes | None:
    """Return what a block holds, None when it is broken.

    Raises:
        Exhausted: it holds more than may be unpacked.
    """
    at = shift = size = 0
    while at < len(data) and at < 5:
        size |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            break
    if size > meter.room:
        raise meter.overrun()
    out = bytearray()
    while at < len(data) and len(out) <= size:
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
        while length > 0:  # a copy may overlap what it writes
            piece = out[start : start + length]
            out += piece
            length -= len(piece)
            start += len(piece)
    if len(out) != size:
        return None
    meter.charge(size)
    return bytes(out)
