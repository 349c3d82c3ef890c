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

_LINE: Final = re.compile(r"(?<![A-Za-z0-9+/])(?:[A-Z2-7]{18,}+|[a-z2-7]{18,}+)(?![A-Za-z0-9+/])={0,6}")
_NARROWEST: Final = 40
_MORE: Final = re.compile(r"\r?\n([A-Z2-7]+={0,6})(?![A-Za-z0-9+/=])")
"""Programs wrap what they write, at 64 signs and more; shorter lines are values of their own."""

_TAILS: Final = frozenset({0, 2, 4, 5, 7})
"""Signs that may be left over after groups of eight."""


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable runs that begin between `start` and `end`, ascending."""
    behind = tried = start
    for found in starting(_LINE, text, start, end):
        if found.start() < behind:
            continue
        run = None
        if found.start() >= tried:  # else each line of what is no text would be tried with all that follow it
            tried = _end_of_wrapped(found)
            run = _run(text, found.start(), tried)
        if run is None:
            run = _run(text, *found.span())
        if run is not None:
            behind = run.end
            yield run


def _end_of_wrapped(first: re.Match[str]) -> int:
    """Return where the last line ends that goes on with `first`: all are as wide, but the last may be shorter."""
    width, end = first.end() - first.start(), first.end()
    if width < _NARROWEST or first[0].endswith("=") or not first[0].isupper():
        return end
    while (line := _MORE.match(first.string, end)) is not None and len(line[1]) <= width:
        end = line.end()
        if len(line[1]) < width or line[1].endswith("="):
            break
    return end


def _run(text: str, start: int, end: int) -> Run | None:
    """Return what is written from `start` to `end`, perhaps in several lines; None where it is not readable."""
    written = text[start:end].rstrip("=")
    signs = "".join(written.split())
    if len(signs) % 8 not in _TAILS:
        return None
    try:
        data = base64.b32decode(signs.upper() + "=" * (-len(signs) % 8))
    except binascii.Error:
        return None
    places: Sequence[int] = range(start, start + len(written))
    if len(signs) < len(written):
        places = array("I", (start + place for place, sign in enumerate(written) if sign not in "\r\n"))
    run = Run(start, end, data, 5, places, array("I", (place + 1 for place in places)))
    return run if run.reading is not None else None
