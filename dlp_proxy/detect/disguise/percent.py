"""Percent-encoding (RFC 3986 section 2.1) that was left in a text; what is encoded twice is read twice.

And %uXXXX, as JavaScript's `escape` writes what is beyond Latin-1 (ECMA-262, B.2.1.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Places, Stretch
from dlp_proxy.encodings import readable
from dlp_proxy.encodings.starting import starting

NAME: Final = "percent-encoding"

# Letters and digits, which no program encodes; Han; an at sign; a percent sign; signs inside a number.
GATE: Final = (
    r"%(?:3[0-9]|[46][1-9A-Fa-f]|40|[57][0-9Aa]|25[2-7Ee]|[Ee][4-9]%)|[0-9]%(?:2[08BDEbde]|[Cc]2%[Aa]0)|%2[Bb][0-9]"
    r"|%u(?:[4-9][0-9A-Fa-f]{3}|00[2-7][0-9A-Fa-f]|[Ff]{2}[0-9A-Fa-f]{2})"
)
_RUN: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
_UNITS: Final = re.compile(r"(?:%u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2})++")
_UNIT: Final = re.compile(r"%u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})")
_SIZE: Final = 3


def may(text: str) -> bool:
    return "%" in text


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    if "%u" in text:
        return _escaped(text, stretches)
    found: list[Patch] = []
    for start, end in stretches:
        for run in starting(_RUN, text, max(start, found[-1].end if found else 0), end):
            reading = readable.decode(bytes.fromhex(run[0].replace("%", "")))
            if reading is not None:
                found.append(
                    Patch(run.start(), run.end(), reading[0], way_back(range(run.start(), run.end(), _SIZE), *reading))
                )
    return found


def _escaped(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    """Return what JavaScript escaped: every sign is a unit of UTF-16 by itself."""
    found: list[Patch] = []
    for start, end in stretches:
        for run in starting(_UNITS, text, max(start, found[-1].end if found else 0), end):
            places = Places()
            signs: list[str] = []
            for one in _UNIT.finditer(text, *run.span()):
                code = int(one[1] or one[2], 16)
                signs.append("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))
                places.add(*one.span())
            found.append(Patch(run.start(), run.end(), "".join(signs), places))
    return found


def way_back(starts: Sequence[int], text: str, charset: str) -> Callable[[int, int], Stretch]:
    """Return the way back for bytes that are each written by three characters, from `starts` on."""

    def place(first: int, last: int) -> Stretch:
        before = first if charset == "ascii" else len(text[:first].encode(charset))
        size = last - first if charset == "ascii" else len(text[first:last].encode(charset))
        return starts[before], starts[before + size - 1] + _SIZE

    return place
