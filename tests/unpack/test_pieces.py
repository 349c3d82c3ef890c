"""Values of one width that look like pieces of something and are none."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.model.location import Location
from dlp_proxy.unpack.pieces import in_json, joined

BODY = Location("body")
SIGNS = st.text("AZaz09+/-_", min_size=6, max_size=10)
VALUES = st.lists(st.builds("{}{}".format, SIGNS, st.sampled_from(("", "=", "=="))), min_size=20, max_size=60)


def digests(name: str, count: int) -> list[str]:
    return [base64.b64encode(hashlib.new(name, str(number).encode()).digest()).decode() for number in range(count)]


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha512"])
def test_digests_are_no_pieces(name: str) -> None:
    """Each of these is padded by itself: `integrity` of a package-lock.json."""
    assert list(in_json(json.dumps(digests(name, 50)), BODY)) == []
    assert list(joined(digests(name, 50), BODY)) == []


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_whatever_stands_there_raises_nothing(values: list[str]) -> None:
    list(joined(values, BODY))
    list(in_json(json.dumps(values), BODY))


def test_words_are_no_pieces_and_a_text_in_pieces_is_one() -> None:
    text = base64.b64encode(b"order,phone\n" * 2 + bytes(range(65, 91)) * 12).decode()
    cut = [text[at : at + 12] for at in range(0, len(text), 12)]
    assert [base64.b64decode(one.data)[:11] for one in in_json(json.dumps(cut), BODY)] == [b"order,phone"]
    assert list(in_json(json.dumps([*["customer", "shipping", "purchase"] * 40]), BODY)) == []
