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


def tree(words: Iterable[str]) -> str:
    """Return `any_of` without the look at the first character, for behind other things; there must be a word."""
    return f"(?:{_tree(sorted({word for word in words if word}))})"


def tree_back(words: Iterable[str]) -> str:
    """Return `tree` for a look behind, where the engine reads from the last character to the first."""
    return f"(?:{_tree_back(sorted({word[::-1] for word in words if word}))})"


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


def _tree_back(words: list[str]) -> str:
    branches = []
    for last, group in groupby(words, key=lambda word: word[:1]):
        rest = [word[1:] for word in group]
        deeper = [word for word in rest if word]
        optional = "?" if len(deeper) < len(rest) else ""
        head = f"(?:{_tree_back(deeper)}){optional}" if deeper else ""
        branches.append(head + regex.escape(last))
    return "|".join(branches)
