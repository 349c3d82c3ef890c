"""Lines written backwards, in ROT13 or in ROT47: found where they stand, and by words alone not."""

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


def rot47(text: str) -> str:
    return "".join(chr(33 + (ord(sign) - 33 + 47) % 94) if "!" <= sign <= "~" else sign for sign in text)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (ENGLISH, ("address", "12 Main Street, Springfield, IL 62701")),
        (LABELLED, ("phone", "(212) 555-0123")),
        (CHINESE, ("phone", "13800138000")),
        ("电话 +86 138-0013-8000", ("phone", "+86 138-0013-8000")),
    ],
)
def test_lines_in_rot47_are_read_where_they_stand(line: str, value: tuple[str, str]) -> None:
    kind, written = value
    assert (kind, rot47(written)) in values(f"first line\n{rot47(line)}\nlast")


@pytest.mark.parametrize(
    "text",
    [
        "The word teertS is Street written backwards, 12 times.",
        "第3号12路公交车，每15分钟一班，2号8街在左边",
        "ROT13 of street, phone is fgerrg, cubar, 212 times.",
        "liame\nenohp\nsserdda\n",
        "ROT47 of street, phone is DEC66E, A9@?6, 212 times.",
        rot47("The phone rang in the street, and the email was late."),
        codecs.encode("The phone rang in the street, and the email was late.", "rot13"),
    ],
)
def test_words_alone_are_no_values(text: str) -> None:
    assert found(text) == []


def test_a_long_line_is_read_around_its_sign_and_in_linear_time() -> None:
    line = (CHINESE[::-1] + " ") * 20_000
    assert sum(one.kind == "phone" for one in found(line)) > 1000
