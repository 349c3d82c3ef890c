"""Digits spelled in words or in Morse are numbers where ten and more of them stand in a row."""

from __future__ import annotations

import re

import pytest

from dlp_proxy.detect.disguise import spelled
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import look, text_part

ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
PINYIN = ["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"]
SPOKEN = ["dong", "yao", "liang", "san", "si", "wu", "liu", "guai", "ba", "gou"]
MORSE = ["-----", ".----", "..---", "...--", "....-", ".....", "-....", "--...", "---..", "----."]


def found(text: str) -> list[str]:
    spelled = [one for one in look(text_part(text)) if "spelled digits" in one.why[0]]
    return [text[one.start : one.end] for one in spelled if one.confidence >= Confidence.MEDIUM]


@pytest.mark.parametrize("words", [ENGLISH, PINYIN, SPOKEN, MORSE, [word.title() for word in ENGLISH]])
@pytest.mark.parametrize("between", [" ", ", ", "/"])
def test_a_number_is_found_where_it_is_spelled(words: list[str], between: str) -> None:
    written = between.join(words[int(digit)] for digit in "13800138000")
    assert found(f"王小明的手机 {written} 北京市朝阳区建国路88号") == [written]


def test_words_may_stand_without_a_space_between() -> None:
    written = "".join(ENGLISH[int(digit)] for digit in "13800138000")
    assert found(f"phone: {written} please") == [written]


@pytest.mark.parametrize(
    "text",
    [
        "phone: one three eight zero zero one",
        "zero one two three four five six seven eight nine",
        "phone someone three times; one for all, all for one, two by two, seven of nine",
        "phone ----- ----- ----- ----- ----- ----- ----- ----- ----- ----- -----",
    ],
)
def test_fewer_digits_counting_and_rules_are_none(text: str) -> None:
    assert found(text) == []


def test_whoever_looks_quickly_passes_no_row_by() -> None:
    for spelling in spelled._SPELLINGS:
        for word in spelling.digits:
            row = " ".join([".----" if word[0] in "-." else next(iter(spelling.digits)), *[word] * 6])
            for text in (row, row.upper(), row.replace("i", "\u0131"), row.replace("i", "\u0130"), f"x\n\n{row}"):
                if re.search(spelled.GATE, text):
                    assert spelled.may(text), text
            assert re.search(spelled.GATE, row), row
    assert not spelled.may('"' * 1000 + "138,0013,8000")
