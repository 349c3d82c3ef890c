"""Mail addresses with words in brackets for their signs: *ann [dot] lee [at] shop [dot] com*, in some languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch, each
from dlp_proxy.encodings.starting import starting

NAME: Final = "words for signs of mail"

_AT: Final = "at|ät|arroba|arobase|chiocciola|собака|艾特"
_DOT: Final = "dot|punkt|point|punto|ponto|точка|点|點"
GATE: Final = rf"[\[({{<【] ?(?i:{_AT}|@) ?[\])}}>】]"
_WORD: Final = re.compile(rf"\s?[\[({{<【]\s?(?:(?P<at>(?i:{_AT}|@))|(?i:{_DOT})|\.)\s?[\])}}>】]\s?(?=[^\W_])")


def may(_text: str) -> bool:
    return True


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: list[Patch] = []
    for start, end in stretches:
        for word in starting(_WORD, text, max(start, found[-1].end if found else 0), end):
            sign = "@" if word["at"] else "."
            found.append(Patch(word.start(), word.end(), sign, each([word.span()])))
    return found
