"""Writes HDF5 files of the first kind (superblock 0)."""

from __future__ import annotations

import struct
from typing import Final

UNSET: Final = 2**64 - 1


class File:
    """A file with a group and datasets in it."""

    def __init__(self) -> None:
        self.data = bytearray(96)

    def put(self, data: bytes) -> int:
        self.data += bytes(-len(self.data) % 8)
        self.data += data
        return len(self.data) - len(data)

    def header(self, messages: list[tuple[int, bytes]]) -> int:
        written = b""
        for kind, body in messages:
            padded = body + bytes(-len(body) % 8)
            written += struct.pack("<HHBxxx", kind, len(padded), 0) + padded
        return self.put(struct.pack("<BxHIIxxxx", 1, len(messages), 1, len(written)) + written)

    def group(self, members: dict[str, int]) -> int:
        names, places = bytearray(8), {}
        for name in sorted(members):
            places[name] = len(names)
            names += name.encode() + bytes(8 - len(name) % 8)
        held = self.put(bytes(names))
        heap = self.put(b"HEAP" + bytes(4) + struct.pack("<QQQ", len(names), 1, held))
        entries = b"".join(
            struct.pack("<QQII", places[name], members[name], 0, 0) + bytes(16) for name in sorted(members)
        )
        node = self.put(b"SNOD\1\0" + struct.pack("<H", len(members)) + entries)
        tree = self.put(b"TREE\0\0" + struct.pack("<HQQQQQ", 1, UNSET, UNSET, 0, node, 8))
        return self.header([(0x11, struct.pack("<QQ", tree, heap))])

    def finish(self, root: int) -> bytes:
        head = b"\x89HDF\r\n\x1a\n" + bytes(5) + b"\x08\x08\0" + struct.pack("<HHI", 4, 16, 0)
        head += struct.pack("<QQQQ", 0, UNSET, len(self.data), UNSET) + struct.pack("<QQ", 0, root)
        self.data[: len(head)] = head
        return bytes(self.data)


def space(*dims: int) -> bytes:
    return struct.pack("<BBB5x", 1, len(dims), 0) + struct.pack(f"<{len(dims)}Q", *dims)


def text(size: int) -> bytes:
    return b"\x13\1\0\0" + struct.pack("<I", size)


INTEGER = b"\x10\x08\0\0" + struct.pack("<I", 8) + struct.pack("<HH", 0, 64)
VARYING = b"\x19\x01\1\0" + struct.pack("<I", 16) + text(1)
