"""Near misses end in time, and a pattern that does not is cut off and leaves a gap.

What doubling costs, and a megabyte, is measured by `scripts/bench detect --redos`; here only that each ends, within
very much time.
"""

from __future__ import annotations

import itertools

import pytest

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector, DetectorSpec, Pattern
from dlp_proxy.detect.regions import Patience
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.limits import LIMITS, Limits
from scripts.benchmarks.near_misses import near_misses
from tests.detect.shapes import STANDARD_DETECTORS, fingerprint, gaps_of, text_part

_VERY_MUCH = Limits(pattern_seconds=60)
EVIL = compile_detector(DetectorSpec(name="evil", kind="own", patterns=(Pattern(r"(?:.*x){4}y"),), boundary="none"))


@pytest.mark.parametrize("detector", STANDARD_DETECTORS, ids=lambda detector: detector.spec.name)
def test_near_misses_end(detector: Detector) -> None:
    text = near_misses(detector, 256 * 1024)
    assert gaps_of(text_part(text), detectors=[detector], limits=_VERY_MUCH) == ()


def test_an_evil_pattern_is_cut_off_and_leaves_a_gap() -> None:
    text = "x" * 3000
    gaps = gaps_of(text_part(text), detectors=[EVIL], limits=Limits(pattern_seconds=0.05))
    assert [(gap.reason, "evil" in gap.detail) for gap in gaps] == [("timed-out", True)]


def test_a_scan_has_a_time_as_a_whole() -> None:
    slow = compile_detector(DetectorSpec(name="slow", kind="own", patterns=(Pattern(r"\d{4}"),), boundary="none"))
    ticks = itertools.count()
    findings, gaps = scan(
        [text_part("1234"), text_part("5678"), text_part("9012")],
        [slow],
        fingerprint,
        LIMITS,
        Patience(1.0, 4.0, lambda: float(next(ticks))),
    )
    assert [one.value.reveal() for one in findings] == ["1234"]
    assert [gap.reason for gap in gaps] == ["timed-out"]


def test_patience_gives_the_lesser_of_a_step_and_what_is_left() -> None:
    times = iter((0.0, 1.0, 7.5, 8.0))  # of ten seconds, two are for what comes after looking
    patience = Patience(2.0, 10.0, lambda: next(times))
    assert patience.left() == 2.0
    assert patience.left() == 0.5
    with pytest.raises(TimeoutError):
        patience.left()


def test_patience_is_longer_for_more_until_it_begins_anew() -> None:
    now = [0.0]
    patience = Patience(None, 10.0, lambda: now[0])
    now[0] = 12.0
    assert patience.over()
    patience.extend(6.0)
    assert patience.left() == pytest.approx(0.8)
    assert (patience.over(0.5), patience.over(0.9)) == (True, False)
    patience.restart()
    assert patience.left() == 8.0
