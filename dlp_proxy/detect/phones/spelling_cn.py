"""One number of mainland China in every spelling -> one text: the national number, and ``x`` with its extension.

Mobiles are eleven digits, landlines have their 0 and area code, hotlines are as they are dialled.
"""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.phones.extension import SPOKEN
from dlp_proxy.detect.phones.numbering_cn import AREAS_7, AREAS_8, AREAS_EITHER, MOBILE

COUNTRY: Final = r"(?:\( ?(?:\+|00)? ?86 ?\)|(?:\+|%2B|(?<![0-9])0(?:0|11))[ -]?\(?86\)?|(?<![0-9])86)"
"""The country code: +86, 0086, 01186 (from North America), (+86), +(86), (86), 86."""

_COUNTRY: Final = regex.compile(rf"{COUNTRY}[^0-9(]*(?:\(0\))?")
_MOBILE: Final = regex.compile(rf"0?({MOBILE})")
_HOTLINE: Final = regex.compile(
    r"[48]00[0-9]{7}|95013[0-9]{6,11}|950[0-9]{7,8}|16[08][0-9]{5}|9[56][0-9]{3,6}|1[0-9]{4}"
)
_AREA_8: Final = frozenset(AREAS_8)
_AREA_EITHER: Final = frozenset(AREAS_EITHER)
_AREA: Final = frozenset((*AREAS_7, *AREAS_8, *AREAS_EITHER))
_MOBILE_ONLY: Final = regex.compile(rf"{MOBILE}(?:x[0-9]{{1,6}})?")
_LANDLINE: Final = regex.compile(r"0(?P<number>[1-9][0-9]{8,10})(?:x[0-9]{1,6})?")
_MOBILE_LENGTH: Final = 11
_EXTENSION: Final = regex.compile(rf"(?<=[0-9])(?:{SPOKEN.pattern})\Z")
_NOT_DIGIT: Final = regex.compile("[^0-9]+")


def national(value: str) -> str:
    """Return the national number that `value` is a spelling of; `value` itself when it is none of these."""
    if len(value) == _MOBILE_LENGTH and value.isdecimal() and value[0] == "1":
        return value
    said = _EXTENSION.search(value)
    if said is not None:
        extension = _NOT_DIGIT.sub("", said.group())
        return f"{national(value[: said.start()])}x{extension}" if said.start() else value
    head = _COUNTRY.match(value)
    if head is not None:
        number = _number(value[head.end() :], is_said_chinese=True)
        if number:
            return number
    return _number(value, is_said_chinese=False) or value


def is_mobile(number: str) -> bool:
    """Tell whether `number`, as `national` gives it, is a mobile, with or without an extension."""
    return _MOBILE_ONLY.fullmatch(number) is not None


def is_landline(number: str) -> bool:
    """Tell whether `number`, as `national` gives it, is a landline, with or without an extension."""
    match = _LANDLINE.fullmatch(number)
    if match is None:
        return False
    area = area_of(match["number"])
    local = match["number"][len(area) :]
    return bool(area) and len(local) in {7, 8} and local[0] != "0" and len(set(local)) > 1


def has_usual_length(number: str) -> bool:
    """Tell whether a landline without its 0 has as many digits as its town's numbers have."""
    area = area_of(number)
    return area in _AREA_EITHER or len(number) - len(area) == (8 if area in _AREA_8 else 7)


def area_of(digits: str) -> str:
    """Return the area code, without its 0, that `digits` (without a 0) begin with, or the empty text."""
    if digits[:2] == "10" or (digits[:1] == "2" and digits[:2] in _AREA):
        return digits[:2]
    return digits[:3] if digits[:3] in _AREA else ""


def _number(rest: str, *, is_said_chinese: bool) -> str:
    digits = _NOT_DIGIT.sub("", rest)
    mobile = _MOBILE.match(digits)
    if mobile is not None:
        return _with_extension(rest, mobile.group(1), mobile.end())
    trunk = digits[:1] == "0"
    if trunk or is_said_chinese:
        area = area_of(digits[trunk:])
        for local in (8, 7) if area else ():
            length = trunk + len(area) + local
            if len(digits) >= length and (found := _with_extension(rest, f"0{digits[trunk:length]}", length)):
                return found
    hotline = _HOTLINE.match(digits)
    return "" if hotline is None else _with_extension(rest, hotline.group(), hotline.end())


def _with_extension(rest: str, number: str, length: int) -> str:
    """Return `number` with what follows the first `length` digits of `rest`; nothing when a digit follows directly."""
    at = -1
    for _ in range(length):
        at = _next_digit(rest, at + 1)
    tail = rest[at + 1 :]
    if tail[:1].isdigit():
        return ""
    extension = _NOT_DIGIT.sub("", tail)
    return f"{number}x{extension}" if extension else number


def _next_digit(text: str, at: int) -> int:
    while not text[at].isdigit():
        at += 1
    return at
