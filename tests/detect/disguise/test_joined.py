"""Numbers in pieces that a program, a printer or a reader joins, and addresses with a sign after every character."""

from __future__ import annotations

import pytest

from tests.detect.shapes import look, text_part


def values(text: str, kind: str) -> list[str]:
    return [one.value.reveal() for one in look(text_part(text)) if one.kind == kind]


@pytest.mark.parametrize(
    "written",
    [
        '"138" + "0013" + "8000"', "'138' || '0013' || '8000'", "'1380013' '8000'", "CONCAT('138','0013','8000')",
        "CONCAT_WS('','138','0013','8000')", 'concat_ws("-", "138", "0013", "8000")',
        "138**0013**8000", "1380013~~8000", "138\n> 0013\n> 8000", "138😀0013😀8000", "138★0013★8000", "1380013➡️8000",
        "手机 13,800,138,000",
    ],
)  # fmt: skip
def test_pieces_of_a_number_are_joined(written: str) -> None:
    (value,) = values(f"王芳 {written} 北京", "phone")
    assert "".join(sign for sign in value if sign.isdigit()) == "13800138000"


@pytest.mark.parametrize("written", ["total 13,800,138,000", "138😀0013", "'138','0013','8001x'"])
def test_other_figures_are_not(written: str) -> None:
    assert values(f"sum {written} end", "phone") == []


@pytest.mark.parametrize("sign", [".", " ", "|", "、", "\n"])
def test_a_sign_after_every_character_hides_no_address(sign: str) -> None:
    assert len(values(sign.join("河南省洛阳市涧西区南昌路12号3栋501室"), "address")) == 1


def test_a_list_of_single_characters_is_no_address() -> None:
    assert values("甲、乙、丙、丁、戊、己、庚、辛、壬、癸", "address") == []
