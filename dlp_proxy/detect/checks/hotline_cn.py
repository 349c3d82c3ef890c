"""Company and service numbers of mainland China: 400, 800, 95xxx, 96xxx, 10xxx, 11xxx, 12xxx, premium 16[08]xxxxx.

Source: the MIIT's administration of the telephone network's code numbers (2003).
"""

from __future__ import annotations

from typing import Final

import regex

_HOTLINE: Final = regex.compile(
    r"(?:[48]00[0-9]{7}|9[56][0-9]{3,6}|950[0-9]{7,8}|1(?:00|01|06|1[0-9]|2[0-9])[0-9]{2,3}|16[08][0-9]{5})(?:x[0-9]{1,6})?"
)


def holds(value: str) -> bool:
    return _HOTLINE.fullmatch(value) is not None
