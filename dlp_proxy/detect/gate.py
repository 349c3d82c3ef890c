"""The cheap look before the patterns: which blocks of a text can hold a match of a detector at all.

Blocks are cut at line ends where there are any. A gate must be sound: where it says no, no pattern of its detector
could have started. A multi-pattern matcher over the same blocks can take its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import regex

from dlp_proxy.detect.detector import Detector, Gate
from dlp_proxy.detect.regions import Region

_BLOCK: Final = 4 * 1024
AHEAD: Final = 768
"""What a gate asks for may stand so many characters behind the block in which the match starts."""

_DIGITS_AS_0: Final = bytes(0x30 if 0x30 <= byte <= 0x39 else byte for byte in range(256))


class Blocks:
    """One folded text, cut into blocks, asked by the gates of many detectors.

    Attributes:
        spans: where each block starts and ends, ascending.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.spans = ((0, len(text)),) if len(text) <= _BLOCK else tuple(_cut(text))
        self._casefolded: str | None = None
        self._as_0: dict[tuple[int, str], bytes] = {}

    def regions(self, detector: Detector) -> list[Region]:
        """Return the stretches in which a match of `detector` may start, ascending."""
        gate = detector.spec.gate
        if not detector.patterns or (not gate.ascii_too and self._text.isascii()):
            return []
        if detector.required and not self._holds(detector.required):
            return []
        return self._joined(detector, [index for index in range(len(self.spans)) if self._may(gate, index)])

    def around(self, detector: Detector, blocks: Sequence[int]) -> list[Region]:
        """Return where in `blocks`, ascending, a match of `detector` may start, ascending."""
        if not detector.spec.gate.ascii_too and self._text.isascii():
            return []
        return self._joined(detector, blocks)

    def _joined(self, detector: Detector, blocks: Iterable[int]) -> list[Region]:
        regions: list[Region] = []
        for index in blocks:
            start, end = self.spans[index]
            horizon = min(end + detector.reach, len(self._text))
            if regions and regions[-1].end == start:
                start = regions.pop().start
            regions.append(Region(start, end, horizon))
        return regions if detector.anchor is None else self._anchored(detector.anchor, detector.spec.gate, regions)

    def _anchored(self, anchor: regex.Pattern[str], gate: Gate, regions: Sequence[Region]) -> list[Region]:
        """Return the neighbourhoods of the anchors that a match starting in `regions` may have."""
        text = self._text
        around: list[Region] = []
        for start, end, _ in regions:
            # Overlapped: else a match would depend on which anchor a block happens to begin with.
            for match in anchor.finditer(text, start, min(end + AHEAD, len(text)), overlapped=True):
                first, last = max(0, match.start() - gate.before), min(match.end() + gate.after, len(text))
                for stop in gate.stops:
                    first = max(first, text.rfind(stop, first, match.start()) + 1)
                    found = text.find(stop, match.end(), last)
                    last = last if found < 0 else found
                _add(around, first, match.end(), last)
        return around

    def _holds(self, words: tuple[str, ...]) -> bool:
        if self._casefolded is None:
            self._casefolded = self._text.casefold()
        return any(word in self._casefolded for word in words)

    def _may(self, gate: Gate, index: int) -> bool:
        start, end = self.spans[index]
        if gate.literals and not any(self._text.find(literal, start, end + AHEAD) >= 0 for literal in gate.literals):
            return False
        return not gate.digits or b"0" * gate.digits in self._digits(index, gate.between)

    def _digits(self, index: int, between: str) -> bytes:
        """Return the block with each digit as 0 and without what may stand between the digits of one number."""
        key = (index, between)
        if key not in self._as_0:
            start, end = self.spans[index]
            # "replace" makes each non-ASCII character a question mark, which is then taken out.
            block = self._text[start : end + AHEAD].encode("ascii", "replace")
            self._as_0[key] = block.translate(_DIGITS_AS_0, between.encode() + b"?")
        return self._as_0[key]


def _add(regions: list[Region], start: int, end: int, horizon: int) -> None:
    """Add a stretch that does not begin before the last one. Where they overlap, the further horizon holds."""
    if regions and regions[-1].end > start:
        before = regions.pop()
        end, further = max(before.end, end), max(before.horizon, horizon)
        if further == before.horizon:
            start = before.start
        elif before.start < start:
            regions.append(Region(before.start, start, before.horizon))
        horizon = further
    regions.append(Region(start, end, horizon))


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = start + _BLOCK
        end = (text.rfind("\n", start, end) + 1 or end) if end < len(text) else len(text)
        yield start, end
        start = end
