"""The check digit of GS1 keys and of what borrows it: GS1 General Specifications 7.9, weights 3 and 1 from the right.

SSCC (18 digits), USPS Intelligent Mail package barcodes (Publication 199) and FedEx Ground numbers end in it.
"""

from __future__ import annotations


def holds(value: str) -> bool:
    digits = [int(digit) for digit in value if digit.isascii() and digit.isdigit()]
    return len(digits) > 1 and (sum(digits[-1::-2]) + 3 * sum(digits[-2::-2])) % 10 == 0


def check_digit(text: str) -> str:
    """Return the digit that makes the digits of `text` followed by it hold."""
    return next(digit for digit in "0123456789" if holds(text + digit))
