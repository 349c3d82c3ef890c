"""Mobile numbers cut in two or three pieces that a program, a printer or a reader joins again.

Pieces of strings in code ("138" + "0013" + "8000", CONCAT('138','0013','8000')), in marks of Markdown, in lines of a
quoted reply, with a picture between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each
from dlp_proxy.detect.phones.numbering_cn import MOBILE
from dlp_proxy.encodings.starting import starting

NAME: Final = "pieces that are joined"

_PICTURE: Final = "[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]{1,4}"
_JOINT: Final = (
    r"(?:[\"'] ?(?:\+|&|\.{1,2}|\|\|)? ?[\"']|[*_]{2,6}|[*_] ?[*_]|~~|` ?`"
    rf"|\n(?:> ?){{1,4}}|{_PICTURE})"
)
_PIECE: Final = r"[0-9]{2,8}"
_BEGIN: Final = rf"1[3-9][0-9]{{0,6}}{_JOINT}[0-9]{{2}}"
GATE: Final = (
    rf"{_BEGIN}"
    r"|[Cc][Oo][Nn][Cc][Aa][Tt]\w{0,3}\((?:[\"'][^\"'\n]?[\"'], ?)?[\"']1[3-9]"
)
_ROW: Final = re.compile(rf"(?<![0-9.,])1[3-9][0-9]{{0,6}}(?:{_JOINT}{_PIECE}){{1,3}}+(?![0-9])")
_CALL: Final = re.compile(
    r"(?i:concat(?:_ws)?\((?:['\"][^'\"\n]?['\"], ?)?)[\"']"
    r"(?P<row>1[3-9][0-9]{0,6}(?:[\"'], ?[\"'][0-9]{2,8}){1,3})[\"']"
)
_BEGINS: Final = re.compile(_BEGIN)
_BEFORE: Final = 24
_DIGITS: Final = re.compile("[0-9]")
_MOBILE: Final = re.compile(MOBILE)


def may(_text: str) -> bool:
    return True


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        if _BEGINS.search(text, start, end):
            found += [one for row in starting(_ROW, text, start, end) for one in _patch(text, *row.span())]
        low = max(0, start - _BEFORE)
        if "concat" in text[low:end].lower():
            found += [one for row in _CALL.finditer(text, low, end) for one in _patch(text, *row.span("row"))]
    found.sort(key=lambda patch: (patch.start, patch.end))
    return [patch for number, patch in enumerate(found) if not number or patch.start >= found[number - 1].end]


def _patch(text: str, start: int, end: int) -> list[Patch]:
    signs = list(_DIGITS.finditer(text, start, end))
    number = "".join([sign[0] for sign in signs])
    if _MOBILE.fullmatch(number) is None:
        return []
    return [Patch(start, end, number, each([sign.span() for sign in signs]), whole=True, sure=True)]
