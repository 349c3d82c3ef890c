"""Parts -> findings: gate, match, check, weigh context, resolve overlaps."""

from __future__ import annotations

from collections.abc import Sequence

from dlp_proxy.detect.context import Context
from dlp_proxy.detect.detector import Candidate, Detector, Region
from dlp_proxy.detect.detector_set import DetectorSet, detector_set
from dlp_proxy.detect.fold import Folded, fold
from dlp_proxy.detect.layout import innermost
from dlp_proxy.detect.named import Names
from dlp_proxy.detect.overlap import Hit, longest, without_inner
from dlp_proxy.model.finding import Finding, Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Fingerprint, Part
from dlp_proxy.model.sensitive import Sensitive


def scan(
    parts: Sequence[Part], detectors: Sequence[Detector], fingerprint: Fingerprint, limits: Limits
) -> tuple[tuple[Finding, ...], tuple[Gap, ...]]:
    """Return what `detectors` find in `parts`, sorted by part and start, and what could not be looked at.

    Never raises for any text: a pattern that runs out of time is a gap, and so is a finding over the limit.
    """
    together = detector_set(detectors)
    findings: list[Finding] = []
    gaps: list[Gap] = []
    seen: dict[tuple[str, str], bytes] = {}
    for index, part in enumerate(parts):
        hits = _hits(part, together, limits.pattern_seconds, gaps)
        locations = {-1: part.location}
        room = limits.findings - len(findings)
        for hit in hits[:room]:
            if hit.unit not in locations:
                label = part.units[hit.unit].label
                locations[hit.unit] = part.location / label if label else part.location
            key = (hit.detector.spec.kind, hit.normalised)
            if key not in seen:
                seen[key] = fingerprint(*key)
            value = Sensitive(part.text[hit.start : hit.end])
            findings.append(
                Finding(
                    detector=hit.detector.spec.name,
                    kind=key[0],
                    part=index,
                    start=hit.start,
                    end=hit.end,
                    location=locations[hit.unit],
                    confidence=hit.confidence,
                    value=value,
                    fingerprint=seen[key],
                    why=hit.why,
                )
            )
        if len(hits) > room:
            gaps.append(Gap("too-large", part.location, "More values were found than are kept for one message."))
            break
    return tuple(findings), tuple(gaps)


def find_in_text(text: str, detector: Detector) -> tuple[Candidate, ...]:
    """Return every candidate of `detector` in free `text`, by place, each dropped one with its reason.

    Raises:
        TimeoutError: never; there is no time limit here.
    """
    part = Part(Location("body"), text)
    folded = fold(text)
    hits: list[Hit] = []
    for _, regions in DetectorSet([detector]).regions(folded.text):
        _match(detector, folded, regions, None, hits)
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


def _hits(part: Part, detectors: DetectorSet, seconds: float, gaps: list[Gap]) -> list[Hit]:
    """Return what stands in one part, sorted by start; add a gap for each detector that ran out of time."""
    folded = fold(part.text)
    by_name = _by_name(part, detectors, seconds, gaps) if part.columns or part.fields else {}
    standing: list[Hit] = []
    # Detectors that cannot match here cost nothing: only those that the gate lets through come by.
    for detector, regions in detectors.regions(folded.text):
        hits = by_name.pop(detector.spec.name, [])
        try:
            _match(detector, folded, regions, seconds, hits)
        except TimeoutError:
            gaps.append(Gap("timed-out", part.location, f"Detector {detector.spec.name} ran out of time."))
        standing += longest([hit for hit in hits if not hit.dropped])
    for hits in by_name.values():
        standing += longest([hit for hit in hits if not hit.dropped])
    return without_inner(_weighed(part, standing))


def _by_name(part: Part, detectors: DetectorSet, seconds: float, gaps: list[Gap]) -> dict[str, list[Hit]]:
    """Return the fields and cells that detectors know by their names, for each such detector."""
    names = Names(part)
    found: dict[str, list[Hit]] = {}
    for detector in detectors.named:
        hits: list[Hit] = []
        try:
            hits.extend(_hit(detector, one, one.start, one.end) for one in names.candidates(detector, seconds))
        except TimeoutError:
            gaps.append(Gap("timed-out", part.location, f"Detector {detector.spec.name} ran out of time."))
        if hits:
            found[detector.spec.name] = hits
    return found


def _match(
    detector: Detector, folded: Folded, regions: Sequence[Region], seconds: float | None, hits: list[Hit]
) -> None:
    """Add every candidate of `detector` to `hits`, dropped ones too, at its place in the original text.

    Raises:
        TimeoutError: a pattern ran out of time; `hits` holds what came before.
    """
    for candidate in detector.find(folded.text, seconds, regions):
        start, end = folded.span(candidate.start, candidate.end)
        hits.append(_hit(detector, candidate, start, end))


def _hit(detector: Detector, candidate: Candidate, start: int, end: int) -> Hit:
    return Hit(
        start=start,
        end=end,
        unit=-1,
        detector=detector,
        normalised=candidate.normalised,
        confidence=candidate.confidence,
        pattern=candidate.pattern,
        why=candidate.why,
        dropped=candidate.dropped,
    )


def _weighed(part: Part, hits: list[Hit]) -> list[Hit]:
    """Return `hits` by place, each with its unit and with the confidence that its surroundings give it."""
    if not hits:
        return []
    hits = sorted(hits, key=lambda hit: (hit.start, -hit.end))
    context = Context(part)
    weighed: list[Hit] = []
    for hit, unit in zip(hits, innermost(part.units, (hit.start for hit in hits)), strict=True):
        confidence, why = context.weigh(hit.detector, hit.start, hit.end, unit, hit.confidence)
        weighed.append(hit._replace(unit=unit, confidence=confidence, why=hit.why + why))
    return weighed
