"""Literals that every match of a pattern must hold, read off the pattern: the cheapest look of all.

Read by the standard library's parser, which knows less than the `regex` module: a pattern it does not read gets no
literals, and is always run. Russ Cox, "Regular Expression Matching with a Trigram Index", 2012, has the idea.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any, Final

_PARSER: Final = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - the only reader of patterns in the library
_PLAIN_QUANTIFIER: Final = re.compile(r"\{\d*,?\d*\}")
_JOINTS: Final = re.compile(r"[:\s]+")
_SHORTEST: Final = 2
_MOST: Final = 24

type Words = tuple[str, ...]
"""One of them is in every match; empty when nothing can be said."""


def required(pattern: str) -> Words:
    """Return literals, case-folded, of which every match of `pattern` holds one; empty when none can be told."""
    if "{" in _PLAIN_QUANTIFIER.sub("", pattern):
        return ()  # `regex` reads {e<=1} as fuzzy matching, the library as text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = _PARSER.parse(pattern)
    except (re.error, Warning, RecursionError, OverflowError):
        return ()
    return tuple(sorted({_piece(word) for word in _best(parsed)}))


def _piece(word: str) -> str:
    """Return the longest stretch that a layout cannot tear: a name and its value are joined by a colon and a space."""
    return max(_JOINTS.split(word), key=len).casefold()


def _best(items: Iterable[tuple[Any, Any]]) -> Words:
    """Return the most telling literals of a sequence: those whose shortest is longest."""
    choices: list[Words] = []
    run: Words = ("",)
    for operator, argument in items:
        letters = _letters(operator, argument)
        if letters and len(run) * len(letters) <= _MOST:
            run = tuple(before + letter for before, letter in product(run, letters))
            continue
        choices.append(run)
        run = letters if letters and len(letters) <= _MOST else ("",)
        if not letters:
            choices.append(_inside(operator, argument))
    choices.append(run)
    return max(
        (some for some in choices if _telling(some)),
        key=lambda some: min(len(_piece(word)) for word in some),
        default=(),
    )


def _letters(operator: Any, argument: Any) -> Words:  # noqa: ANN401 - the parser's types are its own
    """Return the characters that a single-character item may be, if they are few."""
    name = str(operator)
    if name == "LITERAL":
        return (chr(argument),)
    if name == "IN" and all(str(kind) == "LITERAL" for kind, _ in argument):
        return tuple(chr(value) for _, value in argument)
    return ()


def _inside(operator: Any, argument: Any) -> Words:  # noqa: ANN401 - same
    name = str(operator)
    if name == "SUBPATTERN":
        return _best(argument[3])
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and argument[0] >= 1:
        return _best(argument[2])
    if name == "ATOMIC_GROUP":
        return _best(argument)
    if name == "BRANCH":
        return _of_each(argument[1])
    return ()


def _of_each(branches: Sequence[Iterable[tuple[Any, Any]]]) -> Words:
    """Return literals of every branch, or none when one branch has none."""
    every: list[str] = []
    for branch in branches:
        words = _best(branch)
        if not words:
            return ()
        every += words
    return tuple(every) if len(every) <= _MOST else ()


def _telling(words: Words) -> bool:
    return bool(words) and min(len(_piece(word)) for word in words) >= _SHORTEST
