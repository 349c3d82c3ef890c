"""Chinese addresses that a line break cut in two: the estate on the next line is the end of one, and no other home."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.overlap import Hit

_ESTATE: Final = "estate-building"
"""The form of what is left: an estate with its building, without a street or a town."""
_UNFINISHED: Final = frozenset({"division-road-number", "division-building", "road-number", "no-number-in-context"})
"""Forms of addresses that end with a street or its number, behind which an estate may follow."""
_BREAK: Final = regex.compile(r"\p{Han}{0,8}[ ]?\r?\n[ ]?(?:[0-9]{1,5}[ ]{0,2})?")
_DOOR: Final = frozenset("栋幢座楼室棟樓")
"""Whoever has one of these has a door already: an estate below is somebody else's."""
_FARTHEST: Final = 20


def without_ends(text: str, hits: list[Hit]) -> list[Hit]:
    """Return `hits`, sorted by start, without those that are the end of an address of the line before.

    PDFs and mails break a line wherever it is full: 保利香 / 槟国际 3 栋 1502 室 behind the number of a street.
    """
    kept: list[Hit] = []
    address: Hit | None = None
    for hit in hits:
        if hit.detector.spec.kind == "address":
            if address is not None and hit.pattern == _ESTATE and _goes_on(text, address, hit):
                continue
            address = hit
        kept.append(hit)
    return kept


def _goes_on(text: str, address: Hit, rest: Hit) -> bool:
    return (
        address.pattern in _UNFINISHED
        and 0 < rest.start - address.end <= _FARTHEST
        and _BREAK.fullmatch(text, address.end, rest.start) is not None
        and _DOOR.isdisjoint(text[address.start : address.end])
    )
