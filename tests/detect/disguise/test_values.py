"""Every disguise of every kind of value is found, at the very characters it stands in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.model.finding import Confidence
from tests.detect.disguise.ways import ENCODINGS, ESCAPES, NESTED, SIGNS, SPACED
from tests.detect.shapes import look, table, text_part

PHONE = "13800138000"
RESIDENT = "11010519491231002X"
VALUES = {
    "phone": PHONE,
    "address": "北京市朝阳区建国路88号",
    "order-number": "SO-20260115-004217",
    "id": RESIDENT,
}
ALL = {**SIGNS, **ESCAPES, **ENCODINGS, **NESTED}
NUMBERS = {**ALL, **SPACED}


def found(text: str, kind: str) -> list[str]:
    """Return what counts of a kind, as it stands in the text."""
    return [
        text[one.start : one.end]
        for one in look(text_part(text))
        if one.kind == kind and one.confidence >= Confidence.MEDIUM
    ]


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("way", ALL)
def test_every_kind_of_value_is_found_where_it_stands(way: str, kind: str) -> None:
    hidden = ALL[way](VALUES[kind])
    assert found(f"客户 {hidden} 请处理", kind) == [hidden]


@pytest.mark.parametrize("value", [PHONE, RESIDENT])
@pytest.mark.parametrize("way", SPACED)
def test_a_number_with_a_sign_after_every_digit_is_found(way: str, value: str) -> None:
    hidden = SPACED[way](value)
    assert found(f"客户 {hidden} 请处理", "phone" if value == PHONE else "id") == [hidden]


@pytest.mark.parametrize("value", [PHONE, RESIDENT])
def test_a_number_in_four_kinds_of_digits_in_turn_is_found(value: str) -> None:
    kinds = "0123456789", "０１２３４５６７８９", "⓪①②③④⑤⑥⑦⑧⑨", "零一二三四五六七八九"
    hidden = "".join(kinds[at % 4][int(sign)] if sign.isdigit() else sign for at, sign in enumerate(value))
    assert found(f"客户 {hidden} 请处理", "phone" if value == PHONE else "id") == [hidden]


def test_there_are_ways() -> None:
    assert (len(SIGNS), len(ESCAPES), len(ENCODINGS), len(NESTED), len(SPACED)) == (14, 10, 5, 3, 12)


WORDS = st.lists(
    st.sampled_from(
        ["ok", "订单", "已发货", "the parcel", "2026-01-15", "42", "a1b2", "（加急）", "x=1;", "https://shop.example/a?b=c",
         "谢谢。", "\n"]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(way=st.sampled_from(sorted(NUMBERS)), tail=st.integers(10_000_000, 99_999_999), before=WORDS, after=WORDS)
def test_a_span_is_exactly_the_disguised_characters(way: str, tail: int, before: str, after: str) -> None:
    number = f"138{tail}"
    if len(set(number)) < 4 or "".join(sorted(number)) == number:
        return
    hidden = NUMBERS[way](number)
    lead = f"{before} 电话: "
    findings = look(text_part(f"{lead}{hidden} {after}"))
    assert (len(lead), len(lead) + len(hidden)) in {(one.start, one.end) for one in findings if one.kind == "phone"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("电话 (1)(3)(8)(0)(0)(1)(3)(8)(0)(0)(0)", "1)(3)(8)(0)(0)(1)(3)(8)(0)(0)(0"),
        ("tel 1380013=\r\n8000.", "1380013=\r\n8000"),
        ("打 138<i>0013</i>8000 吧", "138<i>0013</i>8000"),
        ("打 138<!-- x -->00138000 吧", "138<!-- x -->00138000"),
        ("打 &#49;3800&#x31;38000 吧", "&#49;3800&#x31;38000"),
        ("打 1380013%38%30%30%30 吧", "1380013%38%30%30%30"),
        (r"tel \x31\u{33}\u0038\060\60138000", r"\x31\u{33}\u0038\060\60138000"),
        ("1-3.8 0-0_1*3/8,0.0-0", "1-3.8 0-0_1*3/8,0.0-0"),
        ("13B00 13B000", "13B00 13B000"),
        ("l38-OOl3-8OOO", "l38-OOl3-8OOO"),
        ("王军一 一三八零零一三八零零零", "一三八零零一三八零零零"),
        ("一三八-零零一三-八零零零", "一三八-零零一三-八零零零"),
        ("一 三 八 零 零 一 三 八 零 零 零", "一 三 八 零 零 一 三 八 零 零 零"),
        ("1̶3̶8̶0̶0̶1̶3̶8̶0̶0̶0", "1̶3̶8̶0̶0̶1̶3̶8̶0̶0̶0"),
        ("31 33 38 30 30 31 33 38 30 30 30", "31 33 38 30 30 31 33 38 30 30 30"),
        ("0x31,0x33,0x38,0x30,0x30,0x31,0x33,0x38,0x30,0x30,0x30",
         "31,0x33,0x38,0x30,0x30,0x31,0x33,0x38,0x30,0x30,0x30"),
        ("[49, 51, 56, 48, 48, 49, 51, 56, 48, 48, 48]", "49, 51, 56, 48, 48, 49, 51, 56, 48, 48, 48"),
        ("x-" + "dGVsIDEzODAwMTM4MDAw", "DEzODAwMTM4MDAw"),
        ("MQAzADgAMAAwADEAMwA4ADAAMAAwAA==", "MQAzADgAMAAwADEAMwA4ADAAMAAwAA"),
    ],
)  # fmt: skip
def test_a_telephone_number_in_a_mixture_is_found_where_it_stands(text: str, value: str) -> None:
    assert found(text, "phone") == [value]


def test_text_in_tag_characters_is_read_though_nothing_shows_it() -> None:
    hidden = "".join(chr(0xE0000 + ord(sign)) for sign in "13800138000")
    assert found(f"你好{hidden}", "phone") == [hidden]


def test_a_record_may_be_half_in_plain_and_half_encoded() -> None:
    text = "SO-20260115-004217 电话 MTM4MDAxMzgwMDA="
    assert [(one.kind, text[one.start : one.end]) for one in look(text_part(text))] == [
        ("order-number", "SO-20260115-004217"),
        ("phone", "MTM4MDAxMzgwMDA"),
    ]


def test_a_finding_says_what_was_taken_off() -> None:
    (finding,) = look(text_part("MTM4MDAxMzgwMDA="))
    assert finding.why[0] == "read as base64"


@pytest.mark.parametrize(
    "rows",
    [
        [["王", "138", "0013", "8000"]],
        [["王", "13800", "013800"], ["李", "13900", "139000"]],
        [["王", "138", "1234", "5678", "已发货"]],
        [["电话一", "电话二"], ["13812", "345678"]],
        [["id", "110105", "19491231", "002X"]],
    ],
)
def test_a_number_cut_over_cells_is_found(rows: list[list[str]]) -> None:
    part = table(rows)
    values = ["".join(part.text[one.start : one.end].split("\t")) for one in look(part) if one.kind in {"phone", "id"}]
    whole = ["".join(cell for cell in row if cell[:1].isdigit()) for row in rows]
    assert values == [number for number in whole if number]


@pytest.mark.parametrize(
    "hidden",
    ["ann [dot] lee [at] shop [dot] example", "ann.lee(at)shop.example", "ann.lee {AT} shop{DOT}example",
     "ann.lee【at】shop【点】example", "ann.lee [@] shop [.] example"],
)  # fmt: skip
def test_words_in_brackets_are_signs_of_mail(hidden: str) -> None:
    assert found(f"write to {hidden} today", "email") == [hidden]


@pytest.mark.parametrize("sign", ["➖", "⭐", "🌟", "→", "❤️"])
def test_an_emoji_between_the_groups_of_a_mobile_number(sign: str) -> None:
    hidden = sign.join(("138", "0013", "8001"))
    assert found(f"客户 {hidden} 请处理", "phone") == [hidden]


def test_what_only_looks_like_it_stays_quiet() -> None:
    assert found("see the list [at] page 3 (dot) and a[at]b", "email") == []
    assert found("memory: 150*1024*1024, 138、1024、2048", "phone") == []
