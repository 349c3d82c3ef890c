"""From a value as written to the value that is counted."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.normalise import NORMALISERS, normalise

CASES = [
    ("nfkc", "ＡＢ１", "AB1"),
    ("nfkc", "AB1", "AB1"),
    ("lower", "Bob@Shop", "bob@shop"),
    ("digits-only", "+86 (138)-0013a", "861380013"),
    ("strip-spaces", " a\tb\u3000c\n", "abc"),
    ("strip-punctuation", "北京，(1)-2+号。", "北京12号"),
    ("phone-cn", "8613800138000", "13800138000"),
    ("phone-cn", "008613800138000", "13800138000"),
    ("phone-cn", "+8613800138000", "13800138000"),
    ("phone-cn", "13800138000", "13800138000"),
    ("phone-cn", "86138001380001", "86138001380001"),
    ("phone-cn", "8623800138000", "8623800138000"),
]


@pytest.mark.parametrize(("name", "value", "expected"), CASES)
def test_each_normaliser_does_its_one_thing(name: str, value: str, expected: str) -> None:
    assert normalise(value, (name,)) == expected


def test_every_normaliser_has_a_case() -> None:
    assert {name for name, _, _ in CASES} == set(NORMALISERS)


def test_they_run_in_the_order_given() -> None:
    assert normalise("（+86）138 0013 8000", ("nfkc", "digits-only", "phone-cn")) == "13800138000"
    assert normalise("+86 138 0013 8000", ("phone-cn", "digits-only")) == "8613800138000"
    assert normalise("A b", ()) == "A b"
