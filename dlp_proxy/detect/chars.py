"""Sets of characters, and the bytes that stand for them in a wider pattern (`wider.py`)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from math import log2
from typing import Final, NamedTuple

_FEW: Final = 600
"""More characters beyond ASCII than these are any characters beyond ASCII."""
_FEW_IN_A_ROW: Final = 40
"""The same where they are repeated."""

HAN: Final = range(0x4E00, 0xA000)
_ANY_HAN: Final = r"[\xe4-\xe9][\x80-\xbf][\x80-\xbf]"

_MORE: Final = 3
_MOST_HAN: Final = 8
_OF_A_DIGIT: Final = 2.0
_CASED: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Cn", "Nl", "So"})

CASE_STRAYS: Final = "\u0130\u0131\u017f\u212a"
"""Characters beyond ASCII that match i, s or k where case is ignored: a text with one of them is not to be gated."""

ASCII: Final = frozenset(range(128))
DIGITS: Final = frozenset(b"0123456789")
_WORD: Final = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_SPACES: Final = frozenset(b"\t\n\v\f\r ")
_MORE_SPACES: Final = frozenset(b"\x1c\x1d\x1e\x1f")  # are spaces to one of the two modules


FOREIGN: Final = r"(?:[\xc3-\xe1]|\xe2(?:\x84[\xa6\xaa\xab]|[\xb0-\xb7])|\xe3[\x81-\x83]|[\xea-\xed]|\xef[\xac-\xb7])"
"""A byte or two of every letter that `is_foreign`, and of its other cases: up to U+1FFF, ohm, kelvin and angstrom,
U+2C00 to U+2DFF, kana, U+A000 to U+D7FF, ligatures."""


def is_foreign(code: int) -> bool:
    """Tell whether a character is a letter that neither ASCII nor Chinese text has."""
    return 0xC0 <= code < 0x2000 or 0x3041 <= code < 0x3100 or 0xAC00 <= code <= 0xD7A3


class Chars(NamedTuple):
    """A set of characters, or more than that: ASCII ones and a few others.

    Attributes:
        many: any beyond ASCII.
        han: any of the CJK Unified Ideographs.
        foreign: of `many`, letters with accents or of other scripts than Latin and Chinese alone.
    """

    ascii: frozenset[int]
    others: frozenset[int] = frozenset()
    many: bool = False
    han: bool = False
    foreign: bool = False

    def union(self, other: Chars) -> Chars:
        return Chars(
            self.ascii | other.ascii,
            self.others | other.others,
            self.many or other.many,
            self.han or other.han,
            self.foreign and other.foreign,
        )

    @property
    def plain(self) -> bool:
        """Whether all of them are ASCII."""
        return not (self.many or self.han or self.others)

    def bits(self) -> float:
        """Return how much it says that a character is one of these, were all of ASCII and 8192 others as frequent.

        Digits are more frequent in what is sent.
        """
        if self.ascii and self.ascii <= DIGITS and not (self.many or self.han):
            return _OF_A_DIGIT
        share = len(self.ascii) / 128 + len(self.others) / 8192 + 0.75 * (self.many or self.han)
        return -log2(min(1.0, share)) if share else 20.0

    def one(self) -> str:
        """Return a pattern of bytes for one of these characters."""
        if self.many or len(self.others) > _FEW:
            return byte_class(self.ascii, high=True) + r"[\x80-\xff]{0,3}"
        few = _of_bytes(self.others)
        if self.han:
            few.append(_ANY_HAN)
        if self.ascii:
            few.append(_hex(next(iter(self.ascii))) if len(self.ascii) == 1 else byte_class(self.ascii))
        if not few:
            return r"[^\x00-\xff]"
        return "(?:" + "|".join(few) + ")" if len(few) > 1 else few[0]

    def some(self, least: int, most: int) -> str:
        """Return a pattern of bytes for `least` to `most` of these characters, one after the other.

        A byte of a character may count as a character: more is matched, nothing is lost.
        """
        if self.many or len(self.others) > _FEW_IN_A_ROW:
            return byte_class(self.ascii, high=True) + repeats(least, 4 * most)
        if (least, most) == (1, 1):
            return self.one()
        one = self.one()
        if self.han and most <= _MOST_HAN:
            return f"(?:{one}){{{least},{most}}}"
        return (one if one.startswith(("[", "(?:")) else f"(?:{one})") + repeats(least, most)


CATEGORIES: Final = {
    "CATEGORY_DIGIT": Chars(DIGITS, many=True),
    "CATEGORY_NOT_DIGIT": Chars(ASCII - DIGITS, many=True),
    "CATEGORY_SPACE": Chars(_SPACES | _MORE_SPACES, many=True),
    "CATEGORY_NOT_SPACE": Chars(ASCII - _SPACES, many=True),
    "CATEGORY_WORD": Chars(_WORD, many=True),
    "CATEGORY_NOT_WORD": Chars(ASCII - _WORD, many=True),
}
"""What the parser's categories may match."""

SURELY: Final = {
    "CATEGORY_DIGIT": DIGITS,
    "CATEGORY_NOT_DIGIT": ASCII - DIGITS,
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_NOT_SPACE": ASCII - _SPACES - _MORE_SPACES,
    "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_WORD": ASCII - _WORD,
}
"""What of ASCII they match in any case."""


@cache
def _families() -> dict[int, frozenset[int]]:
    """Return for each cased character beyond ASCII those beyond ASCII that are the same but for case."""
    alike: dict[str, set[int]] = {}
    for code in range(128, 0x1F000):
        character = chr(code)
        for form in {character.lower(), character.upper(), character.title(), character.casefold()}:
            if form != character:
                alike.setdefault(form, set()).update({code} | {ord(form)} if len(form) == 1 else {code})
    families: dict[int, set[int]] = {}
    for members in alike.values():
        joined = set(members).union(*(families.get(code, set()) for code in members))
        families.update(dict.fromkeys(joined, joined))
    return {code: frozenset(one for one in family if one > 127) for code, family in families.items() if code > 127}


def in_any_case(code: int) -> Chars:
    """Return what a character beyond ASCII may match where case does not matter."""
    if chr(code) in CASE_STRAYS:
        return Chars(frozenset(b"iIsSkK"), many=True)
    if unicodedata.category(chr(code)) in _CASED and not 0x370 <= code < 0x530:
        # The other case may be newer than our tables, but is a letter of the same sort.
        return Chars(frozenset(), many=True, foreign=is_foreign(code))
    family = _families().get(code)
    return Chars(frozenset(), frozenset({code})) if family is None else Chars(frozenset(), family | {code})


def repeats(least: int, most: int) -> str:
    """Return a quantifier; many more than the least are any number: that is a smaller automaton."""
    return f"{{{least},{most}}}" if most <= least + _MORE else f"{{{least},}}"


def byte_class(members: Iterable[int], *, high: bool = False) -> str:
    """Return a set of bytes in a pattern's syntax; with all from 0x80 up when `high`."""
    ranges: list[tuple[int, int]] = []
    for code in sorted(members):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    if high:
        ranges.append((0x80, 0xFF))
    shown = (_hex(first) if first == last else f"{_hex(first)}-{_hex(last)}" for first, last in ranges)
    return f"[{''.join(shown)}]"


def _hex(byte: int) -> str:
    return f"\\x{byte:02x}"


def _of_bytes(codes: Iterable[int]) -> list[str]:
    """Return alternatives for characters beyond ASCII: those that only differ in their last byte are one."""
    last: dict[bytes, list[int]] = {}
    for code in sorted(codes):
        encoded = chr(code).encode("utf-8", "surrogatepass")
        last.setdefault(encoded[:-1], []).append(encoded[-1])
    return [
        "".join(map(_hex, first)) + (_hex(some[0]) if len(some) == 1 else byte_class(some))
        for first, some in last.items()
    ]
