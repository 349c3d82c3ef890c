"""DHL Express waybills: ten digits, of which the last is the first nine modulo 7, as on every air waybill (IATA)."""

from __future__ import annotations


def holds(value: str) -> bool:
    digits = "".join(digit for digit in value if digit.isascii() and digit.isdigit())
    return len(digits) == 10 and check_digit(digits[:9]) == digits[9]


def check_digit(text: str) -> str:
    """Return the check digit for the nine digits that `text` ends with."""
    digits = "".join(digit for digit in text if digit.isdecimal())[-9:]
    return str(int(digits) % 7)
