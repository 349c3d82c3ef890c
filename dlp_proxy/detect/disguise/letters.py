"""Letters for digits: O and o, l, I and |, and among enough digits Z, S and B."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Same, Stretch
from dlp_proxy.encodings.starting import starting

NAME: Final = "letters for digits"

_LETTER: Final = "[OolI|ZSB]"
_ANY: Final = "[0-9OolI|ZSB]"
GATE: Final = rf"(?<![A-Za-z0-9|])(?=[-. 0-9OolI|ZSB]{{0,24}}?{_LETTER}){_ANY}(?:[-. ]?{_ANY}){{9}}"
NOTICE: Final = (
    rf"{_LETTER}(?:[-. ]?{_ANY}){{5}}(?![A-Za-z])|(?:{_ANY}[-. ]?){{5}}{_LETTER}(?![AC-HJ-NP-RT-Ya-km-np-z])"
)
"""In every text that passes the gate, and in fewer others than the gate without its assertions."""

_MIXED: Final = re.compile(rf"{_LETTER}(?:[0-9]|(?<=[0-9].)|(?<=[0-9][-. ].){_LETTER}*(?:[-. ]{_LETTER}+)*[-. ][0-9])")
"""In every row that is read: letters that stand apart before or behind all digits, as in SO-20260115, are letters."""

_CHAIN: Final = re.compile(rf"(?<![A-Za-z0-9|]){_ANY}++(?:[-. ]{_ANY}++){{0,5}}[Xx]?(?![A-Za-z0-9|])")
_SIGNS: Final = bytes(
    ord("0") if chr(code) in "0123456789" else ord("o") if chr(code) in "OolI|ZSB" else ord(".") for code in range(256)
)
_ROW: Final = b"0" * 10
"""In every text that passes the gate when digits and letters are one sign, and what joins them is gone."""

_PIECE: Final = re.compile(r"[^ ]+")
_TOKEN: Final = re.compile(r"[^-. ]+")
_DIGIT: Final = re.compile(r"[0-9]")
_PLAIN: Final = str.maketrans("OolI|ZSB", "00111258")
_OCTAL: Final = re.compile(r"0[oO][0-7]+")
_HEX_BEFORE: Final = re.compile(r"[0-9A-Fa-f]{2,8}[-.\s:,]{1,2}\Z")
_HEX_AFTER: Final = re.compile(r"[-.\s:,]{1,2}[0-9A-Fa-f]{2,8}(?![A-Za-z0-9])")
_DOUBTFUL: Final = frozenset("ZSB")
_LEAST: Final = 10
_MOST: Final = 20


def may(text: str) -> bool:
    if _MIXED.search(text) is None:
        return False
    signs = text.encode("ascii", "replace").translate(_SIGNS, b"-. ")
    alike = signs.replace(b"o", b"0")
    at = alike.find(_ROW)
    while at >= 0:
        end = alike.find(b".", at)
        end = len(alike) if end < 0 else end
        if signs.find(b"o", at, end) >= 0:
            return True
        at = alike.find(_ROW, end)
    return False


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        for chain in starting(_CHAIN, text, max(start - _MOST, found[-1].end if found else 0), end):
            patch = _patch(chain) if _MIXED.search(chain[0]) else None
            if patch is not None:
                found.append(patch)
    return found


def _patch(chain: re.Match[str]) -> Patch | None:
    if chain.end() - chain.start() < _LEAST:
        return None
    # A number in one piece stands by itself; what a space joins to it is the next word or number.
    pieces = [piece for piece in _PIECE.finditer(chain[0]) if len(piece[0]) >= _LEAST]
    first, last = pieces[0].span() if pieces else (0, len(chain[0]))
    tokens = list(_TOKEN.finditer(chain[0], first, last))
    # SO-2026O115 begins with letters that are letters, and behind a number words go on.
    while tokens and not _DIGIT.search(tokens[0][0]):
        tokens.pop(0)
    while tokens and not _DIGIT.search(tokens[-1][0]):
        tokens.pop()
    if not tokens:
        return None
    start, end = chain.start() + tokens[0].start(), chain.start() + tokens[-1].end()
    signs = [sign for token in tokens for sign in token[0]]
    digits = sum(sign.isdigit() for sign in signs)
    share = 0.6 if not _DOUBTFUL.isdisjoint(signs) else 0.18
    if not _LEAST <= len(signs) <= _MOST or digits == len(signs) or digits < share * len(signs):
        return None
    if _is_code(chain, signs):
        return None
    plain = chain.string[start:end].translate(_PLAIN)
    # Its letters may have fallen off with the words at its ends, as in Tel.11010519491231002X.
    return Patch(start, end, plain, Same(start), whole=True) if plain != chain.string[start:end] else None


def _is_code(chain: re.Match[str], signs: Sequence[str]) -> bool:
    """Tell whether it is an alternative of patterns, a constant in octal, or one of many hexadecimal groups."""
    letters = {sign for sign in signs if not sign.isdigit()}
    if letters == {"|"} or _OCTAL.fullmatch(chain[0]):
        return True
    text = chain.string
    beside = _HEX_BEFORE.search(text, max(0, chain.start() - _MOST), chain.start()) or _HEX_AFTER.match(
        text, chain.end()
    )
    return letters <= _DOUBTFUL and len(signs) < len(chain[0]) and beside is not None
