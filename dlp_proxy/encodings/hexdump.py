"""Dumps as xxd, hexdump and od print them: an offset, up to sixteen bytes, and perhaps the text beside them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.hexadecimal import readable_runs
from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import blocks

NAME: Final = "hexdump"

GATE: Final = r"000[0-9A-Fa-f]{1,5}:? {1,2}[0-9A-Fa-f]{2}(?: ?[0-9A-Fa-f]{2}){3}"
"""In the first line of every dump that is read; its offset begins with zeros."""

_LINE: Final = re.compile(
    r"(?m)^[ \t>|]*+(?P<offset>[0-9A-Fa-f]{4,9}(?P<colon>:?)) {1,2}(?=[0-9A-Fa-f]{2})(?P<rest>.+)$"
)
_GROUP: Final = re.compile(r"( {0,3})((?:[0-9A-Fa-f]{2}){1,8})(?![^\s])")
_BYTES: Final = 16
_HALF: Final = 8
_WORD: Final = 4


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable dumps that begin between `start` and `end`, ascending."""
    for lines in blocks(_LINE, text, start, end):
        places = array("Q")
        for line in lines:
            places.extend(_signs(line))
        yield from _dumped(text, places)


def _signs(line: re.Match[str]) -> list[int]:
    """Return the places of the hexadecimal digits of one line, in the order of the bytes."""
    signs: list[int] = []
    at = line.start("rest")
    swapped = False
    while (group := _GROUP.match(line.string, at, line.end("rest"))) is not None:
        gap, size = len(group[1]), len(group[2]) // 2
        held = len(signs) // 2
        if held + size > _BYTES or (held and (gap == 0 or gap > 2 or (gap == 2 and held != _HALF))):
            break
        first = group.start(2)
        # od -x and hexdump print words of the machine: the second byte first. xxd, whose offset has a colon, does not.
        swapped = size * 2 == _WORD and not line["colon"]
        order = (2, 3, 0, 1) if swapped else range(size * 2)
        signs += [first + place for place in order]
        at = group.end()
    return signs


def _dumped(text: str, places: array[int]) -> Iterator[Run]:
    if len(places):
        data = bytes.fromhex("".join([text[place] for place in places]))
        for run in readable_runs(data, places):
            start, end = min(run.starts[: 2 * len(run.data)]), max(run.ends[: 2 * len(run.data)])
            yield Run(start, end, run.data, run.bits, run.starts, run.ends)
