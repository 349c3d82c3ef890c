"""From a value as written to the value that is counted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import regex

_NOT_DIGIT: Final = regex.compile(r"[^0-9]+")
_SPACE: Final = regex.compile(r"\s+")
_PUNCTUATION: Final = regex.compile(r"[\p{P}\p{S}]+")
_CHINA: Final = regex.compile(r"^\+?(?:00)?86(?=1[0-9]{10}$)")


def _nfkc(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFKC", value)


def _digits_only(value: str) -> str:
    return _NOT_DIGIT.sub("", value)


def _strip_spaces(value: str) -> str:
    return _SPACE.sub("", value)


def _strip_punctuation(value: str) -> str:
    return _PUNCTUATION.sub("", value)


def _phone_cn(value: str) -> str:
    """Return the national number: ``+86``, ``0086`` and ``86`` before eleven digits are the country, not the number."""
    return _CHINA.sub("", value)


NORMALISERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "nfkc": _nfkc,
        "lower": str.lower,
        "digits-only": _digits_only,
        "strip-spaces": _strip_spaces,
        "strip-punctuation": _strip_punctuation,
        "phone-cn": _phone_cn,
    }
)


def normalise(value: str, names: Sequence[str]) -> str:
    """Return `value` after the normalisers `names`, in order."""
    for name in names:
        value = NORMALISERS[name](value)
    return value
