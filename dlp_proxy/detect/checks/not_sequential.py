"""Not a keyboard run such as 1234567890 or 9876543210: no single step of one runs through the whole value."""

from __future__ import annotations

from itertools import pairwise


def holds(value: str) -> bool:
    digits = [int(digit) for digit in value if digit.isascii() and digit.isdigit()]
    steps = {(right - left) % 10 for left, right in pairwise(digits)}
    return len(digits) < 3 or steps not in ({1}, {9})
