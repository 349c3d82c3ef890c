"""MessagePack, CBOR, BSON, property lists: values without a schema."""

from __future__ import annotations

import plistlib
import random
import struct
from collections.abc import Callable
from typing import Any

import cbor2
import msgpack
import pytest

from tests.unpack.customers import COUNT, SOME, nested, reasons, rows, seen, with_numbers
from tests.unpack.samples import text_of, tight, unpack_body
from tests.unpack.writers import bson, cbor_stream

LISTS = [list(one.cells) for one in SOME]
GOOD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "msgpack": ("msgpack", lambda: msgpack.packb(rows())),
    "msgpack numbers": ("msgpack", lambda: msgpack.packb(with_numbers())),
    "msgpack stream": ("msgpack", lambda: b"".join(map(msgpack.packb, rows()))),
    "msgpack nested": ("msgpack", lambda: msgpack.packb({"orders": nested()})),
    "msgpack lists": ("msgpack", lambda: msgpack.packb(LISTS)),
    "msgpack in an extension": ("msgpack", lambda: msgpack.packb({"e": msgpack.ExtType(5, msgpack.packb(rows()))})),
    "cbor": ("cbor", lambda: cbor2.dumps(rows())),
    "cbor numbers": ("cbor", lambda: cbor2.dumps(with_numbers())),
    "cbor stream": ("cbor", lambda: cbor_stream(rows())),
    "cbor nested": ("cbor", lambda: cbor2.dumps({"orders": nested()})),
    "cbor with tags": ("cbor", lambda: b"\xd9\xd9\xf7" + cbor2.dumps(rows(), value_sharing=True)),
    "cbor without lengths": ("cbor", lambda: b"\x9f" + cbor_stream(rows()) + b"\xff"),
    "bson": ("bson", lambda: b"".join(map(bson, rows()))),
    "bson nested": ("bson", lambda: bson({"orders": nested()})),
    "plist": ("plist", lambda: plistlib.dumps(rows(), fmt=plistlib.FMT_BINARY)),
    "plist nested": ("plist", lambda: plistlib.dumps({"o": nested()}, fmt=plistlib.FMT_BINARY)),
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_object_is_read(name: str) -> None:
    form, write = GOOD[name]
    assert seen(write()) == (form, COUNT, [])


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_what_is_cut_is_a_gap_and_shows_what_it_has(name: str, share: float) -> None:
    data = GOOD[name][1]()
    cut = data[: int(len(data) * share)]
    assert reasons(cut) != []
    text = text_of(unpack_body(cut))
    assert sum(one.phone in text for one in SOME) >= (
        0 if any(word in name for word in ("numbers", "nested", "plist")) else 10
    )


def test_values_between_texts() -> None:
    value = {1: b"13800138000", "nothing": None, "yes": True, "part": 1.5, "whole": 13900139000.0, "big": 2**70}
    for packed in (msgpack.packb({**value, "big": 2**60}), cbor2.dumps(value)):
        text = text_of(unpack_body(packed))
        assert "1: 13800138000" in text
        assert "nothing: null\nyes: true\npart: 1.5\nwhole: 13900139000" in text


def objects(*made: bytes) -> bytes:
    """Return a property list with objects that may refer to each other."""
    data, places = b"bplist00", b""
    for one in made:
        places += struct.pack(">I", len(data))
        data += one
    return data + places + bytes(6) + b"\4\2" + struct.pack(">3Q", len(made), 0, len(data))


TENFOLD = [b"\xaa" + struct.pack(">H", number + 1) * 10 for number in range(12)]
HOSTILE: dict[str, bytes] = {
    "msgpack deep": b"\x91" * 100_000 + b"\xa1x",
    "msgpack lies": b"\xdd\xff\xff\xff\xff" + b"\xa3ab\0" * 100,
    "cbor deep": b"\x81" * 100_000 + b"\x61x",
    "cbor lies": b"\x9b" + b"\xff" * 8 + b"\x63abc" * 100,
    "cbor open": b"\x9f" * 100_000,
    "cbor tags": b"\xc1" * 100_000 + b"\x81\x61x",
    "bson lies": struct.pack("<i", 1 << 30) + b"\x02a\0" + bytes(100),
    "plist in itself": objects(b"\xa1\0\0"),
    "plist laughs": objects(*TENFOLD, b"\x5bhello world"),
    "plist counts": b"bplist00" + bytes(6) + b"\x08\x08" + struct.pack(">3Q", 1 << 60, 0, 8),
    "plist length": objects(b"\x5f\x13" + b"\xff" * 8),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_values_are_a_gap(name: str) -> None:
    found = reasons(HOSTILE[name])
    assert found != []
    assert set(found) <= {"too-large", "too-deep", "malformed", "unknown-format"}


def test_a_number_of_many_digits_is_no_stall() -> None:
    assert "0x" in text_of(unpack_body(cbor2.dumps([2**300_000, "text beside it"])))


def test_noise_is_seldom_taken_for_values() -> None:
    chance = random.Random(5)
    forms = [unpack_body(chance.randbytes(chance.randrange(8, 2000))).content for _ in range(2000)]
    taken: Any = [form for form in forms if form in {"msgpack", "cbor", "bson", "protobuf", "pickle", "dbf"}]
    assert len(taken) <= 4


def test_cbor_in_byte_strings_of_cbor_is_read() -> None:
    packed = [cbor2.CBORTag(24, cbor2.dumps(one)) for one in with_numbers()]
    assert seen(cbor2.dumps({"rows": packed})) == ("cbor", COUNT, [])
    broken = cbor2.dumps({"a": "text here", "b": cbor2.CBORTag(24, b"\x81"), "c": cbor2.CBORTag(24, b"\xa0\xa0")})
    assert "text here" in text_of(unpack_body(broken))


def test_objects_of_a_property_list_that_nothing_refers_to_are_read() -> None:
    ascii_text = b"\x5f\x10\x1713711223344 of somebody"
    wide = b"\x6f\x10\x0b" + "13711223355".encode("utf-16-be")
    number = b"\x13" + (13711223366).to_bytes(8)
    text = text_of(unpack_body(objects(b"\x51x", ascii_text, wide, number)))
    assert [phone in text for phone in ("13711223344", "13711223355", "13711223366")] == [True] * 3


def test_what_stands_between_objects_of_a_property_list_is_read() -> None:
    plain = objects(b"\x51x")
    moved = (
        plain[:8] + b"\x51x" + b"canary 13711223344 end" + plain[10:-8] + struct.pack(">Q", len(plain) - 32 + 22 - 4)
    )
    assert unpack_body(moved).content == "plist"
    assert "13711223344" in text_of(unpack_body(moved))


@pytest.mark.parametrize("name", ["cbor", "bson"])
def test_small_values_are_counted_before_they_are_laid_out(name: str) -> None:
    many = {"cbor": cbor2.dumps(["text", *[0] * 60_000]), "bson": bson({f"{n:x}": None for n in range(60_000)})}[name]
    assert "too-large" in reasons(many, tight(ratio_floor=1 << 20, ratio=1))
    assert unpack_body(many, limits=tight(ratio_floor=1 << 20, ratio=1)).content == "binary"
