"""Detectors that look at texts together: which of them may find something in a text, and where.

Made once for a policy; `scan` and `is_quiet` ask it about every text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from dlp_proxy.detect.detector import Detector, Region
from dlp_proxy.detect.gate import Blocks


class DetectorSet(Sequence[Detector]):
    """Detectors in their order, with one gate for all of them.

    Attributes:
        named: those that know values by the names of fields and columns.
    """

    __slots__ = ("_detectors", "named")

    def __init__(self, detectors: Iterable[Detector]) -> None:
        self._detectors = tuple(detectors)
        self.named = tuple(detector for detector in self._detectors if detector.named)

    @overload
    def __getitem__(self, index: int) -> Detector: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Detector, ...]: ...

    def __getitem__(self, index: int | slice) -> Detector | tuple[Detector, ...]:
        return self._detectors[index]

    def __len__(self) -> int:
        return len(self._detectors)

    def regions(self, text: str) -> Iterator[tuple[Detector, list[Region]]]:
        """Yield each detector that may match in folded `text`, with the stretches where its matches may start."""
        blocks = Blocks(text)
        for detector in self._detectors:
            regions = blocks.regions(detector)
            if regions:
                yield detector, regions

    def nothing_in(self, text: str) -> bool:
        """Tell whether no detector can match in folded `text`, nor in the values in it that a layout would show."""
        blocks = Blocks(text)
        return not any(blocks.regions(detector) for detector in self._detectors)


def detector_set(detectors: Sequence[Detector]) -> DetectorSet:
    """Return `detectors` as a set; the same one when they are one already."""
    return detectors if isinstance(detectors, DetectorSet) else DetectorSet(detectors)
