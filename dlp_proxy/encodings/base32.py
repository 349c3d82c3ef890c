"""Base32 (RFC 4648 section 6), in capitals or not, with or without padding."""

from __future__ import annotations

import base64
import binascii
import re
from array import array
from collections.abc import Iterator, Sequence
from typing import Final

from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import starting

NAME: Final = "base32"

# Five bytes of ASCII; each readable byte fixes bits of its signs.
_TEN: Final = r"(?:[E-P][ABEFIJMNQRUVYZ45][A-Z2-7][C-HS-X][ACEGIKMOQSUWY246][I-Z2-7][BCDJKLRSTZ23][A-Z2-7]){2}"
GATE: Final = rf"{_TEN}|(?:{_TEN.lower()})|[A-Z2-7]{{24}}"
"""In every run that is read: ten bytes of ASCII, or more capitals than a word has."""

_RUN: Final = re.compile(
    r"(?<![A-Za-z0-9+/])(?:[A-Z2-7]{18,}+(?:\r?\n[A-Z2-7]{18,}+)*+(?:\r?\n[A-Z2-7]+)?|[a-z2-7]{18,}+)"
    r"(?![A-Za-z0-9+/])={0,6}"
)
"""Capitals go on over ends of lines: programs wrap what they write."""

_TAILS: Final = frozenset({0, 2, 4, 5, 7})
"""Signs that may be left over after groups of eight."""


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable runs that begin between `start` and `end`, ascending."""
    for found in starting(_RUN, text, start, end):
        written = found[0].rstrip("=")
        signs = "".join(written.split())
        if len(signs) % 8 not in _TAILS:
            continue
        try:
            data = base64.b32decode(signs.upper() + "=" * (-len(signs) % 8))
        except binascii.Error:
            continue
        first, last = found.start(), found.start() + len(written)
        places: Sequence[int] = range(first, last)
        if len(signs) < len(written):
            places = array("I", (first + place for place, sign in enumerate(written) if sign not in "\r\n"))
        run = Run(first, found.end(), data, 5, places, array("I", (place + 1 for place in places)))
        if run.reading is not None:
            yield run
