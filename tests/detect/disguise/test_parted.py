"""Numbers in groups that something strange parts or that go on in the next line, and addresses in other letters."""

from __future__ import annotations

import pytest

from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import look, text_part


def found(text: str, kind: str) -> list[str]:
    return [
        text[one.start : one.end]
        for one in look(text_part(text))
        if one.kind == kind and one.confidence >= Confidence.MEDIUM
    ]


@pytest.mark.parametrize(
    "number",
    [
        "138•0013•8000", "138转0013转8000", "138点0013横8000", "138杠0013杠8000", "138打0013给8000",
        "138 ★ 0013 ★ 8000", "138=0013=8000", "138→0013→8000", "138。0013。8000", "1.38-00_13*80/00",
        "13-80#01*38_000", "1380_0138*0.00",
    ],
)  # fmt: skip
def test_a_number_is_found_whatever_parts_its_groups(number: str) -> None:
    assert found(f"王芳 {number} 北京", "phone") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "共138户0013人8000元", "占地138亩3000平2000年", "138元2000个3000", "192_168*10.1/24+8", "2026.01-15_10*30/00",
        "138•0013•80001", "7138•0013•8000", "120•0013•8000", "1.2-3_4*5/6+7",
    ],
)  # fmt: skip
def test_figures_are_none(text: str) -> None:
    assert found(text, "phone") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tel. 07778 -\n  828168, Leeds", "07778 -\n  828168"),
        ("Tel. (617) -\n  727-1734, Boston", "(617) -\n  727-1734"),
        ("Tel. +49 17-\r\n  1 15845641, Berlin", "+49 17-\r\n  1 15845641"),
        ("电话 138-0013-\n8000", "138-0013-\n8000"),
        ("电话 13800-\n138000", "13800-\n138000"),
    ],
)
def test_a_number_that_goes_on_behind_a_hyphen_is_found(text: str, number: str) -> None:
    assert found(text, "phone") == [number]


@pytest.mark.parametrize("text", ["2025 -\n2026", "pages 10-\n12", "1. a 5 -\n 6", "total 1380013 -\n\n8000"])
def test_other_hyphens_at_ends_of_lines_are_none(text: str) -> None:
    assert found(text, "phone") == []


@pytest.mark.parametrize(
    "address",
    ["hаrrу.jоnеs80@gmаіl.соm", "аnnа@shор.ехаmрlе", "ροsτ@νiα.example", "JОHN@EXAMPLE.СОM"],
)
def test_an_address_in_letters_that_look_like_latin_ones_is_found(address: str) -> None:
    assert found(f"mail {address}, thanks", "email") == [address]


@pytest.mark.parametrize("text", ["почта@домен.рф", "Письмо: имя@почта.рус", "цена @ склад", "αγάπη@ελλάδα.ελ"])
def test_an_address_in_another_script_is_not_read_as_latin(text: str) -> None:
    assert [one for one in look(text_part(text)) if any("Latin" in why for why in one.why)] == []


@pytest.mark.parametrize(
    "address",
    [
        "".join(f"\\{byte:03o}" for byte in "北京市朝阳区建国路88号".encode("gb18030")),
        "".join(f"\\{byte:03o}" for byte in "北京市朝阳区建国路88号".encode()),
        "".join(f"\\x{byte:02x}" for byte in "北京市朝阳区建国路88号".encode("gb18030")),
        "".join(f"#{byte:03o}" if byte > 127 else chr(byte) for byte in "北京市朝阳区建国路88号".encode()),
        "".join(f"&amp;amp;#{ord(sign)};" for sign in "北京市朝阳区建国路88号"),
    ],
)
def test_escaped_bytes_are_read_in_whatever_charset_they_are(address: str) -> None:
    assert found(f'"{address}"', "address") == [address]


def test_numbers_with_a_sign_are_no_bytes() -> None:
    assert [
        one for one in look(text_part("fixes #344 and #350, see #270#271 #300#10")) if one.kind != "order-number"
    ] == []


@pytest.mark.parametrize(
    "words",
    [
        "five zero three eight two one three one eight two",
        "four nine one five one four one two one eight two five four",
        "zero two zero seven nine four six zero nine five eight",
    ],
)
def test_spelled_numbers_of_other_countries_are_found(words: str) -> None:
    assert found(f"call {words} now", "phone") == [words]
