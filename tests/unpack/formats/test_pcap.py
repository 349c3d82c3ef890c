from __future__ import annotations

import struct

import pytest

from tests.unpack.customers import COUNT, CSV, reasons, seen
from tests.unpack.samples import text_of, unpack_body

REQUEST = (
    b"POST /up HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n" % len(CSV) + CSV
)
FIRST = 4_294_966_000
"""A number of a first byte, behind which counting begins anew at zero."""


def segment(at: int, payload: bytes, version: int = 4) -> bytes:
    tcp = struct.pack(">HHIIBBHHH", 40000, 80, (FIRST + at) % 2**32, 1, 0x50, 0x18, 9999, 0, 0) + payload
    if version == 4:
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0)
        return bytes(12) + b"\x08\0" + head + b"\x0a\0\0\1\x0a\0\0\2" + tcp
    return bytes(12) + b"\x81\0\0\7\x86\xdd" + struct.pack(">IHBB", 6 << 28, len(tcp), 6, 64) + bytes(32) + tcp


def frames(version: int = 4) -> list[bytes]:
    """Return a request in segments: two are in the wrong order, and one is sent twice."""
    cut = [segment(at, REQUEST[at : at + 700], version) for at in range(0, len(REQUEST), 700)]
    cut[1], cut[2] = cut[2], cut[1]
    return [*cut, cut[3]]


def pcap(order: str = "<") -> bytes:
    head = struct.pack(f"{order}IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    return head + b"".join(struct.pack(f"{order}IIII", 0, 0, len(one), len(one)) + one for one in frames())


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def pcapng() -> bytes:
    head = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 65535))
    return head + b"".join(
        block(6, struct.pack("<IIIII", 0, 0, 0, len(one), len(one)) + one) for one in frames(version=6)
    )


@pytest.mark.parametrize("data", [pcap("<"), pcap(">"), pcapng()])
def test_what_a_side_said_is_put_together(data: bytes) -> None:
    assert seen(data) == ("pcap", COUNT, [])


def test_what_is_no_ip_is_a_gap() -> None:
    data = pcap() + struct.pack("<IIII", 0, 0, 20, 20) + bytes(20)
    assert reasons(data) == ["unknown-format"]
    assert reasons(pcap()[:24]) == ["unknown-format"]


def test_what_lies_does_not_fail() -> None:
    for whole in (pcap(), pcapng()):
        data = bytearray(whole)
        for at in range(24, 3000, 53):
            data[at] ^= 0xFF
        assert "failed" not in reasons(bytes(data))
    assert SHORT in text_of(unpack_body(pcap()[:900]))


SHORT = "POST /up HTTP/1.1"


def test_what_was_captured_first_need_not_be_what_was_said_first() -> None:
    cut = frames()
    cut[0], cut[1] = cut[1], cut[0]
    data = pcap()[:24] + b"".join(struct.pack("<IIII", 0, 0, len(one), len(one)) + one for one in cut)
    assert seen(data) == ("pcap", COUNT, [])


def test_more_connections_than_are_followed_are_a_gap() -> None:
    some = [segment(0, b"x")[:34] + struct.pack(">HH", number, 80) + segment(0, b"x")[38:] for number in range(2100)]
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    data = head + b"".join(struct.pack("<IIII", 0, 0, len(one), len(one)) + one for one in some)
    assert reasons(data) == ["unknown-format"]
