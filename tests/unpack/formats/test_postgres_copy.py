from __future__ import annotations

import struct

from tests.unpack.customers import COUNT, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(4) + struct.pack(">I", 6) + b"oldids"


def copied() -> bytes:
    """Write rows whose phones are integers, with an absent value in each."""
    rows = [
        [one.number.encode(), one.name.encode(), struct.pack(">q", int(one.phone)), one.address.encode(), None]
        for one in SOME
    ]
    cells = (
        [b"\xff\xff\xff\xff" if cell is None else struct.pack(">I", len(cell)) + cell for cell in row] for row in rows
    )
    return HEAD + b"".join(struct.pack(">H", 5) + b"".join(row) for row in cells) + b"\xff\xff"


def test_every_row_is_a_row() -> None:
    assert seen(copied()) == ("postgres_copy", COUNT, [])


def test_a_cut_one_is_a_gap_and_gives_what_it_has() -> None:
    assert reasons(copied()[:-500]) == ["malformed"]
    assert SOME[0].phone in text_of(unpack_body(copied()[:-500]))
    assert reasons(HEAD + struct.pack(">HI", 3, 2**31)) == ["malformed"]
