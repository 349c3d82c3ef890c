from __future__ import annotations

from tests.samples.tools import spss_portable
from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

ROWS = [one.cells for one in SOME]
WHOLE = spss_portable(NAMES, ROWS)


def test_a_table_has_its_rows_and_columns() -> None:
    assert seen(WHOLE) == ("spss_portable", COUNT, [])
    assert "label of phone" in text_of(unpack_body(WHOLE))


def test_lines_that_lost_their_spaces() -> None:
    stripped = b"\n".join(line.rstrip(b" ") for line in WHOLE.split(b"\r\n"))
    assert seen(stripped) == ("spss_portable", COUNT, [])


def test_numbers_are_of_base_thirty() -> None:
    head = b"0" * 456 + b"SPSSPORTA8/202601156/10000045/5B/70/5/PHONE" + b"1/5/0/" * 2
    text = text_of(unpack_body(_lines(head + b"FIO3K1Q0/-1.F/*.1+1/Z")))
    assert str(int("IO3K1Q0", 30)) in text
    assert "-1.5" in text


def test_hostile_files() -> None:
    for data in (
        WHOLE[:-100],
        WHOLE[:700],
        WHOLE + b"\n" * 100_000,
        _lines(b"0" * 456 + b"SPSSPORTA8/202601156/1000007"),
        _lines(b"0" * 456 + b"SPSSPORTA8/202601156/100000D" + b"TTTTTT/" * 3),
        _lines(b"0" * 456 + b"SPSSPORTA8/202601156/10000070/1/A" + b"1/" * 6 + b"F" + b"T" * 400),
    ):
        assert "failed" not in reasons(data)


def _lines(held: bytes) -> bytes:
    return b"\n".join(held[at : at + 80] for at in range(0, len(held), 80))
