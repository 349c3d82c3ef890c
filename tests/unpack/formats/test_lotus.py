from __future__ import annotations

import struct

from tests.samples.tools import lotus
from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

ROWS = [NAMES, *(one.cells for one in SOME)]
HEAD = b"\0\0\x1a\0\0\x10\x04\0" + bytes(22)


def record(kind: int, place: tuple[int, int, int], value: bytes) -> bytes:
    row, sheet, column = place
    body = struct.pack("<HBB", row, sheet, column) + value
    return struct.pack("<HH", kind, len(body)) + body


def test_rows_are_rows() -> None:
    assert seen(lotus(ROWS)) == ("lotus", COUNT, [])
    assert NAMES in [part.columns for part in unpack_body(lotus(ROWS)).parts]


def test_the_third_release_has_sheets_and_numbers_of_its_own() -> None:
    real = struct.pack("<QH", 13800138000 << 30, 16383 + 63 - 30)
    cells = record(0x16, (0, 0, 0), b"'first\0") + record(0x17, (1, 0, 0), real)
    cells += record(0x18, (1, 0, 1), struct.pack("<h", 21 << 1)) + record(
        0x18, (1, 0, 2), struct.pack("<h", 7 << 4 | 3)
    )
    cells += record(0x25, (2, 1, 0), struct.pack("<I", 12345 << 6 | 16 | 2)) + record(
        0x27, (2, 1, 1), struct.pack("<d", 2.5)
    )
    unpacked = unpack_body(HEAD + cells + b"\1\0\0\0")
    assert [part.text for part in unpacked.parts if "sheet" in str(part.location)] == [
        "first\n13800138000\t21\t3500\n",
        "123.45\t2.5\n",
    ]
    assert unpacked.gaps == ()


def test_hostile_worksheets() -> None:
    whole = lotus(ROWS)
    wide = b"".join(record(0x16, (n, n % 256, 255), b"'x\0") for n in range(30_000))
    huge = record(0x17, (0, 0, 0), b"\xff" * 10)
    for data in (
        whole[:-9],
        whole[:40],
        HEAD + wide,
        HEAD + huge + b"\1\0\0\0",
        HEAD + b"\x16\0\xff\xff",
        HEAD + bytes(64),
    ):
        assert "failed" not in reasons(data)
    assert "13800138000" in text_of(unpack_body(whole + b"call 13800138000"))


def test_small_numbers_have_eight_scales() -> None:
    cells = b"".join(record(0x18, (0, 0, column), struct.pack("<h", 200 << 4 | column << 1 | 1)) for column in range(8))
    text = text_of(unpack_body(HEAD + cells + b"\1\0\0\0"))
    assert text == "1000000\t100000\t10\t1\t0.1\t0.01\t12.5\t3.125\n"


def test_a_cell_that_is_written_over_is_read_too() -> None:
    cells = record(0x16, (0, 0, 0), b"'13800138000\0") + record(0x16, (0, 0, 0), b"'13900139000\0")
    text = text_of(unpack_body(HEAD + cells + struct.pack("<HH", 1, 0)))
    assert "13800138000" in text
    assert "13900139000" in text


def test_rows_of_many_sheets_are_in_their_sheets() -> None:
    cells = b"".join(
        record(0x16, (row, sheet, 2), b"'%d of %d\0" % (row, sheet)) for row in (5, 1) for sheet in (2, 0, 1)
    )
    parts = unpack_body(HEAD + cells + struct.pack("<HH", 1, 0)).parts
    assert [str(part.location) for part in parts if "of" in part.text] == [f"body > sheet {n}" for n in (1, 2, 3)]
    assert [part.text for part in parts if "of" in part.text] == [f"\t\t1 of {n}\n\t\t5 of {n}\n" for n in range(3)]
