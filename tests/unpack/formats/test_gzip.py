from __future__ import annotations

import gzip
import io
import random

from tests.unpack.samples import TABLE, gaps_of, text_of, tight, unpack_body

ROWS = TABLE.encode()


def named(data: bytes, name: str) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=buffer, mtime=0) as out:
        out.write(data)
    return buffer.getvalue()


def test_the_name_in_the_header_is_a_step_and_a_filename() -> None:
    unpacked = unpack_body(named(ROWS, "orders.csv"), "text/plain")
    assert unpacked.content == "gzip"
    assert unpacked.filenames == ("orders.csv",)
    assert [str(part.location) for part in unpacked.parts] == ["filename", "body > orders.csv"]
    assert unpacked.expanded_bytes == len(ROWS)


def test_every_member_is_read() -> None:
    unpacked = unpack_body(gzip.compress(b"first 111 ") + gzip.compress(b"second 222") + b"\0" * 512)
    assert text_of(unpacked) == "first 111 second 222"
    assert gaps_of(unpacked) == []


def test_what_follows_the_last_member_is_read() -> None:
    unpacked = unpack_body(gzip.compress(b"hello") + b"call 13800138000")
    assert [part.text for part in unpacked.parts] == ["hello", "call 13800138000"]


def test_a_cut_stream_gives_what_it_has_and_a_gap() -> None:
    text = b"".join(b"line %d\n" % random.Random(n).randrange(10**9) for n in range(5000))
    unpacked = unpack_body(gzip.compress(text)[:20_000])
    assert text_of(unpacked).startswith(text[:1000].decode())
    assert gaps_of(unpacked) == [("malformed", "body > unpacked")]


def test_a_broken_stream_gives_what_came_before_the_break() -> None:
    text = b"".join(b"line %d\n" % random.Random(n).randrange(10**9) for n in range(5000))
    raw = bytearray(gzip.compress(text))
    raw[15_000:15_010] = b"\xff" * 10
    unpacked = unpack_body(bytes(raw))
    assert max(len(part.text) for part in unpacked.parts) > 25_000
    assert ("malformed", "body > unpacked") in gaps_of(unpacked)


def test_a_wrong_checksum_is_told_and_the_rest_is_read() -> None:
    raw = gzip.compress(b"hello 13800138000")
    unpacked = unpack_body(raw[:-8] + b"\0" * 8 + gzip.compress(b"second"))
    assert text_of(unpacked) == "hello 13800138000second"
    assert gaps_of(unpacked) == [("malformed", "body > unpacked")]


def test_a_missing_trailer_is_told() -> None:
    unpacked = unpack_body(gzip.compress(b"hello 13800138000")[:-8])
    assert text_of(unpacked) == "hello 13800138000"
    assert gaps_of(unpacked) == [("malformed", "body > unpacked")]


def test_a_comment_and_an_extra_field_are_read() -> None:
    plain = gzip.compress(b"x", mtime=0)
    raw = plain[:3] + b"\x14" + plain[4:10] + b"\x13\0extra 13900139000 .." + b"note 13800138000\0" + plain[10:]
    unpacked = unpack_body(raw)
    assert "note 13800138000" in text_of(unpacked)
    assert "extra 13900139000" in text_of(unpacked)


def test_a_bomb_stops_at_the_ratio() -> None:
    unpacked = unpack_body(gzip.compress(b"0" * 20_000_000), limits=tight(ratio_floor=100_000, ratio=2))
    assert unpacked.expanded_bytes == 100_000
    assert gaps_of(unpacked) == [("too-large", "body")]


def test_a_flood_of_empty_members_is_a_gap() -> None:
    unpacked = unpack_body(gzip.compress(b"") * 500, limits=tight(members=100))
    assert gaps_of(unpacked) == [("too-large", "body")]


def test_only_the_magic_is_binary_data() -> None:
    unpacked = unpack_body(b"\x1f\x8b\x08")
    assert unpacked.content == "binary"
    assert gaps_of(unpacked) == [("unknown-format", "body")]
