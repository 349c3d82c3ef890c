"""Whose a number is that is written as people do at home: what stands around it names the country.

An address beside it says most; a country's name, its currency, its domain or its script say enough for a mobile that
is written in groups. Where neither is near, a text that tells of the country again and again is a list of its people,
one column after the other perhaps.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
import regex
from phonenumbers import PhoneNumberType

from dlp_proxy.detect.phones.countries import COUNTRIES, HINT, Country

_AROUND: Final = 160
"""Characters to either side in which a country is looked for."""
_BESIDE: Final = 400
"""The same for a name or a currency, which stand once for a whole list at times."""
_COLUMN: Final = 3
_MANY: Final = 20
"""Addresses, names, domains of a country from which a text is a list of its people: of mobiles, and of any numbers."""
_STRETCH: Final = 32 * 1024
"""Characters of a text that are one list: what is asked of one is asked once."""
_ANYWHERE: Final = ""
_STRETCHES: Final = 64
_COUNTED: Final[dict[tuple[int, int, int], dict[str, int]]] = {}
"""Of the last stretches, by the hash of their text, its length and where they begin: region -> its signs."""
_START: Final = 3
# The domain of a country behind its point, and its code alone in a cell.
_CODES: Final = re.compile(r"\.([a-z]{2})(?![a-z0-9.-])|[\t\n,;|\"'>]([A-Z]{2})(?=[\t\n,;|\"'<])")
_CAPITALS: Final = re.compile(r"[A-Z][A-Za-z$]|@[dhn]|[^\x00-\x7f]")
"""In every name of a country, of a currency, of its providers of mail."""
_WORDS: Final = re.compile("|".join(one.said for one in COUNTRIES))
_LETTERS: Final = re.compile(r"[A-Za-z]{3}|[^\x00-\x7f]")
"""What every address, name or domain has; figures among figures are passed over by it."""

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
        is_mobile: a mobile's; else a landline's.
    """

    number: str
    region: str
    by: str
    is_mobile: bool = True


def told(text: str, start: int, end: int, digits: str, *, is_grouped: bool) -> Told | None:
    """Return whose number `digits` are, which stand from `start` to `end` of `text`; None where nothing tells it.

    Args:
        text: with what stands around.
        start: of the number.
        end: of the number.
        digits: its figures alone.
        is_grouped: something stands between its figures.
    """
    may_be_listed = is_grouped and digits[0] == "0"
    is_alone = _LETTERS.search(text, max(0, start - _BESIDE), min(len(text), end + _BESIDE)) is None
    if is_alone and not may_be_listed:
        return None
    mobile = [one for one in _beginning(digits[:_START]) if one.mobile.fullmatch(digits)]
    if is_alone:
        return _listed(text, start, digits, mobile)
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    if not is_grouped:
        low = max(low, text.rfind("\n", low, start) + 1)
        line_end = text.find("\n", end, high)
        high = line_end if line_end >= 0 else high
    best = _nearest(text, start, end, mobile, (low, high))
    if best is None and is_grouped:
        best = _nearest_word(text, start, end, mobile)
    if best is not None:
        country, by = best
        number = _valid(digits, country.region)
        if not number and is_grouped and by == "address":
            number = _possible(digits, country.region)
        return Told(number, country.region, by) if number else None
    if not may_be_listed:
        return None
    return _landline(text, start, end, digits) or _listed(text, start, digits, mobile)


def _listed(text: str, start: int, digits: str, mobile: list[Country]) -> Told | None:
    """Return whose number it is in a text that is about people of its country, who are more where it is a landline."""
    begin = start - start % _STRETCH if len(text) > 2 * _STRETCH else 0
    if not _signs_at(text, begin, _ANYWHERE):
        return None
    for some, least in ((mobile, _COLUMN), (_WITH_LANDLINES, _MANY)):
        signs = [(_signs_at(text, begin, one.region), one.region) for one in some]
        for count, region in sorted(signs, key=lambda one: -one[0]):
            if count >= least and (number := _valid(digits, region)):
                return Told(number, region, "list", is_mobile=some is mobile)
    return None


def _landline(text: str, start: int, end: int, digits: str) -> Told | None:
    """Return whose landline it is, beside an address of its country."""
    around = max(0, start - _AROUND), min(len(text), end + _AROUND)
    if not _may_be_addressed(text, around):
        return None
    for country in _WITH_LANDLINES:
        if _gap(country.place, text, start, end, around) is not None and (number := _valid(digits, country.region)):
            return Told(number, country.region, "address", is_mobile=False)
    return None


def _nearest(
    text: str, start: int, end: int, some: list[Country], around: tuple[int, int]
) -> tuple[Country, str] | None:
    """Return the country whose address is nearest, and that it was one."""
    if not some or not _may_be_addressed(text, around):
        return None
    found = [
        (gap, number)
        for number, one in enumerate(some)
        if (gap := _gap(one.place, text, start, end, around)) is not None
    ]
    return (some[min(found)[1]], "address") if found else None


def _nearest_word(text: str, start: int, end: int, some: list[Country]) -> tuple[Country, str] | None:
    """Return the country whose name, currency, domain or script is nearest."""
    if not some:
        return None
    around = max(0, start - _BESIDE), min(len(text), end + _BESIDE)
    codes = {code for found in _CODES.finditer(text, *around) for code in found.groups() if code}
    for one in some:
        if one.domain in codes or one.region in codes:
            return one, "word"
    if not _CAPITALS.search(text, *around) or not _WORDS.search(text, *around):
        return None
    found = [
        (gap, number)
        for number, one in enumerate(some)
        if (gap := _gap(one.word, text, start, end, around)) is not None
    ]
    return (some[min(found)[1]], "word") if found else None


def _may_be_addressed(text: str, around: tuple[int, int]) -> bool:
    """Tell whether there is anything of an address, in a hundredth of the time that looking for one takes."""
    return HINT.search(text[slice(*around)].lower()) is not None


def _gap(pattern: regex.Pattern[str], text: str, start: int, end: int, around: tuple[int, int]) -> int | None:
    """Return how far the nearest match is, those on other lines further away than any on the same one."""
    nearest: int | None = None
    for match in pattern.finditer(text, *around):
        if match.start() < end and match.end() > start:
            continue
        before = match.end() <= start
        gap = start - match.end() if before else match.start() - end
        if text.find("\n", *((match.end(), start) if before else (end, match.start()))) >= 0:
            gap += _BESIDE
        if nearest is None or gap < nearest:
            nearest = gap
        if not before:
            break
    return nearest


@lru_cache(maxsize=1024)
def _beginning(digits: str) -> tuple[Country, ...]:
    """Return the countries whose mobiles may begin so."""
    return tuple(one for one in COUNTRIES if one.mobile.fullmatch(digits, partial=True))


def _signs_at(text: str, begin: int, region: str) -> int:
    """Return `_signs` of the stretch that begins there; thousands of numbers of a column ask for the same.

    Of no region in particular: whether there are letters at all.
    """
    key = hash(text), len(text), begin  # not the text: it would stay in memory
    counts = _COUNTED.get(key)
    if counts is None:
        if len(_COUNTED) >= _STRETCHES:
            _COUNTED.clear()
        counts = _COUNTED[key] = {}
    if region not in counts:
        stretch = text if len(text) <= 2 * _STRETCH else text[begin : begin + _STRETCH]
        counts[region] = _signs(stretch, region) if region else int(_LETTERS.search(stretch) is not None)
    return counts[region]


def _signs(text: str, region: str) -> int:
    """Return how often a text says that it is about people of a country: by their addresses and domains."""
    country = _BY_REGION[region]
    count = sum(country.domain in found.groups() or region in found.groups() for found in _CODES.finditer(text))
    if _may_be_addressed(text, (0, len(text))):
        count += sum(1 for _ in country.place.finditer(text))
    return count


def _valid(digits: str, region: str) -> str:
    """Return the number as E.164 where the country's plan has it, and gives such to people."""
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number_for_region(number, region) or phonenumbers.number_type(number) in _NO_ONES:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _possible(digits: str, region: str) -> str:
    """Return as E.164 what begins and is as long as the mobiles of a country, whoever has it.

    Ranges are opened faster than tables are renewed; the address beside it says that it is no other number.
    """
    number = phonenumbers.parse(digits, region)
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_BY_REGION: Final = {one.region: one for one in COUNTRIES}
_WITH_LANDLINES: Final = tuple(
    _BY_REGION[one] for one in ("JP", "KR", "GB", "DE", "FR", "AT", "CH", "NL", "BE", "IE", "AU")
)
