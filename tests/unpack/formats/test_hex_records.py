from __future__ import annotations

import pytest

from tests.samples.tools import intel_hex, s_records
from tests.unpack.customers import COUNT, CSV, reasons, seen
from tests.unpack.samples import text_of, unpack_body


@pytest.mark.parametrize("text", [intel_hex(CSV), s_records(CSV), intel_hex(CSV).replace("\n", "\r\n")])
def test_the_bytes_are_a_content(text: str) -> None:
    assert seen(text.encode()) == ("hex_records", COUNT, [])


def test_a_record_whose_sum_is_wrong_is_a_gap_and_the_others_are_read() -> None:
    lines = intel_hex(CSV).split("\n")
    lines[40] = lines[40][:-2] + f"{int(lines[40][-2:], 16) ^ 1:02X}"
    name, count, gaps = seen("\n".join(lines).encode())
    assert (name, gaps) == ("hex_records", ["malformed"])
    assert count >= COUNT - 2


def test_comments_are_read() -> None:
    assert "13800138000" in text_of(unpack_body(f"{intel_hex(CSV)}; call 13800138000\n".encode()))


def test_what_only_looks_like_records() -> None:
    for text in ("S1234567890\nhello\n", ":0123456789\n", ":" + "00" * 300 + "\n", "S9" + "0" * 600):
        assert "failed" not in reasons(text.encode())
        assert seen(text.encode())[0] != "hex_records"
