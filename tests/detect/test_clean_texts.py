"""Texts in which nothing was found are not looked at again; all others are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.regions import Patience
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Part
from tests.detect.shapes import fingerprint
from tests.pipeline.test_scenarios import make_engine

CLEAN = "User-Agent: Mozilla/5.0 (X11; Linux x86_64)"
PHONE = "call 13800138000"


@pytest.fixture
def detectors(monkeypatch: pytest.MonkeyPatch) -> DetectorSet:
    """Detectors of which `looked` tells the texts."""
    made = DetectorSet(make_engine().policy.detectors)
    glance = DetectorSet.glance
    looked.clear()

    def telling(self: DetectorSet, text: str) -> object:
        looked.append(text)
        return glance(self, text)

    monkeypatch.setattr(DetectorSet, "glance", telling)
    return made


looked: list[str] = []


def found(detectors: DetectorSet, *parts: Part) -> int:
    return len(scan(parts, detectors, fingerprint, LIMITS)[0])


def test_a_clean_text_is_looked_at_once_and_one_with_a_value_each_time(detectors: DetectorSet) -> None:
    parts = (Part(Location("headers"), CLEAN), Part(Location("query"), PHONE))
    assert [found(detectors, *parts) for _ in range(3)] == [1, 1, 1]
    assert looked.count(CLEAN) == 1
    assert looked.count(PHONE) == 3


def test_the_same_text_with_other_fields_is_another_one(detectors: DetectorSet) -> None:
    text = "x: 4217-2231\n"
    plain = Part(Location("query"), text, (), (Field(3, 12, "x"),))
    named = replace(plain, fields=(Field(3, 12, "order_no"),))
    assert (found(detectors, plain), found(detectors, named), found(detectors, plain)) == (0, 1, 0)


def test_under_other_limits_it_is_looked_at_again(detectors: DetectorSet) -> None:
    part = Part(Location("headers"), CLEAN)
    for limits in (LIMITS, LIMITS, replace(LIMITS, disguises=1)):
        scan((part,), detectors, fingerprint, limits)
    assert looked.count(CLEAN) == 2


def test_a_text_for_which_there_was_no_time_is_looked_at_again(detectors: DetectorSet) -> None:
    part = Part(Location("headers"), CLEAN)
    over_after_the_first_look = Patience(1.0, 10.0, lambda: 100.0 * len(looked))
    _, gaps = scan((part,), detectors, fingerprint, LIMITS, over_after_the_first_look)
    assert {gap.reason for gap in gaps} == {"timed-out"}
    assert [scan((part,), detectors, fingerprint, LIMITS)[1] for _ in range(2)] == [(), ()]
    assert looked.count(CLEAN) == 2


def test_long_texts_are_not_remembered(detectors: DetectorSet) -> None:
    part = Part(Location("body"), CLEAN * 100)
    assert (found(detectors, part), found(detectors, part)) == (0, 0)
    assert len(looked) == 2
