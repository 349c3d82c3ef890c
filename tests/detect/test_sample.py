"""Made-up values from a template."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.checks import gb11643, luhn
from dlp_proxy.detect.detector import DetectorSpec
from dlp_proxy.detect.sample import sample
from tests.detect.shapes import ORDER


def made(template: str, number: int) -> str:
    return sample(DetectorSpec("d", "k", sample=template), number)


@pytest.mark.parametrize(
    ("template", "number", "text"),
    [
        ("SO-{n:6}", 42, "SO-000042"),
        ("SO-{n:2}", 12345, "SO-12345"),
        ("{n}-{n:3}!", 7, "7-007!"),
        ("no blank", 1, "no blank"),
        ("{x} {n:} {N:3}", 1, "{x} {n:} {N:3}"),
        ("", 1, ""),
        ("北京{n:3}号", 5, "北京005号"),
        ("7992739871{luhn}", 0, "79927398713"),
        ("11010519491231002{gb11643}", 0, "11010519491231002X"),
        ("id² 11010519491231002{gb11643}", 0, "id² 11010519491231002X"),
    ],
)
def test_blanks_are_filled(template: str, number: int, text: str) -> None:
    assert made(template, number) == text


def test_check_digits_hold_for_every_number() -> None:
    assert all(luhn.holds(made("622202{n:9}{luhn}", number)) for number in range(1000))
    assert all(gb11643.holds(made("110105194912{n:2}002{gb11643}", number)) for number in range(1, 32))


def test_different_numbers_give_different_values() -> None:
    assert len({sample(ORDER, number) for number in range(20_000)}) == 20_000
