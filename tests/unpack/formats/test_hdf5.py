from __future__ import annotations

import struct
import zlib

import pytest

from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

UNSET = 2**64 - 1
WIDTHS = (24, 24, 8, 120)


class File:
    """Writes HDF5 of the first kind (superblock 0), a group with datasets in it."""

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


def compound() -> bytes:
    members, offset = b"", 0
    for name, width in zip(NAMES, WIDTHS, strict=True):
        inner = INTEGER if name == "phone" else text(width)
        padded = name.encode() + bytes(8 - len(name) % 8)
        members += padded + struct.pack("<IB3xII4I", offset, 0, 0, 0, 0, 0, 0, 0) + inner
        offset += width
    return b"\x16" + struct.pack("<I", len(NAMES))[:3] + struct.pack("<I", offset) + members


def records() -> bytes:
    return b"".join(
        one.number.encode().ljust(24, b"\0")
        + one.name.encode().ljust(24, b"\0")
        + struct.pack("<q", int(one.phone))
        + one.address.encode().ljust(120, b"\0")
        for one in SOME
    )


def whole() -> bytes:
    file = File()
    data = file.put(records())
    layout = struct.pack("<BBQQ", 3, 1, data, COUNT * sum(WIDTHS))
    return file.finish(file.group({"t": file.header([(1, space(COUNT)), (3, compound()), (8, layout)])}))


def blocks() -> bytes:
    """Return records as PyTables keeps a frame of pandas: the columns of one width are an array."""
    file = File()
    array = b"\x1a\0\0\0" + struct.pack("<I", 240) + b"\1\0\0\0" + struct.pack("<II", 2, 0) + text(120)
    members, offset = b"", 0
    for name, inner, size in (("index", INTEGER, 8), ("values_block_0", array, 240)):
        members += name.encode().ljust(-(-(len(name) + 1) // 8) * 8, b"\0")
        members += struct.pack("<IB3xII4I", offset, 0, 0, 0, 0, 0, 0, 0) + inner
        offset += size
    kind = b"\x16" + struct.pack("<I", 2)[:3] + struct.pack("<I", offset) + members
    held = b"".join(
        struct.pack("<q", number) + one.phone.encode().ljust(120, b"\0") + one.address.encode().ljust(120, b"\0")
        for number, one in enumerate(SOME)
    )
    layout = struct.pack("<BBQQ", 3, 1, file.put(held), len(held))
    return file.finish(file.group({"table": file.header([(1, space(COUNT)), (3, kind), (8, layout)])}))


def packed() -> bytes:
    """Return records in two chunks, their bytes shuffled and deflated."""
    file, size, half = File(), sum(WIDTHS), COUNT // 2
    keys = b""
    for number in range(2):
        raw = records()[number * half * size : (number + 1) * half * size]
        chunk = zlib.compress(b"".join(raw[place::size] for place in range(size)))
        keys += struct.pack("<IIQQQ", len(chunk), 0, number * half, 0, file.put(chunk))
    tree = file.put(b"TREE\1\0" + struct.pack("<HQQ", 2, UNSET, UNSET) + keys + bytes(24))
    layout = struct.pack("<BBBQII", 3, 2, 2, tree, half, size)
    filters = (
        struct.pack("<BB6x", 1, 2)
        + struct.pack("<HHHHII", 2, 0, 0, 1, size, 0)
        + struct.pack("<HHHHII", 1, 0, 0, 1, 6, 0)
    )
    members = [(1, space(COUNT)), (3, compound()), (11, filters), (8, layout)]
    return file.finish(file.group({"t": file.header(members)}))


def columns() -> bytes:
    """Return a column each, of texts of any length in a heap."""
    file, members = File(), {}
    for place, name in enumerate(NAMES):
        cells = [one.cells[place].encode() for one in SOME]
        held = b"".join(
            struct.pack("<HH4xQ", number, 1, len(cell)) + cell + bytes(-len(cell) % 8)
            for number, cell in enumerate(cells, 1)
        )
        heap = file.put(b"GCOL\1\0\0\0" + struct.pack("<Q", 16 + len(held)) + held)
        rows = b"".join(struct.pack("<IQI", len(cell), heap, number) for number, cell in enumerate(cells, 1))
        layout = struct.pack("<BBQQ", 3, 1, file.put(rows), len(rows))
        members[name] = file.header([(1, space(COUNT)), (3, VARYING), (8, layout)])
    inner = file.group(members)
    return file.finish(file.group({"orders": inner}))


@pytest.mark.parametrize("data", [whole(), packed(), columns(), blocks()])
def test_rows_and_columns_are_rows(data: bytes) -> None:
    assert seen(data) == ("hdf5", COUNT, [])


def test_names_are_columns() -> None:
    assert unpack_body(whole()).parts[0].columns == NAMES
    assert sorted(unpack_body(columns()).parts[0].columns) == sorted(NAMES)


def test_weights_are_quiet() -> None:
    file = File()
    layout = struct.pack("<BBQQ", 3, 1, file.put(struct.pack("<1000d", *range(1000))), 8000)
    double = b"\x11\x20\x3f\0" + struct.pack("<I", 8) + struct.pack("<HHBBBBI", 0, 64, 52, 11, 0, 52, 1023)
    data = file.finish(file.group({"w": file.header([(1, space(1000)), (3, double), (8, layout)])}))
    assert (text_of(unpack_body(data)), reasons(data)) == ("", [])


def test_what_lies_does_not_fail_or_go_round() -> None:
    for data in (whole(), packed(), columns(), blocks()):
        for step in (31, 67, 113):
            broken = bytearray(data)
            for at in range(64, len(data), step):
                broken[at] ^= 0xFF
            assert "failed" not in reasons(bytes(broken))
        assert "failed" not in reasons(data[: len(data) // 2])
    file = File()
    root = file.group({"a": 0})
    data = file.finish(root).replace(struct.pack("<QQII", 8, 0, 0, 0), struct.pack("<QQII", 8, root, 0, 0))
    assert reasons(data) == []
