from __future__ import annotations

import struct

import pytest

from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

ROWS = [[cell.encode() for cell in one.cells] for one in SOME]


def old(order: str = "<") -> bytes:
    """A data set of release 114, whose phone is a number."""
    head = bytes([114, 2 if order == "<" else 1, 1, 0]) + struct.pack(f"{order}HI", 4, COUNT) + bytes(99)
    types = bytes([60, 60, 255, 120])
    names = b"".join(name.encode().ljust(33, b"\0") for name in NAMES)
    note = b"\1" + struct.pack(f"{order}I", 5) + b"a\0b\0c" + bytes(5)
    rows = b"".join(
        row[0].ljust(60, b"\0")
        + row[1].ljust(60, b"\0")
        + struct.pack(f"{order}d", int(row[2]))
        + row[3].ljust(120, b"\0")
        for row in ROWS
    )
    return head + types + names + bytes(10 + 4 * (49 + 33 + 81)) + note + rows


def tagged() -> bytes:
    """A data set of release 118, whose addresses are long strings."""
    head = b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>" + struct.pack("<H", 4) + b"</K><N>"
    head += struct.pack("<Q", COUNT) + b"</N></header><map>" + bytes(112) + b"</map><variable_types>"
    head += struct.pack("<4H", 60, 60, 11, 32768) + b"</variable_types><varnames>"
    head += b"".join(name.encode().ljust(129, b"\0") for name in NAMES) + b"</varnames><data>"
    rows = b"".join(
        row[0].ljust(60, b"\0") + row[1].ljust(60, b"\0") + row[2] + struct.pack("<HIH", 4, number, 0)
        for number, row in enumerate(ROWS, 1)
    )
    long = b"".join(
        b"GSO" + struct.pack("<IQBI", 4, number, 130, len(row[3]) + 1) + row[3] + b"\0"
        for number, row in enumerate(ROWS, 1)
    )
    return head + rows + b"</data><strls>" + long + b"</strls><value_labels></value_labels></stata_dta>"


@pytest.mark.parametrize("data", [old("<"), old(">"), tagged()])
def test_every_row_of_every_release(data: bytes) -> None:
    assert seen(data) == ("stata", COUNT, [])
    assert unpack_body(data).parts[0].columns == NAMES


def test_a_cut_data_set_is_a_gap_and_gives_what_it_has() -> None:
    data = tagged()[:6000]
    assert "malformed" in reasons(data)
    assert SOME[0].phone in text_of(unpack_body(data))


@pytest.mark.parametrize("count", [COUNT - 1, 2**32 - 1])
def test_a_lying_count_hides_no_row(count: int) -> None:
    data = old()
    lying = data[:6] + struct.pack("<I", count) + data[10:]
    assert "failed" not in reasons(lying)
    assert sum(one.phone in text_of(unpack_body(lying)) for one in SOME) >= COUNT - 1
