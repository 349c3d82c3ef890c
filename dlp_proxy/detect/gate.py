"""The cheap look before the patterns: which blocks of a text can hold a match of a detector at all.

Blocks are cut at line ends where there are any. A gate must be sound: where it says no, no pattern of its detector
could have started. A multi-pattern matcher over the same blocks can take its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from dlp_proxy.detect.detector import Detector, Gate

_BLOCK: Final = 8 * 1024
_AHEAD: Final = 512
"""What a gate asks for may stand so far behind the block in which the match starts."""

_DIGITS_AS_0: Final = bytes(0x30 if 0x30 <= byte <= 0x39 else byte for byte in range(256))
_BETWEEN_DIGITS: Final = b" -.()+/?"


class Blocks:
    """One folded text, cut into blocks, asked by the gates of many detectors."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = tuple(_cut(text))
        self._as_0: dict[int, bytes] = {}

    def regions(self, detector: Detector) -> list[tuple[int, int]]:
        """Return the stretches in which a match of `detector` may start, ascending, joined where they touch."""
        gate = detector.spec.gate
        if not gate.ascii_too and self._text.isascii():
            return []
        regions: list[tuple[int, int]] = []
        for index, span in enumerate(self._spans):
            if self._may(gate, index):
                _add(regions, *span)
        if detector.anchor is not None:
            return self._around(detector.anchor, gate.before, regions)
        return regions

    def _around(self, anchor: regex.Pattern[str], before: int, regions: list[tuple[int, int]]) -> list[tuple[int, int]]:
        around: list[tuple[int, int]] = []
        for start, end in regions:
            for match in anchor.finditer(self._text, start, end + _AHEAD):
                line = self._text.rfind("\n", max(0, match.start() - before), match.start()) + 1
                _add(around, line or max(0, match.start() - before), match.end())
        return around

    def _may(self, gate: Gate, index: int) -> bool:
        start, end = self._spans[index]
        if gate.literals and not any(self._text.find(literal, start, end + _AHEAD) >= 0 for literal in gate.literals):
            return False
        return not gate.digits or b"0" * gate.digits in self._digits(index)

    def _digits(self, index: int) -> bytes:
        """Return the block with each digit as 0 and without what may stand between the digits of one number."""
        if index not in self._as_0:
            start, end = self._spans[index]
            # "replace" makes each non-ASCII character a question mark, which is then taken out.
            block = self._text[start : end + _AHEAD].encode("ascii", "replace")
            self._as_0[index] = block.translate(_DIGITS_AS_0, _BETWEEN_DIGITS)
        return self._as_0[index]


def _add(regions: list[tuple[int, int]], start: int, end: int) -> None:
    if regions and regions[-1][1] >= start:
        regions[-1] = (regions[-1][0], max(regions[-1][1], end))
    else:
        regions.append((start, end))


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = start + _BLOCK
        end = (text.rfind("\n", start, end) + 1 or end) if end < len(text) else len(text)
        yield start, end
        start = end
