"""Reads a Chinese mobile number from its eleven digits on: country code, extension, and what its surroundings say."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.phones.company import company
from dlp_proxy.detect.phones.evidence import (
    evidence,
    has_unit_behind,
    is_in_row_of_figures,
    is_measured,
    judged,
    label_before,
)
from dlp_proxy.detect.phones.extension import end_of
from dlp_proxy.detect.phones.numbering_cn import MOBILE
from dlp_proxy.detect.phones.spelling_cn import COUNTRY
from dlp_proxy.model.finding import Confidence

_DIGITS: Final = 11
_LOOK_BACK: Final = 16
_JOINTS: Final = frozenset("0123456789+-—.·/) (（")
_COUNTRY: Final = regex.compile(
    rf"(?<![A-Za-z0-9]|[^Ll]\.|[0-9]-){COUNTRY}(?: ?[-—] ?|[ .·/:]| {{2}})?(?:\(0\) ?)?\(?\Z"
)
# A word such as tel or 微信 may touch the number, and so may what is left of an escape: \n, %3A. In EDIFACT a plus sign
# stands between a segment's elements: 'COM+13800138000:TE.
_TOUCHING: Final = regex.compile(
    r"(?:(?<![A-Za-z])(?i:tel|phone|mobile|mob|cell|call|ph|wechat|wx|vx|no)[:=_.-]?|加[VvWw]|[\u4e00-\u9fff]\+|'[A-Z]{3}\+{1,6}|\\[nrtN]|\\u[0-9a-fA-F]{4}|%[0-9A-Fa-f]{2})\Z"
)
_MAY_TOUCH: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-+ ")
"""What `_PART` and `_JOINED` end with."""
# Digits, a decimal point, a sign, another country's code: then the eleven digits are a part of something else.
_PART: Final = regex.compile(r"(?:[A-Za-z0-9]|[A-Za-z0-9]\.|(?:^|[\s:=,\[(])-|\+[0-9]{0,3}[ .-]?)\Z")
_JOINED: Final = regex.compile(r"[A-Za-z0-9]-\Z")
# A column with empty cells is written as floats, one in the format of numbers with pence: 13800138000.0 and
# 13800138000.00 at the end of a cell are no decimal numbers.
_GOES_ON: Final = regex.compile(r"[A-Za-z0-9]|\.(?!0{1,2}(?:[\s\"',;|\]}]|\Z))[0-9]")
# Groups of the same kind before or behind make a row of groups: a card, an account, a column of numbers.
# Directly behind Han it is the door of an address: 创业路568 1859 273 1858.
_GROUP_BEFORE: Final = regex.compile(
    r"(?<![0-9])(?<![0-9][-/.])(?<![路街道巷弄号楼栋幢座室])[0-9]{3,5}(?P<gap>[ .-]| {2,3})\Z"
)
# 138 00 13 80 00, as one says it aloud; without a label it may be any row of numbers.
_PAIRS: Final = regex.compile(r"1[0-9]{2}(?:[ .-][0-9]{2}){4}")
_GROUP_BEHIND: Final = regex.compile(r"([ .-])[0-9]{3,4}(?![0-9])")
_GROUPS: Final = regex.compile(r"(?:(?<![0-9])[0-9]{1,5} ){1,2}\Z")
# Figures with three decimals and more are no prices: coordinates.
_ROW: Final = regex.compile(r"[0-9] [0-9]{1,5}(?:\.[0-9]{3,})? \Z")
# 138 001 380 00, 138 00138 000: as rare for a phone as it is usual for other numbers.
_UNUSUAL: Final = regex.compile(r"[0-9]{3}([ -])(?:[0-9]{3}\1[0-9]{3}\1[0-9]{2}|[0-9]{5}\1[0-9]{3})")
_NUMBERED: Final = regex.compile(r"(?:\A|\n)[ \t]*(?P<mark>[1-9][0-9]?)\.\Z")
_ITEM: Final = regex.compile(rf"\n[ \t]*(?P<mark>[1-9][0-9]?)\.{MOBILE}(?![0-9])")
_LINE: Final = 80
_HAN: Final = regex.compile(r"[\u4e00-\u9fff]")
_HAN_TOUCHING: Final = regex.compile(r"[\u4e00-\u9fff][:：(（「【]?\Z")
_DECIMAL: Final = regex.compile(r"86\.[0-9]{11}")
_HAN_BEFORE: Final = regex.compile(r"[\u4e00-\u9fff][^0-9A-Za-z\n]{0,3}\Z")


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the mobile number whose national digits stand from `start` to `end`."""
    before = text[max(free, start - _LOOK_BACK) : start]
    first, before, form = _lead(text, before, start, end) if before[-1:] in _JOINTS else (start, before, "")
    last = end_of(text, end)
    if last == end and _GOES_ON.match(text, end):
        return None
    if form == "country-code":
        return Reading(first, last, *_with_country(text, first, last))
    may_touch = before[-1:] in _MAY_TOUCH
    is_joined = may_touch and _JOINED.search(before) is not None
    if may_touch and (is_joined or _PART.search(before)) and not _TOUCHING.search(before):
        if is_joined:
            return Reading(first, last, "part-of-a-number", Confidence.LOW)
        is_listed = _is_listed(text, before, start, end)
        return Reading(first, last, "written", Confidence.MEDIUM) if is_listed else None
    if form == "trunk":
        return Reading(first, last, form, _with_trunk(text, first, start, end))
    if (
        end - start > _DIGITS
        and _PAIRS.fullmatch(text, start, end)
        and not _HAN_TOUCHING.search(before)
        and judged(label_before(text, start)) != "phone"
    ):
        return Reading(first, last, "pairs", Confidence.LOW)
    if end - start > _DIGITS or last > end:
        return Reading(first, last, *_written(text, before, start, end))
    said = evidence(text, start, end)
    if said == "counted":
        return Reading(first, last, "counted", Confidence.LOW)
    return Reading(first, last, "labelled" if said else "bare", Confidence.HIGH if said else Confidence.MEDIUM)


def _lead(text: str, before: str, start: int, end: int) -> tuple[int, str, str]:
    """Return where a country code, a bracket or a 0 in front begins, what stands before it, and the form it makes."""
    country = _COUNTRY.search(before)
    if country is not None:
        return start - len(before) + country.start(), before, "country-code"
    if before[-1] in "(（":
        bracket = text[start:end].count(")") + text[start:end].count("）")
        return start - bracket, before[: len(before) - bracket], ""
    if before[-1] == "0" and not before[-2:-1].isdigit():
        return start - 1, before[:-1], "trunk"
    return start, before, ""


def _with_trunk(text: str, first: int, start: int, end: int) -> Confidence:
    """Return how sure a mobile behind a 0 is, which in text that is not Chinese may be a barcode of twelve digits."""
    said = evidence(text, first, end)
    if not said and text[start:end].isdecimal():
        if company(text, first, end) == "counted":
            return Confidence.LOW
        is_chinese = _HAN.search(text, max(0, first - _LINE), end + _LINE) is not None
        return Confidence.MEDIUM if is_chinese or not _is_product_code(text[first:end]) else Confidence.LOW
    return Confidence.MEDIUM if said == "phone" else Confidence.LOW


def _is_listed(text: str, before: str, start: int, end: int) -> bool:
    """Tell whether `1.` stands before the number as the mark of a list, not as the whole of a decimal number.

    It begins the line, and Han stands behind it in the same line or a mark beside it of the list in another one.
    """
    mark = _NUMBERED.search(before)
    if mark is None:
        return False
    line_end = text.find("\n", end, end + _LINE)
    rest = text[end : line_end if line_end >= 0 else end + _LINE]
    if _HAN.search(rest):
        return not is_measured(text, start, end)
    number = int(mark["mark"])
    around = "\n" + text[max(0, start - _LINE) : end + _LINE]
    return any(abs(int(other["mark"]) - number) == 1 for other in _ITEM.finditer(around))


def _is_product_code(value: str) -> bool:
    """Tell whether twelve digits have the check digit of a UPC-A (GS1 General Specifications, 7.9)."""
    digits = [int(sign) for sign in value]
    return (3 * sum(digits[::2]) + sum(digits[1::2])) % 10 == 0


def _with_country(text: str, first: int, last: int) -> tuple[str, Confidence]:
    # Without a sign thirteen digits are as well a barcode or an account.
    if text[first] == "8" and text[first:last].isdecimal() and judged(label_before(text, first)) == "counted":
        return "counted", Confidence.LOW
    if _DECIMAL.match(text, first, last) and judged(label_before(text, first)) != "phone":
        return "decimal", Confidence.LOW
    return "country-code", Confidence.MEDIUM


def _written(text: str, before: str, start: int, end: int) -> tuple[str, Confidence]:
    behind = _GROUP_BEHIND.match(text, end)
    ahead = _GROUP_BEFORE.search(before)
    inside = text[start:end]
    groups = _GROUPS.search(before) if " " in inside else None
    said = judged(label_before(text, start - len(groups.group()) if groups else start))
    if said == "counted":
        return "counted", Confidence.LOW
    if " " in inside and said != "phone" and (_ROW.search(before) or is_in_row_of_figures(text, start, end)):
        return "one-of-many-groups", Confidence.LOW
    if said != "phone" and has_unit_behind(text, end):
        return "counted", Confidence.LOW
    if _UNUSUAL.fullmatch(inside) and said != "phone" and not _HAN_BEFORE.search(before):
        return "unusual-groups", Confidence.LOW
    if (behind and behind.group(1) in inside) or (ahead and ahead["gap"] in inside):
        return "one-of-many-groups", Confidence.LOW
    return "written", Confidence.MEDIUM
