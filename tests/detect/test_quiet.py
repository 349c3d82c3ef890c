"""Short texts that are looked at together: those in which something stands are looked at by themselves."""

from __future__ import annotations

from typing import Final

import pytest

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import DetectorSpec, Pattern
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.quiet import quiet
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Part
from tests.detect.shapes import FEW, fingerprint

WORDS: Final = [f"package/lib/locale/one-{name}.js" for name in ("ab", "cd", "ef", "gh")] * 50
LOUD: Final = {
    7: "call 13800138000",
    30: "li.na@mail.example",
    111: "一三八〇〇一三八〇〇〇",
    150: "1三9一2三四0零零零",
    199: "&#49;&#51;&#56;00138000",
}


@pytest.fixture(scope="module")
def together() -> DetectorSet:
    return DetectorSet(FEW, fast=True)


def parts(words: list[str]) -> list[Part]:
    return [Part(Location("filename"), word) for word in words]


def test_what_holds_nothing_is_not_looked_at_again(together: DetectorSet) -> None:
    assert quiet(parts(WORDS), together) == frozenset(range(len(WORDS)))


def test_what_holds_something_is(together: DetectorSet) -> None:
    words = [LOUD.get(place, word) for place, word in enumerate(WORDS)]
    assert not quiet(parts(words), together) & LOUD.keys()
    found, gaps = scan(parts(words), together, fingerprint, LIMITS)
    alone, _ = scan(parts(words), DetectorSet(FEW), fingerprint, LIMITS)
    assert (found, gaps) == (alone, ())
    assert {one.part for one in found} == LOUD.keys()


def test_few_texts_long_ones_and_those_with_fields_are_looked_at_one_by_one(together: DetectorSet) -> None:
    assert quiet(parts(WORDS[:20]), together) == frozenset()
    assert quiet(parts([word * 40 for word in WORDS]), together) == frozenset()
    named = [Part(Location("body"), word, (), (Field(0, 3, "phone"),)) for word in WORDS]
    assert quiet(named, together) == frozenset()
    assert quiet(parts(WORDS), DetectorSet(FEW)) == frozenset()


@pytest.mark.parametrize(
    "pattern",
    [
        r"\AOWN-\d{8}",
        r"(?:\A|,)OWN-\d{8}",
        r"(?<=\A|,)OWN-\d{8}",
        r"(?<![\n])OWN-\d{8}",
        r"OWN-\d{8}(?![\n])",
        r"OWN-\d{8}\Z",
    ],
)
def test_each_of_them_begins_and_ends_as_a_text_does(pattern: str) -> None:
    spec = DetectorSpec(name="own", kind="order-number", patterns=(Pattern(pattern),), boundary="none")
    detectors = DetectorSet([compile_detector(spec)], fast=True)
    words = [*WORDS[:51], "OWN-20260131", *WORDS[51:]]
    found, _ = scan(parts(words), detectors, fingerprint, LIMITS)
    assert [one.part for one in found] == [51]
