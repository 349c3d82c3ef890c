"""Matches that start in a stretch of a text, however far they reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_REACH: Final = 1024
"""Characters behind the stretch that are looked at before it is known that a match goes on in them."""


_CUT: Final = 16
"""A match that ends so near to where looking stopped may go on behind it."""


def starting(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the matches of `pattern` that start from `start` up to `end`, ascending, without overlaps.

    A pattern must not need what stands far behind its match. Unlike `finditer` this never reads on to the end of the
    text when the stretch has no more.
    """
    limit = min(end + _REACH, len(text))
    at = start
    while at < end and (found := pattern.search(text, at, limit)) is not None and found.start() < end:
        if found.end() > limit - _CUT and limit < len(text):
            whole = pattern.match(text, found.start())
            if whole is None:
                at = found.start() + 1
                continue
            found = whole
        yield found
        at = max(found.end(), found.start() + 1)


def blocks(line: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Iterator[re.Match[str]]]:
    """Yield lines that follow one another, block by block; take one before the next is asked for.

    The first block may begin with the line that `start` is in, and the last goes on behind `end`.
    """
    at = text.rfind("\n", 0, start) + 1

    def following(one: re.Match[str] | None) -> Iterator[re.Match[str]]:
        nonlocal at
        while one is not None:
            yield one
            at = one.end() + 1
            one = line.match(text, at)

    for first in starting(line, text, at, end):
        if first.start() >= at:
            yield following(first)
