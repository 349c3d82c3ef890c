from __future__ import annotations

import struct

from tests.samples.tools import sas_transport
from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

WHOLE = sas_transport(NAMES, [one.cells for one in SOME])


def test_a_table_has_its_rows_and_columns() -> None:
    assert seen(WHOLE) == ("sas_transport", COUNT, [])
    table = next(part for part in unpack_body(WHOLE).parts if part.columns)
    assert table.columns == tuple(name.upper()[:8] for name in NAMES)


def test_two_tables_of_one_library() -> None:
    second = WHOLE[WHOLE.index(b"HEADER RECORD*******MEMBER") :]
    unpacked = unpack_body(WHOLE + second)
    assert len([part for part in unpacked.parts if part.columns]) == 2


def test_numbers_are_those_of_a_mainframe() -> None:
    # 118.625 and a mobile number, as the record layout has them.
    values = bytes.fromhex("4276a00000000000"), (13800138000).to_bytes(7).join((bytes([64 + 14]), b""))
    head = WHOLE[: WHOLE.index(b"HEADER RECORD*******NAMESTR")]
    names = b"".join(
        (one := struct.pack(">4h", 1, 0, 8, place + 1) + name.ljust(8) + b" " * 56)
        + bytes(84 - len(one))
        + struct.pack(">l", 8 * place)
        + bytes(52)
        for place, name in enumerate((b"WEIGHT", b"PHONE"))
    )
    zeros = b"0" * 30
    made = head + b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!0000000002" + zeros[:22]
    made += names.ljust(320) + b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + zeros + b"  "
    made += b"".join(values).ljust(80)
    text = text_of(unpack_body(made))
    assert "118.625" in text
    assert "13800138000" in text


def test_hostile_tables() -> None:
    at = WHOLE.index(b"NAMESTR")
    for data in (
        WHOLE[:900],
        WHOLE[:400],
        WHOLE.replace(b"0000000140", b"0000009999"),
        WHOLE[: at + 30] + b"9999999999" + WHOLE[at + 40 :],
        WHOLE.replace(struct.pack(">4h", 2, 0, 20, 1)[:4], b"\0\2\0\0\x80\0"),
        WHOLE[:48],
    ):
        assert "failed" not in reasons(data)


def test_columns_that_lie_over_each_other_are_a_gap_before_each_row_takes_megabytes() -> None:
    at = WHOLE.index(b"NAMESTR") - 20
    one = WHOLE[at + 80 + 140 : at + 80 + 280]
    wide = one[:4] + struct.pack(">h", 4_000) + one[6:84] + struct.pack(">l", 0) + one[88:]
    count = 2_000
    columns = b"".join([wide] * count)
    head = WHOLE[:at] + WHOLE[at : at + 80].replace(b"%010d" % len(NAMES), b"%010d" % count)
    data = head.ljust(at + 80) + columns + bytes(-len(columns) % 80) + WHOLE[WHOLE.index(b"OBS  ") - 20 :]
    assert "malformed" in reasons(data)


def test_columns_that_lie_over_each_other_or_behind_the_rows_are_a_gap_and_the_rows_are_read() -> None:
    at = WHOLE.index(b"ORDER_NO") - 8
    for place, value in ((at + 4, 120), (at + 140 + 84, 0), (at + 84, 1 << 30)):
        width = "h" if place == at + 4 else "l"
        lying = WHOLE[:place] + struct.pack(f">{width}", value) + WHOLE[place + struct.calcsize(f">{width}") :]
        assert "malformed" in reasons(lying)
        assert all(one.phone in text_of(unpack_body(lying)) for one in SOME)


def test_what_stands_behind_the_last_whole_row_is_read() -> None:
    at = WHOLE.index(b"HEADER RECORD*******OBS") + 80
    assert "13800138000" in text_of(unpack_body(WHOLE[:at] + WHOLE[at:].rstrip() + b"\0" * 40 + b"phone 13800138000"))
