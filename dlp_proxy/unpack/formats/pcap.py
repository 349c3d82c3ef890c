"""What was captured on a wire (.pcap, .pcapng): what each side of a connection said, in its order.

Sources: draft-ietf-opsawg-pcap and -pcapng; RFC 791, 8200, 9293, 768. Link types: www.tcpdump.org/linktypes.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import strings

NAME: Final = "pcap"

type _Flow = tuple[int, bytes, bytes, bytes]
"""Protocol, addresses of both ends, ports."""

_ORDERS: Final = {b"\xd4\xc3\xb2\xa1": "little", b"\x4d\x3c\xb2\xa1": "little", b"\xa1\xb2\xc3\xd4": "big",
    b"\xa1\xb2\x3c\x4d": "big"}  # fmt: skip
_NEXT_GENERATION: Final = b"\n\r\r\n"
_IPV4, _IPV6, _TAGS = b"\x08\x00", b"\x86\xdd", frozenset({b"\x81\x00", b"\x88\xa8"})
_HEADS: Final = {0: 4, 1: 14, 12: 0, 14: 0, 101: 0, 108: 4, 113: 16, 228: 0, 229: 0, 276: 20}
"""Bytes of the link's own header, by the type of link."""
_TCP, _UDP = 6, 17
_HALF: Final = 1 << 31
_FLOWS_AT_MOST: Final = 2_000


def accepts(content: Content) -> bool:
    data = content.data
    return len(data) >= 24 and (data[:4] in _ORDERS or (data[:4] == _NEXT_GENERATION and data[8:12] in _BYTE_ORDER))


_BYTE_ORDER: Final = {b"\x4d\x3c\x2b\x1a": "little", b"\x1a\x2b\x3c\x4d": "big"}


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    flows: dict[_Flow, list[tuple[int, bytes]]] = {}
    unread = 0
    others: list[bytes] = []
    old = content.data[:4] in _ORDERS
    for link, frame in (_frames if old else _blocks)(content.data, others):
        budget.hurry()
        segment = _segment(link, frame)
        if segment is None:
            unread += 1
            continue
        flow, sequence, payload = segment
        if payload and flow not in flows and len(flows) >= _FLOWS_AT_MOST:
            unread += 1
        elif payload:
            flows.setdefault(flow, []).append((sequence, payload))
    for number, (flow, segments) in enumerate(flows.items(), 1):
        budget.spend_member()
        said = _in_order(segments) if flow[0] == _TCP else b"\n".join(payload for _, payload in segments)
        yield content.inside(said, f"side {number} of a connection")
    if others:
        yield from strings(content.inside(b"\n".join(others), "beside the packets"))
    if unread or not flows:
        yield Gap("unknown-format", content.location, "captured packets, some of which nothing here reads", unread)


def _frames(data: bytes, others: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the type of the link and the bytes of each frame; `others` takes what is none."""
    order = _ORDERS[data[:4]]
    link = int.from_bytes(data[20:24], order) & 0xFFFF  # type: ignore[arg-type]
    at = 24
    while at + 16 <= len(data):
        size = int.from_bytes(data[at + 8 : at + 12], order)  # type: ignore[arg-type]
        yield link, data[at + 16 : at + 16 + size]
        at += 16 + size
    others.append(data[at:])


def _blocks(data: bytes, others: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the same of the next generation; `others` takes blocks of other kinds, and comments."""
    order, links = "little", list[int]()
    at = 0
    while at + 12 <= len(data):
        if data[at : at + 4] == _NEXT_GENERATION:
            order, links = _BYTE_ORDER.get(data[at + 8 : at + 12], "little"), []
        kind, size = (int.from_bytes(data[at + place : at + place + 4], order) for place in (0, 4))  # type: ignore[arg-type]
        body = data[at + 8 : at + max(12, size) - 4]
        if kind == 1:
            links.append(int.from_bytes(body[:2], order))  # type: ignore[arg-type]
        elif kind == 6 and len(body) >= 20:
            place, length = (int.from_bytes(body[part : part + 4], order) for part in (0, 12))  # type: ignore[arg-type]
            yield links[place] if place < len(links) else 1, body[20 : 20 + length]
            others.append(body[20 + length :])
        elif kind == 3:
            yield links[0] if links else 1, body[4:]
        if kind not in {3, 6}:
            others.append(data[at : at + max(12, size)])
        at += max(12, size + -size % 4)
    others.append(data[at:])


def _segment(link: int, frame: bytes) -> tuple[_Flow, int, bytes] | None:
    """Return whose it is, its place in what they say, and what is said; None of what is no TCP and no UDP."""
    at = _HEADS.get(link)
    if at is None:
        return None
    if link == 1:
        while frame[at - 2 : at] in _TAGS:
            at += 4
        if frame[at - 2 : at] not in {_IPV4, _IPV6}:
            return None
    packet = frame[at:]
    if len(packet) < 20:
        return None
    if packet[0] >> 4 == 4:
        head, protocol, ends = 4 * (packet[0] & 15), packet[9], packet[12:20]
        packet = packet[: int.from_bytes(packet[2:4]) or len(packet)]
    elif packet[0] >> 4 == 6 and len(packet) >= 40:
        head, protocol, ends = 40, packet[6], packet[8:40]
        packet = packet[: 40 + int.from_bytes(packet[4:6]) or len(packet)]
    else:
        return None
    body = packet[head:]
    half = len(ends) // 2
    flow = (protocol, ends[:half], ends[half:], body[:4])
    if protocol == _TCP and len(body) >= 20:
        return flow, int.from_bytes(body[4:8]), body[4 * (body[12] >> 4) :]
    if protocol == _UDP and len(body) >= 8:
        return flow, 0, body[8:]
    return None


def _in_order(segments: list[tuple[int, bytes]]) -> bytes:
    """Return what segments say, each byte once; a number that begins anew at zero goes on."""
    first = segments[0][0]
    placed = sorted((((number - first + _HALF) % (1 << 32)) - _HALF, payload) for number, payload in segments)
    said = bytearray()
    at = placed[0][0]
    for place, payload in placed:
        again = max(0, at - place)
        before = len(said) - again
        if said[max(0, before) : before + len(payload)] != payload[max(0, -before) : again]:
            again = 0  # other bytes of the same number: which of them were taken nobody knows
        said += payload[again:]
        at = max(at, place + len(payload))
    return bytes(said)
