"""Stretches around places that were noticed: those that touch are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def surroundings(places: Iterable[tuple[int, int]], margin: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield where to look, ascending and apart.

    Args:
        places: start and end of each, ascending.
        margin: how much to either side is looked at with it.
        size: of the whole, which no stretch goes beyond.
    """
    start, end = 0, -1
    for first, last in places:
        if first - margin > end:
            if end >= 0:
                yield start, min(end, size)
            start = first - margin
        end = max(end, last + margin)
    if end >= 0:
        yield start, min(end, size)
