"""Words of a record: those of its own row, object and name, and of the columns of rows alone."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import DetectorSpec, Near, Pattern
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part, Unit, UnitKind
from tests.detect.shapes import look, objects

NEAR = Near(("key",), "record", Confidence.HIGH)
DETECTOR = compile_detector(DetectorSpec(name="d", kind="d", patterns=(Pattern("ab"),), near=(NEAR,)))


def confidences(part: Part) -> list[Confidence]:
    return [one.confidence for one in look(part, detectors=(DETECTOR,))]


@pytest.mark.parametrize(
    ("kind", "confidence"),
    [("row", Confidence.HIGH), ("object", Confidence.MEDIUM), ("form", Confidence.MEDIUM), ("text", Confidence.MEDIUM)],
)
def test_columns_speak_for_rows_and_for_nothing_else(kind: UnitKind, confidence: Confidence) -> None:
    part = Part(Location("body"), "ab\tx", (Unit(0, 4, kind, "unit 1"),), (), ("key", "other"))
    assert confidences(part) == [confidence]


def test_the_name_of_an_object_speaks_for_what_is_in_it_and_not_for_what_is_beside_it() -> None:
    part = objects({"key": {"a": "ab", "deeper": {"b": "ab"}}, "other": {"c": "ab"}})
    assert confidences(part) == [Confidence.HIGH, Confidence.MEDIUM, Confidence.MEDIUM]


def test_an_object_of_a_list_has_the_name_of_the_list() -> None:
    assert confidences(objects({"keys": [{"a": "ab"}, {"a": "ab"}], "x": [{"a": "ab"}]})) == [
        Confidence.HIGH,
        Confidence.HIGH,
        Confidence.MEDIUM,
    ]
