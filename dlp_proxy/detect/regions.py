"""Running a pattern over stretches of a text, within a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import regex

SPAN: Final = 256 * 1024
"""Characters that one run of one pattern covers, so that a slow pattern meets its time limit early."""

REACH: Final = 1024
"""Characters that a match may go on past the end of a block or span, unless its pattern says more."""

FAR: Final = 16 * 1024
"""The same for a pattern without an end of its own; a longer match is cut or lost."""

_LOOKING: Final = 0.8
"""Share of the whole time that looking may take: what was found must still be weighed and grouped."""

type Clock = Callable[[], float]
"""Seconds, rising; whose zero does not matter."""


class Region(NamedTuple):
    """A stretch of a text: a match may start from `start` up to `end` and goes no further than `horizon`."""

    start: int
    end: int
    horizon: int


class Patience:
    """How long looking at a message may take: each run of a pattern, and everything together when there is a clock."""

    __slots__ = ("_began", "_clock", "_more", "_total", "step")

    def __init__(self, step: float | None = None, total: float = 0.0, clock: Clock | None = None) -> None:
        self.step = step
        self._clock = clock
        self._total = total
        self._more = 0.0
        self._began = clock() if clock is not None else 0.0

    def restart(self) -> None:
        """Give the whole time again: for the next piece of a long message."""
        self._began = self._clock() if self._clock is not None else 0.0
        self._more = 0.0

    def extend(self, seconds: float) -> None:
        """Give so much more time, for more than was known of; until it begins anew."""
        self._more += seconds

    def left(self) -> float | None:
        """Return the seconds that the next run of a pattern may take, or None for as long as it likes.

        Raises:
            TimeoutError: none are left.
        """
        if self._clock is None:
            return self.step
        left = self._began + (self._total + self._more) * _LOOKING - self._clock()
        if left <= 0:
            raise TimeoutError
        return left if self.step is None else min(self.step, left)

    def over(self, share: float = _LOOKING) -> bool:
        """Tell whether so much of the whole time is gone."""
        return self._clock is not None and self._clock() - self._began >= (self._total + self._more) * share


ENDLESS: Final = Patience()


def matches(
    pattern: regex.Pattern[str], text: str, regions: Sequence[Region], reach: int, patience: Patience
) -> Iterator[regex.Match[str]]:
    """Yield matches that start in `regions`, ascending, as one `finditer` would, a span at a time.

    Raises:
        TimeoutError: the pattern ran out of time.
    """
    at = 0
    for start, end, horizon in regions:
        at = max(at, start)
        while at < end:
            edge = min(at + SPAN, end)
            for match in pattern.finditer(text, at, min(edge + reach, horizon), timeout=patience.left()):
                if match.start() >= edge:
                    break
                yield match
                at = match.end()
            at = max(at, edge)


def without(regions: Sequence[Region], taken: Sequence[tuple[int, int]]) -> list[Region]:
    """Return what of `regions` lies outside the spans in `taken`, both ascending."""
    left: list[Region] = []
    past = 0
    for region in regions:
        at = region.start
        while past < len(taken) and taken[past][1] <= at:
            past += 1
        for number in range(past, len(taken)):
            first, last = taken[number]
            if first >= region.horizon:
                break
            if at < min(region.end, first):
                left.append(Region(at, min(region.end, first), first))
            at = max(at, last)
        if at < region.end:
            left.append(Region(at, region.end, region.horizon))
    return left
