from __future__ import annotations

import struct

from tests.samples.tools import ubjson
from tests.unpack.customers import COUNT, nested, reasons, rows, seen, with_numbers
from tests.unpack.samples import text_of, unpack_body


def test_objects_in_lists_and_objects_are_read() -> None:
    for value in (rows(), with_numbers(), {"data": {"orders": nested()}}):
        assert seen(ubjson(value)) == ("ubjson", COUNT, [])


def test_containers_that_say_their_kind_and_count() -> None:
    texts = [one["phone"] for one in rows()]
    counted = b"[$S#U" + bytes([len(texts)]) + b"".join(ubjson(text)[1:] for text in texts)
    unpacked = unpack_body(counted)
    assert unpacked.content == "ubjson"
    assert all(text in text_of(unpacked) for text in texts)


def test_bytes_in_it_are_read_as_what_they_are() -> None:
    inner = b"name,phone\n" + b"".join(f"{one['name']},{one['phone']}\n".encode() for one in rows())
    data = b"{U\4file[$U#I" + struct.pack(">h", len(inner)) + inner + b"U\1kSU\2ab}"
    assert rows()[3]["phone"] in text_of(unpack_body(data))


def test_hostile_ones() -> None:
    whole = ubjson(rows())
    for data in (
        whole[:-30],
        b"[" * 5000,
        b"[$T#L" + struct.pack(">q", 2**40),
        b"[#L" + struct.pack(">q", 2**40) + b"U\1" * 9,
        b"{U\xffab",
        b"[$[#U\xff" * 300,
        b"[SL" + struct.pack(">q", 2**62),
    ):
        assert "failed" not in reasons(data)


def test_words_are_none() -> None:
    for text in (b"[Section]\nkey=value\n", b"[I think]", b"{Ui}"):
        assert seen(text)[0] != "ubjson"


def test_an_object_that_says_its_count_ends_there() -> None:
    data = b"[{#i\2i\1aSi\x0b13711223344i\1bi\5Si\1c]"
    unpacked = unpack_body(data)
    assert (unpacked.content, unpacked.gaps) == ("ubjson", ())
    assert [one for one in ("a: 13711223344", "b: 5", "c") if one not in text_of(unpacked)] == []
