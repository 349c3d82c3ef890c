"""Reads a resident identity number and asks what the other numbers of as many digits at its kind of place are.

Of random numbers of eighteen digits about one in fifty thousand has a province, a date of birth and the right check
digit: a log of orders holds some. Where numbers stand between the same marks and hardly one of them is an identity
number, that one is chance.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from dlp_proxy.detect.checks import gb11643
from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.late import late
from dlp_proxy.model.finding import Confidence

_DIGITS: Final = 18
_BLOCK: Final = 2000
_REACH: Final = 1000
"""Characters that are looked through at once for further numbers, and how many at either side of these."""
_OTHERS: Final = 8
"""So many others for each identity number make it chance."""
_LOOK_BACK: Final = 40
_MARK: Final = 6

_LABEL: Final = late(
    r"(?i)(?:身份|身分|证件|證件|公民|居民|(?<![a-z])(?:id|identity|citizen|resident)[ _-]?(?:card|no|num|number)"
    r"|(?<![a-z])identity|sfz|idcard)[^\n0-9]{0,16}\Z"
)
_EACH: Final = late(r"(?<![A-Za-z0-9])[0-9]{17}[0-9Xx](?![A-Za-z0-9])")


def read(text: str, _free: int, start: int, end: int) -> Reading | None:
    """Return the number from `start` to `end`: sure, or counted with the others between the same marks."""
    if (
        end - start == _DIGITS
        and gb11643.holds(text[start:end])
        and not _LABEL.search(text, max(0, start - _LOOK_BACK), start)
        and _is_chance(text, start)
    ):
        return Reading(start, end, "counted", Confidence.LOW)
    return Reading(start, end, "written", Confidence.HIGH)


def _is_chance(text: str, start: int) -> bool:
    # Blocks, not distances: the numbers of one block ask for the same thing, which is then known.
    block = start - start % _BLOCK
    window = text[max(0, block - _REACH) : block + _BLOCK + _REACH]
    return _are_others(window, _before(text, start), text[start + _DIGITS : start + _DIGITS + 1])


@lru_cache(maxsize=64)
def _are_others(window: str, before: str, behind: str) -> bool:
    """Tell whether of the numbers between two marks so few are identity numbers that these are chance."""
    values = {
        match.group()
        for match in _EACH.finditer(window)
        if _before(window, match.start()) == before and window[match.end() : match.end() + 1] == behind
    }
    own = sum(map(gb11643.holds, values))
    return len(values) - own >= _OTHERS * max(own, 1)


def _before(text: str, start: int) -> str:
    """Return the last characters before `start` that are no digits."""
    before = text[max(0, start - _MARK) : start]
    for at in range(len(before), 0, -1):
        if before[at - 1].isdigit():
            return before[at:]
    return before
