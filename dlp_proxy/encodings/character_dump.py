"""Dumps as od -c prints them (POSIX, od): an offset, and for each byte its sign, its escape or three octal digits."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import blocks

NAME: Final = "character dump"

_CELL: Final = r"(?: [0-3][0-7]{2}|   [!-~]|  \\[abfnrtv0]|    )"
GATE: Final = rf"000[0-9A-Fa-f]{{3,4}}{_CELL}{{2}}"
"""In the first line of every dump that is read; its offset begins with zeros."""

_LINE: Final = re.compile(rf"(?m)^[0-9A-Fa-f]{{6,11}}((?:{_CELL}){{1,16}}) *\r?$")
_WIDTH: Final = 4
_BYTES: Final = {
    **{f"{value:03o}": value for value in range(256)},
    **{f"  {value:c}": value for value in range(0x20, 0x7F)},
    **{rf" \{sign}": value for sign, value in zip("abfnrtv0", (7, 8, 12, 10, 13, 9, 11, 0), strict=True)},
}
"""What each cell means, its first space left out; one of nothing but spaces is a space."""

_GATE: Final = re.compile(rf"(?m)^{GATE}")
_HEAD: Final = 4096


def begins_in(text: str) -> bool:
    """Tell whether such a dump is what a text begins with, or nearly: it looks like a table of narrow columns."""
    return _GATE.search(text, 0, _HEAD) is not None


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable dumps that begin between `start` and `end`, ascending."""
    for lines in blocks(_LINE, text, start, end):
        data, starts, ends = bytearray(), array("Q"), array("Q")
        for line in lines:
            places = range(line.start(1) + 1, line.end(1), _WIDTH)
            data += bytes([_BYTES[text[at : at + _WIDTH - 1]] for at in places])
            starts.extend(places)
            ends.extend(range(line.start(1) + _WIDTH, line.end(1) + 1, _WIDTH))
        run = Run(starts[0], ends[-1], bytes(data), 8, starts, ends)
        if run.reading is not None:
            yield run
