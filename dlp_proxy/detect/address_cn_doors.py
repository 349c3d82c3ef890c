"""Numbers of a Chinese address at a glance: what is counted in a text, and the usual row of house, building and room.

Both say nothing that `address_cn_words.COUNTED` and `address_cn_words.PIECE` would not say of the same text, a piece at
a time; most addresses are written so, and this takes a quarter of the time.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from dlp_proxy.detect.address_cn_words import COUNTED, COUNTED_ENDS, COUNTED_LAST

MOST: Final = 5
"""Numbers in a row of doors, at most."""

_ROW: Final = re.compile(
    r"(?<![0-9.])[0-9]{1,4}号(?:[0-9]{1,4}(?P<building>号楼|栋|幢|座))?(?:[0-9]{1,2}(?P<stairs>单元))?"
    r"(?:[0-9]{1,2}(?P<floor>[楼层]))?(?:[0-9]{1,4}(?P<room>室))?(?=[\t\n\",，;；|<\]}]|\Z)"
)
_FIGURE: Final = re.compile(r"[,，、;][0-9]+(?:\.[0-9]+)?(?=[,，;\t\n\"|]|\Z)")
_DOCUMENT: Final = re.compile(r"[(（\[〔【](?:19|20)[0-9]{2}")


COUNTS: Final = re.compile(r"[ ]?[,，、][ ]?[0-9]{1,5}[座栋幢户]")
"""What is counted where it stands right behind the name of a town."""


class Doors(NamedTuple):
    """A row of numbers right behind a street, the first that of a house.

    Attributes:
        strong: how many have a unit that nothing but buildings has.
        is_last: no piece of the address follows.
    """

    numbers: int
    strong: int
    end: int
    is_last: bool


NONE: Final = Doors(0, 0, 0, is_last=False)
"""Says nothing: another look is needed."""


def doors(line: str, begin: int, at: int) -> Doors:
    """Return the row of numbers at `at` of an address that begins at `begin`, when there are but usual units in it."""
    row = _ROW.match(line, at)
    if (
        row is None
        or _DOCUMENT.search(line, begin, at)
        or (_may_be_counted(line, at) and COUNTED.search(line, begin, at))
    ):
        return NONE
    building, stairs, floor, room = row.groups()
    strong = (building is not None) + (stairs is not None) + (room is not None)
    return Doors(1 + strong + (floor is not None), strong, row.end(), is_over(line, row.end()))


def is_over(line: str, at: int) -> bool:
    """Tell whether no piece of an address follows at `at`: the next cell is a figure, no room behind a comma."""
    return _FIGURE.match(line, at) is not None


def is_counted(line: str, begin: int, at: int) -> bool:
    """Tell whether what stands before `at`, from `begin` on, makes the number there a count or that of a document."""
    may = _may_be_counted(line, at) or _DOCUMENT.search(line, begin, at) is not None
    return may and COUNTED.search(line, begin, at) is not None


def _may_be_counted(line: str, at: int) -> bool:
    """Tell whether a word that counts may end before `at`."""
    return line[at - 1 : at] in COUNTED_LAST or line[max(0, at - 2) : at] in COUNTED_ENDS
