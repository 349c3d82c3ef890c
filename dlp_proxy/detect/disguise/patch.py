"""A stretch of a text and what it reads as."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

type Stretch = tuple[int, int]


class Patch(NamedTuple):
    """What stands from `start` to `end`, read otherwise.

    Attributes:
        text: what it reads as.
        place: gives the characters that characters `first` up to `last` of `text` were read from.
        whole: a value must take in all of it or stand inside it with nothing else: a part of it is no value.
        sure: it was told by more than its form, so that what is around it takes nothing away.
        apart: it is a text of its own, and goes on in nothing that stands beside it.
    """

    start: int
    end: int
    text: str
    place: Callable[[int, int], Stretch]
    whole: bool = False
    sure: bool = False
    apart: bool = False


class Disguise(Protocol):
    """What a file of this room offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """The word for it, in *read as ...*."""

    @property
    def GATE(self) -> str:  # noqa: N802 - a constant of the module
        """A pattern that every text has in which there is a patch; empty when `may` says all."""

    def may(self, text: str, /) -> bool:
        """Tell by the cheapest look whether it is worth asking the gate."""

    def patches(self, text: str, stretches: Sequence[Stretch], /) -> Sequence[Patch]:
        """Return the patches in or around `stretches` of folded `text`, ascending, without overlaps."""


class Places:
    """The way back for a patch of which every character has a place of its own; there may be millions of them."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts, self._ends = array("q"), array("q")

    def __call__(self, first: int, last: int) -> Stretch:
        return self._starts[first], self._ends[last - 1]

    def add(self, start: int, end: int, times: int = 1) -> None:
        """Note where the next characters were read from, all of them from the same."""
        for _ in range(times):
            self._starts.append(start)
            self._ends.append(end)

    def join(self) -> None:
        """Make the last two characters one."""
        del self._starts[-1], self._ends[-2]


def each(places: Sequence[Stretch]) -> Callable[[int, int], Stretch]:
    """Return the way back for a short patch of which every character has its place in `places`."""
    return lambda first, last: (places[first][0], places[last - 1][1])


class Same:
    """The way back for what is as long as what it was read from, from `start` on. There may be millions of them."""

    __slots__ = ("_start",)

    def __init__(self, start: int) -> None:
        self._start = start

    def __call__(self, first: int, last: int) -> Stretch:
        return self._start + first, self._start + last
