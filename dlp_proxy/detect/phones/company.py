"""What the other values of the same field, list or column say about eleven digits whose name says nothing.

A column that is called *value* can hold phones or bytes. All of the mobiles in it are of segments that were assigned
(`numbering_cn.MOBILE`), of random identifiers with eleven digits about one in fifteen is, and a counter keeps its first
digits or moves in one direction.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

import regex

from dlp_proxy.detect.phones.numbering_cn import MOBILE

_BLOCK: Final = 800
_REACH: Final = 500
"""Characters of text that are looked through at once for further values, and how many at either side of these."""
_FEWEST: Final = 3
_MANY: Final = 5
_CLOSE: Final = 1_000_000
_NEAR: Final = 20_000_000
_NARROW: Final = 500_000_000
"""How far apart the values of one counter or gauge are: of three or four, of five and more, of six that only rise.

Mobiles are spread over 7,000,000,000."""
_CROWD: Final = 16
_SEGMENTS: Final = 5
"""Different mobiles, and first three digits among them, from which no label is needed: by chance one list of
identifiers in several hundreds is so, and then one window of it."""
_FRAMED: Final = 5
"""Mobiles that have the same mark before and behind, where neither names, brackets nor columns are seen."""
_STRANGE_SHARE: Final = 8
"""One in so many that no phone has the form of makes all of them doubtful."""

_MOBILE: Final = regex.compile(rf"(?:(?:\+|00)?86)?(?P<number>{MOBILE})")
# Landlines, hotlines and numbers of other countries stand beside mobiles; what is too short or too long is no phone.
_OTHER_PHONE: Final = regex.compile(r"0[0-9]{8,13}|[48]00[0-9]{7}|95[0-9]{3,12}|[2-8][0-9]{6,7}|\+[0-9]{7,15}")
_KEY: Final = regex.compile(r"(?P<quote>\\{0,3}[\"'])(?P<key>[^\"'\\\n]{1,40})(?P=quote)[ ]?:[ ]?(?:\\{0,3}[\"'])?\Z")
_PAIR: Final = regex.compile(r"(?<![\w.-])(?P<key>[A-Za-z_][\w.-]{0,40})=[\"']?\Z")
_FIELD: Final = regex.compile(r"(?:\A|\n)[ \t>*-]*+(?P<key>[^\W\d][\w .\-]{0,40}?)[ \t]?[:：][ \t]?\Z")
_MARK: Final = regex.compile(r"(?P<word>(?<![A-Za-z])[A-Za-z]{1,8})?(?P<mark>[^\w]{1,3}|\A)\Z")
# What opens with a quote is all digits up to the next: 07701 808846 is no number of five.
_VALUE_OF_KEY: Final = r"(?P<quote>\\{0,3}[\"'])?(?P<value>\+?[0-9]+)(?(quote)(?=\\{0,3}[\"'])|(?=\\{0,3}[\"',}\]\s]))"
_VALUE_OF_PAIR: Final = r"(?P<quote>[\"'])?(?P<value>\+?[0-9]+)(?(quote)(?=(?P=quote))|(?![\w.]))"
_LISTED: Final = frozenset("0123456789+ \t\r\n,\"'\\")
_NUMBER: Final = regex.compile(r"\+?[0-9]+")
_COUNT: Final = regex.compile("[0-9]+")
_CELL: Final = " \r\"'"
_BULLETS: Final = " \t\r\"'*•·▪●◆-–>"
"""What a line of a list may have in front of its value."""
_BLOCKS: Final = 2
_DELIMITERS: Final = (",", "\t", ";", "|")


type Company = Literal["surely phones", "phones", "counted", ""]


def company(text: str, start: int, end: int) -> Company:
    """Return what the values beside the digits from `start` to `end` are: phones, something counted, or unknown.

    Surely phones are they when there are so many different ones that it is no chance.
    """
    # Blocks, not distances: the digits of one block ask for the same thing, which is then known.
    block = start - start % _BLOCK
    high = min(len(text), block + _BLOCK + _REACH)
    low = max(0, min(block, high - _BLOCK - _REACH) - _REACH)
    low, high = _whole(text, low, high)
    before = text[max(low, start - 60) : start]
    key = _KEY.search(before) if before.rstrip(" \\\"'")[-1:] == ":" else None
    if key is not None:
        return _of_key(text[low:high], key["key"])
    pair = _PAIR.search(before)
    if pair is not None:
        return _of_pair(text[low:high], pair["key"])
    field = _FIELD.search(before) if before.rstrip(" \t")[-1:] in {":", "："} else None
    if field is not None:
        return _of_field(text[low:high], field["key"])
    opening = max(text.rfind("[", low, start), text.rfind("(", low, start))
    if opening >= 0 and _LISTED.issuperset(text[opening + 1 : start]):
        closing = text.find("]" if text[opening] == "[" else ")", end, high)
        last = closing if closing >= 0 else text.rfind(",", end, high)
        return _of_list(text[opening:last]) if last >= 0 else ""
    first = text.rfind("\n", low, start) + 1
    stop = text.find("\n", end, high)
    if (first == 0 and stop < 0) or (stop if stop >= 0 else len(text)) - first > _REACH:
        return _of_frame(text, low, high, start, end)
    line = text[first : stop if stop >= 0 else len(text)]
    delimiter = next((mark for mark in _DELIMITERS if mark in line), None)
    cells = line.split(delimiter)
    at = line[: start - first].count(delimiter) if delimiter else len(line[: start - first].split())
    if at >= len(cells) or cells[at].strip(_CELL) != text[start:end]:
        return _of_frame(text, low, high, start, end)
    if low:
        low = text.find("\n", low, start) + 1  # no halves of numbers
    if high < len(text):
        high = text.rfind("\n", end, high)
    if not any(cell.strip(_BULLETS) for place, cell in enumerate(cells) if place != at):
        above = text.rfind("\n\n", max(0, first - _REACH), first) + 2 if first else 0
        if above > 1 or first < _REACH:
            said = _of_blocks(text[low:high], text.count("\n", max(above, 0), first), is_cut=low > 0)
            if said is not None:
                return said
    return _of_column(text[low:high], delimiter, at, len(cells))


def _whole(text: str, low: int, high: int) -> tuple[int, int]:
    """Return the borders of a window moved inwards, so that they cut no number: a half of one is strange everywhere."""
    while 0 < low < high and text[low - 1].isalnum() and text[low].isalnum():
        low += 1
    while low < high < len(text) and text[high - 1].isalnum() and text[high].isalnum():
        high -= 1
    return low, high


def _of_frame(text: str, low: int, high: int, start: int, end: int) -> Company:
    """Return what the numbers between the same marks are: 138...^139...^ of a table, TE*138...~ of a message.

    They never speak against a phone: such marks stand around all sorts of numbers.
    """
    marks = _MARK.search(text[max(low, start - 12) : start])
    behind = text[end : end + 1] or "\n"
    if marks is None or behind.isalnum():
        return ""
    window, mark = text[low:high], marks["mark"]
    if "," in mark and behind in "])};\n":
        behind = ","  # the last of a list
    said = _between(window, f"{marks['word'] or ''}{mark}", behind)
    return said or (_between(window, mark, behind) if marks["word"] else "")


@lru_cache(maxsize=256)
def _between(window: str, before: str, behind: str) -> Company:
    values = regex.findall(rf"(?<={regex.escape(before)})[0-9]+(?={regex.escape(behind)})", window)
    said = _judged(values) if len(set(values)) >= _FRAMED else ""
    return "" if said == "counted" else said


def _counted(name: str) -> str:
    """Return a pattern for a name and those that only count otherwise: phone_1, phone_2."""
    return _COUNT.sub("[0-9]+", regex.escape(name))


@lru_cache(maxsize=256)
def _of_key(window: str, key: str) -> Company:
    pattern = rf"[\"']{_counted(key)}\\{{0,3}}[\"'][ ]?:[ ]?{_VALUE_OF_KEY}"
    return _judged([match["value"] for match in regex.finditer(pattern, window)])


@lru_cache(maxsize=256)
def _of_pair(window: str, key: str) -> Company:
    pattern = rf"(?<![\w.-]){_counted(key)}={_VALUE_OF_PAIR}"
    return _judged([match["value"] for match in regex.finditer(pattern, window)])


@lru_cache(maxsize=256)
def _of_field(window: str, name: str) -> Company:
    """Return what the values are of lines that have one name in front: a column would be all lines' values."""
    lines = rf"^[ \t>*-]*{_counted(name)}[ \t]?[:：][ \t]?(\+?[0-9]+)(?=[ \t\r]*$)"
    return _judged(regex.findall(lines, window, regex.MULTILINE))


@lru_cache(maxsize=256)
def _of_blocks(window: str, place: int, *, is_cut: bool) -> Company | None:
    """Return what the values are of the lines at one place of each block between blank lines: a person's in each.

    None where there are no such blocks: then the lines are one column.
    """
    blocks = [lines for block in window.split("\n\n")[is_cut:] if len(lines := block.strip("\n").split("\n")) > 1]
    if len(blocks) < _BLOCKS:
        return None
    values = [block[place].strip(_BULLETS) for block in blocks if place < len(block)]
    return _judged([value for value in values if _NUMBER.fullmatch(value)])


@lru_cache(maxsize=256)
def _of_list(window: str) -> Company:
    return _judged(_NUMBER.findall(window))


@lru_cache(maxsize=256)
def _of_column(window: str, delimiter: str | None, at: int, cells: int) -> Company:
    found = []
    for line in window.split("\n"):
        beside = line.split(delimiter)
        if len(beside) == cells:
            value = beside[at].strip(_CELL)
            if _NUMBER.fullmatch(value):
                found.append(value)
    return _judged(found)


def _judged(values: list[str]) -> Company:
    different = list(dict.fromkeys(values))
    if len(different) < _FEWEST:
        return ""
    mobiles = [int(match["number"]) for value in different if (match := _MOBILE.fullmatch(value))]
    strange = len(different) - len(mobiles) - sum(_OTHER_PHONE.fullmatch(value) is not None for value in different)
    if strange * _STRANGE_SHARE >= len(different) or is_counter(mobiles):
        return "counted"
    if len(mobiles) < _FEWEST or strange:
        return ""
    is_crowd = len(mobiles) >= _CROWD and len({number // 10**8 for number in mobiles}) >= _SEGMENTS
    return "surely phones" if is_crowd else "phones"


def is_counter(values: list[int]) -> bool:
    """Tell whether different numbers lie so near together, or only rise or fall, that something counts."""
    if len(values) < _FEWEST:
        return False
    span = max(values) - min(values)
    if span <= (_CLOSE if len(values) < _MANY else _NEAR):
        return True
    if span > _NARROW or len(values) <= _MANY:
        return False
    rises = [after > before for before, after in pairwise(values)]
    return all(rises) or not any(rises)
