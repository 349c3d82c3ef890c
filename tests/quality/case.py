"""A labelled text: what must be found in it, and where. Generators write marks into the text; `case` takes them out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

_OPEN, _SAYS, _CLOSE = (
    "\ue000",
    "\ue001",
    "\ue002",
)  # private use: in no generated text, and no JSON or CSV writer touches them
_MARK: Final = re.compile(f"{_OPEN}([^{_SAYS}]*){_SAYS}|{_CLOSE}")


class Span(NamedTuple):
    """A value that must be found: its characters in the text, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """A text and all values in it of the kinds that its family is judged by."""

    text: str
    spans: tuple[Span, ...]
    family: str


@dataclass(frozen=True, slots=True)
class Family:
    """Texts of one sort.

    Attributes:
        name: ``kind/what``, or ``kind/not/what`` for texts in which nothing of that kind may be found.
        make: returns one marked text; all chance comes from its argument.
        kinds: findings of these kinds count, others do not matter.
        bar: least recall, or for look-alikes greatest share of documents with a false alarm, that a test demands.
            None where the issue sets no bar.
    """

    name: str
    make: Callable[[Random], str]
    kinds: tuple[str, ...]
    bar: float | None = None

    @property
    def negative(self) -> bool:
        return "/not/" in self.name


def mark(kind: str, value: str) -> str:
    """Return `value` marked as one of `kind`, to be put into a text."""
    return f"{_OPEN}{kind}{_SAYS}{value}{_CLOSE}"


def unmarked(text: str) -> str:
    """Return `text` without its marks."""
    return _MARK.sub("", text)


def case(marked: str, family: str) -> Case:
    """Return the text without its marks, and what they marked."""
    pieces: list[str] = []
    spans: list[Span] = []
    waiting: list[tuple[str, int]] = []
    length = at = 0
    for found in _MARK.finditer(marked):
        pieces.append(marked[at : found.start()])
        length += found.start() - at
        at = found.end()
        if found[1] is not None:
            waiting.append((found[1], length))
        else:
            kind, start = waiting.pop()
            spans.append(Span(start, length, kind))
    assert not waiting, marked
    return Case("".join([*pieces, marked[at:]]), tuple(spans), family)


def cases(family: Family, count: int, seed: str = "") -> list[Case]:
    """Return `count` cases of a family, the same for the same seed."""
    chance = Random(f"{family.name} {seed}")
    return [case(family.make(chance), family.name) for _ in range(count)]
