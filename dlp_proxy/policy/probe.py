"""Small changes of a policy, each of which some test should notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import DetectorSpec, Ignore
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.compiler import ladder_sharing, ladder_with
from dlp_proxy.policy.conditions import When
from dlp_proxy.policy.policy import Exemption, Ladder, Policy, Rule
from dlp_proxy.policy.problem import Place

_CONDITIONS: Final[dict[str, dict[str, Any]]] = {
    "to": {"to": None}, "not_to": {"not_to": None}, "from": {"people": None}, "not_from": {"not_people": None},
    "method": {"methods": frozenset()}, "path": {"paths": ()}, "content": {"contents": frozenset()},
    "size": {"size_at_least": 0, "size_at_most": None}, "during": {"during": ()}, "not_during": {"not_during": ()},
    "unreadable": {"unreadable": frozenset()}, "any": {"any_of": ()}, "after": {"after": None},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variant:
    """A policy with one change. `detector` is the one that was changed, when it was one: then findings differ."""

    place: Place
    says: str
    policy: Policy
    detector: str = ""
    rule: str = ""


def variants(policy: Policy) -> Iterator[Variant]:
    """Yield every change: each number by one both ways, each condition and each part of a detector left out."""
    for index, rule in enumerate(policy.rules):
        for place, says, other in _of_rule(policy, rule):
            rules = (*policy.rules[:index], other, *policy.rules[index + 1 :])
            yield Variant(place, f"rule {rule.name}: {says}", replace(policy, rules=rules), rule=rule.name)
    for index, detector in enumerate(policy.detectors):
        if policy.written("detector", detector.spec.name) is None:
            continue
        for key, spec in _of_detector(policy, detector.spec):
            made = (*policy.detectors[:index], compile_detector(spec), *policy.detectors[index + 1 :])
            written = policy.written("detector", spec.name)
            place = written.written[key] if written is not None else Place("", 1, 1)
            changed = replace(policy, detectors=made)
            yield Variant(place, f"detector {spec.name}: {key} removed", changed, detector=spec.name)


def _of_rule(policy: Policy, rule: Rule) -> Iterator[tuple[Place, str, Rule]]:
    written = policy.written("rule", rule.name)
    if written is None:
        return
    for place, says, when in _of_when(rule.when, written.block("when")):
        yield place, f"when.{says} removed", replace(rule, when=when)
    places = [limit.all("at_least")[0].place for limit in written.blocks("limits")]
    for place, says, ladder in _of_ladder(rule.ladder, places):
        yield place, says, replace(rule, ladder=ladder)
    for number, exemption in enumerate(rule.exemptions):
        for place, says, changed in _of_exemption(policy, exemption):
            exemptions = (*rule.exemptions[:number], *changed, *rule.exemptions[number + 1 :])
            yield place, f"exception {exemption.name}: {says}", replace(rule, exemptions=exemptions)


def _of_when(when: When, written: Checked | None) -> Iterator[tuple[Place, str, When]]:
    if written is None:
        return
    for key in written.given:
        yield written.written[key], key, replace(when, **_CONDITIONS[key])


def _of_ladder(ladder: Ladder, places: list[Place]) -> Iterator[tuple[Place, str, Ladder]]:
    for number, (limit, place) in enumerate(zip(ladder.limits, places, strict=True)):
        for at_least in (limit.at_least - 1, limit.at_least + 1):
            if at_least > 0:
                says = f"at_least {limit.at_least} -> {at_least}"
                yield place, says, ladder_with(ladder, number, at_least)
        alone = [each.counts for each in ladder.limits].count(limit.counts) == 1
        for sharing in (limit.sharing - 1, limit.sharing + 1) if limit.sharing and alone else ():
            if sharing > 0:
                yield place, f"sharing {limit.sharing} -> {sharing}", ladder_sharing(ladder, number, sharing)


def _of_exemption(policy: Policy, exemption: Exemption) -> Iterator[tuple[Place, str, tuple[Exemption, ...]]]:
    written = policy.written("exception", exemption.name)
    if written is None:
        return
    yield written.place, "removed", ()
    for place, says, when in _of_when(exemption.when, written.block("when")):
        yield place, f"when.{says} removed (wider)", (replace(exemption, when=when),)
    instead = written.block("instead")
    if exemption.ladder is not None and instead is not None:
        places = [limit.all("at_least")[0].place for limit in instead.blocks("limits")]
        for place, says, ladder in _of_ladder(exemption.ladder, places):
            yield place, says, (replace(exemption, ladder=ladder),)


def _of_detector(policy: Policy, spec: DetectorSpec) -> Iterator[tuple[str, DetectorSpec]]:
    written = policy.written("detector", spec.name)
    keys = written.given if written is not None else ()
    without: dict[str, dict[str, Any]] = {
        "near": {"near": ()},
        "checks": {"checks": ()},
        "entropy": {"entropy": 0.0},
        "ignore": {"ignore": Ignore()},
        "normalise": {"normalise": ()},
    }
    yield from ((key, replace(spec, **changes)) for key, changes in without.items() if key in keys)
