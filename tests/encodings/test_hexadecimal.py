"""Runs of hexadecimal digits that end on half a byte."""

from __future__ import annotations

import pytest

from dlp_proxy.encodings import hexadecimal

RECORD = "收件人 王伟 13800138000 深圳市南山区科技园路1号".encode()


def lines(between: str, before: str, behind: str, lead: str) -> str:
    """Return the record as programs write arrays: some bytes a line, each with `lead`."""
    rows = [RECORD[at : at + 12] for at in range(0, len(RECORD), 12)]
    return behind.join(before + between.join(f"{lead}{byte:02x}" for byte in row) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lines(" ", " ", "\n", ""), id="od -An -tx1"),
        pytest.param(lines(", ", "  ", ",\n", "0x"), id="xxd -i"),
        pytest.param(lines("\t ", "  ", "\t\n", "0x"), id="xxd -i read as a table"),
        pytest.param(lines(",", "", ",\r\n", "0x"), id="without spaces"),
    ],
)
def test_lines_of_programs_are_one_run(text: str) -> None:
    (run,) = hexadecimal.runs(text, 0, len(text))
    assert run.data == RECORD


def test_hashes_below_each_other_are_no_run() -> None:
    text = "\n".join(f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" for number in range(1, 50))
    assert list(hexadecimal.runs(text, 0, len(text))) == []


def test_a_long_run_that_ends_on_half_a_byte_is_read_up_to_there() -> None:
    text = ",".join(f"{byte:02x}" for byte in b"13800138000 Wang Wei, 27 Main Street") + ",313"
    (run,) = hexadecimal.runs(text, 0, len(text))
    assert b"13800138000" in run.data


def test_a_short_run_that_ends_on_half_a_byte_is_none() -> None:
    text = b"13800138000".hex(" ") + "3"
    assert list(hexadecimal.runs(text, 0, len(text))) == []
