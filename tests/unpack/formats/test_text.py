from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.unpack.samples import gaps_of, text_of, unpack_body


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


def test_what_is_percent_encoded_twice_is_read() -> None:
    lines = ["q=" + quote(quote(f"张三,1380013800{number},深圳市南山区科技园路{number}号")) for number in range(5)]
    text = text_of(unpack_body("\n".join(lines).encode()))
    assert "张三\t13800138004\t深圳市南山区科技园路4号" in text
    assert "%25" not in text
    assert "%2520" in text_of(unpack_body(b"see https://a.example/?next=a%2520b%252Fc and what is said of it there"))


@pytest.mark.parametrize("times", [1, 2, 5])
def test_character_references_of_character_references_are_read(times: int) -> None:
    text = "".join(f"&#{ord(sign)};" for sign in "姓名,电话\n张三,13800138000\n李四,13900139000\n")
    for _ in range(times):
        text = text.replace("&", "&amp;")
    assert "张三\t13800138000" in text_of(unpack_body(text.encode()))
