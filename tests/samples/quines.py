"""Files that unpack to themselves.

A program of two instructions that Deflate has: to print what follows, and to print the last bytes again. All of them
take as many bytes, so that they can print each other. The idea is Russ Cox's (2010); the checksum is solved for.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Final

_UNIT: Final = 10
"""Bytes of an instruction."""
_UNITS: Final = 30
_SHORT: Final = 33
_LAST: Final = b"\1\0\0\xff\xff"
"""The last block, with nothing in it."""
_NOTHING: Final = b"\0\0\0\xff\xff"
_NAME: Final = b"self.zip"


def gzip_file() -> bytes:
    return _solved_file(_gzip)


def zip_file() -> bytes:
    return _solved_file(_zip)


def _solved_file(make: Callable[[int, int], bytes]) -> bytes:
    """Return the file that `make` returns for some time stamp and for the checksum that it then has."""
    for stamp in range(64):
        zero = zlib.crc32(make(stamp, 0))
        columns = [zlib.crc32(make(stamp, 1 << bit)) ^ zero ^ 1 << bit for bit in range(32)]
        checksum = _solved(columns, zero)
        if checksum is not None:
            return make(stamp, checksum)
    raise AssertionError("no time stamp gives a checksum")


def _gzip(stamp: int, checksum: int) -> bytes:
    head = b"\x1f\x8b\x08\x08" + struct.pack("<I", stamp) + b"\0\3self\0"
    size = 2 * len(head) + 2 * (len(_LAST) + 8) + _UNITS * _UNIT
    return _program(head, _LAST + struct.pack("<2I", checksum, size))


def _zip(stamp: int, checksum: int) -> bytes:
    local, entry, end = 30 + len(_NAME), 46 + len(_NAME), 22
    size = 2 * local + 2 * (len(_LAST) + entry + end) + _UNITS * _UNIT
    packed = size - local - entry - end
    facts = struct.pack("<5H3L2H", 20, 0, 8, stamp, 0x21, checksum, packed, size, len(_NAME), 0)
    directory = b"PK\1\2\x14\0" + facts + struct.pack("<3H2L", 0, 0, 0, 0, 0) + _NAME
    closing = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), local + packed, 0)
    return _program(b"PK\3\4" + facts + _NAME, _LAST + directory + closing)


def _program(head: bytes, tail: bytes) -> bytes:
    begin, end = len(head) + _UNIT, len(tail) + _UNIT
    one, four, none = _print(_UNIT), _print(4 * _UNIT), _print(0)
    again, again_begin, again_end = _again(4 * _UNIT), _again(begin), _again(end)
    return (
        head + _print(begin) + head + _print(begin) + again_begin + one + again_begin + one + one
        + four + again_begin + one + one + four + again + four + again + four + again + four + again
        + four + again + none + none + _print(end) + again + none + none + _print(end) + again_end + tail + again_end + tail
    )  # fmt: skip


def _print(size: int) -> bytes:
    return _NOTHING + struct.pack("<B2H", 0, size, size ^ 0xFFFF)


def _again(size: int) -> bytes:
    """Return a block that prints the last `size` bytes again (RFC 1951, 3.2.5), with empty ones to fill a unit."""
    fixed, stop, stored = "010", "0000000", "000"
    if size < _SHORT:
        bits = fixed + _match(size // 2, size) + _match(size - size // 2, size) + stop + stored
    else:
        bits = fixed + stop + fixed + _match(size, size) + stop + stored
    made = int(bits[::-1], 2).to_bytes((len(bits) + 7) // 8, "little") + b"\0\0\xff\xff"
    assert len(made) == _UNIT
    return made


def _match(length: int, distance: int) -> str:
    more = (length - 3).bit_length() - 3
    bits = f"{1 + (more << 2) + (length - 3 >> more):07b}" + _lowest_first(length - 3, more)
    more = (distance - 1).bit_length() - 2
    return bits + f"{2 * more + (distance - 1 >> more):05b}" + _lowest_first(distance - 1, more)


def _lowest_first(value: int, bits: int) -> str:
    return f"{value & (1 << bits) - 1:0{bits}b}"[::-1]


def _solved(columns: Sequence[int], wanted: int) -> int | None:
    """Return the x of which the columns that its bits choose are `wanted` together (Gauss, modulo two)."""
    basis: dict[int, tuple[int, int]] = {}
    for bit, column in enumerate(columns):
        value, chosen = column, 1 << bit
        while value:
            top = value.bit_length()
            if top not in basis:
                basis[top] = value, chosen
                break
            value, chosen = value ^ basis[top][0], chosen ^ basis[top][1]
    answer = 0
    while wanted:
        held = basis.get(wanted.bit_length())
        if held is None:
            return None
        wanted, answer = wanted ^ held[0], answer ^ held[1]
    return answer
