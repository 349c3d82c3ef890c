"""Digits in circles, brackets and squares, raised and lowered ones, and those of other ways of counting.

They number lists and notes, so `fold.py` leaves them alone. Here two close together are read: ⑧⑧号, 1³8⁰.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each

NAME: Final = "digits in other shapes"

_LARGEST: Final = 50
_BLOCKS: Final = (
    range(0xB2, 0xBA), range(0x2070, 0x208A), range(0x2160, 0x2189), range(0x2460, 0x24FF + 1), range(0x2776, 0x2794),
    range(0x3021, 0x302A), range(0x3192, 0x3196), range(0x3220, 0x322A), range(0x3248, 0x3290), range(0x1F100, 0x1F10D),
)  # fmt: skip


def _table() -> dict[str, str]:
    """Return the value of each sign, as the Unicode Character Database gives it."""
    values: dict[str, str] = {}
    for code in (code for block in _BLOCKS for code in block if code <= sys.maxunicode):
        value = unicodedata.numeric(chr(code), -1)
        if value == int(value) and 0 <= value <= _LARGEST:
            values[chr(code)] = str(int(value))
    return values


VALUES: Final = _table()
"""What each sign is, in plain digits."""
_SIGN: Final = "[" + "".join(sign for sign in VALUES if sign < "\U00010000") + "]"
_BEYOND: Final = "[" + "".join(sign for sign in VALUES if sign >= "\U00010000") + "]"
_TWO: Final = rf"{_SIGN}[-. ]?[0-9]?[-. ]?{_SIGN}"
GATE: Final = f"{_TWO}|{_BEYOND}"
_LEAD: Final = (
    r"(?:\xc2[\xb2\xb3\xb9]|\xe2(?:\x81[\xb0-\xbf]|\x82[\x80-\x89]|[\x85\x86\x91-\x93\x9d\x9e][\x80-\xbf])"
    r"|\xe3(?:\x80[\xa1-\xa9]|[\x86\x88-\x8a][\x80-\xbf]))"
)
BYTES: Final = rf"{_LEAD}[-. ]?[0-9]?[-. ]?{_LEAD}|\xf0\x9f\x84[\x80-\x8c]"
"""The gate made wider, in bytes of UTF-8."""

_RUN: Final = re.compile("[" + "".join(VALUES) + "]+")


def may(text: str) -> bool:
    return not text.isascii()


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        for run in _RUN.finditer(text, start, end):
            values = [VALUES[sign] for sign in run[0]]
            places = [(run.start() + at, run.start() + at + 1) for at, value in enumerate(values) for _ in value]
            found.append(Patch(run.start(), run.end(), "".join(values), each(places)))
    return found
