from __future__ import annotations

import pytest

from tests.unpack.customers import COUNT, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body
from tests.unpack.writers import dbf


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_every_row_in_every_charset(charset: str) -> None:
    assert seen(dbf(charset)) == ("dbf", COUNT, [])


def test_deleted_rows_are_read() -> None:
    data = dbf()
    assert seen(data[:161] + b"*" + data[162:]) == ("dbf", COUNT, [])
    assert unpack_body(data).parts[0].columns == ("ORDERNO", "NAME", "PHONE", "ADDRESS")


@pytest.mark.parametrize(
    ("place", "value"), [(4, b"\xff\xff\xff\xff"), (4, b"\0\0\0\0"), (8, b"\xff\xff"), (10, b"\0\0"), (10, b"\xff\xff")]
)
def test_a_lying_header_hides_no_row(place: int, value: bytes) -> None:
    data = dbf()
    lying = data[:place] + value + data[place + len(value) :]
    assert sum(one.phone in text_of(unpack_body(lying)) for one in SOME) >= COUNT - 1
    assert "failed" not in reasons(lying)


def test_a_cut_table_is_a_gap() -> None:
    assert reasons(dbf()[:2000]) == ["malformed"]


def test_what_stands_between_the_fields_and_the_rows_is_read() -> None:
    data = dbf()
    start = int.from_bytes(data[8:10], "little")
    said = b"canary 13711223344 end"
    moved = data[:8] + (start + len(said)).to_bytes(2, "little") + data[10:start] + said + data[start:]
    assert "13711223344" in text_of(unpack_body(moved))
    assert seen(moved) == ("dbf", COUNT, [])
    for at in (12, 50):
        assert "137112233" in text_of(unpack_body(data[:at] + b"13711223344"[:14] + data[at + 11 :]))
