"""Whose a number is that is written as people do at home: what stands around it names the country.

An address beside it says most; a country's name, its currency, its domain or its script say enough for a mobile that
is written in groups. Where neither is near, a text that tells of the country again and again is a list of its people,
one column after the other perhaps.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
import regex
from phonenumbers import PhoneNumberType

from dlp_proxy.detect.phones.countries import COUNTRIES, Country

_AROUND: Final = 160
"""Characters to either side in which a country is looked for."""
_BESIDE: Final = 400
"""The same for a name or a currency, which stand once for a whole list at times."""
_COLUMN: Final = 3
"""Addresses, names, domains of a country from which a text is a list of its people."""

_NO_ONES: Final = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.UNKNOWN,
    }
)


class Told(NamedTuple):
    """A number with its country.

    Attributes:
        number: E.164.
        region: the country, of ISO 3166.
        by: ``address``, ``word`` or ``list``: what told it.
    """

    number: str
    region: str
    by: str


def told(text: str, start: int, end: int, digits: str, *, is_grouped: bool) -> Told | None:
    """Return whose number `digits` are, which stand from `start` to `end` of `text`; None where nothing tells it.

    Args:
        text: with what stands around.
        start: of the number.
        end: of the number.
        digits: its figures alone.
        is_grouped: something stands between its figures.
    """
    mobile = [one for one in COUNTRIES if one.mobile.fullmatch(digits) and _is_in(text, one.region)]
    best = _nearest(text, start, end, mobile, by_words=is_grouped)
    if best is not None:
        country, by = best
        number = _valid(digits, country.region)
        return Told(number, country.region, by) if number else None
    if not mobile and is_grouped:
        return _landline(text, start, end, digits)
    if is_grouped and digits[0] == "0":
        listed = [one for one in mobile if _signs(text, one.region) >= _COLUMN]
        for country in sorted(listed, key=lambda one: -_signs(text, one.region)):
            number = _valid(digits, country.region)
            if number:
                return Told(number, country.region, "list")
    return None


def _landline(text: str, start: int, end: int, digits: str) -> Told | None:
    """Return whose landline it is, beside an address of its country."""
    for country in COUNTRIES:
        if not _is_in(text, country.region) or not _has_place(country, text, start, end):
            continue
        number = _valid(digits, country.region)
        if number:
            return Told(number, country.region, "address")
    return None


def _nearest(text: str, start: int, end: int, some: list[Country], *, by_words: bool) -> tuple[Country, str] | None:
    """Return the country whose address is nearest, else the one of a word, and which of both it was."""
    found: list[tuple[int, int, Country, str]] = []
    for number, one in enumerate(some):
        gap = _gap(one.place, text, start, end, _AROUND)
        if gap is not None:
            found.append((gap, number, one, "address"))
    if not found and by_words:
        for number, one in enumerate(some):
            gap = _gap(one.word, text, start, end, _BESIDE)
            if gap is not None:
                found.append((gap, number, one, "word"))
    if not found:
        return None
    _, _, country, by = min(found, key=lambda one: one[:2])
    return country, by


def _has_place(country: Country, text: str, start: int, end: int) -> bool:
    return _gap(country.place, text, start, end, _AROUND) is not None


def _gap(pattern: regex.Pattern[str], text: str, start: int, end: int, reach: int) -> int | None:
    """Return how far the nearest match is, those on other lines further away than any on the same one."""
    nearest: int | None = None
    for match in pattern.finditer(text, max(0, start - reach), min(len(text), end + reach)):
        if match.start() < end and match.end() > start:
            continue
        before = match.end() <= start
        gap = start - match.end() if before else match.start() - end
        if text.find("\n", *((match.end(), start) if before else (end, match.start()))) >= 0:
            gap += reach
        if nearest is None or gap < nearest:
            nearest = gap
    return nearest


@lru_cache(maxsize=128)
def _is_in(text: str, region: str) -> bool:
    """Tell whether anything in a text tells of a country: one search, so that figures without any cost no more."""
    country = _BY_REGION[region]
    return country.word.search(text) is not None or country.place.search(text) is not None


@lru_cache(maxsize=32)
def _signs(text: str, region: str) -> int:
    """Return how often a text says that it is about people of a country."""
    country = _BY_REGION[region]
    return sum(1 for pattern in (country.place, country.word) for _ in pattern.finditer(text))


def _valid(digits: str, region: str) -> str:
    """Return the number as E.164 where the country's plan has it, and gives such to people."""
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number_for_region(number, region) or phonenumbers.number_type(number) in _NO_ONES:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_BY_REGION: Final = {one.region: one for one in COUNTRIES}
