"""Reads a number as it is written at home: where what stands around tells its country, or before a verb of calling."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.fold import fold
from dlp_proxy.detect.late import late
from dlp_proxy.detect.phones.evidence import is_in_row_of_figures, is_measured, judged, label_before
from dlp_proxy.detect.phones.north_american import STREET_BEHIND, is_valid
from dlp_proxy.detect.phones.told import told
from dlp_proxy.detect.said.phones import BEHIND
from dlp_proxy.model.finding import Confidence

_PART: Final = regex.compile(r"(?:[A-Za-z0-9+_%#$€£¥@]|[0-9A-Za-z)][-./]|[0-9](?:[-./] |:|\) ?))\Z")
# 07725 510999,82 Chestnut Avenue: a house is the next cell, no fraction.
_GOES_ON: Final = regex.compile(r"[A-Za-z0-9_@]|[-./:][0-9]|,[0-9](?![0-9]{0,3}[A-Za-z]? \p{L})")
_BEHIND: Final = late(rf"[ ]{{0,2}}{any_of(fold(word).text for word in BEHIND)}")
# Of the internet: 223.47.36.172
_ADDRESS: Final = regex.compile(r"[1-9][0-9]{0,2}(?:[.][0-9]{1,3}){3}")
_NOT_DIGIT: Final = regex.compile(r"[^0-9]+")
_JOINT: Final = regex.compile(r"[ ./()·-]+")
_FEWEST: Final = 8
_LINK: Final = "wa.me/"
_LANDLINE: Final = "landline"
_OF_AMERICA: Final = 10
_STREET: Final = late(STREET_BEHIND)
_GROUPED: Final = frozenset(" ./()·-")
_LEAST_DIFFERENT: Final = 3
# 12 345 678 kroner; 612 345 678 is a mobile of Spain as well, and needs an address.
_THOUSANDS: Final = regex.compile(r"[1-9][0-9]{0,2}(?:([ .])[0-9]{3})(?:\1[0-9]{3})+")
_DATE: Final = regex.compile(r"(?:0?[1-9]|[12][0-9]|3[01])[-. /](?:0?[1-9]|1[0-2])[-. /](?:19|20)[0-9]{2}")
# What Japanese and Korean name before and behind what is no number of a telephone.
_OTHER_NAME: Final = regex.compile(
    r"(?:(?<!電話|携帯|連絡先|전화|휴대폰|핸드폰|연락처)(?:番号|번호)|型番|品番|型式|コード|注文|伝票|価格|数量|No\.?|모델명?|코드|가격|수량|주문|송장)"
    r"[\s:：#\"'|]{0,4}\Z"
)
_UNIT_BEHIND: Final = regex.compile(r"[ ]?(?:円|個|件|台|本|枚|원|개|건|대)")


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the number whose first figure is at `start`, and which ends at `end` or with a group before."""
    first = start - 1 if start > free and text[start - 1] == "(" and ")" in text[start:end] else start
    before = text[max(free, first - 6) : first]
    if before == _LINK:
        return Reading(first, end, "of a link", Confidence.MEDIUM, f"+{text[start:end]}")
    if _PART.search(before):
        return None
    last = end
    longer: Reading | None = None
    while True:
        value = text[first:last]
        digits = _NOT_DIGIT.sub("", value)
        if len(digits) < _FEWEST or _ADDRESS.fullmatch(value):
            return longer
        if _BEHIND.match(text, last):
            return Reading(first, last, "said-behind", Confidence.MEDIUM)
        reading = None if _GOES_ON.match(text, last) else _judge(text, first, last, digits)
        if reading is not None and not reading.form.startswith(_LANDLINE):
            return reading
        # 07985 595900 89 Church Lane: the house that follows is no group of it, though there are landlines as long.
        longer = longer or reading
        joints = [joint.start() for joint in _JOINT.finditer(value, 1) if joint.end() < len(value)]
        if not joints:
            return longer
        last = first + joints[-1]


def _judge(text: str, start: int, end: int, digits: str) -> Reading | None:
    if len(set(digits)) < _LEAST_DIFFERENT or _DATE.match(text, start):
        return None
    value = text[start:end]
    is_grouped = not _GROUPED.isdisjoint(value) and _THOUSANDS.fullmatch(value) is None
    found = told(text, start, end, digits, is_grouped=is_grouped)
    if found is None and value == digits and len(digits) == _OF_AMERICA and is_valid(digits):
        is_beside = _STREET.match(text, end) is not None
        return Reading(start, end, "of US by street", Confidence.MEDIUM, f"+1{digits}") if is_beside else None
    if found is None or _is_counted(text, start, end, value, is_grouped=is_grouped):
        return None
    form = f"of {found.region} by {found.by}"
    return Reading(start, end, form if found.is_mobile else f"{_LANDLINE} {form}", Confidence.MEDIUM, found.number)


def _is_counted(text: str, start: int, end: int, value: str, *, is_grouped: bool) -> bool:
    """Tell whether a name or a unit says that it is something else, or it is one of many figures."""
    if not text.isascii() and (_OTHER_NAME.search(text, max(0, start - 24), start) or _UNIT_BEHIND.match(text, end)):
        return True
    if judged(label_before(text, start)) == "counted" or (" " in value and is_in_row_of_figures(text, start, end)):
        return True
    return not is_grouped and is_measured(text, start, end)
