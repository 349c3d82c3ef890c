"""What arj and lzop write, in the plainest of their ways: literals, and for LZO the text once more by one copy."""

from __future__ import annotations

import struct
import zlib


def arj(plain: bytes, *, fastest: bool = False) -> bytes:
    """Return an archive of one file, stored or by method 4."""
    packed = plain
    if fastest:  # a zero bit says that a literal follows
        bits = "".join(f"0{byte:08b}" for byte in plain)
        packed = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))
    member = _header(0, b"a.csv", len(packed), len(plain), 4 if fastest else 0) + packed
    return _header(2, b"all.arj", 0, 0, 0) + member + b"\x60\xea\0\0"


def _header(kind: int, name: bytes, packed: int, size: int, method: int) -> bytes:
    body = struct.pack("<8B4I3H", 30, 11, 1, 0, 0, method, kind, 0, 0, packed, size, 0, 0, 0, 0) + name + b"\0\0"
    return b"\x60\xea" + struct.pack("<H", len(body)) + body + struct.pack("<I", zlib.crc32(body)) + b"\0\0"


def lzop(plain: bytes) -> bytes:
    """Return a file with `plain` twice."""
    far = len(plain) > 16_384
    copy = bytes([0x10 | (len(plain) >= 32_768) << 3 if far else 0x20]) + _more(len(plain) - 2 - (7 if far else 31))
    distance = (len(plain) - 16_384) & 0x3FFF if far else len(plain) - 1
    stream = b"\0" + _more(len(plain) - 18) + plain + copy + struct.pack("<H", distance << 2) + b"\x11\0\0"
    head = struct.pack(">HHHBBIIIIB", 0x1040, 0x20A0, 0x0940, 1, 5, 0, 0o100644, 0, 0, 0)
    block = struct.pack(">II", 2 * len(plain), len(stream)) + stream
    return b"\x89LZO\0\r\n\x1a\n" + head + bytes(4) + block + bytes(4)


def _more(count: int) -> bytes:
    """Return a length that is too long for its instruction: 255 for each zero, and the rest."""
    return bytes((count - 1) // 255) + bytes([(count - 1) % 255 + 1])
