"""Lines written backwards or in ROT13: what is in them is found where it stands, and their words alone are nothing."""

from __future__ import annotations

import codecs
import random

import pytest

from dlp_proxy.model.finding import Confidence, Finding
from tests.detect.shapes import look, text_part

CHINESE = "王小明 13800138000 北京市朝阳区建国路88号1203室"
ENGLISH = "Anna Miller, (212) 555-0123, 12 Main Street, Springfield, IL 62701"
LABELLED = "Phone: (212) 555-0123 Address: 12 Main Street, Springfield, IL 62701"


def found(text: str) -> list[Finding]:
    return [one for one in look(text_part(text)) if one.confidence >= Confidence.MEDIUM and "read as" in one.why[0]]


def values(text: str) -> set[tuple[str, str]]:
    return {(one.kind, text[one.start : one.end]) for one in found(text)}


def test_lines_written_backwards_are_read_where_they_stand() -> None:
    text = "\n".join(["first line", CHINESE[::-1], "between", ENGLISH[::-1], "last"])
    assert values(text) >= {
        ("phone", "00083100831"),
        ("address", "北京市朝阳区建国路88号1203室"[::-1]),
        ("phone", "(212) 555-0123"[::-1]),
        ("address", "12 Main Street, Springfield, IL 62701"[::-1]),
    }


def test_a_whole_text_written_backwards_is_read() -> None:
    numbers = random.Random(3).sample(range(10**7, 10**8), 50)
    lines = (f"王小明 138{number} 北京市朝阳区建国路{number % 999 + 1}号1203室" for number in numbers)
    text = "\n".join(lines)[::-1]
    assert sum(one.kind == "phone" for one in found(text)) > 45
    assert sum(one.kind == "address" for one in found(text)) == 50


@pytest.mark.parametrize("line", [ENGLISH, LABELLED])
def test_lines_in_rot13_are_read_where_they_stand(line: str) -> None:
    text = f"first line\n{codecs.encode(line, 'rot13')}\nlast"
    assert ("address", codecs.encode("12 Main Street, Springfield, IL 62701", "rot13")) in values(text)


@pytest.mark.parametrize(
    "text",
    [
        "The word teertS is Street written backwards, 12 times.",
        "第3号12路公交车，每15分钟一班，2号8街在左边",
        "ROT13 of street, phone is fgerrg, cubar, 212 times.",
        "liame\nenohp\nsserdda\n",
        codecs.encode("The phone rang in the street, and the email was late.", "rot13"),
    ],
)
def test_words_alone_are_no_values(text: str) -> None:
    assert found(text) == []


def test_a_long_line_is_read_around_its_sign_and_in_linear_time() -> None:
    line = (CHINESE[::-1] + " ") * 20_000
    assert sum(one.kind == "phone" for one in found(line)) > 1000
