"""What stands around a Chinese address: a label, a mobile, the edges of its cell, another address behind it."""

from __future__ import annotations

import re
from typing import Final

from dlp_proxy.detect.address_cn_words import ITEM, LABEL, LABEL_GAP, MOBILE, RECEIVER, SENDER
from dlp_proxy.detect.divisions import chain

LEFT_EDGES: Final = frozenset("\t\n\"'|>:：,;；[{【")
_RIGHT_EDGES: Final = frozenset("\t\n\"'|<,;；]}】\\")
_LONGEST_GAP: Final = 16
_OF_A_CITY: Final = re.compile("(?:大学|学院|学校|中学|小学|医院|公司)$")
"""What is named after a city, wherever it stands."""


def label_before(line: str, begin: int) -> str:
    """Return the label that the address at `begin` of `line` follows, or the empty text."""
    for label in LABEL.finditer(line, max(0, begin - _LONGEST_GAP), begin):
        gap = LABEL_GAP.match(line, label.end(), begin)
        if gap and gap.end() == begin:
            return label.group()
    return ""


def is_phoned(text: str, first: int, last: int) -> bool:
    """Tell whether a mobile number stands beside what is from `first` to `last` of `text`."""
    return bool(MOBILE.search(text, max(0, first - 40), first) or MOBILE.search(text, last, last + 40))


def is_cell(text: str, first: int, last: int) -> bool:
    """Tell whether the address stands alone in its line, cell or field, or beside its receiver."""
    if first > 0 and text[first - 1] not in LEFT_EDGES:
        before = max(0, first - 8)
        if not SENDER.search(text, before, first) and not ITEM.search(text, before, first):
            return False
    if last >= len(text) or text[last] in _RIGHT_EDGES or RECEIVER.match(text, last):
        return True
    return text[last] in "。.,，；; " and text[last + 1 : last + 2] in {"", "\n"}


def is_another(line: str, piece: re.Match[str]) -> bool:
    """Tell whether another address begins with `piece`; 广州农业大学 behind a street and a number is a part of it."""
    city = chain(line, piece.start("name"))
    if not city.names:
        return False
    return city.names > 1 or line[city.end - 1] in "省市区县盟旗" or _OF_A_CITY.search(piece.group()) is None
