"""Stretches of a text with their patches put in: a text that detectors read, and the way back to every character."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from dlp_proxy.detect.disguise.patch import Patch, Same, Stretch
from dlp_proxy.detect.fold import fold

_MARGIN: Final = 160
"""Characters on its own line that are read with a patch: an address may go on in them, words in them count."""

_BETWEEN: Final = "\n\0\n"
"""Stands between stretches that are not beside each other: no value goes over it."""
_BESIDE: Final = 36
"""Characters that two values of one row may have between them, with a field's name."""


class _Piece(NamedTuple):
    start: int
    place: Callable[[int, int], Stretch]
    patch: Patch | None


class View:
    """A further reading.

    Attributes:
        name: which disguise was taken off.
        text: what detectors read, folded.
        sure: a value in it is no less than likely.
        apart: what is around a value in `text` is all its surroundings; else they are where it was read from.
    """

    def __init__(self, name: str, pieces: Sequence[_Piece], text: str, back: Callable[[int, int], Stretch]) -> None:
        folded = fold(text)
        self.name = name
        self.text = folded.text
        self.apart = any(piece.patch is not None and piece.patch.apart for piece in pieces)
        self.sure = all(piece.patch is None or piece.patch.sure for piece in pieces)
        self._fold = folded.span
        self._back = back
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._patched = [number for number, piece in enumerate(pieces) if piece.patch is not None]
        self._size = len(text)

    def span(self, start: int, end: int) -> Stretch:
        """Return where the characters from `start` up to `end` of the view stand in the part."""
        first, last = self._fold(start, end)
        low, high = self._piece(first), self._piece(last - 1)
        head = self._pieces[low].place(*self._within(low, first, first + 1))
        tail = self._pieces[high].place(*self._within(high, last - 1, last))
        begin = min(head[0], tail[0])  # what is written backwards begins at its end
        return self._back(begin, max(head[1], tail[1], begin + 1))

    def holds(self, start: int, end: int) -> bool:
        """Tell whether a value there owes anything to this reading, and takes no half of what is whole."""
        first, last = self._fold(start, end)
        low, high = self._piece(max(0, first - 1)), self._piece(min(last, self._size - 1))
        touched = self._patched[bisect_left(self._patched, low) : bisect_right(self._patched, high)]
        inside = False
        for number in touched:
            begin, stop = self._starts[number], self._stop(number)
            patch = self._pieces[number].patch
            if patch is not None and patch.whole and not (stop <= first or last <= begin):
                if begin < first or last < stop:
                    return False
                inside = True
            inside = inside or (patch is not None and not patch.whole)
        return inside

    def beside(self, start: int, end: int) -> bool:
        """Tell whether this reading changed something within a field's name of a value there."""
        first, last = self._fold(start, end)
        low, high = self._piece(max(0, first - _BESIDE)), self._piece(min(last + _BESIDE, self._size - 1))
        return bisect_left(self._patched, low) < bisect_right(self._patched, high)

    def _piece(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    def _stop(self, number: int) -> int:
        return self._starts[number + 1] if number + 1 < len(self._starts) else self._size

    def _within(self, number: int, first: int, last: int) -> Stretch:
        start = self._starts[number]
        return first - start, last - start


def views(
    name: str, text: str, patches: Sequence[Patch], back: Callable[[int, int], Stretch]
) -> Iterator[tuple[View, int]]:
    """Yield the view of `patches`, those apart and those in their places each by themselves, and its size."""
    alone = [patch for patch in patches if patch.apart]
    rest = [patch for patch in patches if not patch.apart]
    for view in (
        *([_apart_view(name, alone, back)] if alone else []),
        *([_in_place(name, text, rest, back)] if rest else []),
    ):
        yield view, len(view.text)


def _apart_view(name: str, patches: Sequence[Patch], back: Callable[[int, int], Stretch]) -> View:
    pieces: list[_Piece] = []
    made: list[str] = []
    at = 0
    for patch in patches:
        pieces.append(_Piece(at, patch.place, patch))
        pieces.append(_Piece(at + len(patch.text), _Nowhere(patch.end), None))
        made += (patch.text, _BETWEEN)
        at += len(patch.text) + len(_BETWEEN)
    return View(name, pieces, "".join(made), back)


def _in_place(name: str, text: str, patches: Sequence[Patch], back: Callable[[int, int], Stretch]) -> View:
    pieces: list[_Piece] = []
    made: list[str] = []
    at = read = 0

    def put(piece: str, place: Callable[[int, int], Stretch], patch: Patch | None = None) -> None:
        nonlocal at
        if piece or patch is not None:
            pieces.append(_Piece(at, place, patch))
            made.append(piece)
            at += len(piece)

    for number, patch in enumerate(patches):
        margin = max(0, patch.start - _MARGIN)
        low = max(margin, text.rfind("\n", margin, patch.start) + 1)
        if low > read or not made:
            if made:
                put(_BETWEEN, _Nowhere(read))
            read = max(low, read)
        put(text[read : patch.start], Same(read))
        put(patch.text, patch.place, patch)
        read = patch.end
        high = min(read + _MARGIN, len(text))
        line = text.find("\n", read, high)
        high = high if line < 0 else line
        if number + 1 < len(patches):
            high = min(high, patches[number + 1].start)
        put(text[read:high], Same(read))
        read = max(read, high)
    return View(name, pieces, "".join(made), back)


class _Nowhere:
    """The way back for what was put between stretches, behind the character before `at`."""

    __slots__ = ("_at",)

    def __init__(self, at: int) -> None:
        self._at = at

    def __call__(self, _first: int, _last: int) -> Stretch:
        return self._at, self._at
