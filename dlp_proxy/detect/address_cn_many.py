"""What is no home though it has a number: a group of villagers in the news, a row of buildings, all lanes of a town."""

from __future__ import annotations

import re
from typing import Final, Protocol

from dlp_proxy.detect.divisions import Chain

_IN_NEWS: Final = re.compile("的|等(?![你您我他她候待着])|村民|农民|居民|党员|农户")
_GROUP_ENDS: Final = frozenset("组社队")
_STRETCH: Final = re.compile(r"([0-9]{1,4})号?[-~—至到]{1,2}([0-9]{1,4})号(?![楼院库房])")
_LISTED: Final = re.compile(r"(?<![0-9])[0-9]{1,4}(号楼|栋|幢|座|单元|号)[和及与、][0-9]{1,4}\1")
_STRETCH_REACH: Final = 12
_IDIOM: Final = re.compile(r"[一二三四五六七八九十]{1,2}[街坊][一二三四五六七八九十]{1,2}[巷弄](?![0-9])")
"""三街六巷: all that a town has of them."""
_SPAN: Final = re.compile(r"(?<![0-9])([0-9]{1,3})-([0-9]{1,3})(?:号楼|栋|幢)(?=[\u4e00-\u9fff])")


class _Numbered(Protocol):
    """What of an address that was read is asked here (`readers/address_cn.py`, `Parsed`)."""

    @property
    def divisions(self) -> Chain: ...
    @property
    def numbers(self) -> int: ...
    @property
    def strong(self) -> int: ...
    @property
    def house(self) -> bool: ...
    @property
    def end(self) -> int: ...


def is_of_many(line: str, begin: int, parsed: _Numbered) -> bool:
    """Tell whether it is a group of villagers that the text speaks of, or a row of buildings: 9-52号楼供暖改造."""
    if not parsed.strong and line[parsed.end - 1] in _GROUP_ENDS and _IN_NEWS.match(line, parsed.end):
        return True
    if parsed.numbers == 1 and line[parsed.end - 1] in "巷弄" and _IDIOM.search(line, begin, parsed.end):
        return True
    if _is_stretch(line, begin, parsed):
        return True
    # A lane without a house in it, and without its town, is as much as a street.
    if parsed.numbers == 1 and line[parsed.end - 1] == "弄" and not parsed.divisions.names:
        return True
    span = _SPAN.search(line, max(0, parsed.end - 10)) if parsed.numbers == 1 else None
    return span is not None and span.end() == parsed.end and int(span[1]) < int(span[2])


def _is_stretch(line: str, begin: int, parsed: _Numbered) -> bool:
    """Tell whether the numbers are several houses: 5号楼和17号楼, or 5号至86号 of a street and no room behind."""
    listed = _LISTED.search(line, begin, parsed.end + _STRETCH_REACH)
    if listed is not None and listed.start() < parsed.end:
        return True
    if parsed.strong or not parsed.house:
        return False
    stretch = _STRETCH.search(line, begin, parsed.end + _STRETCH_REACH)
    return stretch is not None and stretch.start() < parsed.end and int(stretch[1]) < int(stretch[2])
