"""FedEx Express numbers of twelve digits: weights 3, 1, 7 in turn, modulo 11, then 10 (FedEx barcode documentation)."""

from __future__ import annotations

from itertools import cycle


def holds(value: str) -> bool:
    digits = [digit for digit in value if digit.isascii() and digit.isdigit()]
    return len(digits) == 12 and check_digit("".join(digits[:11])) == digits[11]


def check_digit(text: str) -> str:
    """Return the check digit for the eleven digits that `text` ends with."""
    digits = [int(digit) for digit in text if digit.isdecimal()][-11:]
    weighted = sum(weight * digit for weight, digit in zip(cycle((3, 1, 7)), digits, strict=False))
    return str(weighted % 11 % 10)
