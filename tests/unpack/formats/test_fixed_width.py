from __future__ import annotations

import random
import unicodedata

import pytest

from dlp_proxy.cli.demo_traffic import Order
from dlp_proxy.unpack.formats import fixed_width
from tests.unpack.customers import SOME
from tests.unpack.samples import text_of, unpack_body


def wide(text: str, width: int) -> str:
    return text + " " * (width - sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text))


def report() -> str:
    rows = [("order", "name", "phone", "address"), *(one.cells for one in SOME)]
    return "\n".join("".join(map(wide, row, (24, 12, 14, 80))).rstrip() for row in rows)


def test_columns_that_begin_at_one_place_are_columns() -> None:
    unpacked = unpack_body(report().encode())
    part = unpacked.parts[0]
    assert (unpacked.content, part.columns, len(part.units)) == (
        "fixed_width",
        ("order", "name", "phone", "address"),
        len(SOME),
    )
    assert "\t".join(SOME[0].cells) in part.text


def test_what_stands_across_a_gutter_is_one_cell() -> None:
    lines = report().splitlines()
    lines.insert(40, "a total of some rows that goes on over the columns of the table")
    part = unpack_body("\n".join(lines).encode()).parts[0]
    assert "a total of some rows that goes on over the columns of the table" in part.text
    assert len(part.units) == len(SOME) + 1


def test_labels_side_by_side_prose_and_code_are_no_table() -> None:
    labels = "\n".join(
        "".join(wide(getattr(one, field), 60) for one in SOME[at : at + 3])
        for at in range(0, 30, 3)
        for field in ("name", "phone", "address")
    )
    prose = "\n".join(
        f"  The {number}th line of a text  that has two blanks in it now and then." for number in range(40)
    )
    code = "\n".join(f"    if x == {number}:\n        y = {number * 7919}  # comment" for number in range(40))
    for text in (labels, prose, code):
        assert unpack_body(text.encode()).content != "fixed_width"


def test_columns_are_counted_together_as_one_by_one() -> None:
    chance = random.Random(7)
    for _ in range(300):
        lines = ["".join(chance.choices("  a王\0é\x7f", k=chance.randrange(40))) for _ in range(chance.randint(1, 100))]
        width = max(map(len, lines))
        one_by_one = [sum(line.ljust(width)[place] != " " for line in lines) for place in range(width)]
        assert list(fixed_width.filled(lines, width)) == one_by_one


def record(number: int, one: Order) -> str:
    """Return a record of a mainframe: name, mobile number, postal code, address and amount, that touch each other."""
    name = f"WANG {chr(65 + number % 26)}EI {number % 7 * 'X'}"
    address = f"NO {number} CENTURY AVE PUDONG SHANGHAI"
    return f"{name:20.20}{one.phone}{200000 + number:06}{address:36.36}{number * 125:010}"


RECORDS = [record(number, one) for number, one in enumerate(SOME)]


@pytest.mark.parametrize("lines", [RECORDS, ["H" * len(RECORDS[0]), *RECORDS], [*RECORDS, "T0000060".ljust(83)]])
def test_columns_that_touch_are_cells(lines: list[str]) -> None:
    for data in ("\n".join(lines).encode(), "\r\n".join(lines).encode(), "\n".join(lines).encode("cp1140")):
        unpacked = unpack_body(data)
        assert "fixed_width" in unpacked.formats
        cells = [
            part.text[unit.start : unit.end].rstrip("\n").split("\t") for part in unpacked.parts for unit in part.units
        ]
        assert sum(one.phone in row for row in cells for one in SOME) == len(SOME)


def test_identity_numbers_that_touch_are_cells() -> None:
    chance = random.Random(9)
    rows = []
    for number, one in enumerate(SOME):
        born = f"{chance.randrange(1950, 2008)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
        rows.append((f"310115{born}{number:03}{chance.choice('0123456789X')}", one.phone))
    lines = [f"{place:06}{number}{phone}{'ACCOUNT OPEN':16}" for place, (number, phone) in enumerate(rows)]
    text = unpack_body("\n".join(lines).encode()).parts[0].text
    assert sum(f"{number}\t{phone}" in text for number, phone in rows) == len(rows)


def test_numbers_that_touch_and_are_nobodys_are_no_cells() -> None:
    chance = random.Random(3)
    tables = {
        "timestamps": [
            f"{1700000000000 + 977 * n}{chance.randrange(10**6):06} request served in time" for n in range(200)
        ],
        "series": [f"{15000000000 + n}{n:06}ITEM NUMBER {n:06} IN STORE" for n in range(200)],
        "digits": ["".join(chance.choices("0123456789", k=60)) for _ in range(200)],
        "hexadecimal": ["".join(chance.choices("0123456789abcdef", k=64)) for _ in range(200)],
        "dates": [f"20260101{n:012}{chance.randrange(10**8):08} POSTED TO LEDGER " for n in range(200)],
        "one constant": [f"{chance.randrange(10**5):05}1{chance.randrange(10**10):010}ABC" for _ in range(200)],
    }
    read = {name: unpack_body("\n".join(lines).encode()).formats for name, lines in tables.items()}
    assert {name for name, formats in read.items() if "fixed_width" in formats} == set()


def test_the_number_of_an_order_that_a_mobile_touches_stays_whole() -> None:
    lines = [f"SO-20260128-01{number:04}-1{38 + number % 50}{number * 7919 % 10**8:08}" for number in range(40)]
    cells = text_of(unpack_body("\n".join(lines).encode())).replace("\t", "\n").split("\n")
    assert lines[0][-11:] in cells
    assert any(cell.strip("-") == "SO-20260128-010000" for cell in cells)
