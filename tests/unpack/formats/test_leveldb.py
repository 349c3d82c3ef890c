from __future__ import annotations

import json
from collections.abc import Callable

import zstandard

from tests.unpack.customers import COUNT, reasons, rows, seen
from tests.unpack.samples import text_of, unpack_body

PLAIN, SNAPPY, ZSTD = 0, 1, 4


def varint(value: int) -> bytes:
    made = bytearray()
    while value >= 0x80:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def literals(data: bytes) -> bytes:
    """Return a block of Snappy that copies nothing."""
    pieces = [data[at : at + 60] for at in range(0, len(data), 60)]
    return varint(len(data)) + b"".join(bytes([len(piece) - 1 << 2]) + piece for piece in pieces)


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    made, before = b"", b""
    for key, value in entries:
        shared = 0
        while shared < min(len(key), len(before)) and key[shared] == before[shared]:
            shared += 1
        made += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return made + bytes(4) + (1).to_bytes(4, "little")


def table(values: list[bytes], kind: int = SNAPPY) -> bytes:
    packers: dict[int, Callable[[bytes], bytes]] = {PLAIN: bytes, SNAPPY: literals, ZSTD: zstandard.compress}
    pack = packers[kind]
    file, index = b"", []
    for number in range(0, len(values), 10):
        some = values[number : number + 10]
        raw = block([(b"_https://x\0\1k%03d" % (number + at) + bytes(8), value) for at, value in enumerate(some)])
        packed = pack(raw)
        index.append((b"k%03d" % number, varint(len(file)) + varint(len(packed))))
        file += packed + bytes([kind]) + bytes(4)
    last = block(index)
    footer = varint(0) + varint(0) + varint(len(file)) + varint(len(last))
    magic = 0xDB4775248B80FB57.to_bytes(8, "little")
    return file + last + bytes(5) + footer.ljust(40, b"\0") + magic


def values(before: bytes = b"\1", charset: str = "utf-8") -> list[bytes]:
    return [before + json.dumps(one, ensure_ascii=False).encode(charset) for one in rows()]


def test_each_entry_is_an_object_however_its_block_is_packed() -> None:
    for kind in (PLAIN, SNAPPY, ZSTD):
        assert seen(table(values(), kind)) == ("leveldb", COUNT, [])


def test_what_chromium_keeps_in_two_bytes_a_character_is_read() -> None:
    assert seen(table(values(b"\0", "utf-16-le"))) == ("leveldb", COUNT, [])


def test_a_long_value_is_read_by_itself() -> None:
    long = "\n".join(f"{one['name']},{one['phone']},{one['address']}" for one in rows()).encode()
    assert seen(table([b"x", long]))[1:] == (COUNT, [])


def test_a_block_that_is_broken_is_a_gap_and_the_others_are_read() -> None:
    data = bytearray(table(values()))
    data[0] ^= 0xFF
    unpacked = unpack_body(bytes(data))
    assert [gap.reason for gap in unpacked.gaps] == ["malformed"]
    assert sum(one["phone"] in text_of(unpacked) for one in rows()) == COUNT - 10
    assert "failed" not in reasons(bytes(data[:-60]) + bytes(data[-48:]))


def test_a_text_that_lies_in_no_block_is_read() -> None:
    text = "\n".join(f"{one['name']},{one['phone']},{one['address']}" for one in rows()).encode()
    small = table([b"x"])
    assert sum(one["phone"] in text_of(unpack_body(small[:-48] + text + small[-48:])) for one in rows()) == COUNT
    assert sum(one["phone"] in text_of(unpack_body(text + small)) for one in rows()) == COUNT


def test_an_entry_that_goes_on_behind_its_block_is_a_gap() -> None:
    data = bytearray(table(values(), PLAIN))
    data[1] = 0x7F
    assert "malformed" in reasons(bytes(data))


def test_a_table_whose_first_bytes_are_those_of_an_openpgp_packet_is_a_table() -> None:
    made = [table([b"\1" + b"x" * count]) for count in range(330, 380)]
    some = [data for data in made if data.startswith(b"\x87\3")]
    assert len(some) == 1
    assert unpack_body(some[0]).content == "leveldb"


def test_what_stands_where_a_block_says_its_restarts_are_is_read() -> None:
    said = b"canary 13711223344 end.."
    for kind in (PLAIN, ZSTD):
        data = table([b"x"], kind)
        entries = block([(b"_https://x\0\1k000" + bytes(8), b"\1x")])[:-8]
        raw = entries + said + (len(said) // 4).to_bytes(4, "little")
        packed = zstandard.compress(raw) if kind == ZSTD else raw
        index = block([(b"k000", varint(0) + varint(len(packed)))])
        footer = varint(0) + varint(0) + varint(len(packed) + 5) + varint(len(index))
        data = packed + bytes([kind]) + bytes(4) + index + bytes(5) + footer.ljust(40, b"\0") + data[-8:]
        unpacked = unpack_body(data)
        assert unpacked.content == "leveldb"
        assert "13711223344" in text_of(unpacked)
