from __future__ import annotations

import pytest

from tests.samples.customers import customers
from tests.samples.tools import edifact
from tests.unpack.customers import reasons
from tests.unpack.samples import text_of, unpack_body

SOME = customers(60)


@pytest.mark.parametrize("signs", [":+.? '", "|^,\\ ~"])
def test_a_message_is_a_customer(signs: str) -> None:
    unpacked = unpack_body(edifact(SOME, signs).encode())
    (part,) = [part for part in unpacked.parts if part.units]
    assert (unpacked.content, len(part.units)) == ("edifact", len(SOME))
    for one, unit in zip(SOME, part.units, strict=True):
        said = part.text[unit.start : unit.end]
        assert f"phone: +86 {one.phone}\n" in said
        assert f"email: {one.email}\n" in said
        assert f"name: {one.name}\n" in said
        assert f"address: {one.address}\n" in said


def test_without_a_una_the_usual_signs_hold() -> None:
    text = edifact(SOME).partition("\n")[2]
    assert unpack_body(text.replace("\n", "").encode()).content == "edifact"


def test_an_address_is_written_as_its_country_does() -> None:
    text = (
        "UNB+UNOC:3+A+B'UNH+1+ORDERS:D:96A:UN'"
        "NAD+DP+++Ann Lee+12 Oak St:Apt 4+Austin+TX+78701+US'"
        "NAD+DP+++Max Weber+Hauptstr. 5+Berlin++10115+DE'UNT+2+1'"
    )
    said = text_of(unpack_body(text.encode()))
    assert "address: 12 Oak St Apt 4, Austin, TX 78701" in said
    assert "address: Hauptstr. 5, 10115 Berlin" in said


def test_released_signs_are_signs() -> None:
    said = text_of(unpack_body(b"UNB+UNOC:3+A+B'UNH+1+X'NAD+CN+++O?'Neil ?+ Sons ?: Co??+Road 1+Town++1+IE'UNT+2+1'"))
    assert "name: O'Neil + Sons : Co?\n" in said


def test_hostile_messages() -> None:
    for text in ("UNB+", "UNB+" + "'" * 50_000, "UNA:+.? '", "UNH+" + "?" * 20_001, "UNH+1'NAD'COM'CTA'RFF'UNT'"):
        assert "failed" not in reasons(text.encode())
