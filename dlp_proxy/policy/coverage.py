"""Which parts of a policy its tests reach: rules, limits, exceptions, detectors and what weighs their findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.verdict import Verdict
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import Place


@dataclass(frozen=True, slots=True)
class Item:
    """Something a test can reach: its place and its name, e.g. ``limit bulk-orders-out #4``."""

    place: Place
    name: str


@dataclass(slots=True)
class Coverage:
    """Collects what judged messages reached."""

    policy: Policy
    reached: set[str] = field(default_factory=set)

    def saw(self, inspection: Inspection, verdict: Verdict) -> None:
        """Take in one judged message of a test."""
        for reason in verdict.reasons:
            self.reached.add(f"rule {reason.rule}")
            if reason.exception:
                self.reached.add(f"exception {reason.exception}")
            rule = next(
                (one for one in self.policy.rules if (one.policy, one.name) == (reason.policy, reason.rule)), None
            )
            if rule is not None and not reason.exception:
                for number, limit in enumerate(rule.ladder.limits, 1):
                    if reason.totals.get(limit.words, 0) >= limit.at_least:
                        self.reached.add(f"limit {rule.name} #{number}")
        for finding in inspection.findings:
            self.reached.add(f"detector {finding.detector}")
            self.reached |= {f"why {finding.detector} {why}" for why in finding.why}

    def items(self) -> Iterator[tuple[Item, bool]]:
        """Yield everything that can be reached, and whether it was; a detector's own examples reach its parts too."""
        for rule in self.policy.rules:
            yield self._item(rule.place, f"rule {rule.name}")
            written = self.policy.written("rule", rule.name)
            places = [block.place for block in written.blocks("limits")] if written is not None else []
            for number, place in enumerate(places, 1):
                yield self._item(place, f"limit {rule.name} #{number}")
            for exemption in rule.exemptions:
                yield self._item(exemption.place, f"exception {exemption.name}")
        yield from self._detectors()

    def _detectors(self) -> Iterator[tuple[Item, bool]]:
        for detector in self.policy.detectors:
            spec = detector.spec
            written = self.policy.written("detector", spec.name)
            if written is None:
                continue
            yield self._item(written.place, f"detector {spec.name}")
            tried = [
                one for text in (*spec.examples.match, *spec.examples.no_match) for one in find_in_text(text, detector)
            ]
            whys = {why for one in tried for why in one.why}
            for number, (near, block) in enumerate(zip(detector.near, written.blocks("near"), strict=False), 1):
                hit = near.why in whys or f"why {spec.name} {near.why}" in self.reached
                yield Item(block.place, f"near {spec.name} #{number}"), hit
            for key in ("ignore", "checks", "entropy"):
                if key in written.written:
                    word = {"ignore": "ignored", "checks": "check ", "entropy": "entropy"}[key]
                    hit = any(one.dropped.startswith(word) for one in tried)
                    yield Item(written.written[key], f"{key} {spec.name}"), hit

    def _item(self, place: Place, name: str) -> tuple[Item, bool]:
        return Item(place, name), name in self.reached
