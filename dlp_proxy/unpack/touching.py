"""Where the columns of a table are whose cells touch: records of one length, as mainframes and banks hand them on.

`WANG WEI    13800138000200001SHANGHAI PUDONG  0000012500`: nothing stands between a number to call and a postal code.
A column of signs that are digits on all lines is part of a number; where one begins or ends, so does a cell. In a run
of digits a cell is known by what all lines have at the same place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

_FEWEST_LINES: Final = 16
"""A column of ones before one without 0, 1 and 2 is chance in fewer: three times in a thousand in so many."""
_EXCEPTIONS: Final = 30
"""One line in so many may be something else, and one line of however many: headings, totals."""
_WIDTHS: Final = range(20, 4000)
_NUMBER: Final = 4
"""Fewer columns of digits may be part of a text."""
_KINDS: Final = {10: 2, 1: 3}
"""So many different ones at least of these digits: numbers of one series have one."""
_JOINING: Final = frozenset("-_./:")
"""What an order's number has between its digits: SO-20260128-010000 is one cell."""
_SHAPES: Final = (
    (18, re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"), 10),
    (11, re.compile(r"1[3-9][0-9]{9}"), 1),
)
"""What is so long and looks so at one place of all lines: identity numbers (GB 11643), mobile numbers. And which of
their digits differ: those of the month of birth, the second one."""


def may(text: str) -> bool:
    """Tell by a glance whether the first lines are of one length."""
    first = text.find("\n")
    return first in _WIDTHS and text.startswith("\n", 2 * first + 1) and text.startswith("\n", 3 * first + 2)


def cuts(lines: Sequence[str]) -> list[int]:
    """Return where cells begin; nothing where no cell that may be somebody's touches another.

    Args:
        lines: the first ones; a sign that is two columns wide stands for two.
    """
    if len(lines) < _FEWEST_LINES:
        return []
    width = max(lines, key=len)
    allowed = max(1, len(lines) // _EXCEPTIONS)
    some = [line for line in lines if len(line) == len(width)]
    if len(width) not in _WIDTHS or len(some) < len(lines) - allowed:
        return []
    columns = list(zip(*some, strict=True))
    numbers = list(_runs([sum(map(_is_digit, column)) >= len(some) - allowed for column in columns]))
    places: set[int] = set()
    touches = False
    for start, end in numbers:
        for at, size in _known(some, start, end, allowed):
            places |= {at, at + size}
            before = columns[at - 1] if at else ()
            behind = columns[at + size] if at + size < len(columns) else ()
            touches |= any(sign not in {" ", "\t"} for sign in (*before, *behind))
    if not touches:
        return []
    places |= {
        place
        for run in numbers
        for place, beside in zip(run, (run[0] - 1, run[1]), strict=True)
        if not (0 <= beside < len(columns) and _JOINING.issuperset(columns[beside]))
    }
    return sorted(place for place in places if 0 < place < len(columns))


def _is_digit(sign: str) -> bool:
    return "0" <= sign <= "9" or sign in {"X", "x"}  # as the last of an identity number is


def _runs(are_digits: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where columns of digits begin and end."""
    at = 0
    for is_number, some in groupby(are_digits):
        size = sum(1 for _ in some)
        if is_number and size >= _NUMBER:
            yield at, at + size
        at += size


def _known(lines: Sequence[str], start: int, end: int, allowed: int) -> Iterator[tuple[int, int]]:
    """Yield where something in a run of digits is known, and its length; what could be in two places is not."""
    for size, shape, differs in _SHAPES:
        places = range(start, end - size + 1)
        found = [at for at in places if _is_there([line[at : at + size] for line in lines], shape, differs, allowed)]
        if len(found) == 1:
            yield found[0], size


def _is_there(held: Sequence[str], shape: re.Pattern[str], differs: int, allowed: int) -> bool:
    some = [one for one in held if shape.fullmatch(one)]
    if len(some) < len(held) - allowed:
        return False
    return len({one[differs] for one in some}) >= _KINDS[differs] and len(set(some)) * 2 > len(some)
