"""One spelling for the usual ways to write a Chinese address, so that one home is counted once.

Full width and traditional characters, spaces and commas between levels, 省 and 市 written or not, the province before a
known city, 三栋 for 3栋: none of it makes another home. What stands between digits stays: 8-1号 is not 81号.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dlp_proxy.detect.divisions import bare_names, simplified

_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9a-z])[-~/_—－#](?=[0-9a-z])")
_PUNCTUATION: Final = re.compile(r"[^\w\x1f]+|_")
_COUNTED: Final = re.compile(
    "[〇零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾]{1,7}(?=号|栋|幢|座|单元|室|楼|层|弄|组|队|$)"
)
_DIGITS: Final = dict(zip("〇零一二两三四五六七八九壹贰叁肆伍陆柒捌玖", "001223456789123456789", strict=True))
_TENS: Final = {"十": 10, "拾": 10, "百": 100, "千": 1000}


def spell(value: str) -> str:
    """Return the spelling that is counted: divisions without their suffix, then the rest without spaces and marks."""
    text = simplified(unicodedata.normalize("NFKC", value)).lower()
    divisions, end = bare_names(text)
    rest = text[end:]
    if not rest.isalnum():
        rest = _PUNCTUATION.sub("", _BETWEEN_DIGITS.sub("\x1f", rest)).replace("\x1f", "-")
    return divisions + _COUNTED.sub(_in_digits, rest)


def _in_digits(match: re.Match[str]) -> str:
    """Return 四百七十八 as 478 and 五零一 as 501."""
    written = match.group()
    if not any(sign in _TENS for sign in written):
        return "".join(_DIGITS[sign] for sign in written)
    total, digit = 0, 0
    for sign in written:
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = int(_DIGITS[sign])
    return str(total + digit)
