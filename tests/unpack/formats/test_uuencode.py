from __future__ import annotations

import base64
import binascii
import gzip

import pytest

from tests.unpack.customers import COUNT, CSV, reasons, seen
from tests.unpack.samples import text_of, unpack_body

SIXES = b"".join(binascii.b2a_uu(CSV[at : at + 45]) for at in range(0, len(CSV), 45))


def yenc(data: bytes) -> bytes:
    turned = bytes((byte + 42) & 0xFF for byte in data)
    for byte in b"=\0\n\r":
        turned = turned.replace(bytes([byte]), bytes([0x3D, (byte + 64) & 0xFF]))
    lines = b"\r\n".join([b"=ybegin line=128 size=1 name=a.csv", turned, b"=yend size=1"])
    return b"Subject below\r\n" + lines


@pytest.mark.parametrize(
    "data",
    [
        b"Dear all\n\nbegin 644 a.csv\n" + SIXES + b"`\nend\n\nregards\n",
        b"#!/bin/sh\nbegin-base64 644 a.csv\n" + base64.encodebytes(CSV) + b"====\n",
        yenc(CSV),
    ],
)
def test_a_file_in_a_post_is_read(data: bytes) -> None:
    assert seen(data)[1:] == (COUNT, [])


def test_the_text_around_a_file_is_read() -> None:
    data = b"call 13800138000\nbegin 644 a\n" + SIXES + b"`\nend\nor 13900139000\n"
    assert {"13800138000", "13900139000"} <= set(text_of(unpack_body(data)).split())


def test_a_line_of_a_file_that_nobody_encoded_is_read() -> None:
    head, body = yenc(CSV).split(b"name=a.csv\r\n")
    data = head + b"name=a.csv\r\n" + b"call 13711223344 today\r\n" + body
    assert seen(data)[1:] == (COUNT, [])
    assert "13711223344" in text_of(unpack_body(data))


def test_a_file_without_an_end_is_a_gap() -> None:
    data = b"begin 644 a.csv\n" + SIXES
    assert seen(data)[1:] == (COUNT, ["malformed"])


def test_a_sentence_that_begins_so_is_text() -> None:
    assert unpack_body(b"The story\nbegin 755 years ago, call 13800138000").content == "text"
    assert reasons(b"begin 755 years ago\nsomewhere") == []


def _z85(data: bytes) -> bytes:
    git = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
    z85 = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    return base64.b85encode(data + bytes(-len(data) % 4)).translate(bytes.maketrans(git, z85))


@pytest.mark.parametrize(
    "data",
    [
        base64.a85encode(CSV),
        base64.a85encode(CSV, adobe=True, wrapcol=76),
        base64.b85encode(CSV),
        base64.b85encode(gzip.compress(CSV)),
        _z85(CSV),
    ],
)
def test_base85_is_read_in_each_of_its_alphabets(data: bytes) -> None:
    assert seen(data) == ("base85", COUNT, [])


@pytest.mark.parametrize("data", [base64.b85encode(bytes(range(256)) * 40), b"x" * 500, base64.b64encode(CSV)])
def test_what_decodes_to_nothing_is_no_base85(data: bytes) -> None:
    assert unpack_body(data).content == "text"


def test_an_archive_in_hexadecimal_digits_is_opened() -> None:
    assert seen(gzip.compress(CSV).hex().encode())[1:] == (COUNT, [])
