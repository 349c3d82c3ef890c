"""From a value as written to the value that is counted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import regex

from dlp_proxy.detect import address_cn_spelling
from dlp_proxy.detect.phones.e164 import e164, e164_national, plausible
from dlp_proxy.detect.phones.spelling_cn import national
from dlp_proxy.detect.postal import east_spelling
from dlp_proxy.detect.postal.spelling import spell

_NOT_DIGIT: Final = regex.compile(r"[^0-9]+")
_SPACE: Final = regex.compile(r"\s+")
_PUNCTUATION: Final = regex.compile(r"[\p{P}\p{S}]+")


def _nfkc(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFKC", value)


def _digits_only(value: str) -> str:
    return _NOT_DIGIT.sub("", value)


def _strip_spaces(value: str) -> str:
    return _SPACE.sub("", value)


def _strip_punctuation(value: str) -> str:
    return _PUNCTUATION.sub("", value)


NORMALISERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "nfkc": _nfkc,
        "lower": str.lower,
        "digits-only": _digits_only,
        "strip-spaces": _strip_spaces,
        "strip-punctuation": _strip_punctuation,
        "phone-cn": national,
        "e164": e164,
        "e164-national": e164_national,
        "e164-plausible": plausible,
        "postal": spell,
        "address-cn": address_cn_spelling.spell,
        "address-east": east_spelling.spell,
    }
)


def normalise(value: str, names: Sequence[str]) -> str:
    """Return `value` after the normalisers `names`, in order."""
    for name in names:
        value = NORMALISERS[name](value)
    return value
