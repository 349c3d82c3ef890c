"""The gate for texts that nobody has laid out yet: whether anything could be found if somebody did.

A layout brings names and values together, so a match may be torn apart in the text as it stands. What it is torn into
must all be there: a label here, seven digits there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.named import written
from dlp_proxy.detect.pattern_tree import Unreadable
from dlp_proxy.detect.prefilter import Choices, Prefilter, Stored, loaded, prefilter
from dlp_proxy.detect.torn import torn
from dlp_proxy.detect.wider import LEAST_BITS, ROOMS


class StoredLayouts(NamedTuple):
    """A compiled gate as plain data, for other processes on the same machine."""

    pieces: Stored
    together: tuple[tuple[int, ...], ...]
    uncovered: tuple[int, ...]


class Layouts:
    """Pieces of patterns, compiled, and which of them must be there together.

    Attributes:
        uncovered: detectors that it knows nothing of.
    """

    def __init__(self, pieces: Prefilter, together: tuple[tuple[int, ...], ...], uncovered: tuple[int, ...]) -> None:
        self._pieces = pieces
        self._together = tuple(tuple(one for one in some if one in pieces.covered) for some in together)
        self.uncovered = uncovered

    def may_hold(self, text: str) -> bool | None:
        """Tell whether one of its detectors might find something in `text` laid out; None when that cannot be told."""
        found = self._pieces.matching(text)
        if found is None:
            return None
        there = set(found)
        return bool(there) and any(there.issuperset(some) for some in self._together)

    def stored(self) -> StoredLayouts:
        """Return it for `layouts_of`."""
        return StoredLayouts(self._pieces.stored(), self._together, self.uncovered)


def layouts_of(stored: StoredLayouts) -> Layouts | None:
    """Return what another process compiled, or None where there is no Hyperscan or it is another one."""
    pieces = loaded(stored.pieces)
    return None if pieces is None else Layouts(pieces, stored.together, stored.uncovered)


def layouts(detectors: Sequence[Detector]) -> Layouts | None:
    """Return the gate for `detectors`, or None where there is no Hyperscan."""
    numbers: dict[str, int] = {}
    together: list[tuple[int, ...]] = []
    uncovered: list[int] = []
    for number, detector in enumerate(detectors):
        try:
            needed = _needed(detector)
        except Unreadable:
            uncovered.append(number)
            continue
        together += [tuple(numbers.setdefault(piece, len(numbers)) for piece in pieces) for pieces in needed]
    wanted: dict[int, Sequence[Choices]] = {number: ((piece,),) for piece, number in numbers.items()}
    pieces = prefilter(wanted)
    return None if pieces is None else Layouts(pieces, tuple(together), tuple(uncovered))


def _needed(detector: Detector) -> list[list[str]]:
    """Return lists of pieces; what the detector would find needs all of one list.

    Raises:
        Unreadable: that cannot be told, or one list says next to nothing.
    """
    sources = [(one.pattern.pattern, int(one.pattern.flags)) for one in detector.patterns]
    names = sorted({name for one in detector.spec.named for name in (*one.labels, *one.fields)})
    if names:
        sources.append((any_of(written(names)), int(regex.IGNORECASE)))
    needed: list[list[str]] = []
    for pattern, flags in sources:
        for pieces in torn(pattern, flags, ROOMS[0]):
            if sum(piece.bits for piece in pieces) < LEAST_BITS:
                raise Unreadable
            needed.append(list(dict.fromkeys(piece.text for piece in pieces)))
    return needed
