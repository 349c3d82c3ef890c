"""Every built-in detector against its table of texts, and against its own examples and samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.sample import sample
from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import STANDARD_DETECTORS, standard

DATA: Final = Path(__file__).parents[1] / "data" / "detectors"
NAMES: Final = tuple(spec.name.removeprefix("std/") for spec in STANDARD)


def cases(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / f"{name.replace('-', '_')}.yaml").read_text(encoding="utf-8"))
    return loaded


def values(text: str, detector: Detector) -> list[str]:
    """Return what a rule that asks for medium confidence would count."""
    found = find_in_text(text, detector)
    return [one.normalised for one in found if not one.dropped and one.confidence >= Confidence.MEDIUM]


def test_every_table_belongs_to_a_detector_and_every_detector_has_one() -> None:
    assert sorted(path.stem for path in DATA.glob("*.yaml")) == sorted(name.replace("-", "_") for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_detector_finds_the_values_of_its_table(name: str) -> None:
    detector = standard(name)
    matches = cases(name)["matches"]
    wrong = {case["text"]: found for case in matches if (found := values(case["text"], detector)) != case["values"]}
    assert wrong == {}
    assert len(matches) >= 14


@pytest.mark.parametrize("name", NAMES)
def test_a_detector_leaves_the_misses_of_its_table_alone(name: str) -> None:
    detector = standard(name)
    misses = cases(name)["misses"]
    assert {text: found for text in misses if (found := values(text, detector))} == {}
    assert len(misses) >= 20


@pytest.mark.parametrize("detector", STANDARD_DETECTORS, ids=lambda detector: detector.spec.name)
def test_a_detector_agrees_with_its_own_examples(detector: Detector) -> None:
    examples = detector.spec.examples
    assert [text for text in examples.match if not values(text, detector)] == []
    assert [text for text in examples.no_match if values(text, detector)] == []
    assert examples.match
    assert examples.no_match


@pytest.mark.parametrize("detector", STANDARD_DETECTORS, ids=lambda detector: detector.spec.name)
def test_two_thousand_samples_are_found_whole_and_differ(detector: Detector) -> None:
    samples = [sample(detector.spec, number) for number in range(2000)]
    found = [values(text, detector) for text in samples]
    assert [text for text, one in zip(samples, found, strict=True) if len(one) != 1] == []
    assert len({one[0] for one in found}) == 2000
