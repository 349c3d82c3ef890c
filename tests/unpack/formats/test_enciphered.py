from __future__ import annotations

import base64
import bz2
import random
import zlib

import pytest

from tests.unpack.customers import COUNT, CSV, SOME, reasons, seen
from tests.unpack.samples import text_of, unpack_body

NOISE = random.Random(5).randbytes(3000)


def packet(tag: int, body: bytes, *, partial: bool = False) -> bytes:
    head = bytes([0xC0 | tag])
    if partial:  # two pieces: 512 bytes, then the rest
        return head + bytes([224 + 9]) + body[:512] + b"\xff" + len(body[512:]).to_bytes(4) + body[512:]
    return head + b"\xff" + len(body).to_bytes(4) + body


def vault() -> bytes:
    digits = NOISE.hex()
    lines = [digits[at : at + 80] for at in range(0, len(digits), 80)]
    return "\n".join(["$ANSIBLE_VAULT;1.2;AES256;prod", *lines, ""]).encode()


LITERAL = packet(11, b"b\x08list.csv" + bytes(4) + CSV)


def armoured(data: bytes) -> bytes:
    lines = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return b"-----BEGIN PGP MESSAGE-----\r\nVersion: 1\r\n\r\n" + lines + b"=abcd\r\n-----END PGP MESSAGE-----\r\n"


@pytest.mark.parametrize(
    "message",
    [
        LITERAL,
        packet(11, b"b\x08list.csv" + bytes(4) + CSV, partial=True),
        packet(8, b"\1" + zlib.compress(LITERAL)[2:-4]),
        packet(8, b"\2" + zlib.compress(LITERAL)),
        b"\xa3\3" + bz2.compress(LITERAL),
        packet(4, b"\3" + bytes(12)) + LITERAL + packet(2, b"\4" + NOISE[:300]),
        armoured(packet(8, b"\2" + zlib.compress(LITERAL))),
    ],
)
def test_a_message_that_is_only_packed_or_signed_is_read(message: bytes) -> None:
    assert seen(message) == ("enciphered", COUNT, [])


@pytest.mark.parametrize(
    "message",
    [
        packet(3, b"\4\7\3\2" + NOISE[:9]) + packet(18, b"\1" + NOISE),
        packet(1, b"\3" + NOISE[:200]) + packet(18, b"\1" + NOISE, partial=True),
        armoured(packet(3, b"\4\7\3\2" + NOISE[:9]) + packet(18, b"\1" + NOISE)),
        b"Salted__" + NOISE,
        base64.encodebytes(b"Salted__" + NOISE),
        b"age-encryption.org/v1\n-> X25519 abc\n" + NOISE,
        b"-----BEGIN AGE ENCRYPTED FILE-----\n" + base64.encodebytes(NOISE),
        vault(),
    ],
)
def test_what_is_enciphered_is_a_gap(message: bytes) -> None:
    assert reasons(message) == ["encrypted"]


def test_what_stands_beside_a_vault_is_read() -> None:
    body = vault() + b"\n" + CSV
    assert (reasons(body), seen(body)[1]) == (["encrypted"], COUNT)


def test_other_data_is_no_message() -> None:
    for other in (
        NOISE,
        b"\xa7\x0d\x0d\x0a" + NOISE,
        b"\xcb\x0d\x0d\x0a" + NOISE,
        b"Salted__ fish",
        b"U2FsdGVkX1 is how it begins",
    ):
        assert unpack_body(other).content != "enciphered" or reasons(other) != ["encrypted"]
    assert "failed" not in reasons(packet(8, b"\1" + NOISE))
    assert "failed" not in reasons(armoured(NOISE)[:500])


def test_a_document_whose_first_byte_is_that_of_a_packed_packet_is_no_message() -> None:
    for second in range(4):
        body = bytes([0xA3, second]) + b"\0\0\2name\0\x0c\0\0\0" + NOISE[:500]
        assert unpack_body(body).content != "enciphered"


def test_what_an_armour_says_of_itself_is_read() -> None:
    message = armoured(LITERAL).replace(b"Version: 1", b"Comment: call 13711223344")
    assert "13711223344" in text_of(unpack_body(message))


@pytest.mark.parametrize("first", [b"\x87\3", b"\x87\2", b"\x8b\4", b"\x8f\3", b"\x93\3", b"\xab\x50"])
def test_a_table_behind_two_bytes_that_begin_a_packet_up_to_the_end_is_read(first: bytes) -> None:
    unpacked = unpack_body(first + b"\n" + CSV)
    assert sum(one.phone in text_of(unpacked) for one in SOME) == COUNT


def test_what_packets_hold_that_are_no_message_is_read() -> None:
    said = b"\4canary 13711223344 end"
    for message in (
        packet(2, said) + LITERAL,
        packet(10, b"PGP canary 13711223344") + LITERAL,
        packet(3, said) + packet(18, b"\1" + NOISE),
        packet(8, b"\2" + zlib.compress(LITERAL) + b"canary 13711223344 end"),
        packet(11, b"b\x0b13711223344" + bytes(4) + CSV),
    ):
        assert "13711223344" in text_of(unpack_body(message))


def test_a_packed_packet_that_is_cut_is_a_gap() -> None:
    assert reasons(packet(8, b"\2" + zlib.compress(LITERAL)[:-3])) == ["malformed"]
