"""Records in free text: an identity, and what stands within the text window to either side of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from dlp_proxy.detect.membership import Membership
from dlp_proxy.model.finding import Finding
from dlp_proxy.model.message import Part
from dlp_proxy.model.record import Record


def in_text(part: Part, left: Sequence[int], findings: Sequence[Finding], member: Membership) -> list[Record]:
    """Return the records around each identity, detectors of ``identify_by`` in turn.

    A finding goes to the nearest identity that has become a record; taken, it is no identity of its own any more. So
    *SO-1 138.. 138..* is one customer, and sixty lines of *SO-n 138..* are sixty. An identity that stands in several
    places, each with what makes a record, is one record of them all.
    """
    records: list[Record] = []
    free = list(left)
    for name in member.spec.identify_by:
        anchors = _anchors(name, free, findings, member)
        if not anchors:
            continue
        claims: dict[bytes, list[int]] = {findings[anchor].fingerprint: [] for anchor in anchors}
        rest: list[int] = []
        for index in free:
            owner = _nearest(index, anchors, findings, part.text, member.spec.text_window)
            (rest if owner is None else claims[findings[owner].fingerprint]).append(index)
        records += [
            Record(member.spec.name, identity, part.location, tuple(claimed)) for identity, claimed in claims.items()
        ]
        free = rest
    return records


def _anchors(name: str, free: Sequence[int], findings: Sequence[Finding], member: Membership) -> list[int]:
    """Return the findings of detector `name` that have a complete record around them, ascending."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index in free:
        places[findings[index].detector].append(index)
    starts = {detector: [findings[index].start for index in indices] for detector, indices in places.items()}
    ends = {detector: [findings[index].end for index in indices] for detector, indices in places.items()}
    anchors: list[int] = []
    window = member.spec.text_window
    for index in places.get(name, ()):
        finding = findings[index]
        around = frozenset(
            detector
            for detector in places
            if bisect_left(ends[detector], finding.start - window)
            < bisect_right(starts[detector], finding.end + window)
        )
        if member.satisfied(around):
            anchors.append(index)
    return anchors


def _nearest(index: int, anchors: Sequence[int], findings: Sequence[Finding], text: str, window: int) -> int | None:
    """Return the anchor within `window` with the fewest blank lines, line ends, characters between; else the first."""
    finding = findings[index]
    after = bisect_left(anchors, index)
    if after < len(anchors) and anchors[after] == index:
        return index
    distances: list[tuple[int, int, int, int]] = []
    for anchor in anchors[max(0, after - 1) : after + 1]:
        other = findings[anchor]
        start, end = min(finding.end, other.end), max(finding.start, other.start)
        if end - start <= window:
            between = text[start:end].replace("\r", "")
            distances.append((between.count("\n\n"), between.count("\n"), len(between), anchor))
    return min(distances)[-1] if distances else None
