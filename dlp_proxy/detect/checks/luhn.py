"""The Luhn check digit of bank cards and IMEIs (ISO/IEC 7812-1, annex B)."""

from __future__ import annotations


def holds(value: str) -> bool:
    digits = [int(digit) for digit in value if digit.isascii() and digit.isdigit()]
    if len(digits) < 2:
        return False
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def check_digit(text: str) -> str:
    """Return the digit that makes the digits of `text` followed by it hold."""
    return next(digit for digit in "0123456789" if holds(text + digit))
