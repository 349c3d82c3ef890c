"""Dumps as od prints them when it is told nothing (POSIX, od): an offset, and words of two bytes, in octal digits."""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import blocks

NAME: Final = "octal dump"

GATE: Final = r"0000[0-7]{3} [01][0-7]{5}(?: [01][0-7]{5}){3}"
"""In the first line of every dump that is read; its offset begins with zeros."""

_LINE: Final = re.compile(r"(?m)^[0-7]{7,11}((?: [01][0-7]{5}){1,8}) *\r?$")
_WIDTH: Final = 7
"""Signs of a word and the space before it."""


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable dumps that begin between `start` and `end`, ascending."""
    for lines in blocks(_LINE, text, start, end):
        data, starts, ends = bytearray(), array("Q"), array("Q")
        for line in lines:
            words = [int(word, 8) for word in line[1].split()]
            data += struct.pack(f"<{len(words)}H", *words)  # the machine's own words: the second byte first
            for at in range(line.start(1) + 1, line.end(1), _WIDTH):
                starts.extend((at, at))
                ends.extend((at + _WIDTH - 1, at + _WIDTH - 1))
        whole = bytes(data)
        if whole.endswith(b"\0"):  # the last word of an odd number of bytes
            whole = whole[:-1]
        run = Run(starts[0], ends[-1], whole, 8, starts, ends)
        if run.reading is not None:
            yield run
