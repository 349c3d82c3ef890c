"""Records in free text: an identity, and what stands within the text window to either side of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from dlp_proxy.detect.membership import Membership
from dlp_proxy.model.finding import Finding
from dlp_proxy.model.location import Location
from dlp_proxy.model.record import Record


def in_text(location: Location, left: Sequence[int], findings: Sequence[Finding], member: Membership) -> list[Record]:
    """Return the records around each identity, detectors of ``identify_by`` in turn.

    A finding goes to the nearest identity that has become a record; taken, it is no identity of its own any more. So
    *SO-1 138.. 138..* is one customer, and sixty lines of *SO-n 138..* are sixty.
    """
    records: list[Record] = []
    free = list(left)
    for name in member.spec.identify_by:
        anchors = _anchors(name, free, findings, member)
        if not anchors:
            continue
        claims: dict[int, list[int]] = {anchor: [] for anchor in anchors}
        rest: list[int] = []
        for index in free:
            owner = _nearest(index, anchors, findings, member.spec.text_window)
            (claims[owner] if owner is not None else rest).append(index)
        records += [
            Record(member.spec.name, findings[anchor].fingerprint, location, tuple(claimed))
            for anchor, claimed in claims.items()
        ]
        free = rest
    return records


def _anchors(name: str, free: Sequence[int], findings: Sequence[Finding], member: Membership) -> list[int]:
    """Return the first finding of each value of detector `name` that has a complete record around it, ascending."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index in free:
        places[findings[index].detector].append(index)
    starts = {detector: [findings[index].start for index in indices] for detector, indices in places.items()}
    ends = {detector: [findings[index].end for index in indices] for detector, indices in places.items()}
    anchors: list[int] = []
    seen: set[bytes] = set()
    window = member.spec.text_window
    for index in places.get(name, ()):
        finding = findings[index]
        if finding.fingerprint in seen:
            continue
        around = frozenset(
            detector
            for detector in places
            if bisect_left(ends[detector], finding.start - window)
            < bisect_right(starts[detector], finding.end + window)
        )
        if member.satisfied(around):
            seen.add(finding.fingerprint)
            anchors.append(index)
    return anchors


def _nearest(index: int, anchors: Sequence[int], findings: Sequence[Finding], window: int) -> int | None:
    """Return the anchor whose gap to finding `index` is smallest and within `window`; the one before wins a tie."""
    finding = findings[index]
    after = bisect_left(anchors, index)
    if after < len(anchors) and anchors[after] == index:
        return index
    best: int | None = None
    least = window
    for anchor in (anchors[after - 1] if after else None, anchors[after] if after < len(anchors) else None):
        if anchor is None:
            continue
        gap = max(findings[anchor].start - finding.end, finding.start - findings[anchor].end, 0)
        if gap < least or (best is None and gap <= least):
            best, least = anchor, gap
    return best
