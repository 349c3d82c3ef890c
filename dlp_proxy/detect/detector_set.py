"""Detectors that look at texts together: which of them may find something in a text, and where.

The same look notices disguises, for every text is read again without them.

Made once for a policy; `scan` asks it about every text. With Hyperscan one pass over each block answers
for all detectors whose patterns it can be told; the others, and all where it is not installed, are asked one by one
(`gate.py`). The findings are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final, NamedTuple, overload

import regex

from dlp_proxy.detect.clean_texts import CleanTexts
from dlp_proxy.detect.detector import Detector, Regions
from dlp_proxy.detect.disguise.hints import GATED, noticing
from dlp_proxy.detect.disguise.patch import Stretch
from dlp_proxy.detect.family import family_of
from dlp_proxy.detect.gate import AHEAD, Blocks
from dlp_proxy.detect.named import any_name_pattern, end_of, ends_of, may_end
from dlp_proxy.detect.needs import NOTHING, Need, need
from dlp_proxy.detect.pattern_tree import Unreadable
from dlp_proxy.detect.prefilter import ENGINE, Choices, Prefilter, Stored, compiles, loaded, prefilter
from dlp_proxy.detect.regions import Region
from dlp_proxy.detect.wider import BEHIND, LARGEST, LEAST_BITS, ROOMS, in_parts, wider

_LONG: Final = 2500
_SMALLER: Final = 1500
_LITTLE: Final = (NOTHING, Need(outside=True))
_NAMES: Final = 4096
_DISGUISES: Final = 1 << 20
"""Numbers of the gate from here on are disguises."""


class Glance(NamedTuple):
    """What one look at a text says.

    Attributes:
        regions: each detector that may match, with where matches of each pattern may start.
        noticed: disguises that the text may be wearing, by number, and where; None when nobody looked.
    """

    regions: Sequence[tuple[Detector, Regions]]
    noticed: Mapping[int, Sequence[Stretch]] | None


class DetectorSet(Sequence[Detector]):
    """Detectors in their order, with one gate for all of them.

    Attributes:
        named: those that also know values by the name of a field or column.
        names: of the detectors, in their order.
        asks_indexes: one of them counts only what is in an index of existing values.
        clean: texts in which they found nothing.
        may_know_by: tells whether a detector may know values by such a name of a field; names come again and again.
        engine: what looks first: ``hyperscan`` or ``regex``.
    """

    __slots__ = (
        "_any_name",
        "_detectors",
        "_ends",
        "_gate",
        "_notices_disguises",
        "_slots",
        "_uncovered",
        "asks_indexes",
        "clean",
        "engine",
        "may_know_by",
        "named",
        "names",
    )

    def __init__(
        self,
        detectors: Iterable[Detector],
        *,
        fast: bool = False,
        stored: Stored | None = None,
        any_name: regex.Pattern[str] | None = None,
    ) -> None:
        """Compile the gate.

        Args:
            fast: use Hyperscan if it is there. Compiling takes a few seconds.
            stored: what `stored` of a set of the same detectors gave, to save those seconds.
            any_name: that of a set of the same detectors.
        """
        self._detectors = tuple(detectors)
        self.names = tuple(detector.spec.name for detector in self._detectors)
        self.asks_indexes = any(detector.spec.in_index for detector in self._detectors)
        self.clean = CleanTexts()
        self.named = tuple(detector for detector in self._detectors if detector.named)
        self._any_name = any_name
        self._ends: frozenset[str] | None = None
        self.may_know_by = lru_cache(maxsize=_NAMES)(self._may_know_by)
        self._slots = [
            (number, pattern)
            for number, detector in enumerate(self._detectors)
            for pattern in range(-1, len(detector.patterns))
        ]
        self._gate: Prefilter | None = None
        if stored is not None:
            self._gate = loaded(stored)
        elif fast:
            self._gate = self._prefilter(_wider)
        covered = self._gate.covered if self._gate is not None else frozenset()
        self._uncovered = tuple(sorted({number for slot, (number, _) in enumerate(self._slots) if slot not in covered}))
        self._notices_disguises = all(_DISGUISES + number in covered for number in GATED)
        self.engine = ENGINE if self._gate is not None else "regex"

    def any_name(self) -> regex.Pattern[str]:
        """Return what every name has that a value is known by. Made when asked for: many sets never are."""
        if self._any_name is None:
            self._any_name = any_name_pattern(self.named)
        return self._any_name

    def name_ends(self) -> frozenset[str]:
        """Return how names end that a value is known by."""
        if self._ends is None:
            self._ends = ends_of(self.named)
        return self._ends

    def _may_know_by(self, name: str) -> bool:
        end = end_of(name)
        return may_end(end, self.name_ends()) and self.any_name().search(end) is not None

    def stored(self) -> Stored | None:
        """Return the compiled gate for sets of the same detectors in other processes; None when there is none."""
        return None if self._gate is None else self._gate.stored()

    @property
    def asked_apart(self) -> tuple[str, ...]:
        """Names of detectors that the gate is not told of: each costs every text a look of its own."""
        return tuple(self._detectors[number].spec.name for number in self._uncovered)

    @overload
    def __getitem__(self, index: int) -> Detector: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Detector, ...]: ...

    def __getitem__(self, index: int | slice) -> Detector | tuple[Detector, ...]:
        return self._detectors[index]

    def __len__(self) -> int:
        return len(self._detectors)

    def regions(self, text: str) -> Sequence[tuple[Detector, Regions]]:
        """Return each detector that may match in folded `text`, with where matches of each pattern may start."""
        return self.glance(text).regions

    def glance(self, text: str) -> Glance:
        """Return what one look at folded `text` says."""
        blocks = Blocks(text)
        gate = self._gate
        hit = gate.in_blocks(text, blocks.spans, BEHIND, AHEAD) if gate is not None else None
        if hit is None:
            return Glance(list(self._asked(range(len(self._detectors)), blocks)), None)
        found: list[tuple[Detector, Regions]] = []
        noticed: dict[int, list[Stretch]] = {}
        if hit:
            by_detector: dict[int, dict[int, Sequence[Region]]] = {}
            for slot in sorted(hit):
                if slot >= _DISGUISES:
                    noticed[slot - _DISGUISES] = [blocks.spans[index] for index in hit[slot]]
                    continue
                number, pattern = self._slots[slot]
                detector = self._detectors[number]
                regions = blocks.around(detector, hit[slot])
                if regions:
                    of = by_detector.setdefault(number, {})
                    every = (pattern,) if pattern >= 0 else range(len(detector.patterns))
                    of.update(dict.fromkeys(every, regions))
            found = [(self._detectors[number], regions) for number, regions in by_detector.items()]
        if self._uncovered:
            found += self._asked(self._uncovered, blocks)
        return Glance(found, noticed if self._notices_disguises else None)

    def _asked(self, numbers: Iterable[int], blocks: Blocks) -> Iterator[tuple[Detector, Regions]]:
        for number in numbers:
            detector = self._detectors[number]
            regions = blocks.regions(detector)
            if regions:
                yield detector, dict.fromkeys(range(len(detector.patterns)), regions)

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
        with suppress(Unreadable):
            wanted.update({_DISGUISES + number: choices for number, choices in noticing().items()})
        return prefilter(wanted)


def detector_set(detectors: Sequence[Detector]) -> DetectorSet:
    """Return `detectors` as a set; the same one when they are one already."""
    return detectors if isinstance(detectors, DetectorSet) else DetectorSet(detectors)


def _wider(detector: Detector) -> Mapping[int, Sequence[Choices]]:
    """Return what every match of each pattern holds: the pattern made wider, or else, for all (-1), the anchor.

    Raises:
        Unreadable: neither can be translated.
    """
    try:
        own = len(detector.places or detector.spec.patterns)
        return {
            number: _told(one.pattern, detector, is_label=number >= own) for number, one in enumerate(detector.patterns)
        }
    except Unreadable:
        anchor = detector.anchor
        if anchor is None or detector.spec.gate.before + max(ROOMS) > AHEAD:
            raise
        return {-1: _told(anchor, detector, is_label=False)}


def _told(pattern: regex.Pattern[str], detector: Detector, *, is_label: bool) -> tuple[Choices, ...]:
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
    needed = need(pattern.pattern, pattern.flags, ROOMS[0])
    if needed in _LITTLE and not detector.spec.gate.ascii_too:
        needed = Need(beyond=True)
    family = family_of(detector, pattern.pattern, needed, is_label=is_label)
    if family == detector.spec.name and _LONG < len(choices[0]) <= LARGEST:
        family += " alone"
    if len(choices[0]) <= LARGEST:
        return (Choices(choices, needed, family),)
    parts = in_parts(pattern.pattern, pattern.flags, ROOMS[0])
    if not all(compiles(part.text) for part in parts):
        parts = in_parts(pattern.pattern, pattern.flags, ROOMS[0], _SMALLER)
    if any(part.bits < LEAST_BITS or not compiles(part.text) for part in parts):
        return (Choices(choices[1:] or choices, needed, family),)
    return tuple(Choices((part.text,), needed, family) for part in parts)
