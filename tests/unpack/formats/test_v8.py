from __future__ import annotations

import struct
from typing import Any

from tests.unpack.customers import COUNT, nested, reasons, rows, seen
from tests.unpack.samples import text_of, unpack_body


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def value(of: Any) -> bytes:
    if isinstance(of, int):
        return b"I" + varint(of << 1) if of < 1 << 30 else b"N" + struct.pack("<d", of)
    if isinstance(of, str):
        if of.isascii():
            return b'"' + varint(len(of)) + of.encode()
        raw = of.encode("utf-16-le")
        return b"c" + varint(len(raw)) + raw
    if isinstance(of, list):
        return b"A" + varint(len(of)) + b"".join(map(value, of)) + b"$" + varint(0) + varint(len(of))
    return b"o" + b"".join(value(name) + value(inner) for name, inner in of.items()) + b"{" + varint(len(of))


def test_objects_and_lists_are_read() -> None:
    assert seen(b"\xff\x0f" + value(rows())) == ("v8", COUNT, [])
    assert seen(b"\xff\x11\xff\x0d" + value({"rows": nested()})) == ("v8", COUNT, [])


def test_other_kinds_of_values_are_read() -> None:
    data = b"\xff\x0f" + b"A\x05" + b"S\x0b13800138001" + b"Z\x10" + (13800138002).to_bytes(8, "little")
    data += b";" + value("a") + value("13800138003") + b":\x02" + b"'" + value("13800138004") + b",\x01" + b"T$\0\x05"
    text = text_of(unpack_body(data))
    assert all(f"1380013800{number}" in text for number in range(1, 5))


def test_what_is_broken_or_deep_is_read_as_something_else() -> None:
    whole = b"\xff\x0f" + value(rows())
    for broken in (whole[:-40], b"\xff\x0fA\xff\xff\xff\xff\x0f", b"\xff\x0f" + b"A\x01" * 5000, b"\xff\x0fo\xff\xff"):
        assert "failed" not in reasons(broken)


def test_numbers_below_nought_are_read() -> None:
    data = b'\xff\x0fo"\1aI\x03"\1bI\x04"\1cS\x0b13711223344{\3'
    text = text_of(unpack_body(data))
    assert "a: -2" in text
    assert "b: 2" in text
