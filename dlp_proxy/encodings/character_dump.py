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
_ESCAPES: Final = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "0": 0}


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
            for at in range(line.start(1), line.end(1), _WIDTH):
                data.append(_byte(text[at + 1 : at + _WIDTH]))
                starts.append(at + 1)
                ends.append(at + _WIDTH)
        run = Run(starts[0], ends[-1], bytes(data), 8, starts, ends)
        if run.reading is not None:
            yield run


def _byte(cell: str) -> int:
    sign = cell.lstrip()
    if len(sign) == _WIDTH - 1:
        return int(sign, 8)
    return _ESCAPES[sign[1]] if len(sign) > 1 else ord(sign or " ")
