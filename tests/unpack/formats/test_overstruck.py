from __future__ import annotations

import pytest

from tests.unpack.customers import SOME
from tests.unpack.samples import text_of, unpack_body

LINES = "\n".join(f"{one.name} {one.phone} {one.address}" for one in SOME)


@pytest.mark.parametrize(
    "strike",
    [
        lambda sign: f"{sign}\b{sign}",
        lambda sign: f"_\b{sign}",
        lambda sign: f"{sign}\b_",
        lambda sign: f"x\b{sign}",
        lambda sign: f"xy\b\b{sign}\b{sign}",
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_what_is_struck_twice_is_read_once(strike: object, charset: str) -> None:
    struck = "".join(sign if sign in "\n " else strike(sign) for sign in LINES)  # type: ignore[operator]
    unpacked = unpack_body(struck.encode(charset))
    text = text_of(unpacked)
    assert unpacked.content == "overstruck"
    assert all(f"{one.name} {one.phone} {one.address}" in text for one in SOME)


def test_a_line_that_was_corrected_says_what_was_left() -> None:
    assert "tel 13800138000" in text_of(unpack_body(b"tel 139\b00138\b\b\b\b\b800138000 typed\n"))


def test_binary_data_is_none() -> None:
    assert unpack_body(bytes(range(256)) * 40).content == "binary"


def test_letters_that_others_cover_are_read_too() -> None:
    assert "13711223344" in text_of(unpack_body("".join(f"{sign}\bx" for sign in "13711223344").encode() + b" seen\n"))
