"""Specs that compile, what the boundary lets through, and errors with their place."""

from __future__ import annotations

from typing import Any, Final

import pytest

from dlp_proxy.detect.compile import PatternError, compile_detector
from dlp_proxy.detect.detector import DetectorSpec, Ignore, Near, Pattern
from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import ORDER, look, order, standard, text_part

FILE_NAME: Final = "SO-20260115-004217_13800138000.txt"


def spec(*patterns: str, **more: Any) -> DetectorSpec:
    return DetectorSpec(name="d", kind="k", patterns=tuple(Pattern(pattern) for pattern in patterns), **more)


def found(text: str, made: DetectorSpec) -> list[str]:
    return [one.value for one in find_in_text(text, compile_detector(made)) if not one.dropped]


def test_a_file_name_joined_by_underscores_gives_both_its_values() -> None:
    findings = look(text_part(FILE_NAME))
    assert [(one.detector, one.value.reveal()) for one in findings] == [
        ("order-number", "SO-20260115-004217"),
        ("std/phone-cn", "13800138000"),
    ]


@pytest.mark.parametrize("name", ["phone-cn", "email", "resident-id-cn"])
@pytest.mark.parametrize("text", ["{}_old.txt", "list_{}", "a_{}_b", "_{}_", "1_{}_2"])
def test_an_underscore_hides_no_value_of_a_built_in_detector(name: str, text: str) -> None:
    value = {"phone-cn": "13800138000", "email": "bob@shop.example", "resident-id-cn": "11010519491231002X"}[name]
    got = [one.value for one in find_in_text(text.format(value), standard(name)) if not one.dropped]
    assert [one[-len(value) :] for one in got] == [value]


@pytest.mark.parametrize(
    ("text", "count"),
    [("{}", 1), ("订单{}号", 1), ("_{}_", 1), ("#{}", 1), ("x{}", 0), ("{}X", 0), ("9{}", 0), ("{}9", 0), ("é{}é", 1)],
)
def test_a_word_boundary_is_no_latin_letter_and_no_digit(text: str, count: int) -> None:
    assert len(found(text.format(order(1)), ORDER)) == count


def test_without_a_boundary_anything_may_touch() -> None:
    assert found("xab9", spec("ab", boundary="none")) == ["ab"]
    assert found("xab9", spec("ab")) == []


def test_the_boundary_holds_for_every_alternative_of_a_pattern() -> None:
    assert found("xab cd1 ab cd", spec("ab|cd")) == ["ab", "cd"]


def test_case_is_ignored_unless_it_is_exact() -> None:
    assert found("AB ab", spec("ab")) == ["AB", "ab"]
    assert found("AB ab", spec("ab", case="exact")) == ["ab"]


def test_the_group_value_is_the_value() -> None:
    one = next(iter(find_in_text("key = s3cret", compile_detector(spec(r"key = (?P<value>\w+)")))))
    assert (one.start, one.end, one.value) == (6, 12, "s3cret")


def test_words_are_one_pattern_with_the_longest_first() -> None:
    made = compile_detector(DetectorSpec(name="d", kind="k", words=("项目", "项目天鹅", "Swan", "a.b")))
    assert [(one.value, one.pattern) for one in find_in_text("项目天鹅 SWAN a.b axb 项目", made)] == [
        ("项目天鹅", "words"),
        ("SWAN", "words"),
        ("a.b", "words"),
        ("项目", "words"),
    ]


def test_patterns_are_named_by_number_and_have_their_own_confidence() -> None:
    made = DetectorSpec(
        name="d",
        kind="k",
        patterns=(Pattern("ab"), Pattern("cd", "second", Confidence.HIGH)),
        confidence=Confidence.LOW,
    )
    assert [(one.pattern, one.confidence, one.why) for one in find_in_text("ab cd", compile_detector(made))] == [
        ("1", Confidence.LOW, ("pattern 1: low",)),
        ("second", Confidence.HIGH, ("pattern second: high",)),
    ]


@pytest.mark.parametrize(
    ("patterns", "index", "position"), [(("a(b",), 0, 3), (("ab", "[z-a]"), 1, 4), (("ok", "ok", "a**"), 2, 2)]
)
def test_an_error_in_a_pattern_has_the_authors_own_position(
    patterns: tuple[str, ...], index: int, position: int
) -> None:
    with pytest.raises(PatternError) as caught:
        compile_detector(spec(*patterns))
    assert (caught.value.pattern_index, caught.value.position, caught.value.where) == (index, position, "patterns")
    assert caught.value.message


def test_an_error_in_an_ignore_pattern_says_so() -> None:
    with pytest.raises(PatternError) as caught:
        compile_detector(spec("ab", ignore=Ignore(patterns=("fine", "a("))))
    assert (caught.value.pattern_index, caught.value.position, caught.value.where) == (1, 2, "ignore")


def test_a_check_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no check is named lun"):
        compile_detector(spec("ab", checks=("luhn", "lun")))


def test_a_pattern_may_end_in_a_comment() -> None:
    assert found("xab ab", spec("(?x) a b  # the order")) == ["ab"]


def test_full_width_characters_in_a_pattern_are_those_of_the_text() -> None:
    text = "这是合同（机密）第３号"
    assert found(text, spec("合同（机密）")) == ["合同（机密）"]
    assert found(text, spec("[（【]机密[）】]")) == ["（机密）"]
    assert found(text, spec(r"\（机密\）第[０-９]号")) == ["（机密）第３号"]


def test_full_width_characters_in_a_word_are_those_of_the_text() -> None:
    assert found(
        "这是（绝密）文件，ＡＢＣ公司", DetectorSpec(name="d", kind="k", words=("（绝密）", "ＡＢＣ公司"))
    ) == [
        "（绝密）",
        "ＡＢＣ公司",
    ]


def test_empty_words_match_nothing() -> None:
    assert found("a b", DetectorSpec(name="d", kind="k", words=("", "b"))) == ["b"]
    assert found("a b", DetectorSpec(name="d", kind="k", words=("",))) == []
    assert found("a b", spec("b", near=(Near(("",), 10, Confidence.HIGH),))) == ["b"]


def test_ignored_values_are_compared_after_normalising() -> None:
    made = spec(r"\d{3} ?\d{3}", normalise=("digits-only",), ignore=Ignore(values=("１２３ 456",)))
    assert found("123456 123 456 654321", made) == ["654321"]


def test_ignored_patterns_must_match_the_whole_value() -> None:
    made = spec(r"[a-z]{4,6}", ignore=Ignore(patterns=("test",)))
    assert found("test tests", made) == ["tests"]
    assert [one.dropped for one in find_in_text("test", compile_detector(made))] == ["ignored by pattern 1"]


def test_a_value_of_too_little_entropy_is_dropped() -> None:
    assert found("aaaaaaab q7Zk20Xd", spec(r"\w{8}", entropy=2.5)) == ["q7Zk20Xd"]
    assert found("abcd", spec(r"\w{4}", entropy=2.0)) == ["abcd"]
