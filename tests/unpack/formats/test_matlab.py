from __future__ import annotations

import struct
import zlib

import pytest

from tests.samples.tools import _char, _element, _matrix, matlab
from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, tight, unpack_body

ROWS = [one.cells for one in SOME]
HEAD = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"


@pytest.mark.parametrize("compressed", [False, True])
def test_a_cell_array_is_rows(compressed: bool) -> None:  # noqa: FBT001 - a parameter of the table
    assert seen(matlab(ROWS, compressed=compressed)) == ("matlab", COUNT, [])


def test_fields_of_one_length_side_by_side_are_rows() -> None:
    columns = b"".join(
        _matrix(1, (COUNT, 1), "", b"".join(_char(row[place]) for row in ROWS)) for place in range(len(NAMES))
    )
    names = b"".join(name.encode().ljust(32, b"\0") for name in NAMES)
    held = _element(5, struct.pack("<i", 32)) + _element(1, names) + columns
    assert seen(HEAD + _matrix(2, (1, 1), "t", held)) == ("matlab", COUNT, [])


def test_a_structure_array_is_objects() -> None:
    names = b"".join(name.encode().ljust(32, b"\0") for name in NAMES)
    held = (
        _element(5, struct.pack("<i", 32)) + _element(1, names) + b"".join(_char(cell) for row in ROWS for cell in row)
    )
    assert seen(HEAD + _matrix(2, (1, COUNT), "t", held)) == ("matlab", COUNT, [])


def test_numbers_that_may_be_phones_are_kept_and_measurements_are_not() -> None:
    phones = _element(9, struct.pack(f"<{COUNT}d", *(float(row[2]) for row in ROWS)))
    small = _element(9, struct.pack("<3d", 1.5, 271828.0, 3.0))
    text = text_of(unpack_body(HEAD + _matrix(6, (COUNT, 1), "phones", phones) + _matrix(6, (3, 1), "w", small)))
    assert ROWS[5][2] in text
    assert "271828" not in text


def test_hostile_files() -> None:
    whole = matlab(ROWS)
    deep = _char("x")
    for _ in range(300):
        deep = _matrix(1, (1, 1), "", deep)
    bomb = zlib.compress(_matrix(4, (1, 40_000_000), "b", _element(4, bytes(80_000_000))))
    for data in (
        whole[:-500],
        whole[:200],
        HEAD + deep,
        HEAD + struct.pack("<2I", 15, len(bomb)) + bomb,
        HEAD + _matrix(1, (2**31 - 1, 2**31 - 1), "a", _char("x")),
        HEAD + _matrix(2, (1, 1), "s", _element(5, struct.pack("<i", 0)) + _element(1, b"abc")),
        HEAD + struct.pack("<2I", 14, 2**32 - 1),
        HEAD + b"\xff" * 64,
    ):
        assert "failed" not in reasons(data)


def test_numbers_of_the_other_order_of_bytes_are_read() -> None:
    def element(kind: int, body: bytes) -> bytes:
        return struct.pack(">2I", kind, len(body)) + body + bytes(-len(body) % 8)

    phones = struct.pack(">3d", 13800138001.0, 13800138002.0, 13800138003.0)
    matrix = element(6, struct.pack(">2I", 6, 0)) + element(5, struct.pack(">2i", 3, 1)) + element(1, b"p")
    data = HEAD[:124] + b"\1\0MI" + element(14, matrix + element(9, phones))
    assert all(f"1380013800{number}" in text_of(unpack_body(data)) for number in (1, 2, 3))


def test_a_text_of_as_many_rows_as_signs_counts_as_so_many_values() -> None:
    held = _element(4, ("客" * 5000).encode("utf-16-le"))
    assert "malformed" in reasons(HEAD + _matrix(4, (5000, 1), "a", held), tight(values=1000))


def test_what_goes_on_behind_what_holds_it_is_a_gap() -> None:
    lying = _element(6, struct.pack("<2I", 1, 0)) + _element(5, struct.pack("<2i", 1, 1)) + struct.pack("<2I", 1, 900)
    data = HEAD + struct.pack("<2I", 14, len(lying)) + lying + b"13800138000 " * 100
    assert reasons(data) == ["malformed"]
    assert "13800138000" in text_of(unpack_body(data))


def test_names_of_fields_count_as_values() -> None:
    fields = _element(5, struct.pack("<i", 1)) + _element(1, b"a" * 5000)
    assert "malformed" in reasons(HEAD + _matrix(2, (1, 1), "a", fields), tight(values=1000))


def test_variables_before_one_that_is_too_large_are_read() -> None:
    bomb = zlib.compress(bytes(30_000_000), 9)
    data = HEAD + _matrix(4, (1, 11), "a", _element(4, "13800138000".encode("utf-16-le")))
    unpacked = unpack_body(data + struct.pack("<2I", 15, len(bomb)) + bomb)
    assert [gap.reason for gap in unpacked.gaps] == ["too-large"]
    assert "13800138000" in text_of(unpacked)


def test_cells_before_one_that_is_broken_are_read() -> None:
    cells = b"".join(_char(f"1380013800{number}") for number in range(3)) + struct.pack("<2I", 14, 1 << 20) + bytes(8)
    held = zlib.compress(_matrix(1, (4, 1), "a", cells))
    data = HEAD + struct.pack("<2I", 15, len(held)) + held
    assert reasons(data) == ["malformed"]
    assert all(f"1380013800{number}" in text_of(unpack_body(data)) for number in range(3))


def test_what_is_packed_and_is_no_variable_is_a_gap() -> None:
    held = zlib.compress(_element(1, b"13800138000"))
    assert reasons(HEAD + struct.pack("<2I", 15, len(held)) + held) == ["malformed"]
