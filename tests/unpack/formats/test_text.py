from __future__ import annotations

import pytest

from tests.unpack.samples import gaps_of, unpack_body


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_one_part_without_layout(charset: str) -> None:
    text = "您好，订单的收货电话是 13800138000。"
    unpacked = unpack_body(text.encode(charset), "application/octet-stream")
    (part,) = unpacked.parts
    assert (part.text, part.units, part.fields, part.columns) == (text, (), (), ())
    assert (unpacked.content, gaps_of(unpacked)) == ("text", [])


def test_a_lone_byte_order_mark_is_an_empty_text() -> None:
    unpacked = unpack_body(b"\xef\xbb\xbf")
    assert (unpacked.parts, unpacked.gaps, unpacked.content) == ((), (), "text")
