"""What of some data its reader did not take: old rows, ends of pages, whatever nothing refers to."""

from __future__ import annotations

import re
from typing import Final

_LEFT: Final = re.compile(rb"[^\0]{6,}", re.DOTALL)
"""Shorter ones say nothing by themselves. NULs stand where something was taken, or nothing was ever written."""


class Leftover:
    """Data of which a reader takes one stretch after the other."""

    def __init__(self, data: bytes) -> None:
        self._left = bytearray(data)

    def take(self, start: int, end: int) -> None:
        """Note that the bytes from `start` to `end` were read, or say where others are."""
        end = min(end, len(self._left))
        if 0 <= start < end:
            self._left[start:end] = bytes(end - start)

    def rest(self) -> bytes:
        """Return what was not taken; what stands apart is apart."""
        return b"\n".join(_LEFT.findall(self._left))
