"""Addresses with a sign after every character: 河.南.省.洛.阳.市, 安 徽 省 安 庆 市, a character a line.

So few texts have eight characters of Han in a row with one and the same sign between them that nothing else is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each
from dlp_proxy.encodings.starting import starting

NAME: Final = "a sign after every character"

_SIGN: Final = r"[ |.·_/*\n、-]"
_HAN: Final = "[\u4e00-\u9fff]"
GATE: Final = rf"{_HAN}(?:{_SIGN}{_HAN}){{3}}"
_ROW: Final = re.compile(
    rf"(?<![\u4e00-\u9fff0-9]){_HAN}(?P<sign>{_SIGN})(?:[\u4e00-\u9fff0-9A-Za-z](?P=sign)){{6,120}}+[\u4e00-\u9fff0-9A-Za-z]"
    r"(?![\u4e00-\u9fff0-9A-Za-z])"
)
_STEP: Final = 2


def may(_text: str) -> bool:
    return True


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        for row in starting(_ROW, text, max(start, found[-1].end if found else 0), end):
            at = range(row.start(), row.end(), _STEP)
            found.append(Patch(row.start(), row.end(), row[0][::_STEP], each([(one, one + 1) for one in at])))
    return found
