"""Unique names of events that sort by time: ULIDs (github.com/ulid/spec), 26 characters of Crockford's base 32."""

from __future__ import annotations

import secrets
import time
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS: Final = 80


class UidMaker:
    """Makes ULIDs that never go backwards in one process, also when the clock does."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> str:
        fresh = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        # The next number after the last one keeps the order inside a millisecond and over a clock set back.
        self._last = fresh if fresh > self._last else self._last + 1
        return encode(self._last)


def encode(number: int) -> str:
    """Return the 26 characters of a 128-bit number."""
    return "".join([ALPHABET[number >> shift & 31] for shift in range(125, -1, -5)])
