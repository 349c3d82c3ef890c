from __future__ import annotations

import random

import pytest

from tests.unpack.customers import CSV, SOME
from tests.unpack.samples import text_of, unpack_body

LINES = "".join(f"{one.number:<24}{one.phone:<15}buyer@shop.example\n" for one in SOME)


@pytest.mark.parametrize("page", ["cp037", "cp500", "cp1140"])
def test_a_table_of_a_mainframe_is_read(page: str) -> None:
    unpacked = unpack_body(LINES.encode(page))
    assert unpacked.content == "ebcdic"
    assert all(f"{one.number}\t{one.phone}" in text_of(unpacked) for one in SOME)


def test_records_without_line_ends_are_rows() -> None:
    unpacked = unpack_body(LINES.replace("\n", "  ").encode("cp037"))
    assert all(f"{one.number}\t{one.phone}" in text_of(unpacked) for one in SOME)


def test_nothing_else_is_taken_for_one() -> None:
    noise = random.Random(1)
    text = CSV.decode("gb18030")
    for other in (CSV, text.encode("big5", "ignore"), text.encode(), noise.randbytes(5000)):
        assert unpack_body(other).content != "ebcdic"
