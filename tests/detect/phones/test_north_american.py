"""Our one pattern says what the functions of `phonenumbers` say."""

from __future__ import annotations

from random import Random
from typing import Final

import phonenumbers

from dlp_proxy.detect.phones.north_american import is_valid

PREFIXES: Final = [f"{area}{first}" for area in range(200, 1000) for first in range(10)]
"""Every area code with every first digit of an exchange: where nearly all differences lie."""


def by_the_library(digits: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=1, national_number=int(digits)))


def test_it_agrees_with_the_library() -> None:
    """By hand on 100,000 others: no difference."""
    chance = Random(20261128)
    numbers = [prefix + f"{chance.randrange(10**6):06}" for prefix in PREFIXES]
    said = [(number, is_valid(number)) for number in numbers]
    assert [number for number, valid in said if valid is not by_the_library(number)] == []
    assert 2000 < sum(valid for _, valid in said) < 6000


def test_only_ten_digits_are_a_number() -> None:
    assert is_valid("2125550123")
    assert not is_valid("212555012")
    assert not is_valid("21255501234")
    assert not is_valid("0125550123")
