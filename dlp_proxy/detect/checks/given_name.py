"""A name with one of the usual given names in it, first or behind the comma: John Smith, Smith, John; no Blue Chair.

A title or an initial before it says as much: Frau Vogel, R. Khan.
"""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.given_names import GIVEN_NAMES
from dlp_proxy.detect.said.names import TITLES

_WORD: Final = regex.compile(r"\p{L}[\p{L}'’-]*")
_TITLED: Final = regex.compile(rf"(?:{'|'.join(regex.escape(title.lower()) for title in TITLES)})\.? (?=\p{{L}}{{2}})")
_INITIAL: Final = regex.compile(r"\p{L}\. (?:\p{L}\.? )?\p{L}{2,}(?:[ -]\p{L}{2,})?")


def holds(value: str) -> bool:
    value = value.lower()
    if _TITLED.match(value) or _INITIAL.fullmatch(value):
        return True
    surname, comma, rest = value.partition(",")
    words = _WORD.findall(rest if comma else surname)
    return bool(words) and words[0].partition("-")[0] in GIVEN_NAMES
