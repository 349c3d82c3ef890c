"""Whatever text comes in whatever layout: no exception, no limit passed, offsets inside the text, findings in order."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import CELL, Field, Part, Unit
from tests.fuzz.holds import DETECTORS, scanned, unpacked
from tests.quality.case import cases, unmarked
from tests.quality.families import FAMILIES
from tests.unpack.samples import message

FUZZ: Final = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
BODY: Final = Location("body")
PIECES: Final = (
    *"0123456789０１①𝟙⑴１٣一三八〇幺壹",
    *"+-.()（） \t\n\r\u00a0\u200b\u202e\u0301\u20e3\x00\x85\u2028\ud800/#*:：,，;\"'\\<>{}[]&%=@_",
    *("13800138000", "+86", "0086", "转", "010-", "400-", "电话", "收货人", "地址", "phone", "order no.", "tracking"),
    *(
        "北京市",
        "朝阳区",
        "建国路",
        "88号",
        "3栋",
        "2单元",
        "1501室",
        "镇",
        "村",
        "香港",
        "九龍",
        "台北市",
        "段",
        "巷",
        "樓",
    ),
    *("12 Oak Street", "Apt 4", "Austin", ", TX ", "78701", "P.O. Box 9", "SW1A 1AA", "straße 5", "10115 Berlin"),
    *("bob@shop.example", "11010519491231002X", "4111111111111111", "DE89370400440532013000", "SF1234567890123"),
    *("-----BEGIN PRIVATE KEY-----", "AKIA", "password = ", "MTM4MDAxMzgwMDA=", "%31%33", "\\u0031", "&#x31;", "=31"),
)
TEXT: Final = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(max_size=200),
    st.text(st.sampled_from("0123456789 -+.()"), max_size=120),
)


def _sample(number: int) -> str:
    family = FAMILIES[number % len(FAMILIES)]
    return unmarked(family.make(Random(number)))


SAMPLE: Final = st.integers(0, 10**6).map(_sample)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draw a text of the quality suite with pieces put in, taken out, doubled and swapped."""
    text = draw(SAMPLE)
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(st.sampled_from(PIECES))
        text = draw(
            st.sampled_from(
                (
                    text[:start] + piece + text[start:],
                    text[:start] + text[end:],
                    text[:end] + text[start:],
                    text[:start] + text[start:end][::-1] + text[end:],
                )
            )
        )
    return text


@st.composite
def laid_out(draw: st.DrawFn) -> Part:
    """Draw a part with rows below columns, or with an object and its fields."""
    cells = draw(st.lists(st.one_of(TEXT, SAMPLE), min_size=1, max_size=6))
    name = st.sampled_from(("phone", "收货人", "address", "order_id", "", "x" * 300, "\ud800", "name\n"))
    if draw(st.booleans()):
        wide = draw(st.integers(1, 3))
        lines = [CELL.join(cells[at : at + wide]) + "\n" for at in range(0, len(cells), wide)]
        units, at = [], 0
        for number, line in enumerate(lines):
            units.append(Unit(at, at + len(line), "row", f"row {number}"))
            at += len(line)
        columns = tuple(draw(st.lists(name, max_size=4)))
        return Part(BODY, "".join(lines), tuple(units), (), columns)
    text, fields = "", []
    for cell in cells:
        label = draw(name)
        text += f"{label}: "
        if cell:
            fields.append(Field(len(text), len(text) + len(cell), label))
        text += f"{cell}\n"
    return Part(BODY, text, (Unit(0, len(text), draw(st.sampled_from(("object", "form"))), "$"),), tuple(fields))


@given(st.one_of(TEXT, damaged()))
@example("000000000054205[u0")  # a class of signs that went from Z to a
@example("+860MTM4MDAxMzgwMDA=")  # a readable stretch that begins inside a sign
@example("Tel.11010519491231002X : +62 819 938 228")  # a reading that changed nothing was read again and again
@FUZZ
def test_no_text_raises(text: str) -> None:
    scanned([Part(BODY, text)])


@given(st.lists(laid_out(), max_size=3))
@FUZZ
def test_no_layout_raises(parts: list[Part]) -> None:
    scanned(parts)


@given(st.lists(damaged(), min_size=1, max_size=4), st.integers(0, 5))
@settings(FUZZ, max_examples=150)
def test_no_more_findings_are_kept_than_the_limit(texts: list[str], most: int) -> None:
    findings = scanned([Part(BODY, text) for text in texts], replace(LIMITS, findings=most))
    everything = scanned([Part(BODY, text) for text in texts])
    assert findings == everything[: len(findings)]
    assert len(findings) == min(most, len(everything))


@given(damaged(), TEXT)
@settings(FUZZ, max_examples=150)
def test_the_same_text_has_the_same_findings_whatever_stands_in_other_parts(text: str, other: str) -> None:
    alone = scanned([Part(BODY, text)])
    assert scanned([Part(BODY, text), Part(BODY, other)])[: len(alone)] == alone


@given(damaged())
@settings(FUZZ, max_examples=150)
def test_every_candidate_says_what_became_of_it(text: str) -> None:
    for detector in DETECTORS:
        for one in find_in_text(text, detector):
            assert 0 <= one.start <= one.end <= len(text)
            assert one.value == text[one.start : one.end]
            assert one.dropped or one.why


def _any_json() -> st.SearchStrategy[Any]:
    leaves = st.one_of(TEXT, SAMPLE, st.integers(), st.floats(), st.booleans(), st.none())
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
    )


@given(_any_json(), st.sampled_from(("application/json", "text/csv", "text/plain", "")))
@FUZZ
def test_no_document_raises(document: Any, label: str) -> None:
    unpacked(message(json.dumps(document).encode(), headers={"Content-Type": label} if label else None))


def test_the_suite_holds_as_it_is() -> None:
    texts = [one.text for family in FAMILIES for one in cases(family, 2, "fuzz")]
    assert len(texts) > 300
    assert len(scanned([Part(BODY, text) for text in texts])) > 150
