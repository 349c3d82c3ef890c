"""The text of a document that nobody has laid out: the same text, the same findings, and less work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import LatePart, Part
from dlp_proxy.pipeline import Engine
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.formats.json import is_document
from dlp_proxy.unpack.sketch import sketch
from dlp_proxy.unpack.unpack import unpack
from tests.pipeline.test_scenarios import make_engine
from tests.unpack.samples import message

VALUES = (
    "13800138000", "138 0013 8000", 13800138000, "１３８００１３８０００", "北京市朝阳区建国路88号",
    "SO-20260115-004217", "a@b.example", "11010519491231002X", "9fK2-xQ7!mZp4", "corp confidential source", "password",
    "plain words", "138", "0013", "8000", 3.25, -0.0, 1e300, float("nan"), float("inf"), True, None, "", " ", ",", ":",
    "a: b, c", "{", "[x]", '{"phone":13800138000}', ' [1, "13800138000"]', "}, {", "N", "x" * 41, "y" * 501,
    "one\ntwo\n" * 8, "a\tb", "\u2028", "MTM4MDAxMzgwMDA=",
)  # fmt: skip
NAMES = ("phone", "password", "密码", "13800138000", "x", "地址", ":", "", "a,b", "{", "receiver", "orderNo")

documents = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=14,
)
written = st.builds(
    lambda document, ascii_only, layout: json.dumps(document, ensure_ascii=ascii_only, **layout),
    documents,
    st.booleans(),
    st.sampled_from(({}, {"separators": (",", ":")}, {"indent": 2}, {"separators": (" ,\t", "\r\n: ")})),
)


def laid_out(text: str) -> Part | None:
    """Return the part that laying a document out gives; None where there is more than that, or none."""
    rendering = tree.Rendering(Location("body"), LIMITS)
    rendering.add(tree.DECODER.decode(text), tree.ROOT)
    found = list(rendering.finish())
    return found[0] if len(found) == 1 and isinstance(found[0], Part) else None


def parses(text: str) -> bool:
    try:
        tree.DECODER.decode(text)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(written, st.lists(st.tuples(st.integers(0, 400), st.sampled_from('{}[]",:\\ 01.eE+-\n\0tué\ud800')), max_size=4))
def test_what_is_passed_over_as_a_document_parses_as_one(text: str, changes: list[tuple[int, str]]) -> None:
    for at, sign in changes:
        text = text[:at] + sign + text[at + 1 :]
    assert parses(text) or not is_document(text)


@pytest.mark.parametrize(
    "text", ["[" * 90_000 + "]" * 90_000, '{"a":1}{"b":2}', "[1,]", "[01]", '["\\ud800\\x"]', "[nan]", ""]
)
def test_what_is_no_document_or_too_deep_is_not_passed_over(text: str) -> None:
    assert not is_document(text)


def test_a_document_is_told_without_being_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "DECODER", None)
    assert unpack(message(json.dumps({"a": [1, "x"]}).encode()), LIMITS).parts


@settings(max_examples=500, deadline=None)
@given(written)
def test_it_is_what_laying_out_would_write(text: str) -> None:
    drawn = sketch(text)
    if drawn is None:
        return
    part = laid_out(text)
    assert drawn.text == (part.text if part else "")
    assert drawn.names >= (part.names if part else set())


@pytest.mark.parametrize(
    "text",
    [
        "[]", "{}", "[{}]", "[[]]", '{"a":{}}', '{"a":[],"b":[{}],"c":1}', '[1,{},[2],{"a":[]},"x"]',
        '{"a":{"b":{"c":{}}},"d":2}', '{"a":1,"a":2}', '[{"a":NaN},{"a":-Infinity}]', '{"a":"}","b":"],"}',
        ' \t{ "a" : [ "b" , "c" ] , "d" : null }\r\n', '{":":1,"b":":"}', '{"a":[{"b":[{"c":1},2]},3]}',
    ],
)  # fmt: skip
def test_small_documents(text: str) -> None:
    part, drawn = laid_out(text), sketch(text)
    assert drawn is None or drawn.text == (part.text if part else "")
    assert (drawn is None) == ("[[" in text or ",[" in text), "only a list in a list is left to others here"


@pytest.mark.parametrize(
    "text",
    [
        r'{"a":"\u0031"}', '"text"', "12", r'{"a":"{\"b\":1}"}', '{"a":" [1,2,3,4,5]"}', "[" * 60 + "]" * 60,
        '{"a":"' + "x" * 501 + '"}',
    ],
)  # fmt: skip
def test_what_is_left_to_laying_out(text: str) -> None:
    assert sketch(text) is None


@cache
def the_engine() -> Engine:
    return make_engine()


@cache
def together() -> DetectorSet:
    """Return a few detectors with their gate: that of all of them takes a minute to compile."""
    few = {"phone-cn", "order-number", "address-cn", "name", "email"}
    return DetectorSet([one for one in the_engine().policy.detectors if one.spec.name in few], fast=True)


def late_part(text: str, asked: list[str]) -> LatePart | None:
    """Return the part of a document as it is unpacked; None where it was laid out. `asked` is told when it is."""
    parts = unpack(message(text.encode(), headers={"Content-Type": "application/json"}), LIMITS).parts
    part = next((one for one in parts if isinstance(one, LatePart)), None)
    if part is None:
        return None

    def lay_out() -> Part:
        asked.append(text)
        return Part(part.location, part.text, part.units, part.fields)

    return LatePart(part.location, part.text, part.names, lay_out)


def seen_in(part: Part, detectors: Sequence[Detector]) -> tuple[list[tuple[object, ...]], tuple[Gap, ...]]:
    found, gaps = scan((part,), detectors, the_engine().fingerprint, LIMITS)
    return [(one.detector, one.start, one.end, one.fingerprint, one.confidence, one.location) for one in found], gaps


@settings(max_examples=200, deadline=None)
@given(written)
def test_the_same_is_found_in_it(text: str) -> None:
    late, part = late_part(text, []), laid_out(text)
    if part is None or late is None:
        return
    bare = tuple(together())
    expected = seen_in(part, bare)
    assert seen_in(late, bare) == expected
    again = late_part(text, [])
    assert again is not None
    assert seen_in(again, together()) == expected
    assert (late.units, late.fields) == (part.units, part.fields)


def test_ordinary_documents_are_not_laid_out() -> None:
    item = {"id": 1234567, "price": 1.25, "created": "2026-01-02T08:15:00Z", "title": "new order of a customer"}
    asked: list[str] = []
    part = late_part(json.dumps({"items": [item] * 40}), asked)
    assert part is not None
    assert seen_in(part, together()) == ([], ())
    assert asked == []
    assert len(part.units) == 41
    assert len(asked) == 1


def test_another_layout_is_no_layout() -> None:
    part = LatePart(Location("body"), "a: 1\n", frozenset({"a"}), lambda: Part(Location("body"), "a: 2\n"))
    with pytest.raises(ValueError, match="another"):
        assert part.units


def test_an_index_of_very_many_names_is_not_laid_out() -> None:
    with pytest.raises(tree.TooMany):
        sketch(json.dumps(dict.fromkeys(map(str, range(250_001)), 0)))
    assert sketch(json.dumps([{"phone": number} for number in range(1000)])) is not None


@pytest.mark.parametrize("size", [499, 500, 501, 740, 751])
def test_a_string_is_long_wherever_it_begins(size: int) -> None:
    for before in range(0, 501, 7):
        document = json.dumps([before * "a", size * "b", "c"], separators=(",", ":"))
        assert (sketch(document) is None) == (max(before, size) > 500), before
