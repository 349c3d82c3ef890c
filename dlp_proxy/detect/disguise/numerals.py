"""Numbers in Chinese numerals, digit by digit: 一三八零零一三八零零零, 壹叁捌, and 幺 for one as it is spoken.

Years, dates, lists and sayings are written so too. Only a row of ten digits or more is read, as telephone numbers,
identity numbers and order numbers are; and only one with a one or a zero in it, by which it is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each

NAME: Final = "Chinese numerals"

_VALUES: Final = dict(
    zip(
        "〇零○洞一壹幺弌二贰貳两兩三叁參叄四肆五伍六陆陸七柒拐八捌九玖勾",
        "00001111222223333445566677788999",
        strict=True,
    )
) | {str(digit): str(digit) for digit in range(10)}
_DIGIT: Final = "[" + "".join(_VALUES) + "]"
_BETWEEN: Final = r"[-. ·、,，/_—]"
_HEADS: Final = "一〇零幺壹○"
_GATES: Final = tuple(re.compile(rf"{head}(?:{_BETWEEN}{{0,2}}{_DIGIT}){{5}}") for head in _HEADS)
GATE: Final = ""

_RUN: Final = re.compile(rf"{_DIGIT}(?:{_BETWEEN}{{0,2}}{_DIGIT}){{9,29}}+(?!{_DIGIT})")
_BARE: Final = re.compile(rf"{_DIGIT}{{10,}}+")
_SIGNS: Final = frozenset("-. ·、,，/_—")
_LEAST: Final = 3
"""Numerals among the digits; one 一 may be a dash."""

_COUNTING: Final = "0123456789012345678901234567890"


def may(text: str) -> bool:
    return not text.isascii() and any(
        gate.search(text) for head, gate in zip(_HEADS, _GATES, strict=True) if head in text
    )


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        at = start
        while (hit := min((gate.search(text, at, end) for gate in _GATES), key=_start, default=None)) is not None:
            at = hit.end()
            run = _RUN.match(text, _first(text, hit.start(), found[-1].end if found else 0))
            if run is not None:
                at = max(at, run.end())
                found += _patch(_whole_number(run))
    return found


def _start(hit: re.Match[str] | None) -> int:
    return 1 << 62 if hit is None else hit.start()


def _first(text: str, at: int, after: int) -> int:
    """Return where the row of digits around `at` begins."""
    while at > after:
        if text[at - 1] in _VALUES:
            at -= 1
        elif at - 1 > after and text[at - 1] in _SIGNS and text[at - 2] in _VALUES:
            at -= 2
        else:
            break
    return at


def _whole_number(run: re.Match[str]) -> re.Match[str]:
    """Return the number that is written without a sign in it, if there is one: before it may stand a name, 王一."""
    return _BARE.search(run.string, run.start(), run.end()) or run


def _patch(run: re.Match[str]) -> list[Patch]:
    digits = [(run.start() + at, _VALUES[sign]) for at, sign in enumerate(run[0]) if sign in _VALUES]
    written = "".join([digit for _, digit in digits])
    if sum(not run.string[at].isascii() for at, _ in digits) < _LEAST or written in _COUNTING:
        return []
    if sum(sign in _SIGNS for sign in run[0]) >= len(digits) - 1:  # a sign after every digit
        places = [(at, at + 1) for at, _ in digits]
        return [Patch(run.start(), run.end(), written, each(places), whole=True)]
    text = "".join([_VALUES.get(sign, sign if sign.isascii() else " ") for sign in run[0]])
    places = [(at, at + 1) for at in range(run.start(), run.end())]
    return [Patch(run.start(), run.end(), text, each(places), whole=True)]
