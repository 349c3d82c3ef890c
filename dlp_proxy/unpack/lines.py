"""The lines of a text, some at a time: a list of millions of short ones takes many times the memory of their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from dlp_proxy.unpack.budget import Budget

_SOME: Final = 256 * 1024
_BREAK: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Where `str.splitlines` cuts."""


def lines_of(text: str, budget: Budget) -> Iterator[str]:
    """Yield what `text.splitlines()` has.

    Raises:
        Exhausted: the time for unpacking is gone.
    """
    return chain.from_iterable(_blocks(text, budget))


def count_of_lines(text: str, budget: Budget) -> int:
    """Return how many lines there are.

    Raises:
        Exhausted: the time for unpacking is gone.
    """
    return sum(map(len, _blocks(text, budget)))


def _blocks(text: str, budget: Budget) -> Iterator[list[str]]:
    at = 0
    while at < len(text):
        budget.hurry()
        found = _BREAK.search(text, at + _SOME)
        end = found.end() if found else len(text)
        yield text[at:end].splitlines()
        at = end
