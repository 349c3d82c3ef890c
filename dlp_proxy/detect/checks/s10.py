"""Postal items of the Universal Postal Union: standard S10, two letters, eight digits, check digit, country.

Letters: the first says the service (E express, R registered, V insured, C parcel, L letter ...). Country: ISO 3166.
"""

from __future__ import annotations

from typing import Final

import regex

_ITEM: Final = regex.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_SERVICES: Final = frozenset("ACEGHLMNPQRSTUVZ")
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def holds(value: str) -> bool:
    match = _ITEM.fullmatch(value.upper())
    return match is not None and match[1][0] in _SERVICES and check_digit(match[2]) == match[3]


def check_digit(text: str) -> str:
    """Return the check digit for the eight digits that `text` ends with."""
    digits = [int(digit) for digit in text if digit.isdecimal()][-8:]
    rest = 11 - sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))
