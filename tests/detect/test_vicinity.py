"""Customers in free text: lines, items, blocks, and what stands beside them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.group import COLUMNS_APART, group
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import CELL, Part, Unit
from dlp_proxy.model.record import RecordSpec
from tests.detect.made import CONTACT, ORDERED, found
from tests.detect.shapes import text_part


def in_parts(*parts: Part, spec: RecordSpec = CONTACT, only: str = "paeo") -> list[str]:
    """Return each record as its values and, behind a comma, what stands beside it. Words of other letters are noise."""
    findings = []
    for number, part in enumerate(parts):
        findings += [one for one in found(part.text, number) if one.kind in only]
    words = [one.value.reveal() for one in findings]
    return [
        " ".join(words[index] for index in one.findings) + "".join(f", {words[index]}" for index in one.beside)
        for one in group(parts, findings, spec, Confidence.MEDIUM)
    ]


def read(text: str, spec: RecordSpec = CONTACT) -> list[str]:
    return in_parts(text_part(text), spec=spec)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p1 a1\np2 a2", ["p1 a1", "p2 a2"]),
        ("a1\np1\nname\na2\np2\nname", ["a1 p1", "a2 p2"]),
        ("p1 a1\n\ne2 a2", ["p1 a1", "e2 a2"]),
        ("p1\na1\n\ne2\na2", ["p1 a1", "e2 a2"]),
        ("p1\na1\n \t\ne2\no2\na2", ["p1 a1", "e2 a2"]),
        ("> p1\n> a1\n>\n> e2\n> a2", ["p1 a1", "e2 a2"]),
        ("p1\na1\n---\ne2\na2", ["p1 a1", "e2 a2"]),
        ("1. p1\na1\n2. e2\na2", ["p1 a1", "e2 a2"]),
        ("(1) p1\na1\n(2) e2\na2", ["p1 a1", "e2 a2"]),
        ("客户1： p1\na1\n客户2： e2\na2", ["p1 a1", "e2 a2"]),
        ("Customer #1\np1\na1\nCustomer #2\ne2\na2", ["p1 a1", "e2 a2"]),
        ("p1\na1\nsome words\ne2\na2", ["p1 a1", "e2 a2"]),
        ("p1 a1\ne1", ["p1 a1, e1"]),
        ("p1 a1\np2", ["p1 a1, p2"]),
        ("p1 a1\np2\np3\np4", ["p1 a1, p2, p3"]),
        ("p1 a1\n\np2", ["p1 a1"]),
        ("p1 a1\n2. p2", ["p1 a1"]),
        ("e0\np1 a1", ["p1 a1, e0"]),
        ("p1 a1\nwords\ne2\np2 a2", ["p1 a1", "p2 a2, e2"]),
        ("p1\np2\np3\np4\na1", ["p1", "p2", "p3", "p4 a1"]),
        ("p1\np2\np3\na1", ["p1 p2 p3 a1"]),
        ("p1 a1 p2\na2 p3 a3", ["p1 a1", "p2 a2", "p3 a3"]),
        ("p1 p2 p3 p4 p5\na1 a2 a3 a4 a5", ["p1 a1", "p2 a2", "p3 a3", "p4 a4", "p5 a5"]),
    ],
)
def test_contacts(text: str, expected: list[str]) -> None:
    got = read(text)
    assert (len(got), sorted(" ".join(got).split())) == (len(expected), sorted(" ".join(expected).split()))
    if len(expected) <= 3:  # in long lists it is the number that counts
        assert got == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("o1\np1 a1\np2 a2\np3 a3", ["o1 p1 a1"]),
        ("o1 p1\np2 a2\no3 p3", ["o1 p1", "o3 p3"]),
        ("o1 e1\np1 a1\no2 e2\np2 a2", ["o1 e1, p1, a1", "o2 e2, p2, a2"]),
        ("p1 a1\no1 e1\np2 a2\no2 e2", ["o1 e1, p1, a1", "o2 e2, p2, a2"]),
        ("o1 o2 p1", ["o1 o2 p1"]),
        ("o1 o2 p1 p2", ["o1 p1", "o2 p2"]),
        ("o1\no2\np1\np2", ["o1 p1", "o2 p2"]),
    ],
)
def test_orders(text: str, expected: list[str]) -> None:
    assert read(text, ORDERED) == expected


def row(*cells: str) -> Part:
    text = CELL.join(cells)
    return Part(Location("body"), text, (Unit(0, len(text), "row", "row 1"),))


@pytest.mark.parametrize(
    ("cells", "spec", "expected"),
    [
        ("o1 p1 o2 p2 o3 p3", ORDERED, ["o1 p1", "o2 p2", "o3 p3"]),
        ("o1 o2 p1 p2", ORDERED, ["o1 p1", "o2 p2"]),
        ("o1 p1 p2 a1 a2", ORDERED, ["o1 p1 p2 a1 a2"]),
        ("p1 p2 a1 a2", CONTACT, ["p1 p2 a1 a2"]),
        ("p1 a1 p2 a2", CONTACT, ["p1 a1", "p2 a2"]),
        ("p1 a1 e1 e2", CONTACT, ["p1 a1 e1 e2"]),
        ("p1 a1 e2 a2 p3 a3 e4 a4 p5 a5", CONTACT, ["p1 a1 e2", "a2 p3", "a3 e4", "a4 p5"]),
    ],
)
def test_rows(cells: str, spec: RecordSpec, expected: list[str]) -> None:
    assert in_parts(row(*cells.split()), spec=spec) == expected


def rows(*lines: str) -> Part:
    text = "\n".join(lines)
    units: list[Unit] = []
    for line in lines:
        start = units[-1].end + 1 if units else 0
        units.append(Unit(start, start + len(line), "row", "row"))
    return Part(Location("body"), text, tuple(units))


def test_what_a_list_in_a_row_leaves_over_goes_on_in_the_next() -> None:
    part = rows("p1\ta1\tp2\ta2\tp3", "a3\tp4\ta4\tp5\ta5")
    assert in_parts(part) == ["p1 a1", "p2 a2", "p3 a5", "a3 p4", "a4 p5"]


def test_rows_that_are_whole_together_are_no_columns() -> None:
    lines = ("o1", "e1", "o2", "e2", "o3", "e3", "o4", "e4", "o5", "p5")
    assert in_parts(rows(*lines), spec=ORDERED) == ["o1 e1", "o2 e2", "o3 e3", "o4 e4", "o5 p5"]


def test_many_phones_above_one_address_are_customers_as_far_as_the_window_reaches() -> None:
    phones = [f"p{n:08}" for n in range(60)]
    assert len(read("\n".join([*phones, "a1"]))) == 30


def test_of_two_detectors_for_one_value_the_one_that_must_be_there_stands() -> None:
    order, phone = found("o1 p1")
    other = order._replace(detector="e", kind="e")
    assert len(group([text_part("o1 p1")], [other, order, phone], ORDERED, Confidence.MEDIUM)) == 1


def test_columns_in_two_parts_are_a_list_from_ten_on() -> None:
    assert COLUMNS_APART == 10
    for count, expected in ((9, 0), (10, 10)):
        parts = [text_part("\n".join(f"{kind}{n}" for n in range(count))) for kind in "op"]
        assert len(in_parts(*parts, spec=ORDERED)) == expected


def test_a_masked_number_is_nobody() -> None:
    findings = found("p1 a1")
    masked = [findings[0]._replace(kind="masked-phone"), findings[1]]
    assert len(group([text_part("p1 a1")], findings, CONTACT, Confidence.MEDIUM)) == 1
    assert group([text_part("p1 a1")], masked, CONTACT, Confidence.MEDIUM) == ()


def test_one_value_that_two_detectors_found_is_one_way_to_reach_somebody() -> None:
    (one,) = found("p1")
    other = one._replace(detector="e")
    assert group([text_part("p1")], [one, other], CONTACT, Confidence.MEDIUM) == ()
    assert len(group([text_part("p1")], [one, other._replace(fingerprint=b"e1")], CONTACT, Confidence.MEDIUM)) == 1


LINES = st.lists(st.lists(st.sampled_from("paeo\n"), max_size=6).map(lambda kinds: kinds), min_size=1, max_size=8)


@settings(max_examples=400, deadline=None)
@given(lines=LINES, ordered=st.booleans())
def test_text_never_hides_a_line_that_is_complete(lines: list[list[str]], *, ordered: bool) -> None:
    # All values differ: then nothing that stands around it may take a customer's line away.
    number = iter(range(1000))
    text = "\n".join(" ".join(kind if kind == "\n" else f"{kind}{next(number)}" for kind in line) for line in lines)
    spec = ORDERED if ordered else CONTACT
    got = read(text, spec)
    kinds = [{word[0] for word in line.split()} for line in text.split("\n")]
    whole = [each for each in kinds if ("o" in each and len(each) > 1 if ordered else len(each - {"o"}) > 1)]
    assert len(got) >= len(whole)
    values = " ".join(got).replace(",", "").split()
    assert len(values) == len(set(values))


def test_a_reading_that_cuts_a_line_apart_gives_way_only_where_the_other_leaves_less() -> None:
    assert read("p4\n1. p1 e2 a1 a1 p1") == ["p1 e2 a1 a1 p1"]
    assert read("p1 p1\n\nwords\na1 p1 p4") == ["p1 p1 a1 p1, p4"]
