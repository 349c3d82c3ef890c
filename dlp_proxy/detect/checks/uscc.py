"""The unified social credit code of Chinese organisations: GB 32100-2015, check character modulo 31."""

from __future__ import annotations

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DIGITS: Final = 6
"""Place of the administrative division, digits only: characters 3 to 8."""


def holds(value: str) -> bool:
    code = "".join(character for character in value if character.isalnum()).upper()
    if len(code) != 18 or not set(code) <= set(_ALPHABET):
        return False
    division = code[2 : 2 + _DIGITS]
    return division.isdigit() and code[17] == check_digit(code[:17])


def check_digit(text: str) -> str:
    """Return the check character for the 17 characters that `text` ends with: weights are powers of 3 modulo 31."""
    found = [_ALPHABET.index(character) for character in text.upper() if character in _ALPHABET][-17:]
    total = sum(value * pow(3, place, 31) for place, value in enumerate(found))
    return _ALPHABET[-total % 31]
