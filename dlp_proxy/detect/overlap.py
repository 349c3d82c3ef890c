"""Which of several candidates for the same characters stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from dlp_proxy.detect.detector import Detector
from dlp_proxy.model.finding import Confidence

_PASSAGE: Final = 4
"""An outer match more than so many times as long is a passage around a value, not a longer number; both stand."""


class Hit(NamedTuple):
    """A candidate on its way to a finding, with its place in the part and its innermost unit, -1 for none."""

    start: int
    end: int
    unit: int
    detector: Detector
    normalised: str
    confidence: Confidence
    pattern: str
    why: tuple[str, ...]
    dropped: str = ""


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits of one detector without overlaps: the longer stands, then the surer; sorted by start."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif (hit.end - hit.start, hit.confidence) > (kept[-1].end - kept[-1].start, kept[-1].confidence):
            kept[-1] = hit
    return kept


def without_inner(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits of all detectors, sorted, without those inside a longer number that is as sure or surer.

    A phone inside a resident number or an order number is a part of that number, not a phone.
    """
    kept: list[Hit] = []
    around: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        around = [outer for outer in around if outer.end > hit.start]
        if any(_swallows(outer, hit) for outer in around):
            continue
        around.append(hit)
        kept.append(hit)
    return kept


def _swallows(outer: Hit, inner: Hit) -> bool:
    length = inner.end - inner.start
    return (
        outer.end >= inner.end
        and length < outer.end - outer.start <= _PASSAGE * length
        and outer.confidence >= inner.confidence
    )
