"""Numbers of a plain column, and of a row of figures, are judged by what stands with them."""

from __future__ import annotations

import random

from dlp_proxy.detect.readers import landline_cn, phone, phone_cn
from dlp_proxy.model.finding import Confidence


def _orders(count: int) -> list[str]:
    chance = random.Random(3)
    return [f"{chance.randrange(10**12):012}" for _ in range(count)]


def test_a_number_that_begins_with_0_is_no_phone_in_a_column_of_any_digits() -> None:
    lines = [f"WAVE 12{number:04}  ORD {order}  A-09-1" for number, order in enumerate(_orders(60))]
    mobile = "\n".join((*lines[:30], "WAVE 129999  ORD 013800138000  A-09-2", *lines[30:]))
    at = mobile.index("13800138000  A-09-2")
    reading = phone_cn.read(mobile, 0, at, at + 11)
    assert reading is not None
    assert reading.confidence == Confidence.LOW
    town = "\n".join((*lines[:30], "WAVE 129999  ORD 075562345678  A-09-2", *lines[30:]))
    at = town.index("075562345678")
    reading = landline_cn.read(town, 0, at, at + 12)
    assert reading is not None
    assert reading.confidence == Confidence.LOW
    abroad = "\n".join((*lines[:30], "WAVE 129999  ORD 004420794609  A-09-2", *lines[30:]))
    at = abroad.index("004420794609")
    reading = phone.read(abroad, 0, at, at + 12)
    assert reading is None or reading.confidence == Confidence.LOW


def test_it_is_one_in_a_column_of_phones() -> None:
    others = [f"wang-{number}  0{755 + number % 3}62{345678 + number}" for number in range(40)]
    text = "\n".join((*others, "li-1  075562345600"))
    at = text.index("075562345600")
    reading = landline_cn.read(text, 0, at, at + 12)
    assert reading is not None
    assert reading.confidence >= Confidence.MEDIUM


def test_coordinates_of_a_font_are_no_mobile() -> None:
    text = " 412.814 1356 412.814 1356 390 1175 c 0,79,80"
    at = text.index("1356 390 1175")
    reading = phone_cn.read(text, 0, at, at + 13)
    assert reading is not None
    assert reading.confidence == Confidence.LOW


def test_two_decimal_numbers_with_a_sign_are_none() -> None:
    for text in ("+55.837949  11.13", "+56.658593   0.98", "+44.309642  -4.54"):
        reading = phone.read(f" 12 276.853937 {text} B6V", 0, 15, 15 + len(text))
        assert reading is None or reading.confidence == Confidence.LOW
