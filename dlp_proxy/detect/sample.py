"""Made-up values of a detector, for the tests that policies carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import regex

from dlp_proxy.detect.checks import gb11643, luhn
from dlp_proxy.detect.detector import DetectorSpec

_BLANK: Final = regex.compile(r"\{(n|gb11643|luhn)(?::([0-9]{1,2}))?\}")
_CHECK_DIGITS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"gb11643": gb11643.check_digit, "luhn": luhn.check_digit}
)


def sample(spec: DetectorSpec, number: int) -> str:
    """Return sample value `number` of `spec`: different numbers give different values.

    In the template ``{n:6}`` is the number with leading zeros to six digits (more when it needs more), and
    ``{gb11643}`` or ``{luhn}`` is the check digit of what stands before it.
    """
    text = ""
    last = 0
    for blank in _BLANK.finditer(spec.sample):
        text += spec.sample[last : blank.start()]
        what, width = blank.groups()
        text += str(number).zfill(int(width or 0)) if what == "n" else _CHECK_DIGITS[what](text)
        last = blank.end()
    return text + spec.sample[last:]
