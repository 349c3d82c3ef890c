"""Whole lines that are read otherwise, each by itself: sign for sign, so that the way back is a count."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Same, Stretch

_LONGEST: Final = 2000
"""Characters around the sign that are read where a line is longer."""

_pattern = cache(re.compile)


def turned(
    gate: str, text: str, stretches: Sequence[Stretch], read: Callable[[str], str], *, backwards: bool
) -> Sequence[Patch]:
    """Return a patch for each line with the gate in it.

    Args:
        read: what the line reads as, with as many characters.
        backwards: its first character is the line's last.
    """
    found: list[Patch] = []
    for begin, stop in stretches:
        at = max(begin, found[-1].end if found else 0)
        while (sign := _pattern(gate).search(text, at, stop)) is not None:
            low = max(sign.start() - _LONGEST, at if found else 0)
            start = max(low, text.rfind("\n", low, sign.start()) + 1)
            high = min(sign.end() + _LONGEST, len(text))
            line_end = text.find("\n", sign.end() - 1, high)
            end = high if line_end < 0 else line_end
            reading = read(text[start:end])
            # More signs than in what it reads as: else that would be read again, and its reading too.
            if len(_pattern(gate).findall(text, start, end)) > len(_pattern(gate).findall(reading)):
                back = _from_end(end) if backwards else Same(start)
                found.append(Patch(start, end, reading, back, apart=True))
            at = max(end, sign.end())
    return found


def _from_end(end: int) -> Callable[[int, int], Stretch]:
    return lambda first, last: (end - last, end - first)
