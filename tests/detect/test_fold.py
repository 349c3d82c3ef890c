"""Look-alikes made plain, invisible characters gone, and the way back."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.fold import Folded, fold, fold_pattern


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＡＢＣ（１）＠", "ABC(1)@"),
        ("𝟏𝟐 𝐚", "12 a"),
        ("١٢ १२ ๑๒", "12 12 12"),
        ("a\u3000b\u00a0c", "a b c"),
        ("1\u20112\u20133\u22124", "1-2-3-4"),
        ("1\u20e32\u20e3", "1 2 "),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("a\U000e0041b\U000e0100c", "abc"),
        ("价格，说明：好；是吗？对！", "价格，说明：好；是吗？对！"),
        ("①② x² é 北京", "①② x² é 北京"),
    ],
)
def test_look_alikes_become_plain_and_the_invisible_goes(text: str, plain: str) -> None:
    assert fold(text).text == plain


@pytest.mark.parametrize("text", ["plain ASCII 123", "普通的中文，没有别的。", "", "\u4e00\u9fff"])
def test_usual_text_is_returned_as_it_is(text: str) -> None:
    assert fold(text) == Folded(text)
    assert fold(text).text is text


def test_every_place_leads_back() -> None:
    text = "\u200b\u200bab\u200bc\u200b\u200b\u200bd\u200b"
    folded = fold(text)
    assert folded.text == "abcd"
    assert [folded.origin(position) for position in range(4)] == [2, 3, 5, 9]
    assert folded.span(0, 4) == (2, 10)
    assert folded.span(1, 2) == (3, 4)


@pytest.mark.parametrize(
    ("pattern", "plain"),
    [
        (r"a\d+（x）", r"a\d+\(x\)"),
        (r"\（", r"\("),
        (r"\\（", r"\\\("),
        ("[０-９]", "[0-9]"),
        (r"\３", "3"),
        ("，", "，"),
        (r"\p{Han}", r"\p{Han}"),
    ],
)
def test_a_pattern_is_made_plain_without_changing_its_meaning(pattern: str, plain: str) -> None:
    assert fold_pattern(pattern) == plain
