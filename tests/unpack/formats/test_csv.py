from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run
from tests.unpack.samples import text_of, unpack_body


@pytest.mark.parametrize("case", load("csv", 20), ids=lambda case: case.name)
def test_csv(case: Case) -> None:
    run(case)


def test_a_number_that_kept_all_its_digits_is_written_out() -> None:
    body = b"name,phone,rate\na,1.3800138001E+10,1.5E+10\nb,1.380013800E+10,1.23456789012E+10\n"
    text = text_of(unpack_body(body))
    assert "a\t13800138001\t1.5E+10\n" in text
    assert "b\t13800138000\t1.23456789012E+10\n" in text


@pytest.mark.parametrize(
    "line",
    [
        "    C(n='John Smith', t='(212) 555-01{n}', a='12 Main St, Springfield, IL 62704'),",
        '{{"John Smith","212-555-01{n}","12 Main St, Springfield"}},',
        '["John Smith", "212-555-01{n}", "12 Main St, Springfield"],',
    ],
)
def test_values_in_a_program_are_lines_of_it_and_no_table(line: str) -> None:
    text = "DATA = [\n" + "\n".join(line.format(n=number) for number in range(10, 40)) + "\n]\n"
    unpacked = unpack_body(text.encode())
    assert unpacked.content != "csv"
    assert "12 Main St, Springfield" in text_of(unpacked)


def test_broken_quoting_is_a_gap_only_of_what_is_called_a_table() -> None:
    body = b'"a"b,13800138000,c\n' * 20
    assert [gap.reason for gap in unpack_body(body, "text/csv").gaps] == ["malformed"]
    plain = unpack_body(body)
    assert plain.gaps == ()
    assert text_of(plain).count("13800138000") == 20
