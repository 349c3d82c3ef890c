"""The gate hides nothing: with Hyperscan, without it and without any gate the findings are the same."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from typing import Final

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.chars import CASE_STRAYS, in_any_case
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector, DetectorSpec, Gate, Pattern
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.pattern_tree import Unreadable
from dlp_proxy.detect.prefilter import ENGINE
from dlp_proxy.detect.regions import Region
from dlp_proxy.detect.wider import ROOMS, wider
from scripts.benchmarks.corpora import CORPORA
from tests.detect.shapes import DETECTORS, look, text_part


def test_hyperscan_is_there() -> None:
    """Without it every comparison below would compare a thing with itself."""
    assert ENGINE == "hyperscan"


WEIRD: Final = (
    r"(?:foo){e<=1}", r"\mfoo\M", r"(?V1)[\p{Han}--[的]]{2,4}号", r"a\Kb", r"(?i)straße\d", r"(?V1)(?i)strasse",
    r"(?:(?P<p>[ -])x(?P=p)|(?P<p>[.])y(?P=p))\d", r"[0-9](?<=foo [0-9])(?<=bar foo [0-9])c?", r"[A-Z]\d(?:é|[a-z])\b",
    r"(?<=foo )bar", r"(?<!x)y(?!z)\d{3}", r"(a|b)\1c", r"\X{3}!", r"x*y", r"[[:alpha:]]{3}-\d", r"(?>ab|a)c",
    r"\p{Lu}{2}\d{2}", r"[^\d\s]{4}@", r"(?x) f o o  # words", r"K\d", r"ﬁ\d", r"(?:ab){2,300}c", r"\d{4}(?=-)",
    r"token\s*[:=]\s*\S{6}", r"^start", r"end$", r"a.{0,2000}z9", r"(?s)BEGIN.*END", r"[०-९]{4}", r"\w+é\b",
)  # fmt: skip
PIECES: Final = (
    " x ", ".y.", "bar foo 1", "A1é", "B2z",
    "foo", "fo", "bar", "号", "大学", "ab", "abab", "c",
    "STRASSE1", "straße2", "ß", "x", "y123", "yz", "y999", "aac", "k7", "K7",
    "\u212a7",
    "ﬁ3", "fi3", "İ", "token = abcdef", "token:\nabcdef", "start", "end", "\n", " ", "BEGIN", "END", "é", "É",
    "1234", "-", "@", "#$%&@", "AB12", "ÀÉ99", "z9", "\ud800", "😀", "१२३४", ".", "q" * 300,
)  # fmt: skip


@pytest.fixture(scope="module")
def fast() -> DetectorSet:
    return DetectorSet(DETECTORS, fast=True)


def found(text: str, detectors: Sequence[Detector]) -> list[tuple[str, int, int, str]]:
    return [
        (one.detector, one.start, one.end, one.confidence.word) for one in look(text_part(text), detectors=detectors)
    ]


def test_every_built_in_detector_has_its_place_in_the_gate(fast: DetectorSet) -> None:
    assert fast.engine == "hyperscan"
    assert fast.asked_apart == ()
    assert DetectorSet(DETECTORS).asked_apart != ()
    asked_alone = {detector.spec.name for detector, _ in fast.regions("plain words and 12 of them\n" * 400)}
    # Prose with numbers may be an address to a gate; nobody else is asked.
    assert asked_alone <= {"std/address"}


def test_clean_text_gives_the_patterns_nothing_to_do(fast: DetectorSet) -> None:
    clean = "The meeting moved to half past 3; bring 20 copies. " * 400
    assert {detector.spec.name for detector, _ in fast.regions(clean)} <= {"std/address"}
    assert [one for one in found(clean, DETECTORS) if one[3] != "low"] == []


@pytest.mark.parametrize("corpus", CORPORA)
def test_corpora_give_the_same_findings(corpus: str, fast: DetectorSet) -> None:
    text = CORPORA[corpus](40_000)
    assert found(text, fast) == found(text, DETECTORS)


@pytest.mark.parametrize("seed", range(60))
def test_mutated_corpora_give_the_same_findings(seed: int, fast: DetectorSet) -> None:
    pick = random.Random(seed)
    values = [value for detector in DETECTORS for value in detector.spec.examples.match]
    text = list(pick.choice(list(CORPORA.values()))(12_000)[: pick.choice((60, 400, 3000, 9000, 12_000))])
    for _ in range(pick.randint(1, 14)):
        place = pick.randrange(len(text) + 1)
        step = pick.randrange(4)
        if step == 0:
            text[place:place] = pick.choice(values)
        elif step == 1:
            text[place:place] = pick.choice(
                ("\n", "\t", " ", "\u200b", "１", "号", '"', ": ", "86", "\u212a", "-", "=\n")
            )
        elif step == 2:
            del text[place : place + pick.randint(1, 6)]
        else:
            text[place : place + 1] = pick.choice("0123456789abcXYZ.,:;@-_")
    joined = "".join(text)
    assert found(joined, fast) == found(joined, DETECTORS)


@pytest.mark.parametrize(
    "value", ["13800138000", "bob.lee@shop.example", "北京市朝阳区建国路88号", "SO-20260115-004217"]
)
@pytest.mark.parametrize("border", [4096, 8192])
def test_a_value_across_a_border_is_found_wherever_it_lies(value: str, border: int, fast: DetectorSet) -> None:
    for before in range(border - len(value) - 2, border + 2):
        text = "字" * before + "。" + value + "。" + "字" * 5000
        assert found(text, fast) == found(text, DETECTORS)
        assert found(text, fast)


@pytest.mark.parametrize("pattern", WEIRD)
@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_patterns_of_any_kind_lose_nothing(pattern: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    for case in ("ignore", "exact"):
        own = compile_detector(
            DetectorSpec(name="own", kind="own", patterns=(Pattern(pattern),), boundary="none", case=case)
        )
        free = [(one.start, one.end) for one in own.find(text)]
        for together in (DetectorSet([own], fast=True), DetectorSet([own])):
            gated = [
                (one.start, one.end) for _, regions in together.regions(text) for one in own.find(text, regions=regions)
            ]
            assert gated == free


@pytest.mark.parametrize("pattern", [r"(?:foo){e<=1}", r"\mfoo", r"a\Kb", r"(?V1)(?i)strasse", r"(?P<a>x)(?&a)", r"\X"])
def test_what_would_mean_something_else_is_not_translated(pattern: str) -> None:
    with pytest.raises(Unreadable):
        wider(pattern, regex.compile(pattern).flags, ROOMS[0])


def test_letters_have_the_cases_that_the_patterns_see() -> None:
    every = "".join(chr(code) for code in range(32, 0x1F000) if not 0xD800 <= code < 0xE000)
    for code in (*range(0x20, 0x600), *range(0x1E00, 0x2200), 0x4E00, 0x10400):
        matched = set(map(ord, regex.findall(regex.escape(chr(code)), every, regex.IGNORECASE))) - set(
            map(ord, CASE_STRAYS)
        )
        told = in_any_case(code)
        ascii_too = {code, ord(chr(code).swapcase())} if code < 128 else told.ascii
        assert told.many or matched <= told.others | ascii_too, hex(code)


def test_sets_can_be_asked_by_many_threads_at_once(fast: DetectorSet) -> None:
    text = CORPORA["orders zh"](8000)
    expected = found(text, fast)
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(found(text, fast))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 6


def test_a_gate_that_another_process_compiled_is_the_same(fast: DetectorSet) -> None:
    stored = fast.stored()
    assert stored is not None
    text = CORPORA["orders en"](8000)
    again = DetectorSet(DETECTORS, stored=stored)
    assert again.engine == "hyperscan"
    assert found(text, again) == found(text, fast)


def test_regions_of_anchors_do_not_depend_on_where_blocks_begin() -> None:
    own = compile_detector(
        DetectorSpec(
            name="own", kind="own", patterns=(Pattern(r"1[0-9]{4}"),), boundary="none",
            gate=Gate(anchor="1[0-9]{4}", before=2, after=4),
        )
    )  # fmt: skip
    ((_, regions),) = DetectorSet([own]).regions("x 12345 y")
    assert list(regions[0]) == [Region(0, 7, 9)]


@pytest.mark.parametrize("stray", CASE_STRAYS)
def test_one_stray_leaves_the_gate_to_the_rest_of_a_text(stray: str, fast: DetectorSet) -> None:
    plain = "words and words, nothing else in them\n" * 2000
    text = f"{plain}İstanbul maIl {stray}\ncall 13800138000, mail bob@shop.example\n{plain}"
    assert found(text, fast) == found(text, DETECTORS)
    regions = [region for _, some in fast.regions(text) for those in some.values() for region in those]
    assert regions
    assert all(abs(region.start - len(plain)) < 20_000 for region in regions)
