"""A name with one of the usual given names in it, first or behind the comma: John Smith, Smith, John; no Blue Chair."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.given_names import GIVEN_NAMES

_WORD: Final = regex.compile(r"\p{L}[\p{L}'’-]*")
_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})


def holds(value: str) -> bool:
    surname, comma, rest = value.lower().partition(",")
    words = [word for word in _WORD.findall(rest if comma else surname) if word not in _TITLES]
    return bool(words) and words[0].partition("-")[0] in GIVEN_NAMES
