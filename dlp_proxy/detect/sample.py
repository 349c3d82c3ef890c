"""Made-up values of a detector, for the tests that policies carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import regex

from dlp_proxy.detect.checks import dhl, fedex, gb11643, gs1, iban, luhn, s10, ups, uscc
from dlp_proxy.detect.detector import DetectorSpec

_CHECK_DIGITS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "gb11643": gb11643.check_digit,
        "uscc": uscc.check_digit,
        "luhn": luhn.check_digit,
        "gs1": gs1.check_digit,
        "s10": s10.check_digit,
        "ups": ups.check_digit,
        "fedex": fedex.check_digit,
        "dhl": dhl.check_digit,
        "iban": iban.check_digit,
    }
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛超明霞秀平刚桂英华玉萍红玲芬燕彬辉林鹏飞宇浩凯健俊帆雪倩婷梅兰翠莉琴云洁珍岚峰翔晨阳欣怡"
    "佳琪诗涵梓轩子墨雨泽一诺思远嘉豪文博志国建民德全福生春花秋月冬青夏荷海波江川山石松"
)
_BLANK: Final = regex.compile(rf"\{{(n|given|{'|'.join(_CHECK_DIGITS)})(?::([0-9]{{1,2}}))?\}}")


def sample(spec: DetectorSpec, number: int) -> str:
    """Return sample value `number` of `spec`: different numbers give different values.

    In the template ``{n:6}`` is the number with leading zeros to six digits (more when it needs more), ``{given}`` is a
    Chinese given name for the last four digits of the number, and
    ``{gb11643}``, ``{luhn}`` and so on is the check digit, by the check so named, of what stands before it.
    """
    text = ""
    last = 0
    for blank in _BLANK.finditer(spec.sample):
        text += spec.sample[last : blank.start()]
        what, width = blank.groups()
        if what == "n":
            text += str(number).zfill(int(width or 0))
        elif what == "given":
            text += _GIVEN[number // 100 % 100] + _GIVEN[number % 100]
        else:
            text += _CHECK_DIGITS[what](text)
        last = blank.end()
    return text + spec.sample[last:]
