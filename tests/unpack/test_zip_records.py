"""A quick look for records never says no where one is."""

from __future__ import annotations

import random

import pytest

from dlp_proxy.unpack.zip_records import shows_record

STRIDE = 256 * 1024


@pytest.mark.parametrize("mark", [b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"])
@pytest.mark.parametrize("place", [0, 1, STRIDE - 4, STRIDE - 3, STRIDE - 2, STRIDE - 1, STRIDE, STRIDE + 1, -4])
def test_a_record_is_seen_at_any_place(mark: bytes, place: int) -> None:
    data = bytearray(b"P" * 3 + b"K" * (STRIDE + 7))
    at = place % len(data)
    data[at : at + 4] = mark
    assert shows_record(bytes(data))


@pytest.mark.parametrize("data", [b"", b"P", b"PK", b"PK\x03", b"PK\x07\x08", b"KP\x03\x04" * 9])
def test_without_a_record_it_says_so(data: bytes) -> None:
    assert not shows_record(data)


def test_chance_seldom_shows_one() -> None:
    noise = random.Random(2).randbytes(4 * STRIDE)
    assert noise.count(b"PK") > 5
    assert not shows_record(noise)


def test_what_is_full_of_the_letters_is_left_to_the_closer_look() -> None:
    assert shows_record(b"PK" * 1000)
