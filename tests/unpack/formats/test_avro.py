from __future__ import annotations

from typing import Any

import pytest

from tests.unpack.customers import COUNT, nested, reasons, rows, seen
from tests.unpack.samples import text_of, unpack_body
from tests.unpack.writers import FLAT, NESTED, avro

EMPTY: dict[str, Any] = {"type": "record", "name": "o", "fields": []}
NULLS: dict[str, Any] = {
    "type": "record",
    "name": "o",
    "fields": [{"name": "a", "type": {"type": "array", "items": "null"}}],
}


def zigzag(value: int) -> bytes:
    value <<= 1
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def with_block(schema: dict[str, Any], count: int, block: bytes) -> bytes:
    head = avro([], schema)
    return head + zigzag(count) + zigzag(len(block)) + block + head[-16:]


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz", "zstandard"])
def test_every_codec(codec: str) -> None:
    assert seen(avro(rows(), FLAT, codec)) == ("avro", COUNT, [])


def test_snappy_by_hand() -> None:
    plain = with_block(FLAT, 1, b"\x02\x0aA-123\0\x02\x1613800138000\0")
    head = avro([], FLAT)
    named = head.replace(b"\x08null", b"\x0csnappy")
    block = b"\x17" + b"\x58" + b"\x02\x0aA-123\0\x02\x1613800138000\0" + b"crc4"
    assert len(plain) > len(head)
    body = named + zigzag(1) + zigzag(len(block)) + block + named[-16:]
    assert "13800138000" in text_of(unpack_body(body))


def test_records_within_records() -> None:
    assert seen(avro(nested(), NESTED, "deflate")) == ("avro", COUNT, [])


@pytest.mark.parametrize(
    "body",
    [
        with_block(EMPTY, 1 << 50, b""),
        with_block(NULLS, 1, zigzag(1 << 40)),
        avro([dict.fromkeys(("order_no", "name", "phone", "address"), "x" * 90_000)] * 30, FLAT, "deflate"),
    ],
    ids=["nothing", "array of nothing", "deflate"],
)
def test_a_bomb_is_a_gap(body: bytes) -> None:
    assert reasons(body) == ["too-large"]


def with_schema(schema: bytes, block: bytes) -> bytes:
    head = b"Obj\x01\x02\x16avro.schema" + zigzag(len(schema)) + schema + b"\0"
    return head + b"s" * 16 + zigzag(1) + zigzag(len(block)) + block + b"s" * 16


def test_a_schema_that_holds_itself_ends() -> None:
    body = with_schema(b'{"type": "record", "name": "r", "fields": [{"name": "r", "type": "r"}]}', b"\0")
    assert "too-deep" in reasons(body)


def test_a_schema_nested_too_deep_is_none() -> None:
    body = with_schema(b'{"type": "array", "items":' * 5000 + b'"int"' + b"}" * 5000, b"13800138000")
    assert "13800138000" in text_of(unpack_body(body))


@pytest.mark.parametrize("cut", [100, 600, -4, -30])
def test_a_cut_file_gives_what_it_has(cut: int) -> None:
    assert reasons(avro(rows(), FLAT)[:cut]) in (["malformed"], ["unknown-format"])


def test_a_codec_that_nothing_reads_is_a_gap() -> None:
    body = avro(rows(), FLAT).replace(b"\x08null", b"\x08lzo9")
    assert reasons(body) == ["unknown-format"]
