"""A built-in detector written as YAML is a policy without errors, and finds what the built-in one finds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pytest
import yaml

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector, DetectorSpec, Ignore, Near, Pattern
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.finding import Confidence
from dlp_proxy.policy import patterns
from dlp_proxy.policy.load import load
from dlp_proxy.policy.problem import render_all
from dlp_proxy.policy.write import write

SAMPLES: Final = Path(__file__).parents[1] / "data" / "detectors"


@pytest.fixture
def no_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the probe for slow patterns, seconds for each: tests/detect times the built-in ones on long texts."""
    monkeypatch.setattr(patterns, "_probes", lambda _: iter(()))


def _read_back(spec: DetectorSpec) -> DetectorSpec:
    text = write(spec)
    use = f"rules:\n  any:\n    severity: low\n    action: log\n    find: {spec.name.rpartition('/')[2]}\n"
    loaded = load({"x.yaml": f"{text}mode: monitor\n{use}"}, date(2026, 1, 1))
    assert loaded.policy is not None, render_all(loaded.problems, {"x.yaml": text})
    return loaded.policy.detector_specs[spec.name.rpartition("/")[2]]


def _texts(spec: DetectorSpec) -> list[str]:
    path = SAMPLES / f"{spec.name.rpartition('/')[2].replace('-', '_')}.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    texts = [
        row["text"] if isinstance(row, dict) else row for key in ("matches", "misses") for row in rows.get(key, ())
    ]
    return [*texts, *spec.examples.match, *spec.examples.no_match]


def _found(detector: Detector, text: str) -> list[tuple[int, int, str, Confidence]]:
    return [
        (one.start, one.end, one.normalised, one.confidence) for one in find_in_text(text, detector) if not one.dropped
    ]


@pytest.mark.usefixtures("no_probe")
@pytest.mark.parametrize("spec", STANDARD, ids=lambda spec: spec.name)
def test_a_built_in_detector_written_out_finds_the_same(spec: DetectorSpec) -> None:
    again = _read_back(spec)
    texts = _texts(spec)
    assert again.kind == spec.kind
    assert len(texts) >= 4
    ours, theirs = compile_detector(spec), compile_detector(again)
    assert {text: _found(theirs, text) for text in texts} == {text: _found(ours, text) for text in texts}


@pytest.mark.usefixtures("no_probe")
def test_every_key_survives() -> None:
    spec = DetectorSpec(
        name="std/all-of-it",
        kind="thing",
        description='It\'s: "a" thing - yes',
        patterns=(
            Pattern(r"it's\d{3}\u00a0x", "with-quote", Confidence.HIGH, ("luhn",)),
            Pattern("tab\tand\u200bhidden[\x7f]", "unprintable"),
        ),
        boundary="none",
        case="exact",
        confidence=Confidence.LOW,
        near=(
            Near(("yes", "收货人", "a'b", "#x", "a\u200bb\n"), 40, Confidence.HIGH, ("with-quote",)),
            Near(("no",), "field-name", Confidence.LOW),
        ),
        checks=("not-repeated",),
        entropy=2.5,
        normalise=("nfkc", "lower"),
        ignore=Ignore(("12", "null"), (r"a'b\d",)),
        sample="it's{n:3}",
    )
    again = _read_back(spec)
    assert again.near == spec.near
    assert again.ignore == spec.ignore
    assert [one.name for one in again.patterns] == ["with-quote", "unprintable"]
    assert again.patterns[0] == spec.patterns[0]
    assert again.patterns[1].pattern == r"tab\x09and\u200bhidden[\x7f]"
    assert (again.boundary, again.case, again.confidence) == ("none", "exact", Confidence.LOW)
    assert (again.checks, again.entropy, again.normalise) == (spec.checks, 2.5, spec.normalise)
    assert (again.description, again.sample, again.kind) == (spec.description, spec.sample, "thing")
