"""Detectors that look at texts together: which of them may find something in a text, and where.

Made once for a policy; `scan` and `is_quiet` ask it about every text. With Hyperscan one pass over each block answers
for all detectors whose patterns it can be told; the others, and all where it is not installed, are asked one by one
(`gate.py`). The findings are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import overload

import regex

from dlp_proxy.detect.detector import Detector, Regions
from dlp_proxy.detect.gate import AHEAD, Blocks
from dlp_proxy.detect.layouts import Layouts, StoredLayouts, layouts, layouts_of
from dlp_proxy.detect.pattern_tree import Unreadable
from dlp_proxy.detect.prefilter import ENGINE, Choices, Prefilter, Stored, loaded, prefilter
from dlp_proxy.detect.regions import Region
from dlp_proxy.detect.wider import LARGEST, LEAST_BITS, ROOMS, in_parts, wider


class DetectorSet(Sequence[Detector]):
    """Detectors in their order, with one gate for all of them.

    Attributes:
        named: those that also know values by the name of a field or column.
        engine: what looks first: ``hyperscan`` or ``regex``.
    """

    __slots__ = (
        "_detectors",
        "_in_text",
        "_layouts",
        "_slots",
        "_uncovered_in_text",
        "engine",
        "named",
    )

    def __init__(
        self, detectors: Iterable[Detector], *, fast: bool = False, stored: tuple[Stored, StoredLayouts] | None = None
    ) -> None:
        """Compile the gate.

        Args:
            fast: use Hyperscan if it is there. Compiling takes a few seconds.
            stored: what `stored` of a set of the same detectors gave, to save those seconds.
        """
        self._detectors = tuple(detectors)
        self.named = tuple(detector for detector in self._detectors if detector.named)
        self._slots = [
            (number, pattern)
            for number, detector in enumerate(self._detectors)
            for pattern in range(-1, len(detector.patterns))
        ]
        self._in_text: Prefilter | None = None
        self._layouts: Layouts | None = None
        if stored is not None:
            self._in_text, self._layouts = loaded(stored[0]), layouts_of(stored[1])
        elif fast:
            self._in_text, self._layouts = self._prefilter(_wider), layouts(self._detectors)
        self._uncovered_in_text = self._uncovered(self._in_text)
        self.engine = ENGINE if self._in_text is not None else "regex"

    def stored(self) -> tuple[Stored, StoredLayouts] | None:
        """Return the compiled gate for sets of the same detectors in other processes; None when there is none."""
        if self._in_text is None or self._layouts is None:
            return None
        return self._in_text.stored(), self._layouts.stored()

    @overload
    def __getitem__(self, index: int) -> Detector: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Detector, ...]: ...

    def __getitem__(self, index: int | slice) -> Detector | tuple[Detector, ...]:
        return self._detectors[index]

    def __len__(self) -> int:
        return len(self._detectors)

    def regions(self, text: str) -> Iterator[tuple[Detector, Regions]]:
        """Yield each detector that may match in folded `text`, with where matches of each pattern may start."""
        blocks = Blocks(text)
        gate = self._in_text
        hit = _blocks_hit(gate, blocks) if gate is not None else None
        if gate is None or hit is None:
            yield from self._asked(range(len(self._detectors)), blocks)
            return
        by_detector: dict[int, dict[int, Sequence[Region]]] = {}
        for slot in sorted(hit):
            number, pattern = self._slots[slot]
            detector = self._detectors[number]
            found = blocks.around(detector, hit[slot])
            if found:
                of = by_detector.setdefault(number, {})
                of.update({pattern: found} if pattern >= 0 else dict.fromkeys(range(len(detector.patterns)), found))
        for number, regions in by_detector.items():
            yield self._detectors[number], regions
        yield from self._asked(self._uncovered_in_text, blocks)

    def _asked(self, numbers: Iterable[int], blocks: Blocks) -> Iterator[tuple[Detector, Regions]]:
        for number in numbers:
            detector = self._detectors[number]
            regions = blocks.regions(detector)
            if regions:
                yield detector, dict.fromkeys(range(len(detector.patterns)), regions)

    def nothing_in(self, text: str) -> bool:
        """Tell whether no detector can match in folded `text`, nor in the values in it that a layout would show."""
        hit = self._layouts.may_hold(text) if self._layouts is not None else None
        if hit:
            return False
        asked = self._layouts.uncovered if self._layouts is not None and hit is not None else range(len(self))
        blocks = Blocks(text)
        return not any(blocks.regions(self._detectors[number]) for number in asked)

    def _uncovered(self, gate: Prefilter | None) -> tuple[int, ...]:
        """Return the detectors of which `gate` does not know every pattern."""
        covered = gate.covered if gate is not None else frozenset()
        missing = {number for slot, (number, _) in enumerate(self._slots) if slot not in covered}
        return tuple(sorted(missing))

    def _prefilter(self, patterns: Callable[[Detector], Mapping[int, Sequence[Choices]]]) -> Prefilter | None:
        """Return the prefilter whose numbers are slots: a pattern of a detector, or -1 for all that it has."""
        wanted: dict[int, Sequence[Choices]] = {}
        slots = {slot: number for number, slot in enumerate(self._slots)}
        for number, detector in enumerate(self._detectors):
            try:
                told = patterns(detector)
            except Unreadable:
                continue
            wanted.update({slots[number, pattern]: choices for pattern, choices in told.items()})
            wanted.update(
                {slots[number, other]: () for other in range(-1, len(detector.patterns)) if other not in told}
            )
        return prefilter(wanted)


def detector_set(detectors: Sequence[Detector]) -> DetectorSet:
    """Return `detectors` as a set; the same one when they are one already."""
    return detectors if isinstance(detectors, DetectorSet) else DetectorSet(detectors)


def _blocks_hit(gate: Prefilter, blocks: Blocks) -> dict[int, list[int]] | None:
    """Return the blocks in which each number's matches may start, or None when that cannot be told."""
    hit: dict[int, list[int]] = {}
    for index, block in enumerate(blocks.texts()):
        numbers = gate.matching(block)
        if numbers is None:
            return None
        for number in numbers:
            held = hit.setdefault(number, [])
            if not held or held[-1] != index:
                held.append(index)
    return hit


def _wider(detector: Detector) -> Mapping[int, Sequence[Choices]]:
    """Return what every match of each pattern holds: the pattern made wider, or else, for all (-1), the anchor.

    Raises:
        Unreadable: neither can be translated.
    """
    try:
        return {number: _told(one.pattern) for number, one in enumerate(detector.patterns)}
    except Unreadable:
        anchor = detector.anchor
        if anchor is None or detector.spec.gate.before + max(ROOMS) > AHEAD:
            raise
        return {-1: _told(anchor)}


def _told(pattern: regex.Pattern[str]) -> tuple[Choices, ...]:
    """Return wider patterns of which one matches where `pattern` does, each with what may stand in for it."""
    telling: dict[str, None] = {}
    for room in ROOMS:
        with suppress(Unreadable):
            piece = wider(pattern.pattern, pattern.flags, room)
            if piece.bits >= LEAST_BITS:
                telling[piece.text] = None
    choices = tuple(telling)
    if not choices:
        raise Unreadable
    if len(choices[0]) <= LARGEST:
        return (choices,)
    parts = in_parts(pattern.pattern, pattern.flags, ROOMS[0])
    if any(part.bits < LEAST_BITS for part in parts):
        return (choices[1:] or choices,)
    return tuple((part.text,) for part in parts)
