from __future__ import annotations

import gzip

import pytest

from tests.unpack.customers import COUNT, SOME, reasons, seen
from tests.unpack.samples import TABLE, text_of, tight, unpack_body
from tests.unpack.writers import field, framed, messages, varint

ALL = b"".join(field(1, message) for message in messages())


@pytest.mark.parametrize(
    "body",
    [
        ALL,
        b"".join(field(1, message) for message in messages(numbers=True)),
        b"".join(varint(len(message)) + message for message in messages()),
        b"".join(framed(message) for message in messages()),
        framed(ALL),
        framed(ALL) + framed(b"grpc-status: 0\r\n", 0x80),
        framed(gzip.compress(ALL), 1),
        field(2, field(7, ALL)) + field(3, 12),
    ],
    ids=["repeated", "numbers", "lengths", "frames", "one frame", "trailers", "packed", "nested"],
)
def test_every_message_is_read(body: bytes) -> None:
    content, customers, gaps = seen(body)
    assert (content, customers) == ("protobuf", COUNT)
    assert gaps == []


def test_fields_have_their_numbers() -> None:
    text = text_of(unpack_body(field(1, "张三") + field(3, 13800138000) + field(4, b"\xff\xfe\x01\x02\x03")))
    assert "field 1: 张三\nfield 3: 13800138000\n" in text


def test_packed_and_fixed_numbers_are_digits() -> None:
    packed = field(5, varint(13800138000) + varint(13900139000))
    fixed = varint(6 << 3 | 1) + (13700137000).to_bytes(8, "little")
    text = text_of(unpack_body(packed + fixed))
    assert "field 5:\n13800138000\n13900139000\n" in text
    assert "field 6: 13700137000" in text


@pytest.mark.parametrize("body", [TABLE.encode(), TABLE.encode("gb18030"), b'{"a": 1}', b"a=1&b=2", b"hello\n" * 20])
def test_text_is_never_a_message(body: bytes) -> None:
    assert unpack_body(body).content != "protobuf"


def test_messages_in_messages_end() -> None:
    body = field(1, "13800138000")
    for _ in range(900):
        body = field(1, body)
    assert reasons(body) == ["unknown-format"]


def test_a_flood_of_fields_is_a_gap() -> None:
    assert "too-large" in reasons(field(1, b"\x08\x01") * 200_000, tight(expanded_bytes=1 << 20))


@pytest.mark.parametrize("cut", [-1, -20, 2000])
def test_a_cut_stream_shows_what_it_has(cut: int) -> None:
    text = text_of(unpack_body(framed(ALL)[:cut]))
    assert sum(one.phone in text for one in SOME) > 20


def _entry(key: str, value: bytes) -> bytes:
    return field(1, field(1, key.encode()) + field(2, value))


def test_a_map_is_an_object_of_its_keys() -> None:
    entries = [
        _entry("name", field(3, one.name.encode()))
        + _entry("phone", field(3, one.phone.encode()))
        + _entry("address", one.address.encode())
        for one in SOME
    ]
    body = b"".join(field(1, field(5, one)) for one in entries)
    assert seen(body)[:2] == ("protobuf", COUNT)
    assert f"phone: {SOME[0].phone}\n" in text_of(unpack_body(body))


def test_rows_of_two_fields_are_no_map() -> None:
    row = field(1, field(1, b"Anna Miller") + field(2, b"13800138000"))
    text = text_of(unpack_body(row * 3))
    assert "field 1: Anna Miller\nfield 2: 13800138000\n" in text
