"""Values known by their name: labels in text, fields, columns; and what the name of a column may look like."""

from __future__ import annotations

from typing import Final

import pytest

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import DetectorSpec, Named, Near
from dlp_proxy.detect.named import end_of, ends_of, may_end, written
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import STANDARD_DETECTORS, look, objects, standard, table, text_part

CODE: Final = compile_detector(
    DetectorSpec(
        name="code",
        kind="code",
        boundary="none",
        case="exact",
        named=(
            Named(r"[A-Z]{2}[0-9]{2}", labels=("member code", "会员码"), fields=("code",), confidence=Confidence.HIGH),
            Named(r"[A-Z]{3}[0-9]{3}", labels=("会员码",), loose=True, confidence=Confidence.LOW, name="loose"),
        ),
        near=(Near(("archive",), "field-name", Confidence.LOW),),
    )
)


def values(*parts: object) -> list[str]:
    return [one.value.reveal() for one in look(*parts, detectors=(CODE,))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "member code: AB12", "member_code=AB12", "memberCode = 'AB12'", "MEMBER-CODE:AB12", '"memberCode": "AB12"',
        "our_member_code: AB12", "newMemberCode: AB12", "member code is AB12", "member code (yours): AB12",
        "会员码：AB12",
        "您的会员码是AB12", "<memberCode>AB12</memberCode>", "<td>会员码</td><td>AB12</td>", "member code\tAB12",
        'name="member_code" value="AB12"', "member code #AB12", "[member code] => AB12", "会员码：\nAB12",
            "ｍember code：ＡＢ１２",
        r'{\"member_code\":\"AB12\"}',
    ],
)  # fmt: skip
def test_a_value_behind_its_label_is_found(text: str) -> None:
    assert [value.replace("ＡＢ１２", "AB12") for value in values(text_part(text))] == ["AB12"]


@pytest.mark.parametrize(
    "text",
    ["AB12", "member AB12", "member codes: AB12", "remember code: AB12", "member code AB12", "code: AB12",
        "member code: ab12",
     "会员码 AB12", "member code: see AB12", "会员码：\n\n\nAB12"],
)  # fmt: skip
def test_without_the_label_or_its_mark_there_is_nothing(text: str) -> None:
    assert values(text_part(text)) == []


def test_a_loose_label_needs_no_mark() -> None:
    assert [values(text_part(text)) for text in ("会员码ABC123", "会员码 ABC123", "会员码\nABC123")] == [["ABC123"]] * 3


@pytest.mark.parametrize(
    "column",
    [
        "member code",
        "Member_Code",
        "memberCode",
        "MEMBERCODE",
        "our member-code",
        "会员码",
        "客户会员码（必填）",
        "会员码*",
        "Code",
        "CODE:",
    ],
)
def test_a_whole_cell_of_a_column_so_named_is_found(column: str) -> None:
    part = table([["AB12", "EF56"], ["CD34", "GH78"], ["see CD34", ""]], (column, "other"))
    assert values(part) == ["AB12", "CD34"]


@pytest.mark.parametrize("column", ["codes", "encode", "zip code", "member code note", "会员码说明", "", "other"])
def test_a_column_of_another_name_is_not(column: str) -> None:
    assert values(table([["AB12", "x"]], (column, "y"))) == []


def test_a_field_so_named_is_found_and_counted_once() -> None:
    part = objects({"member_code": "AB12", "code": " CD34 ", "note": "EF56", "inner": {"code": "GH78"}})
    assert values(part) == ["AB12", "CD34", "GH78"]


def test_cells_in_look_alikes_are_reported_where_they_stand() -> None:
    part = table([["x\u200b", "Ａ\u200bＢ１２"], ["", "“CD34”"]], ("note", "会员码"))
    found = look(part, detectors=(CODE,))
    assert [one.value.reveal() for one in found] == ["Ａ\u200bＢ１２", "CD34"]
    assert [part.text[one.start : one.end] for one in found] == ["Ａ\u200bＢ１２", "CD34"]


def test_why_names_the_words_and_context_has_the_last_word() -> None:
    (one,) = look(objects({"code": "AB12"}), detectors=(CODE,))
    assert one.confidence == Confidence.HIGH
    assert one.why == ("field or column member code, 会员码, code: high",)
    (one,) = look(objects({"archive_member_code": "AB12"}), detectors=(CODE,))
    assert one.confidence == Confidence.LOW
    assert one.why[-1] == "near archive (field-name): low"


def test_a_check_of_a_named_value_holds_for_it_alone() -> None:
    detector = compile_detector(
        DetectorSpec(
            name="d",
            kind="d",
            named=(Named("[0-9]+", ("member no",), checks=("luhn",)), Named("[0-9]+", ("staff no",))),
        )
    )
    parts = text_part("member no: 79927398713, member no: 79927398710, staff no: 79927398710")
    assert [one.value.reveal() for one in look(parts, detectors=(detector,))] == ["79927398713", "79927398710"]
    with pytest.raises(ValueError, match="no check is named"):
        compile_detector(DetectorSpec(name="d", kind="d", named=(Named("x", ("y",), checks=("z",)),)))


def test_the_end_of_a_name_is_told_from_however_it_is_written() -> None:
    ends = ends_of(STANDARD_DETECTORS)
    names = {name for one in STANDARD_DETECTORS for named in one.spec.named for name in (*named.labels, *named.fields)}
    assert len(names) > 300
    ways = ("{}", "receiver_{}", "{} *:", "{}（必填）", "{} [x]:", "{}.", "{}\u3000", "{}：")
    missed = [
        way.format(name)
        for plain in names
        for name in (plain, plain.upper(), plain.title(), *written([plain]))
        for way in ways
        if not may_end(end_of(way.format(name)), ends)
    ]
    assert missed == []


def test_names_that_end_like_none_are_not_looked_at() -> None:
    ends = ends_of(STANDARD_DETECTORS)
    assert not may_end("A_class_can_only_extend_a_single_class_1174", ends)
    assert not may_end("", ends)


@pytest.mark.parametrize("name", ["司马洋怡", "上官帆明", "尉迟华雨", "易琳丽", "乔国", "康凯燕", "王伟"])
def test_any_surname_beside_a_mobile_is_a_person(name: str) -> None:
    found = look(text_part(f"{name},13184768709"), detectors=(standard("name"),))
    assert [one.value.reveal() for one in found] == [name]


@pytest.mark.parametrize("word", ["车主", "安保", "房东", "水果店", "文件", "商家"])
def test_words_that_begin_like_a_surname_are_nobody(word: str) -> None:
    assert look(text_part(f"{word},13184768709"), detectors=(standard("name"),)) == ()
