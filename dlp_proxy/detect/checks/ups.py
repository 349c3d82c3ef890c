"""UPS parcels: ``1Z``, six characters of the shipper, two of the service, seven digits, check digit.

Source: UPS Guide to Labeling, tracking number check digit: letters count as digits from A = 2, every second place is
doubled, the sum is made up to a multiple of ten.
"""

from __future__ import annotations

from typing import Final

import regex

_PARCEL: Final = regex.compile(r"1Z([0-9A-Z]{15})([0-9])")


def holds(value: str) -> bool:
    match = _PARCEL.fullmatch(value.upper())
    return match is not None and check_digit(match[1]) == match[2]


def check_digit(text: str) -> str:
    """Return the check digit for the fifteen characters that `text` ends with."""
    values = [int(one) if one.isdecimal() else (ord(one) - 63) % 10 for one in text.upper()[-15:]]
    return str(-(sum(values[0::2]) + 2 * sum(values[1::2])) % 10)
