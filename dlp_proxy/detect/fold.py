"""Text as the patterns see it: look-alike digits and letters made plain, invisible characters gone.

One character becomes one character or none, so a table of cuts is enough to find the way back. Pure ASCII text is
returned as it is; other text is only rewritten when a search finds something to rewrite.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain
from typing import Final

# Full-width forms and mathematical alphanumerics (Unicode blocks FF00, 1D400, 1F100, 1FBF0). Circled and superscript
# digits stay: they number lists and notes, and would glue themselves to the number that follows.
_STYLED_CODES: Final = chain(range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800), range(0x1FBF0, 0x1FBFA))
# Punctuation of Chinese prose: folding it would rewrite every paragraph and no pattern needs it.
_PROSE: Final = frozenset("，：；！？")
_DECIMALS: Final = chain(
    range(0x660, 0xAC00), range(0x10D30, 0x10D3A), range(0x11066, 0x11DAA), range(0x1E140, 0x1E95A)
)
# The last one is the frame of a key cap: in 1⃣3⃣8⃣ it stands between the digits.
_SPACES: Final = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u20e3"
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2212\ufe58\ufe63"


def _table() -> dict[int, str]:
    table = dict.fromkeys(map(ord, _SPACES), " ") | dict.fromkeys(map(ord, _DASHES), "-")
    for code in _STYLED_CODES:
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain.isascii() and chr(code) not in _PROSE:
            table[code] = plain
    for code in _DECIMALS:
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            table[code] = str(digit)
    return table


_PLAIN: Final = _table()

# The sets are compiled by `re`, which looks a character of the first plane up in a bitmap: 40 times faster here than
# `regex`. That only works when no character beyond that plane is in the set: those are looked up one by one.
_STYLED: Final = re.compile("[" + "".join(re.escape(chr(code)) for code in _PLAIN if code < 0x10000) + "]+")
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]+")
# Soft hyphen, joiners, direction marks, variation selectors: shown as nothing, so a value can be split by them. And
# marks that combine with what they follow: a digit struck through is that digit.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20f0\ufe20-\ufe2f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)
# Tags and more variation selectors.
_INVISIBLE_TOO: Final = re.compile(_INVISIBLE.pattern.replace("]+", "\U000e0000-\U000e0fff]+"))
_FIRST_TAG, _LAST_TAG = "\U000e0000", "\U000e0fff"
# Text without any of these needs no folding: all but the usual of Chinese and Western prose.
_UNUSUAL: Final = re.compile("[^\0-\x9f\u4e00-\u9fff，。、：；！？“”《》【】]")


@dataclass(frozen=True, slots=True)
class Folded:
    """The rewritten text and the way back.

    Attributes:
        text: what patterns run on.
        cuts: positions in `text` before which characters were taken out, ascending.
        shifts: for each cut, how many were taken out up to and including it.
    """

    text: str
    cuts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def origin(self, position: int) -> int:
        """Return where the character at `position` stood in the original text."""
        if not self.cuts:
            return position
        index = bisect_right(self.cuts, position) - 1
        return position if index < 0 else position + self.shifts[index]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of a non-empty span of `text`."""
        return (start, end) if not self.cuts else (self.origin(start), self.origin(end - 1) + 1)


def fold(text: str) -> Folded:
    """Return `text` as patterns see it."""
    if text.isascii() or not _UNUSUAL.search(text):
        return Folded(text)
    beyond: set[str] = set()
    for run in _BEYOND.finditer(text):
        beyond.update(run.group())
    is_styled = any(ord(one) in _PLAIN for one in beyond)
    for styled in (_STYLED, _BEYOND) if is_styled else (_STYLED,):
        if styled.search(text):
            text = styled.sub(lambda run: run.group().translate(_PLAIN), text)
    invisible = _INVISIBLE_TOO if any(_FIRST_TAG <= one <= _LAST_TAG for one in beyond) else _INVISIBLE
    if not invisible.search(text):
        return Folded(text)
    kept: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    last = gone = 0
    for run in invisible.finditer(text):
        kept.append(text[last : run.start()])
        cuts.append(run.start() - gone)
        last = run.end()
        gone += last - run.start()
        shifts.append(gone)
    kept.append(text[last:])
    return Folded("".join(kept), tuple(cuts), tuple(shifts))


def fold_pattern(pattern: str) -> str:
    """Return `pattern` for folded text: a look-alike in it is that character's plain form, taken literally.

    Without this a pattern with a full-width bracket could never match: there is none left in the text.
    """
    plain: list[str] = []
    escaped = False
    for character in pattern:
        folded = _PLAIN.get(ord(character), character)
        looks_alike = folded != character
        plain.append(f"\\{folded}" if looks_alike and not escaped and not folded.isalnum() else folded)
        if looks_alike and escaped and folded.isalnum():
            plain[-2:] = [folded]
        escaped = character == "\\" and not escaped
    return "".join(plain)
