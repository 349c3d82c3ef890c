from __future__ import annotations

from tests.samples.tools import socialcalc
from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

ROWS = [NAMES, *(one.cells for one in SOME)]


def test_rows_are_rows() -> None:
    assert seen(socialcalc(ROWS).encode()) == ("socialcalc", COUNT, [])
    assert seen(socialcalc(ROWS).partition("\n")[2].replace("\n", "\r\n").encode())[:2] == ("socialcalc", COUNT)


def test_numbers_formulas_and_escapes() -> None:
    text = "cell:A1:t:a\\cb\ncell:B1:v:13800138000\ncell:A2:vtf:n:42:A1*2:f:1\ncell:B2:vtc:t:yes:a\n"
    said = text_of(unpack_body(text.encode()))
    assert "a:b\t13800138000\n42\tyes" in said


def test_hostile_sheets() -> None:
    wide = "".join(f"cell:ZZ{n}:t:x\n" for n in range(1, 20_000))
    for text in (wide, "cell:A1:", "cell:A1:t:" + "x" * 100_000, "version:1.5\ncell:A1:v:\n"):
        assert "failed" not in reasons(text.encode())


def test_a_cell_that_is_written_over_and_lines_beside_are_read() -> None:
    text = text_of(unpack_body(b"cell:A1:t:13800138000\ncell:A1:t:13900139000\nnote 13700137000\ncell:C2:t:x\n"))
    assert all(phone in text for phone in ("13800138000", "13900139000", "13700137000"))
    assert "\t\tx\n" in text
