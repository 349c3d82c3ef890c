"""Many literal words as one fast pattern."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

import regex

_NOTHING: Final = "(?!)"


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of `words`, the longest where several fit; empty ones match nothing.

    A tree by first characters behind a look at the first one: a plain list of hundreds is tried one by one at every
    character of the text.
    """
    words = sorted({word for word in words if word})
    return f"(?={first_of(words)})(?:{_tree(words)})" if words else _NOTHING


def first_of(words: Iterable[str]) -> str:
    """Return a pattern for the first character of any of `words`."""
    firsts = "".join(regex.escape(first) for first in sorted({word[0] for word in words if word}))
    return f"[{firsts}]" if firsts else _NOTHING


def _tree(words: list[str]) -> str:
    branches = []
    for first, group in groupby(words, key=lambda word: word[:1]):
        rest = [word[1:] for word in group]
        deeper = [word for word in rest if word]
        optional = "?" if len(deeper) < len(rest) else ""
        tail = f"(?:{_tree(deeper)}){optional}" if deeper else ""
        branches.append(regex.escape(first) + tail)
    return "|".join(branches)
