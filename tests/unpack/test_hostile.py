"""Bodies made to cost much or to hide something. Each would run for minutes, or raise, if its defence were gone."""

from __future__ import annotations

import json
import pickle
import struct

import pytest

from tests.unpack.samples import TABLE, gaps_of, text_of, tight, unpack_body

FORM = "multipart/form-data; boundary=B"


def deep(levels: int, opening: str, closing: str) -> bytes:
    return (opening * levels + '"13800138000"' + closing * levels).encode()


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
@pytest.mark.parametrize("levels", [1_000, 100_000])
def test_json_nested_too_deep_is_a_gap_and_plain_text(opening: str, closing: str, levels: int) -> None:
    unpacked = unpack_body(deep(levels, opening, closing), "application/json")
    assert gaps_of(unpacked) == [("too-deep", "body")]
    assert unpacked.content == "text"
    assert "13800138000" in text_of(unpacked)


def test_json_nested_deep_is_read() -> None:
    unpacked = unpack_body(deep(90, '[{"a":', "}]"))
    assert gaps_of(unpacked) == []
    assert len(unpacked.parts[0].units) == 90


def test_json_in_json_strings_is_opened_to_the_limit_of_depth() -> None:
    body = '{"phone":"13800138000"}'
    for _ in range(5):
        body = json.dumps({"in": body})
    unpacked = unpack_body(body.encode(), limits=tight(depth=3))
    assert gaps_of(unpacked) == [("too-deep", "body")]
    assert "13800138000" in text_of(unpacked)


def test_a_long_key_over_many_items_is_written_once() -> None:
    body = json.dumps({"k" * 10_000: [1] * 10_000}).encode()
    assert len(text_of(unpack_body(body))) < 3 * len(body)


def test_labels_of_deep_objects_stay_short() -> None:
    body = ('{"' + "k" * 300 + '":') * 150 + "1" + "}" * 150
    assert max(len(unit.label) for unit in unpack_body(body.encode()).parts[0].units) == 160


def test_a_number_of_a_million_digits_is_text() -> None:
    assert "9" * 1_000_000 in text_of(unpack_body(b"[" + b"9" * 1_000_000 + b"]"))


@pytest.mark.parametrize("body", [b"[" + b"1," * 300 + b"1]", b'{"a":1}\n' * 300, b'{"a":\n' * 300])
def test_json_with_too_many_values_is_a_gap_and_plain_text(body: bytes) -> None:
    unpacked = unpack_body(body, limits=tight(values=200))
    assert ("too-large", "body") in gaps_of(unpacked)
    assert text_of(unpacked).count("1") == body.count(b"1")


def test_a_table_with_too_many_rows_is_a_gap_and_plain_text() -> None:
    unpacked = unpack_body(b"a,b,13800138000\n" * 500, "text/csv", tight(values=200))
    assert (unpacked.content, gaps_of(unpacked)) == ("text", [("too-large", "body")])


def test_a_form_of_very_many_pairs_is_read() -> None:
    unpacked = unpack_body(b"a=%31&" * 400_000 + b"phone=1380013%38000", "application/x-www-form-urlencoded")
    assert unpacked.content == "form"
    assert "phone=13800138000" in text_of(unpacked)


def test_a_form_of_very_many_documents_is_read() -> None:
    unpacked = unpack_body(b"a={}&" * 19_000 + b'b={"p":"13800138000"}', "application/x-www-form-urlencoded")
    assert "13800138000" in text_of(unpacked)


@pytest.mark.parametrize("body", [b"--B" * 700_000, b"--B " * 500_000, b"--B\r" * 500_000, b"\n--" + b" " * 2_000_000])
def test_a_flood_of_boundaries_on_one_line(body: bytes) -> None:
    assert gaps_of(unpack_body(body, FORM)) in ([], [("malformed", "body")])


def test_a_flood_of_parts_is_a_gap() -> None:
    part = b'--B\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\n1\r\n'
    assert gaps_of(unpack_body(part * 300, FORM, tight(members=100)))[0] == ("too-large", "body")
    assert gaps_of(unpack_body(part * 300, FORM, tight(parts=100)))[0] == ("too-large", "body")


def test_a_flood_of_headers_in_a_part() -> None:
    unpacked = unpack_body(b"--B\r\n" + b"x: 13800138000\r\n" * 100_000 + b"\r\n1\r\n--B--", FORM)
    assert "13800138000" in text_of(unpacked)


def test_a_flood_of_magics() -> None:
    unpacked = unpack_body((b"PK\x03\x04" * 50_000) + (b"PK\x01\x02" * 50_000) + b"\x1f\x8b\x08" * 50_000)
    assert [gap.reason for gap in unpacked.gaps] != []


def test_a_flood_of_quotes_in_a_table() -> None:
    unpacked = unpack_body(b"a,b,c\n" + b'"' * 1_000_001 + b",1,2\n13800138000,1,2\n", "text/csv")
    assert "13800138000" in text_of(unpacked)


@pytest.mark.parametrize(
    "label", ["application/zip", "image/png", "text/plain", "application/pdf", "nonsense", "a/b;boundary="]
)
def test_a_label_never_hides_a_table(label: str) -> None:
    unpacked = unpack_body(TABLE.encode(), label)
    assert (unpacked.content, len(unpacked.parts[-1].units)) == ("csv", 2)


@pytest.mark.parametrize(("levels", "gaps"), [(200, []), (201, [("too-deep", "body")])])
def test_the_nesting_that_is_followed_does_not_depend_on_the_caller(levels: int, gaps: list[tuple[str, str]]) -> None:
    assert gaps_of(unpack_body(deep(levels, '{"a":', "}"))) == gaps


def test_many_long_values_do_not_become_as_many_parts() -> None:
    body = json.dumps([{"text": f"{number} call 13800138000 " * 30} for number in range(100)])
    unpacked = unpack_body(body.encode())
    assert str(unpacked.parts[-1].location) == "body > more texts"
    assert len(unpacked.parts) == 1 + 32 + 1
    assert "99 call 13800138000" in unpacked.parts[-1].text


@pytest.mark.parametrize(
    "body",
    [
        b"<mxfile><diagram>" + b" " * 300_000 + b"</mxfile>",
        b'a: "x' + b" " * 300_000 + b'y"\nb:\n  - c: d\n  - e: f\n',
        b"a:\n  " + b"\t!:" * 100_000 + b"\nb: c\n",
        bytes(33 + place % 90 for place in range(4200)) + b" " * 300_000 + b"x",
        b"x," + b"3," * 150_000 + b"3.9",
        b"=> \n" + b" " * 4_000 + b"Array\n",
    ],
)
def test_what_nearly_matches_is_read_in_time(body: bytes) -> None:
    assert unpack_body(body).content


HUGE = (1 << 20_000) - 1
"""A number of more digits than Python writes in decimal."""


@pytest.mark.parametrize(
    "body",
    [
        pickle.dumps({HUGE: "13711223344", "a": 1}, protocol=4),
        b"\xff\x0fo" + b"Z" + b"\xcc\x27" + HUGE.to_bytes(2500) + b'"\x0b13711223344{\1',
        b"\xa1\xc2\x59\x09\xc4" + HUGE.to_bytes(2500) + b"\x6b13711223344",
    ],
)
def test_a_huge_number_as_a_name_is_a_name(body: bytes) -> None:
    unpacked = unpack_body(body)
    assert "13711223344" in text_of(unpacked)
    assert [gap.reason for gap in unpacked.gaps if gap.reason == "failed"] == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("v8", b"\xff\x0fA\xad\x02" + b"_" * 300 + b'"\x0b13711223344$\0\xad\x02'),
        ("cbor", b"\x99\x01\x2d" + b"\0" * 300 + b"\x6b13711223344"),
        ("bencode", b"l" + b"i1e" * 300 + b"11:13711223344e"),
        ("bson", struct.pack("<I", 325) + b"\x0a\0" * 151 + b"\2\0\x0c\0\0\x0013711223344\0\0"),
    ],
)
def test_more_values_than_are_laid_out_are_a_gap_before_they_are_made(name: str, body: bytes) -> None:
    assert unpack_body(body).content == name
    unpacked = unpack_body(body, limits=tight(values=100))
    assert (unpacked.gaps[0].reason, unpacked.content == name) == ("too-large", False)
