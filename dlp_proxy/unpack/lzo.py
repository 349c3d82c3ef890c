"""LZO1X streams, and the files of lzop that hold them block by block.

Sources: *LZO stream format as understood by Linux's LZO decompressor* (`Documentation/staging/lzo.rst` of the kernel);
the header of lzop 1.04 (`lzop.c`, `p_lzo.c`).
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from typing import Final

from dlp_proxy.unpack.budget import Exhausted, Meter

MAGIC: Final = b"\x89LZO\0\r\n\x1a\n"

_ADLER, _CRC = 0x001, 0x100  # of what is unpacked; the next two of what is packed
_ADLER_PACKED, _CRC_PACKED = 0x002, 0x200
_EXTRA, _FILTER = 0x040, 0x800
_WITH_LEVEL: Final = 0x0940
"""The first version whose header has a level, and the time in eight bytes."""
_OFTEN: Final = 128 * 1024
"""Bytes made after which the time is asked for."""


def lzop(data: bytes, meter: Meter) -> tuple[bytes, int, str, Exhausted | None]:
    """Return what a file of lzop holds, where it ends, what is wrong with it, and the limit that was reached."""
    pieces: list[bytes] = []
    at = 0
    try:
        while data.startswith(MAGIC, at):
            at, checks, packed_checks = _header(data, at + len(MAGIC))
            while size := _number(data, at):
                packed = _number(data, at + 4)
                at += 8 + 4 * (checks + (packed_checks if packed < size else 0))
                room = meter.room
                block = data[at : at + packed]
                made = block if packed >= size else lzo1x(block, min(size, room), meter.budget.hurry)
                pieces.append(made[:room])
                meter.charge(len(pieces[-1]))
                if size > room:
                    raise meter.overrun()
                if len(block) < packed or len(made) < size:
                    return b"".join(pieces), len(data), "is broken", None
                at += packed
            at += 4
    except struct.error:
        return b"".join(pieces), len(data), "is cut short", None
    except Exhausted as reached:
        return b"".join(pieces), len(data), "", reached
    return b"".join(pieces), at, "", None


def _number(data: bytes, at: int) -> int:
    number: int = struct.unpack_from(">I", data, at)[0]
    return number


def _header(data: bytes, at: int) -> tuple[int, int, int]:
    """Return where the blocks begin, and how many checksums each has: always, and where it is packed."""
    (version,) = struct.unpack_from(">H", data, at)
    late = version >= _WITH_LEVEL
    at += 8 if late else 5  # versions, the method and its level
    flags = _number(data, at)
    at += 4 + (4 if flags & _FILTER else 0) + (12 if late else 8)  # the filter, mode and times
    (name,) = struct.unpack_from(">B", data, at)
    at += 1 + name + 4
    if flags & _EXTRA:
        at += 4 + _number(data, at) + 4
    checks = bool(flags & _ADLER) + bool(flags & _CRC)
    return at, checks, bool(flags & _ADLER_PACKED) + bool(flags & _CRC_PACKED)


def lzo1x(data: bytes, size: int, hurry: Callable[[], None]) -> bytes:
    """Return what a stream holds, up to `size` bytes; of a broken one what comes before the damage.

    Raises:
        Exhausted: `hurry` does, which is asked now and then.
    """
    out = bytearray()
    with contextlib.suppress(IndexError):  # cut short
        _unpack(data, size, out, hurry)
    return bytes(out[:size])


def _unpack(data: bytes, size: int, out: bytearray, hurry: Callable[[], None]) -> None:
    """Follow the instructions; `state` is how many literals the last one copied, four for more."""
    at = state = asked = 0
    if data[0] > 17:
        run = data[0] - 17
        out += data[1 : 1 + run]
        at, state = 1 + run, min(run, 4)
    while len(out) < size:
        if len(out) > asked:
            hurry()
            asked = len(out) + _OFTEN
        code = data[at]
        at += 1
        tail = code
        if code >= 64:
            length = (code >> 5) + 1
            distance = (data[at] << 3) + (code >> 2 & 7) + 1
            at += 1
        elif code >= 16:
            mask = 31 if code >= 32 else 7
            length, at = _length(data, at, code & mask, mask)
            length += 2
            tail = data[at] | data[at + 1] << 8
            at += 2
            distance = (tail >> 2) + (1 if code >= 32 else 16384 + ((code & 8) << 11))
            if code < 32 and distance == 16384:
                return
        elif state == 0:
            length, at = _length(data, at, code, 15)
            out += data[at : at + length + 3]
            at, state = at + length + 3, 4
            continue
        else:
            length = 2 if state < 4 else 3
            distance = (data[at] << 2) + (code >> 2) + (1 if state < 4 else 2049)
            at += 1
        if distance > len(out):
            return
        length = min(length, size - len(out))
        start = len(out) - distance
        out += out[start : start + length] if distance >= length else (out[start:] * (length // distance + 1))[:length]
        state = tail & 3
        out += data[at : at + state]
        at += state


def _length(data: bytes, at: int, said: int, most: int) -> tuple[int, int]:
    """Return a length, and where what follows begins: zero says that it is longer, 255 for each zero behind it."""
    if said:
        return said, at
    start = at
    while not data[at]:
        at += 1
    return most + 255 * (at - start) + data[at], at + 1
