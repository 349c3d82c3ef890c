from __future__ import annotations

from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, tight, unpack_body


def sylk() -> str:
    """Write a sheet whose phones are numbers; a place that is not said is that of the cell before."""
    rows: list[tuple[str, ...]] = [NAMES, *(one.cells for one in SOME)]
    lines = ["ID;PWXL;N;E", "B;X4;Y61"]
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            place = f"C;Y{number};X1" if column == 1 else f"C;X{column}"
            lines.append(f"{place};K{cell}" if cell.isdigit() else f'{place};K"{cell.replace(";", ";;")}"')
    return "\r\n".join([*lines, "E", ""])


def test_cells_are_put_into_their_rows() -> None:
    assert seen(sylk().encode()) == ("sylk", COUNT, [])
    assert unpack_body(sylk().encode()).parts[0].columns == NAMES


def test_signs_of_the_format_in_a_text_and_formulas_are_read() -> None:
    text = text_of(unpack_body(b'ID;P\nC;Y1;X1;K"a;;b ""c"""\nC;Y1;X2;K7;E"13800138000"\nE\n'))
    assert 'a;b "c"\t7' in text
    assert "13800138000" in text


def test_what_is_broken_is_read_as_something_else() -> None:
    for broken in ("ID;P", "ID;PX\nC;Y99999999;X99999999;K1\n", "ID;P\n" + "C;K\n" * 50):
        assert "failed" not in reasons(broken.encode())


def test_a_cell_that_is_written_over_is_read_too() -> None:
    text = text_of(unpack_body(b"ID;P\nC;Y1;X1;K13800138000\nC;Y1;X1;K13900139000\nE\n"))
    assert "13800138000" in text
    assert "13900139000" in text


def test_more_cells_than_are_laid_out_are_a_gap_and_plain_text() -> None:
    body = b"ID;P\n" + b"".join(b"C;Y%d;X1;K%d\n" % (n, 13800138000 + n) for n in range(300))
    unpacked = unpack_body(body, limits=tight(values=200))
    assert "too-large" in [gap.reason for gap in unpacked.gaps]
    assert "13800138299" in text_of(unpacked)


def test_a_place_of_thousands_of_digits_is_none() -> None:
    assert reasons(b"ID;P\nC;Y" + b"1" * 5000 + b";X1;K13800138000\nE\n") == []
