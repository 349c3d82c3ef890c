"""Detectors as a policy writes them -> `DetectorSpec`, and the examples they must live up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import regex

from dlp_proxy.detect.compile import PatternError, compile_detector
from dlp_proxy.detect.detector import (
    Boundary,
    Candidate,
    Case,
    Detector,
    DetectorSpec,
    Examples,
    Gate,
    Ignore,
    Named,
    Near,
    Pattern,
)
from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.finding import Confidence
from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.lists import Lists
from dlp_proxy.policy.names import Names
from dlp_proxy.policy.problem import Place, Problems

_FORMS: Final = ("pattern", "patterns", "words", "words_from")
_CONFIDENCE: Final = {each.word: each for each in Confidence}


@dataclass(slots=True)
class Detectors:
    """Detectors of the set: as data, and compiled where that is possible."""

    standard: Mapping[str, DetectorSpec]
    lists: Lists
    specs: dict[str, DetectorSpec] = field(default_factory=dict)
    compiled: dict[str, Detector] = field(default_factory=dict)
    looping: set[str] = field(default_factory=set)
    liked: set[str] = field(default_factory=set)

    def spec(self, name: str) -> DetectorSpec | None:
        return self.specs.get(name) or self.standard.get(name)

    def ready(self, name: str) -> Detector:
        """Return a detector of a set without errors, compiled."""
        if name not in self.compiled:
            self.compiled[name] = compile_detector(self.standard[name])
        return self.compiled[name]


def confidence_of(word: str) -> Confidence:
    return _CONFIDENCE[word]


def build(
    names: Names, standard: Mapping[str, DetectorSpec], bad: AbstractSet[Place], lists: Lists, problems: Problems
) -> Detectors:
    """Return every detector of the set that can be built; each that says `like` after the one it is like."""
    made = Detectors(standard, lists)
    for block in names.of("detector"):
        _build(block, names, made, (), problems)
    for block in names.of("detector"):
        spec = made.specs.get(block.name)
        keys = ("pattern", "patterns", "value")
        patterns = [given.place for each in block.walk() for key in keys for given in each.all(key)]
        if spec is None or not bad.isdisjoint(patterns):
            continue
        try:
            made.compiled[block.name] = compile_detector(spec)
        except (PatternError, ValueError) as error:
            problems.error("REGEX", block.place, f"{block.title} does not compile: {error}")
            continue
        if not block.faulty:
            _check_examples(block, made.compiled[block.name], problems)
    return made


def _build(block: Checked, names: Names, made: Detectors, path: tuple[str, ...], problems: Problems) -> None:
    if block.name in made.specs:
        return
    like = block.one("like")
    base: DetectorSpec | None = None
    if like is not None:
        if block.name in made.looping:
            return
        if like.text in (*path, block.name):
            made.looping.update((*path, block.name))
            loop = " -> ".join((*path, block.name, like.text))
            problems.error(
                "BAD-VALUE", like.place, f"{block.title} is like itself: {loop}", "one of them must say it all"
            )
            return
        other = names.get("detector", like.text)
        if other is not None:
            _build(other, names, made, (*path, block.name), problems)
        base = made.spec(like.text)
        if base is None:
            return
        made.liked.add(base.name)
    made.specs[block.name] = _spec(block, base, made.lists)


def _spec(block: Checked, base: DetectorSpec | None, lists: Lists) -> DetectorSpec:
    spec = base or DetectorSpec(name=block.name, kind=block.name)
    changes: dict[str, Any] = {"name": block.name}
    if any(form in block.written for form in _FORMS):
        # Another pattern needs other things to be there; what the gate of the old one asks for no longer holds.
        changes |= {"patterns": _patterns(block), "words": _words(block, lists), "named": (), "gate": Gate()}
        changes["reader"] = ""
    if {"case", "boundary", "named", "reader"} & block.written.keys():
        changes["gate"] = Gate()
    readers: dict[str, Callable[[], object]] = {
        "description": lambda: block.text("description"),
        "kind": lambda: block.text("kind"),
        "named": lambda: tuple(_named(each) for each in block.blocks("named") if not each.broken),
        "reader": lambda: block.text("reader"),
        "boundary": lambda: cast("Boundary", block.text("boundary")),
        "case": lambda: cast("Case", block.text("case")),
        "confidence": lambda: confidence_of(block.text("confidence")),
        "near": lambda: tuple(_near(near) for near in block.blocks("near") if not near.broken),
        "checks": lambda: block.texts("checks"),
        "entropy": lambda: _entropy(block.block("entropy")),
        "normalise": lambda: block.texts("normalise"),
        "ignore": lambda: _ignore(block.block("ignore"), lists),
        "sample": lambda: block.text("sample"),
        "in_index": lambda: block.text("in_index"),
        "examples": lambda: _examples(block.block("examples")),
    }
    changes |= {key: read() for key, read in readers.items() if block.all(key)}
    return replace(spec, **changes)


def _patterns(block: Checked) -> tuple[Pattern, ...]:
    if one := block.one("pattern"):
        return (Pattern(one.text),)
    return tuple(
        Pattern(
            each.text("pattern"),
            each.text("name"),
            _CONFIDENCE.get(each.text("confidence")),
            each.texts("checks"),
        )
        for each in block.blocks("patterns")
    )


def _named(block: Checked) -> Named:
    return Named(
        value=block.text("value"),
        labels=block.texts("labels"),
        fields=block.texts("fields"),
        loose=block.text("loose") == "yes",
        whole=block.text("whole") == "yes",
        confidence=_CONFIDENCE.get(block.text("confidence")),
        name=block.text("name"),
        checks=block.texts("checks"),
    )


def _near(near: Checked) -> Near:
    within = near.all("within")[0].value
    set_to = confidence_of(near.text("set_to"))
    return Near(near.texts("words"), cast("Any", within), set_to, near.texts("forms"))


def _entropy(block: Checked | None) -> float:
    given = block.one("at_least") if block else None
    return given.value if given is not None and isinstance(given.value, float) else 0.0


def _words(block: Checked, lists: Lists) -> tuple[str, ...]:
    return (*block.texts("words"), *lists.lines(block, "words_from"))


def _ignore(block: Checked | None, lists: Lists) -> Ignore:
    if block is None:
        return Ignore()
    return Ignore((*block.texts("values"), *lists.lines(block, "values_from")), block.texts("patterns"))


def _examples(block: Checked | None) -> Examples:
    return Examples(block.texts("match"), block.texts("no_match")) if block else Examples()


def _check_examples(block: Checked, detector: Detector, problems: Problems) -> None:
    examples = block.block("examples")
    inherits = "like" in block.written and not any(form in block.written for form in _FORMS)
    missing = [] if inherits else [key for key in ("sample", "examples") if key not in block.written]
    if missing:
        hint = "tests make values from `sample`; `examples: {match: [...], no_match: [...]}` prove the pattern"
        problems.warning("NO-EXAMPLE", block.place, f"{block.title} has no {' and no '.join(missing)}", hint)
    if examples is not None:
        for given in examples.all("match"):
            _must_find(block, detector, given, problems)
        for given in examples.all("no_match"):
            _must_not_find(block, detector, given, problems)


def _must_find(block: Checked, detector: Detector, given: Given, problems: Problems) -> None:
    candidates = find_in_text(given.text, detector)
    if any(not candidate.dropped for candidate in candidates):
        return
    ignore = block.block("ignore")
    for pattern in ignore.all("patterns") if ignore else ():
        if any(_whole(pattern.text, candidate) for candidate in candidates):
            message = f"ignore pattern of {block.title} hides its own example `{given.text}`"
            problems.error("TOO-WIDE", pattern.place, message, "narrow the pattern, or drop the example")
            return
    why = _why(candidates, detector, given)
    message = f"`{block.name}` does not find its own example"
    problems.error("EXAMPLE", given.place, message, why, _behind(block, candidates))


def _behind(block: Checked, candidates: tuple[Candidate, ...]) -> Place | None:
    """Return the place of what an example failed on: what dropped the value, or else the pattern."""
    keys = ("ignore", "checks", "entropy") if candidates else ()
    written = [block.written[key] for key in (*keys, *_FORMS, "like") if key in block.written]
    return written[0] if written else None


def _whole(pattern: str, candidate: Candidate) -> bool:
    return regex.fullmatch(pattern, candidate.value, flags=regex.IGNORECASE, timeout=1.0) is not None


def _why(candidates: tuple[Candidate, ...], detector: Detector, given: Given) -> str:
    if candidates:
        return f"`{candidates[0].value}` was dropped: {candidates[0].dropped}"
    furthest = ""
    for pattern in detector.patterns:
        for found in pattern.pattern.finditer(given.text, partial=True, timeout=1.0):
            furthest = max(furthest, found.group(), key=len)
    if furthest:
        return f"the pattern only gets as far as `{furthest}`"
    return "the pattern matches no part of it"


def _must_not_find(block: Checked, detector: Detector, given: Given, problems: Problems) -> None:
    # A low finding counts for no rule that does not ask for it.
    candidates = find_in_text(given.text, detector)
    found = [one for one in candidates if not one.dropped and one.confidence >= Confidence.MEDIUM]
    if found:
        message = f"`{block.name}` finds something in an example it must leave alone"
        hint = f"it finds `{found[0].value}`, by pattern {found[0].pattern}"
        ignore = block.block("ignore")
        behind = ignore.all("patterns")[0].place if ignore and ignore.all("patterns") else _behind(block, ())
        problems.error("EXAMPLE", given.place, message, hint, behind)
