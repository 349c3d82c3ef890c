"""A phone number of any country as written -> E.164 (ITU-T E.164), by the `phonenumbers` package.

The package is asked about candidates only: it takes 20 microseconds for one, more than a pattern for a kilobyte.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import phonenumbers

from dlp_proxy.detect.late import late
from dlp_proxy.detect.phones import north_american
from dlp_proxy.detect.phones.extension import SPOKEN
from dlp_proxy.detect.phones.landline_cn import BARE, WRITTEN
from dlp_proxy.detect.phones.numbering_cn import BRITISH
from dlp_proxy.detect.phones.spelling_cn import has_usual_length, is_mobile, national

REGIONS: Final = (
    "US", "GB", "FR", "JP", "AU", "IT", "ES", "NL", "IN", "KR", "BR", "RU", "SG", "HK", "TW", "MX", "TH", "MY",
    "VN", "ID", "PH", "AE", "SA", "TR", "PL", "SE", "CH", "BE", "IE", "NZ", "ZA", "PT", "DK", "NO", "FI", "CZ", "DE",
)  # fmt: skip
"""Countries (ISO 3166-1) that are asked first whether a number in a national format is theirs. US is all of +1.

Germany comes last: its numbers may have any length, so that most numbers of other countries fit.
"""

_SIGN: Final = late(r"[( ]{0,2}(?:\+|%2B|\(?0(?:0|11)(?![0-9]{0,6}$)\)?)[ ./()-]*")
_TRUNK: Final = late(r"(?<=[0-9][ ./)-]{0,3})\((?:0[0-9]?|1|8)\)")
_NOT_DIGIT: Final = late("[^0-9]+")
_NORTH_AMERICAN: Final = late(r"(?:1[ .-])?\(?[2-9][0-9]{2}[ .)/-]{1,2}[2-9][0-9]{2}[ .-][0-9]{4}")
_LANDLINE: Final = late(rf"\(?(?:{WRITTEN}|{BARE})")
# 01512 3456789, 0170/12345678: Germany's mobiles, with as many digits as a Chinese one behind a 0 has.
_GERMAN_MOBILE: Final = late(r"01[567][0-9](?:[0-9] ?[ /-] ?[0-9]{7}| ?[ /-] ?[0-9]{7,8})")
_NORTH_AMERICAN_DIGITS: Final = late(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}")
_TEN: Final = late(r"\+1[2-9][0-9]{9}")
_DIGITS: Final = late("[0-9]+")
# 98115 2025-10-28 09 of a row under a label: a postcode, the day and the hour.
_DAY: Final = late(r"(?<![0-9])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-[0-3][0-9](?![0-9])")
_NATIONAL: Final = phonenumbers.PhoneNumberFormat.NATIONAL
_LEAST_DIFFERENT: Final = 3
_CHINA: Final = 86
_BARE: Final = frozenset("0123456789+-.()/ ")
"""Signs of numbers without an extension: one that says so has a letter, a character of Han, or # before it."""
_OTHERS: Final = tuple(sorted(phonenumbers.SUPPORTED_REGIONS - {*REGIONS, "CN"}))


@lru_cache(maxsize=8192)
def e164(value: str) -> str:
    """Return a number written with +, 00 or 011 in front as E.164, with ``x`` and its extension; empty when it is none.

    A number of mainland China is its national number, as `national` has it: most stand without their country code.
    """
    main, extension = _split(value)
    sign = _SIGN.match(main)
    if sign is None:
        return _with(_read(_NOT_DIGIT.sub("", main), "US"), extension) if _NORTH_AMERICAN.fullmatch(main) else ""
    digits = _NOT_DIGIT.sub("", main[sign.end() :])
    found = _read(f"+{digits}", None)
    if not found and "(" in main:
        found = _read("+" + _NOT_DIGIT.sub("", _TRUNK.sub("", main[sign.end() :])), None)
    if found.startswith(f"+{_CHINA}"):
        return national(f"{found}x{extension}" if extension else found)
    return _with(found, extension)


@lru_cache(maxsize=8192)
def e164_national(value: str) -> str:
    """Return a number in a national format as E.164, by the first country that has it.

    Empty when it is none, and when it is written for callers from abroad or belongs to mainland China.
    """
    main, extension = _split(value)
    digits = _NOT_DIGIT.sub("", main)
    if len(set(digits)) < _LEAST_DIFFERENT or _DAY.search(main) or _is_chinese(main) or e164(main):
        return ""
    groups = _DIGITS.findall(main)
    first = ""
    for region in REGIONS:
        number = _valid(digits, region)
        if number is not None:
            found = _written(number)
            first = first or found
            # The way it is grouped tells the country when the digits do not.
            if len(groups) == 1 or groups == _DIGITS.findall(phonenumbers.format_number(number, _NATIONAL)):
                return _with(found, extension)
    found = first or next(filter(None, (_read(digits, region) for region in _OTHERS)), "")
    # 371 21 961 950: a calling code that stands by itself, only its sign is missing.
    if not found and len(groups) >= _LEAST_DIFFERENT and len(groups[0]) <= _LEAST_DIFFERENT:
        found = _read(f"+{digits}", None)
    return _with(found, extension)


def _is_chinese(main: str) -> bool:
    """Tell whether a detector for mainland China owns the number: mobiles, landlines, 400 numbers."""
    if BRITISH.fullmatch(main.strip()) or _GERMAN_MOBILE.fullmatch(main.strip()):
        return False
    if is_mobile(national(main)) or main[:3] == "400":
        return True
    # Without anything between the detector for landlines takes a town's usual length only.
    return _LANDLINE.fullmatch(main) is not None and not (main.isdecimal() and not has_usual_length(main[1:]))


def is_valid(value: str) -> bool:
    """Tell whether `value`, E.164 with or without an extension, is a number that its country's plan has."""
    return bool(e164(value.partition("x")[0]))


@lru_cache(maxsize=8192)
def plausible(value: str) -> str:
    """Return what `e164` does, and a number as well of a range that nobody was given, as long as the country's are.

    Ranges are opened faster than tables are renewed, and made-up numbers stand in the place of customers' own. Behind
    +1 it is built as the plan wants it (area code and exchange begin with 2 to 9). None of mainland China, and none
    behind 00 or 011, with which too much else begins, but for 001-.
    """
    found = e164(value)
    if found:
        return found
    main, extension = _split(value)
    if main[:3] == "001" and not main[3:4].isdigit():
        return _with(_possible("+" + _NOT_DIGIT.sub("", main[2:])), extension)
    if "+" not in main[:3]:
        return _with(f"+1{_NOT_DIGIT.sub('', main)[-10:]}", extension) if _NORTH_AMERICAN.fullmatch(main) else ""
    return _with(_possible("+" + _NOT_DIGIT.sub("", _TRUNK.sub("", main))), extension)


def _possible(digits: str) -> str:
    if digits[:2] == "+1":
        return digits if _NORTH_AMERICAN_DIGITS.fullmatch(digits) else ""
    try:
        number = phonenumbers.parse(digits, None)
    except phonenumbers.NumberParseException:
        return ""
    if number.country_code == _CHINA:
        return ""
    as_long = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return _written(number) if as_long else ""


def _with(number: str, extension: str) -> str:
    return f"{number}x{extension}" if number and extension else number


def _split(value: str) -> tuple[str, str]:
    if _BARE.issuperset(value):
        return value, ""
    for match in SPOKEN.finditer(value, min(6, len(value))):
        if match.end() == len(value):
            return value[: match.start()], _NOT_DIGIT.sub("", match.group())
    return value, ""


@lru_cache(maxsize=8192)
def _read(digits: str, region: str | None) -> str:
    # A number of ten digits behind +1 has nothing to strip: parsing it would take as long as judging it.
    if region is None and _TEN.fullmatch(digits):
        return digits if north_american.is_valid(digits[2:]) else ""
    number = _valid(digits, region)
    return "" if number is None else _written(number)


def _valid(digits: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _written(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
