"""Which of several candidates for the same characters stand."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Final, NamedTuple

from dlp_proxy.detect.detector import Detector
from dlp_proxy.model.finding import Confidence

_PASSAGE: Final = 4
"""An outer match more than so many times as long is a passage around a value, not a longer number; both stand."""
BY_ADDRESS: Final = " by address"
"""What the names of forms end with that tell a telephone's country by an address."""


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


def without_strangers(hits: list[Hit]) -> list[Hit]:
    """Return `hits` without other readings of telephones whose country an address told.

    0911 8358154 may be of Xinjiang: below *90381 Nürnberg* it is of Nuremberg.
    """
    told = {(hit.start, hit.end) for hit in hits if hit.pattern.endswith(BY_ADDRESS)}
    if not told:
        return hits
    return [
        hit
        for hit in hits
        if hit.pattern.endswith(BY_ADDRESS) or hit.detector.spec.kind != "phone" or (hit.start, hit.end) not in told
    ]


def _swallows(outer: Hit, inner: Hit) -> bool:
    length = inner.end - inner.start
    return (
        outer.end >= inner.end
        and length < outer.end - outer.start <= _PASSAGE * length
        and outer.confidence >= inner.confidence
    )


class Taken:
    """Where values of a kind were found already, so that another reading of the same characters finds them once."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._spans: dict[str, list[tuple[int, int]]] = {}
        for hit in hits:
            if hit.confidence > Confidence.LOW:
                self._spans.setdefault(hit.detector.spec.kind, []).append((hit.start, hit.end))
        for spans in self._spans.values():
            spans.sort()
        self._longest = {kind: max(end - start for start, end in spans) for kind, spans in self._spans.items()}

    def add(self, hit: Hit) -> bool:
        """Tell whether nothing of the hit's kind was there but parts of it; from now on it is."""
        kind = hit.detector.spec.kind
        spans = self._spans.setdefault(kind, [])
        first = bisect_left(spans, (hit.start - self._longest.get(kind, 0), 0))
        last = bisect_left(spans, (hit.end, 0))
        there = [span for span in spans[first:last] if span[1] > hit.start]
        if any(start < hit.start or end > hit.end or (start, end) == (hit.start, hit.end) for start, end in there):
            return False
        insort(spans, (hit.start, hit.end))
        self._longest[kind] = max(self._longest.get(kind, 0), hit.end - hit.start)
        return True
