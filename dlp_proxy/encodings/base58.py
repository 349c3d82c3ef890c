"""Base58, as Bitcoin and IPFS write it (draft-msporny-base58-03): a text is one large number, to the base of 58.

Every token of letters and digits could be one, and is read as one; fifteen readable bytes are no chance.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import chain
from typing import Final

from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import starting

NAME: Final = "base58"

_SIGNS: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_SIGN: Final = "[1-9A-HJ-NP-Za-km-z]"
_LEAST: Final = 20
_BORDER: Final = "A-Za-z0-9+/=_-"
# Letters of either case and digits: other tokens of the length are digests, numbers and words.
_MIXED: Final = "(?=[1-9A-Z]*+[a-z])(?=[1-9a-z]*+[A-Z])(?=[A-Za-z]*+[1-9])"
_LONG: Final = 91
GATE: Final = rf"(?<![{_BORDER}]){_MIXED}{_SIGN}{{{_LEAST},{_LONG - 1}}}(?![{_BORDER}])|{_SIGN}{{{_LONG}}}"
"""In every run that is read, and seldom in Base64, which has four more signs."""

_TOKEN: Final = rf"{_MIXED}(?P<run>{_SIGN}{{{_LEAST},}}+)(?![{_BORDER}])"
_RUN: Final = re.compile(rf"[^{_BORDER}]{_TOKEN}")  # no look behind: the library passes Base64 over ten times as fast
_FIRST: Final = re.compile(_TOKEN)
_VALUES: Final = bytes(max(0, _SIGNS.find(chr(code))) for code in range(256))
_MOST: Final = 128 * 1024
"""Signs of the longest run that is read: the work grows faster than their number."""
_AT_ONCE: Final = 64


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable runs that begin between `start` and `end`, ascending."""
    first = _FIRST.match(text) if start == 0 < end else None
    for found in chain((first,) if first else (), starting(_RUN, text, max(start - 1, 0), end - 1)):
        (begin, stop), signs = found.span("run"), found["run"]
        if len(signs) > _MOST:
            continue
        number = _number(signs.encode().translate(_VALUES), {})
        data = number.to_bytes((number.bit_length() + 7) // 8)
        run = Run(begin, stop, data, 8, *_places(begin, len(signs), len(data)))
        if run.reading is not None:
            yield run


def _number(values: bytes, powers: dict[int, int]) -> int:
    """Return the number that signs of these values write: by halves, so that long ones are multiplied seldom."""
    if len(values) <= _AT_ONCE:
        number = 0
        for value in values:
            number = number * 58 + value
        return number
    low = len(values) // 2
    if low not in powers:
        powers[low] = 58**low
    return _number(values[:-low], powers) * powers[low] + _number(values[-low:], powers)


def _places(start: int, signs: int, count: int) -> tuple[array[int], array[int]]:
    """Return where the signs of each byte begin and end: those that it weighs most in, and one to either side."""
    starts = array("q", (start + max(0, byte * signs // count - 1) for byte in range(count)))
    ends = array("q", (start + min(signs, -(-(byte + 1) * signs // count) + 1) for byte in range(count)))
    return starts, ends
