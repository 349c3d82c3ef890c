"""Pictures of netpbm: comments, what lies behind, and a gap for what they show where nobody looks."""

from __future__ import annotations

from tests.unpack.programs import TEXT
from tests.unpack.samples import text_of, unpack_body


def test_comments_and_what_lies_behind_are_read() -> None:
    for head, size in (
        (b"P4\n# 13900139000\n10 4\n", 8),
        (b"P5 10\n# 13900139000\n4\n255\n", 40),
        (b"P6\n10 4\n# 13900139000\n65535\n", 240),
    ):
        unpacked = unpack_body(head + b"\xff\xfe" * (size // 2) + TEXT)
        assert unpacked.content == "pnm"
        assert "13900139000" in text_of(unpacked)
        assert "客户12" in text_of(unpacked)
        assert [gap.reason for gap in unpacked.gaps] == ["unknown-format"]


def test_a_text_that_begins_like_one_is_a_text() -> None:
    assert unpack_body(b"P5 10 orders of 12 customers").content == "text"
