"""Cells of spreadsheets: their columns, and stored numbers as a person reads them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

type Row = tuple[int, list[str]]
"""Number as a person counts, and cells."""

_FARTHEST: Final = 512  # empty cells that are written to keep one cell in its column
_PADDING: Final = 2_000_000  # and in all
_EXACT: Final = 10**17
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone
_LAST_DAY: Final = 2_958_466
_DATES: Final = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def is_date(code: str) -> bool:
    """Tell whether a number format writes dates or times."""
    return code.lower() != "general" and bool(set(_QUOTED.sub("", code).lower()) & set("ymdhs"))


def builtin_date(number: int) -> bool:
    """Tell whether a built-in number format writes dates or times."""
    return number in _DATES


def shown(number: str, *, date: bool = False) -> str:
    """Return a stored number as a person reads it: whole ones without exponent, dates as dates."""
    if number.isdigit() and not date:
        return number
    try:
        value = float(number)
    except ValueError:
        return number
    if date and 0 < value < _LAST_DAY:
        moment = _EPOCH + timedelta(days=value)
        return moment.strftime("%Y-%m-%d") if value == int(value) else moment.strftime("%Y-%m-%d %H:%M:%S")
    if value == value and abs(value) < _EXACT and value == int(value):  # noqa: PLR0124 - not a NaN
        return str(int(value))
    return number


class Columns(dict[str, int]):
    """Column numbers by letters."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters[:3].upper():
            number = number * 26 + (ord(letter) - 64 if "A" <= letter <= "Z" else 0)
        self[letters] = max(0, number - 1)
        return self[letters]


class Padding:
    """Empty cells that keep others in their columns, as many as a file may ask for."""

    def __init__(self) -> None:
        self._left = _PADDING

    def fill(self, row: list[str], column: int) -> None:
        """Make `row` reach up to `column`; a cell that is far out moves in beside the last."""
        ahead = column - len(row)
        if ahead > _FARTHEST or ahead > self._left:
            ahead = 1
        if ahead > 0:
            self._left -= ahead
            row += [""] * ahead
