"""Parts -> findings: gate, match, check, weigh context, resolve overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.beside import together
from dlp_proxy.detect.context import Context
from dlp_proxy.detect.detector import Candidate, Detector
from dlp_proxy.detect.detector_set import DetectorSet, Glance, detector_set
from dlp_proxy.detect.disguise.uncover import uncover
from dlp_proxy.detect.disguise.view import View
from dlp_proxy.detect.fold import Folded, fold
from dlp_proxy.detect.known import Lookup, with_known
from dlp_proxy.detect.layout import innermost
from dlp_proxy.detect.named import Names
from dlp_proxy.detect.overlap import Hit, Taken, longest, without_inner, without_strangers
from dlp_proxy.detect.quiet import quiet
from dlp_proxy.detect.regions import ENDLESS, Patience
from dlp_proxy.detect.wrapped import without_ends
from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Fingerprint, Part
from dlp_proxy.model.sensitive import Sensitive

_MANY_NAMES: Final = 256
"""More names are looked at one by one, and against the clock."""

_BY_A_NEIGHBOUR: Final = "-a-mobile"
"""What the names of patterns end with that know a value by the number beside it, which a reading may have shown."""

NO_INDEXES: Final[Mapping[str, Lookup]] = MappingProxyType({})


def scan(  # noqa: PLR0917 - all that a scan depends on
    parts: Sequence[Part],
    detectors: Sequence[Detector],
    fingerprint: Fingerprint,
    limits: Limits,
    patience: Patience | None = None,
    indexes: Mapping[str, Lookup] = NO_INDEXES,
) -> tuple[tuple[Finding, ...], tuple[Gap, ...]]:
    """Return what `detectors` find in `parts`, sorted by part and start, and what could not be looked at.

    Never raises for any text: a pattern that runs out of time is a gap, and so is a finding over the limit.

    Args:
        detectors: a `DetectorSet`, or detectors that no set was made of.
        patience: bounds the time of the whole scan; without it only each run of a pattern is bounded.
        indexes: of values that exist, by name.
    """
    patience = patience or Patience(limits.pattern_seconds)
    together = detector_set(detectors)
    findings: list[Finding] = []
    gaps: list[Gap] = []
    seen: dict[tuple[str, str], bytes] = {}
    silent = quiet(parts, together)
    for index, part in enumerate(parts):
        if index in silent:
            continue
        if patience.over():
            gaps.append(Gap("timed-out", part.location, "Looking at the message took too long; the rest was not read."))
            break
        same = together.clean.key(part, limits)
        if same in together.clean:
            continue
        told = len(gaps)
        look = _Look(part, together, patience, gaps, limits)
        hits = look.hits(limits.findings - len(findings))
        if not hits and not look.has_more:
            if same is not None and len(gaps) == told:
                together.clean.add(same)
            continue
        locations = {-1: part.location}
        text = part.text
        for start, end, unit, detector, normalised, confidence, _, why, _ in hits:
            location = locations.get(unit)
            if location is None:
                label = part.units[unit].label
                location = locations[unit] = part.location / label if label else part.location
            name, kind = detector.spec.name, detector.spec.kind
            mark = seen.get((kind, normalised))
            if mark is None:
                mark = seen[kind, normalised] = fingerprint(kind, normalised)
            value = Sensitive(text[start:end])
            findings.append(Finding(name, kind, index, start, end, location, confidence, value, mark, why))
        if look.has_more:
            gaps.append(Gap("too-large", part.location, "More values were found than are kept for one message."))
            break
    if indexes or together.asks_indexes:
        specs = {one.spec.name: one.spec for one in together}
        return with_known(findings, seen, indexes, specs), tuple(gaps)
    return tuple(findings), tuple(gaps)


def find_in_text(text: str, detector: Detector) -> tuple[Candidate, ...]:
    """Return every candidate of `detector` in free `text`, by place, each dropped one with its reason.

    Raises:
        TimeoutError: never; there is no time limit here.
    """
    part = Part(Location("body"), text)
    folded = fold(text)
    hits = [
        _hit(detector, candidate, folded)
        for _, regions in DetectorSet([detector]).regions(folded.text)
        for candidate in detector.find(folded.text, ENDLESS, regions)
    ]
    standing = longest([hit for hit in hits if not hit.dropped])
    stands = {id(hit) for hit in standing}
    covered = [
        hit._replace(dropped="overlaps a longer match") for hit in hits if not hit.dropped and id(hit) not in stands
    ]
    weighed = _weighed(part, standing) + covered + [hit for hit in hits if hit.dropped]
    return tuple(
        Candidate(
            start=hit.start,
            end=hit.end,
            value=text[hit.start : hit.end],
            normalised=hit.normalised,
            pattern=hit.pattern,
            confidence=hit.confidence,
            why=hit.why,
            dropped=hit.dropped,
        )
        for hit in sorted(weighed, key=lambda hit: (hit.start, hit.end))
    )


class _Look:
    """One part being looked at: the detectors read it, once or more often, and what stands at the end is asked for.

    Attributes:
        has_more: there were more hits than there was room for.
    """

    def __init__(self, part: Part, detectors: DetectorSet, patience: Patience, gaps: list[Gap], limits: Limits) -> None:
        self._part = part
        self._detectors = detectors
        self._patience = patience
        self._gaps = gaps
        self._limits = limits
        self._found: dict[str, list[Hit]] = {}
        self.has_more = False

    def hits(self, room: int) -> list[Hit]:
        """Return what stands in the part, sorted by start, the first `room` of it.

        A detector that ran out of time adds a gap.
        """
        folded = fold(self._part.text)
        seen = self._detectors.glance(folded.text)
        # Detectors that cannot match here cost nothing: only those that the gate lets through come by.
        for detector, regions in seen.regions:
            self._gather(detector, detector.find(folded.text, self._patience, regions), folded)
        if self._detectors.named and self._may_be_named():
            self._read_names()
        self._read_disguised(folded, seen)
        standing = self._standing()
        self.has_more = len(standing) > room
        if self.has_more:  # before they are weighed: that takes as long as finding them
            standing = sorted(standing, key=_place)[:room]
        return without_inner(without_strangers(_weighed(self._part, standing)))

    def _may_be_named(self) -> bool:
        """Tell whether a name of a field or column may say what its values are."""
        if self._part.columns:
            return True
        names = self._part.names
        return len(names) > _MANY_NAMES or any(map(self._detectors.may_know_by, names))

    def _read_names(self) -> None:
        names = Names(self._part, self._detectors.any_name, self._detectors.name_ends)
        for detector in self._detectors.named:
            self._gather(detector, names.candidates(detector, self._patience), Folded(self._part.text))

    def _read_disguised(self, folded: Folded, seen: Glance) -> None:
        known: Taken | None = None
        if self._no_time():
            return
        for view, inside in uncover(self._part, folded, self._limits, self._gaps, seen, self._detectors.glance):
            if self._no_time():
                return
            known = known or Taken(self._standing())
            self._add(view, inside, known)

    def _no_time(self) -> bool:
        """Tell whether the time is gone, which then is a gap."""
        if self._patience.over():
            self._gaps.append(Gap("timed-out", self._part.location, "There was no time for disguised text."))
            return True
        return False

    def _add(self, view: View, seen: Glance, known: Taken) -> None:
        """Keep what `view` shows and no reading before it has shown."""
        plain, self._found = self._found, {}
        for detector, regions in seen.regions:
            self._gather(detector, detector.find(view.text, self._patience, regions), Folded(view.text))
        shown, self._found = self._standing(), plain
        if view.apart and shown:
            shown = _weighed(Part(self._part.location, view.text), shown)
        for hit in shown:
            if view.holds(hit.start, hit.end) or (
                hit.pattern.endswith(_BY_A_NEIGHBOUR) and view.beside(hit.start, hit.end)
            ):
                start, end = view.span(hit.start, hit.end)
                least = max(hit.confidence, Confidence.MEDIUM) if view.sure else hit.confidence
                why = (f"read as {view.name}", *hit.why)
                moved = hit._replace(start=start, end=end, unit=-1, confidence=least, why=why)
                if known.add(moved):
                    self._found.setdefault(hit.detector.spec.name, []).append(moved)

    def _gather(self, detector: Detector, candidates: Iterator[Candidate], folded: Folded) -> None:
        hits = self._found.setdefault(detector.spec.name, [])
        try:
            if folded.cuts:
                for candidate in candidates:
                    hits.append(_hit(detector, candidate, folded))
            else:
                for start, end, _, normalised, pattern, confidence, why, dropped in candidates:
                    hits.append(Hit(start, end, -1, detector, normalised, confidence, pattern, why, dropped))
        except TimeoutError:
            detail = f"Detector {detector.spec.name} ran out of time."
            self._gaps.append(Gap("timed-out", self._part.location, detail))

    def _standing(self) -> list[Hit]:
        return [hit for hits in self._found.values() for hit in longest([hit for hit in hits if not hit.dropped])]


def _hit(detector: Detector, candidate: Candidate, folded: Folded) -> Hit:
    """Return a candidate, dropped or not, at its place in the original text."""
    start, end, _, normalised, pattern, confidence, why, dropped = candidate
    if folded.cuts:
        start, end = folded.span(start, end)
    return Hit(start, end, -1, detector, normalised, confidence, pattern, why, dropped)


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _weighed(part: Part, hits: list[Hit]) -> list[Hit]:
    """Return `hits` by place, each with its unit and with the confidence that its surroundings give it."""
    if not hits:
        return []
    hits = sorted(hits, key=_place)
    context = Context(part)
    weighed: list[Hit] = []
    for hit, unit in zip(hits, innermost(part.units, (hit.start for hit in hits)), strict=True):
        start, end, before, detector, normalised, confidence, pattern, why, dropped = hit
        confidence, more = context.weigh(detector, start, end, unit, confidence, pattern)
        if more or unit != before:
            hit = Hit(start, end, unit, detector, normalised, confidence, pattern, why + more, dropped)  # noqa: PLW2901
        weighed.append(hit)
    return together(part.text, without_ends(part.text, weighed))
