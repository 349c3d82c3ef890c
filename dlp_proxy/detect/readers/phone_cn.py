"""Reads a Chinese mobile number from its eleven digits on: country code, extension, and what its surroundings say."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.phones.evidence import evidence, judged, label_before
from dlp_proxy.detect.phones.extension import end_of
from dlp_proxy.detect.phones.spelling_cn import COUNTRY
from dlp_proxy.model.finding import Confidence

_DIGITS: Final = 11
_LOOK_BACK: Final = 16
_JOINTS: Final = frozenset("0123456789+-—.·/) (（")
_COUNTRY: Final = regex.compile(rf"(?<![A-Za-z0-9.]|[0-9]-){COUNTRY}(?: ?[-—] ?|[ .·/:]| {{2}})?(?:\(0\) ?)?\(?\Z")
# A word such as tel or 微信 may touch the number, and so may what is left of an escape: \n, %3A.
_TOUCHING: Final = regex.compile(
    r"(?:(?<![A-Za-z])(?i:tel|phone|mobile|mob|cell|call|ph|wechat|wx|vx|no)[:=_-]?|\\[nrt]|\\u[0-9a-fA-F]{4}|%[0-9A-Fa-f]{2})\Z"
)
# Digits, a decimal point, a sign, another country's code: then the eleven digits are a part of something else.
_PART: Final = regex.compile(r"(?:[A-Za-z0-9]|[A-Za-z0-9]\.|(?:^|[\s:=,\[(])-|\+[0-9]{0,3}[ .-]?)\Z")
_JOINED: Final = regex.compile(r"[A-Za-z0-9]-\Z")
_GOES_ON: Final = regex.compile(r"[A-Za-z0-9]|\.[0-9]")
# Groups of the same kind before or behind make a row of groups: a card, an account, a column of numbers.
_GROUP_BEFORE: Final = regex.compile(r"(?<![0-9])[0-9]{3,5}(?P<gap>[ .-])\Z")
_GROUP_BEHIND: Final = regex.compile(r"([ .-])[0-9]{3,4}(?![0-9])")


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the mobile number whose national digits stand from `start` to `end`."""
    before = text[max(free, start - _LOOK_BACK) : start]
    first, form = start, ""
    if before[-1:] in _JOINTS:
        country = _COUNTRY.search(before)
        if country is not None:
            first, form = start - len(before) + country.start(), "country-code"
        elif before[-1] in "(（":
            bracket = text[start:end].count(")") + text[start:end].count("）")
            first, before = start - bracket, before[: len(before) - bracket]
        elif before[-1] == "0" and not before[-2:-1].isdigit():
            first, before, form = start - 1, before[:-1], "trunk"
    last = end_of(text, end)
    if last == end and _GOES_ON.match(text, end):
        return None
    if form == "country-code":
        return Reading(first, last, form, Confidence.MEDIUM)
    if _PART.search(before) and not _TOUCHING.search(before):
        return None if not _JOINED.search(before) else Reading(first, last, "part-of-a-number", Confidence.LOW)
    if _JOINED.search(before) and not _TOUCHING.search(before):
        return Reading(first, last, "part-of-a-number", Confidence.LOW)
    if form == "trunk":
        labelled = judged(label_before(text, first)) == "phone"
        return Reading(first, last, form, Confidence.MEDIUM if labelled else Confidence.LOW)
    if end - start > _DIGITS or last > end:
        return Reading(first, last, *_written(text, before, start, end))
    said = evidence(text, start, end)
    if said == "counted":
        return Reading(first, last, "counted", Confidence.LOW)
    return Reading(first, last, "labelled" if said else "bare", Confidence.HIGH if said else Confidence.MEDIUM)


def _written(text: str, before: str, start: int, end: int) -> tuple[str, Confidence]:
    behind = _GROUP_BEHIND.match(text, end)
    ahead = _GROUP_BEFORE.search(before)
    inside = text[start:end]
    if judged(label_before(text, start)) == "counted":
        return "counted", Confidence.LOW
    if (behind and behind.group(1) in inside) or (ahead and ahead["gap"] in inside):
        return "one-of-many-groups", Confidence.LOW
    return "written", Confidence.MEDIUM
