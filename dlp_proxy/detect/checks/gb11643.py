"""The resident identity number of China: GB 11643-1999, check character by ISO 7064 MOD 11-2."""

from __future__ import annotations

from datetime import date
from typing import Final

import regex

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK: Final = "10X98765432"
# GB/T 2260 province codes; 81-83 residence permits of Hong Kong, Macao and Taiwan people; 91 permanent residents.
_PROVINCES: Final = regex.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")


def holds(value: str) -> bool:
    value = "".join(character for character in value if character.isalnum()).upper()
    if len(value) != 18 or not (value[:17].isascii() and value[:17].isdigit()) or not _PROVINCES.match(value):
        return False
    if not "1900" <= value[6:10] < "2100":
        return False
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    return value[17] == check_digit(value[:17])


def check_digit(text: str) -> str:
    """Return the check character for the 17 digits that `text` ends with."""
    digits = [int(digit) for digit in text if digit.isdecimal()][-17:]
    return _CHECK[sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11]
