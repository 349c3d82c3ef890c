"""The second line of a passport's machine-readable zone: ICAO Doc 9303 part 4, check digits by part 3 section 4.9."""

from __future__ import annotations

from itertools import cycle


def holds(value: str) -> bool:
    value = value.upper()
    if len(value) != 44:
        return False
    checked = (value[:10], value[13:20], value[21:28], value[:10] + value[13:20] + value[21:43] + value[43])
    return all(check_digit(field[:-1]) == field[-1] for field in checked)


def check_digit(text: str) -> str:
    """Return the check digit of a field: weights 7, 3, 1 in turn, letters from A = 10, filler 0, modulo 10."""
    weights = cycle((7, 3, 1))
    return str(
        sum(weight * (0 if one == "<" else int(one, 36)) for weight, one in zip(weights, text, strict=False)) % 10
    )
