from __future__ import annotations

import struct
import zlib

import pytest

from dlp_proxy.unpack import hdf5_objects
from tests.samples import traps
from tests.unpack.customers import COUNT, CSV, NAMES, SOME, reasons, seen
from tests.unpack.hdf5_writer import INTEGER, UNSET, VARYING, File, space, text
from tests.unpack.samples import text_of, unpack_body

TRAPS = dict(traps.hdf5())
WIDTHS = (24, 24, 8, 120)


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


def dataset(file: File, kind: bytes, data: bytes, count: int) -> int:
    layout = struct.pack("<BBQQ", 3, 1, file.put(data), len(data))
    return file.header([(1, space(count)), (3, kind), (8, layout)])


def of_members(members: list[tuple[bytes, int, bytes]], size: int) -> bytes:
    """Return a compound: name, offset and type of each member."""
    written = b"".join(
        name + bytes(8 - len(name) % 8) + struct.pack("<IB3xII4I", offset, 0, 0, 0, 0, 0, 0, 0) + inner
        for name, offset, inner in members
    )
    return b"\x16" + struct.pack("<I", len(members))[:3] + struct.pack("<I", size) + written


def test_members_that_lie_over_each_other_are_a_gap_and_strings() -> None:
    for members in ([(b"a", 0, text(40)), (b"b", 0, text(40))], [(b"a", 30, text(40))]):
        file = File()
        data = file.finish(file.group({"t": dataset(file, of_members(members, 40), b"phone 13800138000".ljust(40), 1)}))
        assert reasons(data) == ["unknown-format"]
        assert "13800138000" in text_of(unpack_body(data))


def test_an_element_of_which_only_a_part_is_there_is_a_gap() -> None:
    array = b"\x1a\0\0\0" + struct.pack("<I", 4000) + b"\1\0\0\0" + struct.pack("<II", 4000, 0) + text(1)
    file = File()
    data = file.finish(file.group({"t": dataset(file, of_members([(b"a", 0, array)], 4000), b"x" * 64, 1)}))
    assert reasons(data) == ["unknown-format"]


def test_more_than_a_dataset_says_it_has_is_a_gap_and_strings() -> None:
    for dims in ((0,), (1,), (1, 1)):
        file = File()
        layout = struct.pack("<BBQQ", 3, 1, file.put(b"13800138000" * 2), 22)
        data = file.finish(file.group({"t": file.header([(1, space(*dims)), (3, text(11)), (8, layout)])}))
        assert reasons(data) == ["unknown-format"]
        assert "13800138000" in text_of(unpack_body(data))


def test_members_behind_one_of_true_and_false_are_read() -> None:
    boolean = b"\x18\2\0\0" + struct.pack("<I", 1) + b"\x10\x08\0\0" + struct.pack("<IHH", 1, 0, 8)
    boolean += b"FALSE\0\0\0TRUE\0\0\0\0\0\1"
    kind = of_members([(b"paid", 0, boolean), (b"phone", 1, text(11))], 12)
    file = File()
    data = file.finish(
        file.group({"t": dataset(file, kind, b"".join(b"\1" + one.phone.encode() for one in SOME), COUNT)})
    )
    assert all(one.phone in text_of(unpack_body(data)) for one in SOME)
    assert reasons(data) == []


def test_columns_of_one_name_are_both_read() -> None:
    file = File()
    some = [dataset(file, text(11), phone * 2, 2) for phone in (b"13800138000", b"13900139000")]
    data = file.finish(file.group({"phone": some[0], "photo": some[1]})).replace(b"photo\0", b"phone\0")
    assert all(phone in text_of(unpack_body(data)) for phone in ("13800138000", "13900139000"))


def test_more_things_than_are_followed_are_a_gap() -> None:
    file = File()
    members = {f"m{number}": file.header([]) for number in range(5100)}
    assert reasons(file.finish(file.group(members))) == ["unknown-format"]


def test_what_stands_behind_the_file_is_read() -> None:
    assert "13800138000" in text_of(unpack_body(whole() + b"and a phone 13800138000 behind it"))


def test_bytes_that_stood_together_are_elements_again() -> None:
    for size, count in ((8, 3), (3, 8), (1, 9), (9, 1), (4, 4)):
        rest = b"r" * (size - 1)
        raw = bytes(range(size * count)) + rest
        shuffled = b"".join(raw[place : size * count : size] for place in range(size)) + rest
        assert hdf5_objects._unshuffled(shuffled, size) == raw


@pytest.mark.parametrize("name", ["children.h5", "chunks.h5", "members.h5", "shuffles.h5", "heaps.h5", "continued.h5"])
def test_what_is_made_to_cost_much_is_a_gap(name: str) -> None:
    assert reasons(TRAPS[name]) == ["unknown-format"]


def attribute(name: str, kind: bytes, values: bytes, *dims: int) -> bytes:
    made = space(*dims) if dims else bytes([1, 0, 0, 0, 0, 0, 0, 0])
    head = struct.pack("<BBHHH", 1, 0, len(name) + 1, len(kind), len(made))
    return head + b"".join(part + bytes(-len(part) % 8) for part in (name.encode() + b"\0", kind, made)) + values


def with_message(kind: int, body: bytes) -> bytes:
    """Return a file with one dataset of nothing much and one message more."""
    file = File()
    layout = struct.pack("<BBQQ", 3, 1, file.put(bytes(8)), 8)
    return file.finish(file.group({"d": file.header([(1, space(1)), (3, INTEGER), (8, layout), (kind, body)])}))


@pytest.mark.parametrize(
    ("kind", "values", "dims"),
    [
        (text(30), b"".join(one.phone.encode().ljust(30, b"\0") for one in SOME), (COUNT,)),
        (INTEGER, b"".join(struct.pack("<q", int(one.phone)) for one in SOME), (COUNT,)),
        (INTEGER, CSV, (len(CSV) // 8,)),
    ],
)
def test_every_value_of_an_attribute_is_read(kind: bytes, values: bytes, dims: tuple[int, ...]) -> None:
    words = text_of(unpack_body(with_message(12, attribute("a", kind, values, *dims))))
    assert sum(one.phone in words for one in SOME) >= COUNT - 1


def test_links_and_attributes_in_heaps_are_a_gap() -> None:
    assert reasons(with_message(21, struct.pack("<BBQQ", 0, 0, 400, 500))) == ["unknown-format"]
    assert reasons(with_message(2, struct.pack("<BBQQ", 0, 0, 400, 500))) == ["unknown-format"]
    assert reasons(with_message(21, struct.pack("<BBQQ", 0, 0, UNSET, UNSET))) == []


@pytest.mark.parametrize(
    "kind", [b"\x10\x08\0\0" + struct.pack("<IHH", 2, 0, 16), b"\x10\0\0\0" + struct.pack("<IHH", 1, 0, 8)]
)
def test_a_file_that_was_read_as_numbers_is_read(kind: bytes) -> None:
    width = kind[4]
    held = b"\x90\xff" * 300 + CSV + bytes(len(CSV) % 2)
    file = File()
    layout = struct.pack("<BBQQ", 3, 1, file.put(held), len(held))
    data = file.finish(file.group({"d": file.header([(1, space(len(held) // width)), (3, kind), (8, layout)])}))
    assert sum(one.phone in text_of(unpack_body(data)) for one in SOME) == COUNT


def test_whatever_stands_beside_the_datasets_is_read_or_a_gap() -> None:
    canary = b"canary 13711223344 end"
    pieces = [canary[at : at + 7].decode() for at in range(len(canary) - 6)]
    for data in (whole(), packed(), columns()):
        hidden = []
        for at in range(100, len(data) - len(canary), max(37, len(data) // 150)):
            unpacked = unpack_body(data[:at] + canary + data[at + len(canary) :])
            if not unpacked.gaps and not any(piece in text_of(unpacked) for piece in pieces):
                hidden.append(at)
        assert hidden == []
