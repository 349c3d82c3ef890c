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
# 138 00 13 80 00, as one says it aloud; without a label it may be any row of numbers.
_PAIRS: Final = regex.compile(r"1[0-9]{2}(?:[ .-][0-9]{2}){4}")
_GROUP_BEHIND: Final = regex.compile(r"([ .-])[0-9]{3,4}(?![0-9])")
_GROUPS: Final = regex.compile(r"(?:(?<![0-9])[0-9]{1,5} ){1,2}\Z")
_ROW: Final = regex.compile(r"[0-9] [0-9]{1,5} \Z")
# 138 001 380 00: as rare for a phone as it is usual for other numbers.
_UNUSUAL: Final = regex.compile(r"[0-9]{3}([ -])[0-9]{3}\1[0-9]{3}\1[0-9]{2}")
_HAN_BEFORE: Final = regex.compile(r"[\u4e00-\u9fff][^0-9A-Za-z\n]{0,3}\Z")


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
        return Reading(first, last, *_with_country(text, first, last))
    is_joined = _JOINED.search(before) is not None
    if (is_joined or _PART.search(before)) and not _TOUCHING.search(before):
        return Reading(first, last, "part-of-a-number", Confidence.LOW) if is_joined else None
    if form == "trunk":
        said = evidence(text, first, end)
        is_bare = text[start:end].isdecimal() and not _is_product_code(text[first:end])
        is_sure = said == "phone" or (not said and is_bare)
        return Reading(first, last, form, Confidence.MEDIUM if is_sure else Confidence.LOW)
    if _PAIRS.fullmatch(text, start, end) and judged(label_before(text, start)) != "phone":
        return Reading(first, last, "pairs", Confidence.LOW)
    if end - start > _DIGITS or last > end:
        return Reading(first, last, *_written(text, before, start, end))
    said = evidence(text, start, end)
    if said == "counted":
        return Reading(first, last, "counted", Confidence.LOW)
    return Reading(first, last, "labelled" if said else "bare", Confidence.HIGH if said else Confidence.MEDIUM)


def _is_product_code(value: str) -> bool:
    """Tell whether twelve digits have the check digit of a UPC-A (GS1 General Specifications, 7.9)."""
    digits = [int(sign) for sign in value]
    return (3 * sum(digits[::2]) + sum(digits[1::2])) % 10 == 0


def _with_country(text: str, first: int, last: int) -> tuple[str, Confidence]:
    # Without a sign thirteen digits are as well a barcode or an account.
    if text[first] == "8" and text[first:last].isdecimal() and judged(label_before(text, first)) == "counted":
        return "counted", Confidence.LOW
    return "country-code", Confidence.MEDIUM


def _written(text: str, before: str, start: int, end: int) -> tuple[str, Confidence]:
    behind = _GROUP_BEHIND.match(text, end)
    ahead = _GROUP_BEFORE.search(before)
    inside = text[start:end]
    groups = _GROUPS.search(before)
    said = judged(label_before(text, start - len(groups.group()) if groups else start))
    if said == "counted":
        return "counted", Confidence.LOW
    if " " in inside and said != "phone" and _ROW.search(before):
        return "one-of-many-groups", Confidence.LOW
    if _UNUSUAL.fullmatch(inside) and said != "phone" and not _HAN_BEFORE.search(before):
        return "unusual-groups", Confidence.LOW
    if (behind and behind.group(1) in inside) or (ahead and ahead["gap"] in inside):
        return "one-of-many-groups", Confidence.LOW
    return "written", Confidence.MEDIUM
