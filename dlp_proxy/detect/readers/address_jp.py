"""Reads a Japanese address around its postcode, its prefecture or city, or what it has in Latin letters of these.

A prefecture and a city with a number of a house are an address anywhere; a large city is as good as its prefecture. A
block alone (歌舞伎町1丁目) is where something happened, and none.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.late import late
from dlp_proxy.detect.postal import japanese
from dlp_proxy.detect.postal.east import PREFECTURE
from dlp_proxy.model.finding import Confidence

_BEHIND: Final = 90
_AHEAD: Final = 140
"""Characters to either side of a place that an address may take."""

_PREFECTURE: Final = late(PREFECTURE)
_NUMBERED: Final = late(japanese.NUMBERED)
_WITH_PREFECTURE: Final = late(japanese.WITH_PREFECTURE)
_OF_LOT: Final = late(japanese.OF_LOT)
_OF_POSTCODE: Final = late(japanese.OF_POSTCODE)
_WITHOUT_NUMBER: Final = late(japanese.WITHOUT_NUMBER)
_OF_CITY: Final = late(japanese.OF_CITY)
_OF_TOWN: Final = late(japanese.OF_TOWN)
_STREET_FIRST: Final = late(japanese.STREET_FIRST)
_BEFORE: Final = late(japanese.BEFORE)
_ROMAN: Final = (late(japanese.ROMAN), late(japanese.ROMAN_LAST), late(japanese.ROMAN_PREFECTURE))
_SURE: Final = late(japanese.ROMAN_SURE)
_CELL_EDGES: Final = frozenset("\t,|、 \"'")
_LONGEST_PREFECTURE: Final = 4


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the address that the text from `start` to `end` is a part or the beginning of, if there is one."""
    first = text[start]
    if first.isascii():
        return _roman(text, free, start)
    if first == "〒":
        return _onwards(text, start)
    if first in "丁番":
        return _around(text, free, start, end)
    for begin in range(max(free, end - _LONGEST_PREFECTURE), start + 1):
        prefecture = _PREFECTURE.match(text, begin, end)
        if prefecture is not None and prefecture.end() == end:
            return _of_prefecture(text, free, begin)
    return None if first == "県" else _of_city(text, free, start)


def _onwards(text: str, start: int) -> Reading | None:
    found = _OF_POSTCODE.match(text, start, start + _AHEAD)
    if found is not None:
        return Reading(start, found.end(), "postcode-number", Confidence.HIGH)
    found = _WITHOUT_NUMBER.match(text, start, start + _AHEAD)
    return Reading(start, found.end(), "postcode-city", Confidence.MEDIUM) if found else None


def _of_prefecture(text: str, free: int, start: int) -> Reading | None:
    numbered = _NUMBERED.match(text, start, start + _AHEAD)
    found = _WITH_PREFECTURE.match(text, start, start + _AHEAD) if numbered else None
    if found is not None:
        return Reading(_with_postcode(text, free, start), found.end(), "prefecture-city-number", Confidence.HIGH)
    low = max(free, start - _BEHIND)
    if text[start - 1 : start] not in _CELL_EDGES:
        low = start
    for street in _STREET_FIRST.finditer(text, low, start + _AHEAD):
        if street.start() < start < street.end():
            return Reading(street.start(), street.end(), "street-first", Confidence.HIGH)
    lot = _OF_LOT.match(text, start, start + _AHEAD)
    return Reading(_with_postcode(text, free, start), lot.end(), "lot", Confidence.MEDIUM) if lot else None


def _of_city(text: str, free: int, start: int) -> Reading | None:
    found = _OF_CITY.match(text, start, start + _AHEAD)
    if found is None:
        return None
    return Reading(_with_postcode(text, free, start), found.end(), "city-number", Confidence.HIGH)


def _around(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the address of a town that is written without its prefecture, by the unit of its block."""
    low = max(free, text.rfind("\n", max(0, start - _BEHIND), start) + 1, start - 40)
    for found in _OF_TOWN.finditer(text, low, end + _AHEAD):
        if found.start() < start < found.end():
            return Reading(_with_postcode(text, free, found.start()), found.end(), "town-block", Confidence.MEDIUM)
    return None


def _with_postcode(text: str, free: int, start: int) -> int:
    before = _BEFORE.search(text, max(free, start - 16), start)
    return before.start() if before else start


def _roman(text: str, free: int, start: int) -> Reading | None:
    low = max(free, text.rfind("\n", max(0, start - _BEHIND), start) + 1, start - _BEHIND)
    for pattern in _ROMAN:
        for found in pattern.finditer(text, low, start + _AHEAD):
            if found.start() < start < found.end():
                sure = _SURE.search(text, found.start(), found.end()) is not None
                return Reading(found.start(), found.end(), "roman", Confidence.HIGH if sure else Confidence.MEDIUM)
    return None
