"""From parts to findings: gates, offsets, context, overlaps, time, borders of blocks and the cap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.context import Context
from dlp_proxy.detect.detector import Detector, DetectorSpec, Gate, Near, Pattern
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.fold import fold
from dlp_proxy.detect.gate import Blocks
from dlp_proxy.detect.group import group
from dlp_proxy.detect.regions import REACH, SPAN, Patience
from dlp_proxy.detect.scan import find_in_text, scan
from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Part, Unit
from tests.detect.shapes import (
    CUSTOMER_CONTACT,
    CUSTOMER_ORDER,
    DETECTORS,
    ORDER,
    STANDARD_DETECTORS,
    fingerprint,
    gaps_of,
    look,
    objects,
    order,
    phone,
    standard,
    table,
    text_part,
)

BODY: Final = Location("body")
RESIDENT: Final = "11010519491231002X"
VALUES: Final = (
    "13800138000", "138 - 0013 - 8000", "+86 138-0013-8000", "(0086) 139 0013 9000", "1 3 8 0 0 1 3 8 0 0 0",
    RESIDENT, "110105 19491231 002X", "SO-20260115-004217", "bob.lee@shop.example",
    "杭州市文三路478号华星时代广场B座1203室",
    "阳光花园3栋2单元501", "北京市海淀区中关村街道", "１３８００１３８０００", "１１０１０５１９４９１２３１００２X",
)  # fmt: skip
NOISE: Final = (
    " ", "\n", "_", "-", ".", ",", "，", "：", "(", ")", "@", "1", "14:20:30,12", "2026-01-15 10:20", "1500", "电话",
    "tel", "地址", "a", "x" * 40, "号", "路", "北京", "\u200b", "\u20e3", "𝟏", "①", "。",
)  # fmt: skip


def without_gate(detector: Detector) -> Detector:
    return compile_detector(replace(detector.spec, gate=Gate()))


def spans(detector: Detector, text: str) -> list[tuple[int, int, str]]:
    return [(one.start, one.end, one.normalised) for one in find_in_text(text, detector) if not one.dropped]


def plain(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.detector.removeprefix("std/"), one.value.reveal()) for one in findings]


def own(*patterns: str, near: tuple[Near, ...] = (), name: str = "d") -> Detector:
    return compile_detector(DetectorSpec(name=name, kind=name, patterns=tuple(map(Pattern, patterns)), near=near))


# Gates.


def test_only_the_neighbourhood_of_an_anchor_is_looked_at() -> None:
    text = "word " * 3000 + "13800138000" + " word" * 3000
    anchored = replace(ORDER, patterns=(Pattern("1[0-9]{10}"),), gate=Gate(anchor="1[0-9]{10}", before=12, after=24))
    regions = Blocks(text).regions(compile_detector(anchored))
    assert [(one.start, one.end, one.horizon) for one in regions] == [(14_988, 15_011, 15_035)]


@pytest.mark.parametrize("detector", STANDARD_DETECTORS, ids=lambda detector: detector.spec.name)
@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.sampled_from(VALUES + NOISE), min_size=1, max_size=12))
def test_a_gate_hides_no_value(detector: Detector, pieces: list[str]) -> None:
    text = "".join(pieces)
    free = without_gate(detector)
    if detector.spec.gate.anchor:
        # With an anchor, what one pattern has taken is not offered to the next: values may be cut differently.
        seen = spans(detector, text)
        missing = [one for one in spans(free, text) if not any(a < one[1] and one[0] < b for a, b, _ in seen)]
        assert missing == []
    else:
        assert spans(detector, text) == spans(free, text)


def test_a_number_behind_a_time_of_day_is_found_however_it_is_spaced() -> None:
    assert [one[2] for one in spans(standard("phone-cn"), "14:20:30,12 138 - 0013 - 8000")] == ["13800138000"]


# Offsets.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("电话：１３８００１３８０００。", "１３８００１３８０００"),
        ("a\u200b 138\u200b0013\u200d8000\u200b b", "138\u200b0013\u200d8000"),
        ("\ufeff\u200b13800138000", "13800138000"),
        ("\u00ad\u00ad x 𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎"),
        ("x 138\U000e00200013\U000e01018000 y", "138\U000e00200013\U000e01018000"),
        ("１\ufe0f\u20e3 tel 1\ufe0f\u20e33\ufe0f\u20e38\u20e30\u20e30\u20e31\u20e33\u20e38\u20e30\u20e30\u20e30 x",
         "1\ufe0f\u20e33\ufe0f\u20e38\u20e30\u20e30\u20e31\u20e33\u20e38\u20e30\u20e30\u20e30"),
    ],
)  # fmt: skip
def test_a_value_in_look_alikes_is_reported_where_it_stands(text: str, value: str) -> None:
    (finding,) = look(text_part(text))
    assert (finding.detector, finding.value.reveal(), text[finding.start : finding.end]) == (
        "std/phone-cn",
        value,
        value,
    )
    assert finding.fingerprint == fingerprint("phone", "13800138000")


# Context.


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("ab", Confidence.MEDIUM),
        ("key ab", Confidence.HIGH),
        ("ab keys", Confidence.HIGH),
        ("myKey: ab", Confidence.HIGH),
        ("KEY_ID ab", Confidence.HIGH),
        ("monkey ab", Confidence.MEDIUM),
        ("keyboard ab", Confidence.MEDIUM),
        ("密钥ab", Confidence.HIGH),
        ("x密钥 ab", Confidence.HIGH),
        ("key" + " " * 17 + "ab", Confidence.HIGH),
        ("key" + " " * 18 + "ab", Confidence.MEDIUM),
        ("ab" + " " * 17 + "key", Confidence.HIGH),
        ("ab" + " " * 18 + "key", Confidence.MEDIUM),
        ("ab" + " " * 17 + "keyboard", Confidence.MEDIUM),
        ("key demo ab", Confidence.LOW),
    ],
)
def test_words_near_by_set_the_confidence_and_the_last_near_wins(text: str, confidence: Confidence) -> None:
    near = (Near(("key", "密钥"), 20, Confidence.HIGH), Near(("demo",), 20, Confidence.LOW))
    assert [one.confidence for one in look(text_part(text), detectors=[own("ab", near=near)])] == [confidence]


def test_a_word_that_a_window_cut_short_does_not_count_later_either() -> None:
    detector = own("ab", near=(Near(("key",), 20, Confidence.HIGH),))
    text = "ab" + " " * 17 + "keyboard ab" + " " * 40 + "key ab"
    got = [one.confidence for one in look(text_part(text), detectors=[detector])]
    assert got == [Confidence.MEDIUM, Confidence.MEDIUM, Confidence.HIGH]


def test_every_value_has_the_words_of_its_own_window() -> None:
    detector = own("ab", near=(Near(("key",), 5, Confidence.HIGH),))
    text = ("key ab" + " " * 9 + "ab" + " " * 9) * 200
    got = [one.confidence for one in look(text_part(text), detectors=[detector])]
    assert got == [Confidence.HIGH, Confidence.MEDIUM] * 200


def test_near_in_a_record_is_its_unit_with_its_columns_and_nothing_of_the_next_row() -> None:
    detector = own("ab", near=(Near(("key",), "record", Confidence.HIGH),))
    high, medium = Confidence.HIGH, Confidence.MEDIUM
    rows = table([["ab", "x"], ["ab", "key"], ["ab", "y"]])
    assert [one.confidence for one in look(rows, detectors=[detector])] == [medium, high, medium]
    named = table([["ab", "x"]], ("value", "key"))
    assert [one.confidence for one in look(named, detectors=[detector])] == [high]
    assert [one.confidence for one in look(text_part("key" + "." * 297 + "ab"), detectors=[detector])] == [high]
    assert [one.confidence for one in look(text_part("key" + "." * 298 + "ab"), detectors=[detector])] == [medium]


def test_near_in_a_field_name_is_the_name_of_the_field_or_column_alone() -> None:
    detector = own("ab", near=(Near(("key",), "field-name", Confidence.HIGH),))
    high, medium = Confidence.HIGH, Confidence.MEDIUM
    fields = Part(BODY, "user_key: ab\nnote: key ab", (), (Field(10, 12, "user_key"), Field(19, 25, "note")))
    assert [one.confidence for one in look(fields, detectors=[detector])] == [high, medium]
    columns = table([["ab", "ab", "key"]], ("id", "key"))
    assert [one.confidence for one in look(columns, detectors=[detector])] == [medium, high]


def test_why_says_what_set_the_confidence_in_order() -> None:
    near = (Near(("key", "k2", "k3", "k4"), 20, Confidence.HIGH), Near(("demo",), "record", Confidence.LOW))
    (finding,) = look(text_part("key demo ab"), detectors=[own("ab", near=near)])
    assert finding.why == (
        "pattern 1: medium",
        "near key, k2, k3, ... (20 chars): high",
        "near demo (record): low",
    )


# Overlaps.


def test_a_phone_inside_a_longer_number_is_no_phone() -> None:
    inside = own(r"\d{2}-13800138000-\d{2}", name="long")
    assert plain(look(text_part("x 44-13800138000-55 y"), detectors=[standard("phone-cn"), inside])) == [
        ("long", "44-13800138000-55")
    ]
    assert plain(look(text_part(RESIDENT))) == [("resident-id-cn", RESIDENT)]


def test_a_surer_value_inside_a_less_sure_one_stands() -> None:
    low = compile_detector(
        DetectorSpec(name="low", kind="low", patterns=(Pattern(r"a\w+"),), confidence=Confidence.LOW)
    )
    assert plain(look(text_part("ab12"), detectors=[own("(?<=a)b12", name="in"), low])) == [("low", "ab12")]
    inner = compile_detector(DetectorSpec("in", "in", (Pattern("b12"),), boundary="none"))
    assert plain(look(text_part("ab12"), detectors=[inner, low])) == [("low", "ab12"), ("in", "b12")]


def test_a_passage_around_a_value_does_not_take_it() -> None:
    passage = own(r"begin .* end", name="passage")
    long = f"begin {'x' * 40} 13800138000 end"
    assert plain(look(text_part(long), detectors=[passage, standard("phone-cn")])) == [
        ("passage", long),
        ("phone-cn", "13800138000"),
    ]


def test_two_detectors_of_one_span_both_stand() -> None:
    both = look(text_part("ab"), detectors=[own("ab", name="one"), own("ab", name="two")])
    assert [one.detector for one in both] == ["one", "two"]


def test_of_overlapping_matches_of_one_detector_the_longer_stands_and_find_says_why() -> None:
    detector = own("ab cd", "cd ef gh", "ef")
    assert plain(look(text_part("ab cd ef gh"), detectors=[detector])) == [("d", "cd ef gh")]
    assert [(one.value, one.dropped) for one in find_in_text("ab cd ef gh", detector)] == [
        ("ab cd", "overlaps a longer match"),
        ("cd ef gh", ""),
        ("ef", "overlaps a longer match"),
    ]


def test_what_fails_a_check_is_dropped_with_the_reason() -> None:
    found = find_in_text("15412345678 13333333333", standard("phone-cn"))
    assert {(one.value, one.dropped) for one in found} == {
        ("15412345678", "check phone-cn failed"),
        ("13333333333", "check not-repeated failed"),
    }
    assert look(text_part("15412345678 13333333333")) == ()


# Time and size.


def test_a_pattern_that_runs_out_of_time_is_a_gap_and_the_others_go_on() -> None:
    slow = own(r"(?:a|a|aa)+(?:b|b)+c", name="slow")
    part = text_part("a" * 4000 + " 13800138000")
    limits = replace(LIMITS, pattern_seconds=0.05)
    findings, gaps = scan([part], [slow, standard("phone-cn")], fingerprint, limits)
    assert gaps == (Gap("timed-out", BODY, "Detector slow ran out of time."),)
    assert plain(findings) == [("phone-cn", "13800138000")]


def test_what_was_found_before_the_time_ran_out_stands() -> None:
    slow = own("hit", r"(?:a|a|aa)+(?:b|b)+c", name="slow")
    findings, gaps = scan([text_part("hit " + "a" * 4000)], [slow], fingerprint, replace(LIMITS, pattern_seconds=0.05))
    assert plain(findings) == [("slow", "hit")]
    assert [gap.reason for gap in gaps] == ["timed-out"]


def test_where_no_time_is_left_for_disguised_text_that_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    glance = DetectorSet.glance

    def slow(self: DetectorSet, text: str) -> Any:
        now[0] = 100.0
        return glance(self, text)

    monkeypatch.setattr(DetectorSet, "glance", slow)
    part, patience = text_part("nothing of anybody"), Patience(1.0, 10.0, lambda: now[0])
    findings, gaps = scan([part], [standard("phone-cn")], fingerprint, LIMITS, patience)
    assert findings == ()
    assert gaps == (Gap("timed-out", BODY, "There was no time for disguised text."),)


def test_findings_over_the_cap_are_a_gap() -> None:
    part = text_part(" ".join(phone(number) for number in range(1, 11)))
    assert gaps_of(part, limits=replace(LIMITS, findings=10)) == ()
    findings, gaps = scan([part], DETECTORS, fingerprint, replace(LIMITS, findings=9))
    assert len(findings) == 9
    assert gaps == (Gap("too-large", BODY, "More values were found than are kept for one message."),)


def test_what_is_over_the_cap_is_not_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[int] = []
    weigh = Context.weigh

    def telling(self: Context, detector: Detector, start: int, *more: Any) -> Any:
        weighed.append(start)
        return weigh(self, detector, start, *more)

    monkeypatch.setattr(Context, "weigh", telling)
    part = text_part(" ".join(phone(number) for number in range(1, 101)))
    findings, _ = scan([part], [standard("phone-cn")], fingerprint, replace(LIMITS, findings=9))
    assert [one.start for one in findings] == weighed == list(range(0, 9 * 12, 12))


def test_the_cap_is_over_all_parts() -> None:
    part = text_part("13800138000")
    findings, gaps = scan([part] * 3, DETECTORS, fingerprint, replace(LIMITS, findings=2))
    assert ([one.part for one in findings], [gap.reason for gap in gaps]) == ([0, 1], ["too-large"])


BORDERS: Final = (8 * 1024, 16 * 1024, 64 * 1024, SPAN)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("made_of", [standard, lambda name: without_gate(standard(name))])
@pytest.mark.parametrize(
    ("name", "value"),
    [("phone-cn", "+86 138-0013-8000"), ("email", "bob.lee@shop.example"), ("resident-id-cn", RESIDENT)],
)
def test_a_value_across_a_border_of_blocks_is_found_once(
    border: int, made_of: Callable[[str], Detector], name: str, value: str
) -> None:
    detector = made_of(name)
    for before in range(len(value) + 2):
        text = "x" * (border - before - 1) + " " + value + " " + "y" * 9000
        assert [text[start:end] for start, end, _ in spans(detector, text)] == [value]


@pytest.mark.parametrize("border", BORDERS[:3])
def test_an_address_across_a_border_of_blocks_is_found_once(border: int) -> None:
    value = "浙江省杭州市西湖区文三路478号华星时代广场12楼"
    for before in range(len(value) + 2):
        text = "，" * (border - before) + value + "。" * 9000
        assert [text[start:end] for start, end, _ in spans(standard("address-cn"), text)] == [value]


def test_every_value_of_a_long_text_is_found_once_and_in_order() -> None:
    numbers = [phone(number) for number in range(100, 40_100)]
    found = [one[2] for one in spans(standard("phone-cn"), " ".join(numbers))]
    assert found == numbers


def test_a_match_may_go_past_the_border_of_a_span_by_the_reach() -> None:
    detector = own("b{1000}")
    text = "x" * (SPAN - 2) + " " + "b" * 1000 + " " + "b" * 1000
    assert REACH == 1024
    assert [end - start for start, end, _ in spans(detector, text)] == [1000, 1000]


# Findings.


def test_findings_come_by_part_and_place_and_say_where() -> None:
    rows = Part(BODY / "a.csv", "x\n13800138000\n", (Unit(0, 1, "row", "row 1"), Unit(2, 13, "row", "row 2")))
    bare = Part(BODY, "13800138000", (Unit(0, 11, "form", ""),))
    findings = look(text_part("bob@shop.example 13800138000"), rows, bare)
    assert [(one.part, one.start, one.end, str(one.location)) for one in findings] == [
        (0, 0, 16, "body"),
        (0, 17, 28, "body"),
        (1, 2, 13, "body > a.csv > row 2"),
        (2, 0, 11, "body"),
    ]


def test_one_value_in_any_spelling_has_one_fingerprint() -> None:
    findings = look(text_part("13800138000 +86 138-0013-8000 １３８００１３８０００"))
    assert {one.fingerprint for one in findings} == {fingerprint("phone", "13800138000")}
    assert [one.kind for one in findings] == ["phone"] * 3


def test_nested_objects_say_their_innermost_place() -> None:
    (finding,) = look(objects({"a": {"b": [{"tel": "13800138000"}]}}))
    assert str(finding.location) == "body > $.a.b[0]"
    assert finding.confidence == Confidence.HIGH


# Anything.

PIECES: Final = st.one_of(
    st.sampled_from(VALUES + NOISE),
    st.text(max_size=6),
    st.text(alphabet="0123456789-. +()_\t\n\u200b\u20e3\u0661", max_size=20),
    st.builds(order, st.integers(0, 999_999)),
    st.builds(phone, st.integers(0, 99_999_999)),
    st.sampled_from(("\ud800", "\udfff", "\x00", "\u202e", "\U0010ffff", "\U000e0041", "ﷺ", "ß", "İ")),
)


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(PIECES, max_size=25), cuts=st.lists(st.integers(0, 200), max_size=6))
def test_scan_and_group_never_raise_and_point_into_the_text(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces)
    ends = sorted({min(cut, len(text)) for cut in cuts})
    rows = tuple(Unit(start, end, "row", "row") for start, end in pairwise(ends))
    part = Part(BODY, text, rows)
    findings, gaps = scan([part, text_part(text)], DETECTORS, lambda kind, value: f"{kind} {value!r}".encode(), LIMITS)
    assert gaps == ()
    assert [text[one.start : one.end] for one in findings] == [one.value.reveal() for one in findings]
    assert all(one.start < one.end for one in findings)
    assert [(one.part, one.start) for one in findings] == sorted((one.part, one.start) for one in findings)
    for spec in (CUSTOMER_ORDER, CUSTOMER_CONTACT):
        records = group([part, text_part(text)], findings, spec, Confidence.LOW)
        used = [index for record in records for index in record.findings]
        assert len(used) == len(set(used))
        assert all(record.findings for record in records)


@settings(max_examples=200, deadline=None)
@given(text=st.text())
def test_folding_leaves_a_way_back(text: str) -> None:
    folded = fold(text)
    origins = [folded.origin(position) for position in range(len(folded.text))]
    assert origins == sorted(set(origins))
    assert all(0 <= origin < len(text) for origin in origins)
    assert all(
        text[origin] == character or character.isascii() for origin, character in zip(origins, folded.text, strict=True)
    )


def test_of_two_equally_sure_detectors_the_longer_match_stands() -> None:
    inner = compile_detector(DetectorSpec("in", "in", (Pattern("b12"),), boundary="none"))
    assert plain(look(text_part("ab12"), detectors=[inner, own("ab12", name="out")])) == [("out", "ab12")]


def test_a_word_across_the_end_of_one_window_is_seen_in_the_next() -> None:
    detector = own("ab", near=(Near(("key",), 5, Confidence.HIGH),))
    got = [one.confidence for one in look(text_part("ab    key ab"), detectors=[detector])]
    assert got == [Confidence.MEDIUM, Confidence.HIGH]


def test_a_word_that_goes_on_past_the_window_counts_for_no_window_it_leaves() -> None:
    detector = own("ab", near=(Near(("tel", "telephone"), 7, Confidence.HIGH),))
    got = [one.confidence for one in look(text_part("ab ab telephone"), detectors=[detector])]
    assert got == [Confidence.MEDIUM, Confidence.MEDIUM]


def test_what_one_pattern_took_is_not_offered_to_the_next() -> None:
    found = find_in_text("+8613800138000", standard("phone-cn"))
    assert [(one.pattern, one.dropped) for one in found] == [("country-code", "")]
