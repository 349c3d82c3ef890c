from __future__ import annotations

import random

import pytest

from tests.unpack.samples import gaps_of, text_of, unpack_body

NOISE = random.Random(3).randbytes(20_000)


@pytest.mark.parametrize("charset", ["ascii", "utf-16-le", "utf-16-be"])
def test_a_number_in_binary_data_is_seen(charset: str) -> None:
    for shift in range(2):
        unpacked = unpack_body(NOISE[:999] + b"\0" * shift + "phone 13800138000".encode(charset) + NOISE)
        assert "phone 13800138000" in text_of(unpacked)
        assert gaps_of(unpacked) == [("unknown-format", "body")]
        assert unpacked.content == "binary"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_an_address_in_binary_data_is_seen(charset: str) -> None:
    for before in (b"\0", b"\xa1", b"\xb0\xa1\x01", b"7"):
        unpacked = unpack_body(NOISE[:500] + before + "广东省深圳市南山区科技园路88号".encode(charset) + b"\0" + NOISE)
        assert "深圳市南山区科技园路88号" in text_of(unpacked)


def test_a_gap_says_what_it_looks_like() -> None:
    unpacked = unpack_body(b"%PDF-1.7\n" + NOISE)
    assert [gap.detail for gap in unpacked.gaps] == ["nothing here reads a PDF document"]


def test_binary_data_without_strings_has_a_gap_and_no_part() -> None:
    unpacked = unpack_body(b"\0\1\2\3" * 50)
    assert (unpacked.parts, gaps_of(unpacked)) == ((), [("unknown-format", "body")])
