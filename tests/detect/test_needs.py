"""What every match needs: it is there in every value that a detector is known to find."""

from __future__ import annotations

import re

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.chars import CASE_STRAYS, FOREIGN, is_foreign
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.needs import NOTHING, OUTSIDE, Need, need
from dlp_proxy.detect.wider import ROOMS
from tests.detect.shapes import DETECTORS

NEEDED = [
    (r"1[3-9][0-9]{9}", Need(digits=11)),
    (r"1[3-9][0-9](?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}", Need(digits=11)),
    (r"(?:\+?86[ -]?)?1[3-9][0-9]{9}", Need(digits=11)),
    (r"(?:[0-9]{5}|[0-9]{2}-[0-9]{3})x?", Need(digits=5)),
    (r"[0-9]{3}[a-z][0-9]{4}", NOTHING),
    (r"[0-9]{3},[0-9]{4}", Need(outside=True)),
    (r"[0-9]{3}[,+][0-9]{4}", NOTHING),
    (r"[0-9]{3},?[0-9]{4}", NOTHING),
    (r"(?:a, |b-){1,3}c", Need(outside=True)),
    (r"x{1,700},", NOTHING),
    (r"138[*#]{2}[0-9]{3}", Need(masks=True)),
    (r"(?P<sign>[*•x])(?P=sign){1,3}[0-9]{3}", Need(masks=True)),
    (r"[*a][*][0-9]", Need(sign="*")),
    (r"[x#]-[x#][0-9]", Need(outside=True)),
    (r"(?:[0-9]{3}x?){2}", NOTHING),
    (r"\d{11}", NOTHING),  # there are other digits
    (r"[0-9]{0,11}", NOTHING),
    (r"[a-z]{1,60}@[a-z]+", Need(sign="@")),
    (r"[a-z]+@[a-z]+", NOTHING),  # it may stand further on than a block shows
    (r"(?:a@|b)c", NOTHING),
    (r"sk_[A-Za-z0-9]{24}", Need(run=True)),
    (r"sk_[A-Za-z0-9]{4} [A-Za-z0-9]{8}", Need(outside=True)),
    (r"[路街][0-9]", Need(beyond=True)),
    (r"[路街F][0-9]", NOTHING),
    (r"(?i)[路街][0-9]", Need(beyond=True)),
    (r"x{1,700}[0-9]{11}", NOTHING),  # the digits may stand further on than a block shows
    (r"(?:foo){e<=1}[0-9]{11}", NOTHING),  # not to be told
]


@pytest.mark.parametrize(("pattern", "needed"), NEEDED)
def test_a_pattern_needs_what_every_match_holds(pattern: str, needed: Need) -> None:
    assert need(pattern, regex.compile(pattern).flags, ROOMS[0]) == needed


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.spec.name)
def test_known_values_meet_the_needs_of_the_patterns_that_match_them(detector: Detector) -> None:
    met = 0
    for text in detector.spec.examples.match:
        for one in detector.patterns:
            needed = need(one.pattern.pattern, one.pattern.flags, ROOMS[0])
            for match in one.pattern.finditer(text):
                assert meets(match[0], needed), (one.name, needed)
                met += 1
    assert met or not detector.patterns


PIECES = ("1", "23", "456", "-", " ", "—", "x", "(", "+", "@", "0")
DIGITS = regex.compile(
    r"(?:\+?86[ -]?|\(0\) ?)?1[0-9](?P<gap>[ —-]?)[0-9]{3}(?P=gap)(?:[0-9]{3}|[0-9]-[0-9]{2,3})(?:x[0-9]{1,4})?"
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=6, max_size=16))
def test_whatever_matches_meets_the_need(pieces: list[str]) -> None:
    needed = need(DIGITS.pattern, DIGITS.flags, ROOMS[0])
    assert needed == Need(digits=5)
    for match in DIGITS.finditer("".join(pieces)):
        assert meets(match[0], needed)


def meets(text: str, needed: Need) -> bool:
    """Tell whether `text` has what is asked for, by the pattern that Hyperscan gets."""
    if needed.beyond:
        return not text.isascii()
    if needed.outside:
        return OUTSIDE.search(text.encode()) is not None
    return re.search(needed.pattern.encode(), text.encode()) is not None


def test_a_letter_of_another_script_is_noticed_in_every_case() -> None:
    sign = re.compile(FOREIGN.encode())
    letters = [chr(code) for code in range(0x80, 0xD800) if is_foreign(code) and chr(code) not in CASE_STRAYS]
    cases = {other for one in letters for other in (one, one.lower(), one.upper(), one.title(), one.casefold())}
    missed = [one for one in cases if sign.search(one.encode()) is None]
    assert [one for one in missed if not one.isascii()] == []
    assert sign.search("订单号：20261130，数量 3 — 共￥99.00、“快递”".encode()) is None
