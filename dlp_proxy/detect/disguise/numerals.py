"""Numbers in Chinese numerals, digit by digit: 一三八零零一三八零零零, 壹叁捌, and 幺 for one as it is spoken; also
with other digits between, in circles too: 1３⑨六6３①五7８⓪.

Years, dates, lists and sayings are written so too. Only a row of ten digits or more is read, as telephone numbers,
identity numbers and order numbers are; and only one with a one or a zero in it, by which it is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise import signs
from dlp_proxy.detect.disguise.patch import Patch, Same, Stretch, each

NAME: Final = "Chinese numerals"

_VALUES: Final = (
    {sign: value for sign, value in signs.VALUES.items() if len(value) == 1}
    | dict(
        zip(
            "〇零○洞一壹幺弌二贰貳两兩三叁參叄四肆五伍六陆陸七柒拐八捌九玖勾",
            "00001111222223333445566677788999",
            strict=True,
        )
    )
    | {str(digit): str(digit) for digit in range(10)}
)
_DIGIT: Final = "[" + "".join(_VALUES) + "]"
_BETWEEN: Final = r"[-. ·、,，/_—]"
_NUMERAL: Final = "[" + "".join(sign for sign in _VALUES if not sign.isascii()) + "]"
_HEADS: Final = "一〇零幺壹○①⓪1"
_GATES: Final = tuple(
    re.compile(
        rf"{head}{f'(?:{_BETWEEN}{{0,2}}[0-9]){{0,4}}{_BETWEEN}{{0,2}}{_NUMERAL}' if head == '1' else ''}"
        rf"(?:{_BETWEEN}{{0,2}}{_DIGIT}){{{4 if head == '1' else 5}}}"
    )
    for head in _HEADS
)
GATE: Final = ""

_ANY_GATE: Final = re.compile("|".join(gate.pattern for gate in _GATES))
_RUN: Final = re.compile(rf"{_DIGIT}(?:{_BETWEEN}{{0,2}}{_DIGIT})*+")
_LONGEST: Final = 80
"""Characters of a row; a longer one is a table or a joke."""
_BARE: Final = re.compile(rf"{_DIGIT}{{10,}}+")
_SIGNS: Final = frozenset("-. ·、,，/_—")
_FEWEST: Final = 10
_MOST: Final = 30
_LEAST: Final = 3
"""Numerals among the digits; one 一 may be a dash."""

_COUNTING: Final = "0123456789012345678901234567890"


def may(text: str) -> bool:
    return not text.isascii() and any(
        gate.search(text) for head, gate in zip(_HEADS, _GATES, strict=True) if head in text
    )


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    done = 0
    for start, end in stretches:
        done = max(done, start)
        while (hit := _ANY_GATE.search(text, done, end)) is not None:
            run = _RUN.match(text, _first(text, hit.start(), max(done, hit.start() - _LONGEST)))
            done = hit.end() if run is None else max(hit.end(), run.end())
            if run is not None and run.end() - run.start() <= _LONGEST:
                found += _patch(*_whole_number(run))
    return found


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


def _whole_number(run: re.Match[str]) -> tuple[int, str]:
    """Return where the number begins, and it; without what stands before a number in one piece: a name, 王一."""
    found = _BARE.search(run[0])
    return (run.start(), run[0]) if found is None else (run.start() + found.start(), found[0])


def _patch(start: int, run: str) -> list[Patch]:
    digits = [(start + at, sign) for at, sign in enumerate(run) if sign in _VALUES]
    written = "".join([_VALUES[sign] for _, sign in digits])
    if not _FEWEST <= len(digits) <= _MOST or written in _COUNTING:
        return []
    if sum(not sign.isascii() for _, sign in digits) < _LEAST:
        return []
    if len(run) - len(digits) >= len(digits) - 1:  # a sign after every digit
        places = [(at, at + 1) for at, _ in digits]
        return [Patch(start, start + len(run), written, each(places), whole=True)]
    text = "".join([_VALUES.get(sign, sign if sign.isascii() else " ") for sign in run])
    return [Patch(start, start + len(run), text, Same(start), whole=True)]
