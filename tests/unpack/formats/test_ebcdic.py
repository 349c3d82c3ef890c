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


def test_words_with_accents_and_other_code_pages_are_read() -> None:
    cells = [
        f"Jürgen Schmidt;+4917{number}5734;juergen{number}@gmx.example;Am Markt, Zürich" for number in range(100, 150)
    ]
    for page in ("cp1140", "cp500", "cp273"):
        text = text_of(unpack_body("\n".join(cells).encode(page))).replace("\t", ";")
        assert all(one in text for one in cells), page


def test_the_size_of_records_is_no_part_of_it() -> None:
    people = [(f"Name{number:03}", f"212-555-{number:04}", f"{number} Main Street") for number in range(200)]
    text = "".join(f"{name:<24}{phone:<18}{street:<40}" for name, phone, street in people)
    units = [
        part.text[unit.start : unit.end] for part in unpack_body(text.encode("cp037")).parts for unit in part.units
    ]
    assert all(any(all(cell in unit for cell in one) for unit in units) for one in people)


def test_records_that_begin_with_their_length_are_lines() -> None:
    records = b"".join(
        (len(line) + 4).to_bytes(2, "big") + b"\0\0" + line.encode("cp037") for line in LINES.splitlines()
    )
    unpacked = unpack_body(records)
    assert unpacked.content == "ebcdic"
    assert all(one.phone in text_of(unpacked) for one in SOME)
