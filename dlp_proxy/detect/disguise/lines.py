"""Whole lines that are read otherwise, each by itself: sign for sign, so that the way back is a count."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Same, Stretch

_LONGEST: Final = 2000
"""Characters around the sign that are read where a line is longer."""


class Turned:
    """Lines in one disguise, told by signs that they have and their readings have not."""

    def __init__(self, gate: str, read: Callable[[str], str], *, backwards: bool) -> None:
        """Take a disguise.

        Args:
            gate: the pattern of a sign.
            read: what a line reads as, with as many characters.
            backwards: its first character is the line's last.
        """
        self._sign = re.compile(gate)
        self._read = read
        self._backwards = backwards

    def may(self, _text: str) -> bool:
        return True

    def patches(self, text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
        """Return a patch for each line with a sign in it."""
        found: list[Patch] = []
        for begin, stop in stretches:
            at = max(begin, found[-1].end if found else 0)
            while (sign := self._sign.search(text, at, stop)) is not None:
                low = max(sign.start() - _LONGEST, at if found else 0)
                start = max(low, text.rfind("\n", low, sign.start()) + 1)
                high = min(sign.end() + _LONGEST, len(text))
                line_end = text.find("\n", sign.end() - 1, high)
                end = high if line_end < 0 else line_end
                reading = self._read(text[start:end])
                # More signs than in what it reads as: else that would be read again, and its reading too.
                if len(self._sign.findall(text, start, end)) > len(self._sign.findall(reading)):
                    back = _from_end(end) if self._backwards else Same(start)
                    found.append(Patch(start, end, reading, back, apart=True))
                at = max(end, sign.end())
        return found


def _from_end(end: int) -> Callable[[int, int], Stretch]:
    return lambda first, last: (end - last, end - first)
