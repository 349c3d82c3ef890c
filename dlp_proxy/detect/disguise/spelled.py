"""Numbers spelled digit by digit: one three eight zero, yao san ba ling, or .---- ...-- ---.. ----- in Morse.

As of Chinese numerals, only a row of ten digits or more is read: people count, and give scores and times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each

NAME: Final = "spelled digits"

_FEWEST, _MOST = 10, 30
_NOTICED: Final = 6
_COUNTING: Final = "012345678901234567890"


def _numbered(*words: str) -> dict[str, str]:
    """Return the digit of each word; those of one digit stand with spaces between."""
    return {word: str(digit) for digit, some in enumerate(words) for word in some.split()}


class _Spelling:
    """Words for digits, and what stands between them."""

    def __init__(self, digits: Mapping[str, str], between: str, first: str = "", border: str = "[A-Za-z]") -> None:
        word = "|".join(re.escape(one) for one in sorted(digits, key=len, reverse=True))
        head = first or f"(?:{word})"
        self.digits = digits
        self.gate = rf"(?i:{head}(?:{between}(?:{word})){{{_NOTICED}}})"
        self.run = re.compile(
            rf"(?<!{border})(?:{word})(?:{between}(?:{word})){{{_FEWEST - 1},{_MOST - 1}}}+(?!{border})", re.IGNORECASE
        )
        self.one = re.compile(word, re.IGNORECASE)


_SPELLINGS: Final = (
    _Spelling(
        _numbered("zero oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        r"[ ,.;/_\-]{0,3}",
    ),
    _Spelling(
        _numbered("ling dong", "yi yao", "er liang", "san", "si", "wu", "liu", "qi guai", "ba", "jiu gou"),
        r"[ ,.;/_\-]{0,3}",
    ),
    _Spelling(
        _numbered("-----", ".----", "..---", "...--", "....-", ".....", "-....", "--...", "---..", "----."),
        r"[ /|,]{1,3}",
        first=r"\.----",  # a row of zeros is a line of a table
        border=r"[.\-]",
    ),
)
GATE: Final = "|".join(spelling.gate for spelling in _SPELLINGS)
_MORSE: Final = ".----"
_VOWELS: Final = re.compile(rf"(?:[^aeiouAEIOU\u0130\u0131]*+[aeiouAEIOU\u0130\u0131]){{{_NOTICED + 1}}}")
"""A dotless or a dotted I is an i to who ignores case."""


def may(text: str) -> bool:
    """Tell by what is quickly seen whether there may be such a row: each word has a vowel."""
    return _VOWELS.match(text) is not None or _MORSE in text


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: dict[int, Patch] = {}
    for start, end in stretches:
        for spelling in _SPELLINGS:
            for run in spelling.run.finditer(text, start, min(len(text), end + _REACH)):
                digits = [(one.span(), spelling.digits[one[0].lower()]) for one in spelling.one.finditer(run[0])]
                written = "".join([digit for _, digit in digits])
                if written not in _COUNTING:
                    places = [(run.start() + first, run.start() + last) for (first, last), _ in digits]
                    found[run.start()] = _patch(run.span(), written, places)
    return [found[place] for place in sorted(found)]


def _patch(span: Stretch, written: str, places: Sequence[Stretch]) -> Patch:
    """Return the digits as those are written that they are: who spells a number says by that how it is to be called."""
    if _NORTH_AMERICAN.fullmatch(written):
        joints = [places[0], *places[:3], places[2], *places[3:6], places[5], *places[6:]][1:]
        return Patch(*span, f"{written[:3]}-{written[3:6]}-{written[6:]}", each(joints), whole=True)
    if _FOREIGN.fullmatch(written):
        before = "+" if written[0] != "0" else "tel. "
        return Patch(*span, before + written, each([places[0]] * len(before) + [*places]))
    return Patch(*span, written, each(places), whole=True)


_NORTH_AMERICAN: Final = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
_FOREIGN: Final = re.compile(r"(?!1[3-9][0-9]{9}\Z|86|0086)(?:0[1-9][0-9]{8,9}|[2-9][0-9]{10,12}|1[2-9][0-9]{9})")
_REACH: Final = _MOST * 8
"""Characters of the longest row."""
