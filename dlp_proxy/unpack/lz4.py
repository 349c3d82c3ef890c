"""Blocks of LZ4 without a frame, as databases and Firefox keep them.

Source: lz4/lz4, *doc/lz4_Block_format.md*. Frames are read by libarchive.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.unpack.budget import Meter

_FRAME: Final = b"\x04\x22\x4d\x18"
_LEGACY: Final = b"\x02\x21\x4c\x18"
MOZILLA: Final = b"mozLz40\0"
"""How Firefox begins its files: this, the size in four bytes, and one block."""

_SIZE: Final = 4
_LEAST: Final = 4
"""Bytes of the shortest copy."""
_FULL: Final = 15
_OFTEN: Final = 4096
"""Tokens after which the time is looked at."""
_STEP: Final = 1 << 20
"""Bytes that are copied at once: no more are held twice."""
_AT_MOST: Final = 255
"""Bytes that one byte may become."""


def mozilla(data: bytes, meter: Meter) -> tuple[bytes, int, str]:
    """Return what a file of Firefox holds, where it ends, and what is wrong with it.

    Raises:
        Exhausted: it holds more than may be unpacked.
    """
    at = len(MOZILLA)
    size = int.from_bytes(data[at : at + _SIZE], "little")
    made = unblock(data, at + _SIZE, size, meter)
    return made, len(data), "" if len(made) == size else "is broken"


def sized(data: bytes, meter: Meter) -> bytes | None:
    """Return what a block holds that stands behind its size; None where it is none, to the last byte, or too much.

    Raises:
        Exhausted: there is no time.
    """
    size = int.from_bytes(data[:_SIZE], "little")
    if not len(data) - 2 * _SIZE <= size <= min(_AT_MOST * len(data), meter.room) or data[_SIZE : _SIZE + 1] < b"\x10":
        return None
    made = unblock(data, _SIZE, size, meter)
    return made if len(made) == size else None


def unblock(data: bytes, at: int, size: int, meter: Meter) -> bytes:
    """Return what a block from `at` on holds, as far as it is one, and no more than `size` bytes.

    Raises:
        Exhausted: it holds more than may be unpacked.
    """
    if size > meter.room:
        raise meter.overrun()
    out = bytearray()
    tokens = 0
    while at < len(data) and len(out) < size:
        tokens += 1
        if tokens % _OFTEN == 0:
            meter.budget.hurry()
        token = data[at]
        length, at = _length(data, at + 1, token >> 4)
        out += data[at : at + length]
        at += length
        if at + 2 > len(data):
            break
        offset = int.from_bytes(data[at : at + 2], "little")
        length, at = _length(data, at + 2, token & _FULL)
        start, left = len(out) - offset, min(length + _LEAST, size - len(out))
        if not offset or start < 0:
            break
        most = max(offset, _STEP // offset * offset)
        while left > 0:  # a copy may overlap what it writes: then that is of as many turns as there are, each time more
            piece = out[start : start + min(left, most)]
            out += piece
            left -= len(piece)
    made = bytes(memoryview(out)[:size])
    meter.charge(len(made))
    return made


def _length(data: bytes, at: int, length: int) -> tuple[int, int]:
    """Return a length that bytes of 255 lengthen, and where they end."""
    if length == _FULL:
        while at < len(data):
            length += data[at]
            at += 1
            if data[at - 1] != _AT_MOST:
                break
    return length, at


def end_of_frames(data: bytes) -> int:
    """Return where the frames end that stand at the beginning, as far as they are whole (*lz4_Frame_format.md*)."""
    at = 0
    while (following := _end_of_frame(data, at)) > at:
        at = following
    return at


def _end_of_frame(data: bytes, at: int) -> int:
    magic = data[at : at + 4]
    if magic[1:] == b"\x2a\x4d\x18" and magic[0] & 0xF0 == 0x50:  # to be skipped
        return min(len(data), at + 8 + int.from_bytes(data[at + 4 : at + 8], "little"))
    if magic == _LEGACY:
        return _end_of_blocks(data, at + 4, 0)
    if magic != _FRAME or at + 7 > len(data):
        return at
    flags = data[at + 4]
    head = at + 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    end = _end_of_blocks(data, head, 4 if flags & 16 else 0)
    return min(len(data), end + (4 if flags & 4 else 0))


def _end_of_blocks(data: bytes, at: int, checksum: int) -> int:
    """Return where blocks end: behind a size of zero, or before what can be none."""
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        if not size:
            return at + 4
        following = at + 4 + (size & 0x7FFFFFFF) + checksum
        if following > len(data):
            break
        at = following
    return at
