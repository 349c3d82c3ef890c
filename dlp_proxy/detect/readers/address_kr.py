"""Reads a South Korean address around the end of its road or village.

A road or a lot with its number needs a province, a city or a district before it, or a flat behind it: 로 and 가 end
words of every sentence.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.late import late
from dlp_proxy.detect.postal import korean
from dlp_proxy.model.finding import Confidence

_BEHIND: Final = 70
_AHEAD: Final = 130
"""Characters to either side of a place that an address may take."""

_WIDER: Final = late("[시군구도울산천주종남북원기전]")
"""What names of divisions end with: without one there is none to read."""
_HOUSE: Final = late(korean.HOUSE)
_ADDRESS: Final = late(korean.ADDRESS)
_WITH_FLAT: Final = late(korean.WITH_FLAT)
_STREET_FIRST: Final = late(korean.STREET_FIRST)
_ROMAN: Final = (late(korean.ROMAN), late(korean.ROMAN_LAST))


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the address that the text from `start` to `end` is a part of, if there is one."""
    low = max(free, text.rfind("\n", max(0, start - _BEHIND), start) + 1, start - _BEHIND)
    high = text.find("\n", end, end + _AHEAD)
    high = high if high >= 0 else end + _AHEAD
    if text[start] == "-":
        return _roman(text, low, start, high)
    if text[start - 1 : start + 1] == "으로" or not _HOUSE.match(text, end - 1):
        return None
    if _WIDER.search(text, low, high) is not None:
        for pattern, form in ((_ADDRESS, "division-road"), (_STREET_FIRST, "street-first")):
            for found in pattern.finditer(text, low, high):
                if found.start() < start < found.end():
                    return Reading(found.start(), found.end(), form, Confidence.HIGH)
    if "호" not in text[end:high]:
        return None
    for found in _WITH_FLAT.finditer(text, low, high):
        if found.start() < start < found.end():
            return Reading(found.start(), found.end(), "road-flat", Confidence.MEDIUM)
    return None


def _roman(text: str, low: int, start: int, high: int) -> Reading | None:
    """Return the longest address in Latin letters: from large to small it begins before what it has from small on."""
    around = [
        found
        for pattern in _ROMAN
        for found in pattern.finditer(text, low, high)
        if found.start() < start < found.end()
    ]
    if not around:
        return None
    found = max(around, key=lambda one: one.end() - one.start())
    return Reading(found.start(), found.end(), "roman", Confidence.HIGH)
