"""The members of a gzip file (RFC 1952), read one after the other."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.inflate import inflate

MAGIC: Final = b"\x1f\x8b\x08"

_FHCRC, _FEXTRA, _FNAME, _FCOMMENT, _RESERVED = 2, 4, 8, 16, 0xE0
_TRAILER: Final = 8


@dataclass(slots=True)
class Gunzipped:
    """What the members gave together.

    Attributes:
        names: file names in the members' headers, raw.
        notes: comments and extra fields, raw.
        end: offset after the last member; what follows is no gzip.
        problem: what is broken, for people.
    """

    data: bytes = b""
    names: list[bytes] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)
    end: int = 0
    problem: str = ""
    exhausted: Exhausted | None = None


def gunzip(data: bytes, meter: Meter) -> Gunzipped:
    """Inflate every member. Never raises for broken input; `end` is 0 when there is no member at all."""
    result = Gunzipped()
    pieces: list[bytes] = []
    while data.startswith(MAGIC, result.end):
        start = header(data, result)
        if start < 0:
            result.problem = result.problem or "its header is broken"
            break
        try:
            meter.budget.spend_member()
        except Exhausted as reached:
            result.exhausted = reached
            break
        inflated = inflate("deflate", data, start, meter)
        pieces.append(inflated.data)
        result.end = inflated.end
        result.exhausted = inflated.exhausted
        result.problem = result.problem or inflated.problem
        if inflated.problem or inflated.exhausted:
            break
        _check_trailer(data, inflated.data, result)
    result.data = b"".join(pieces)
    padding = len(data) - result.end
    if pieces and padding and data.count(0, result.end) == padding:
        result.end = len(data)
    return result


def _check_trailer(data: bytes, output: bytes, result: Gunzipped) -> None:
    trailer = data[result.end : result.end + _TRAILER]
    expected = zlib.crc32(output).to_bytes(4, "little") + (len(output) & 0xFFFFFFFF).to_bytes(4, "little")
    if trailer == expected or data.startswith(MAGIC, result.end + _TRAILER):
        result.end += _TRAILER
    if trailer != expected:
        result.problem = result.problem or "its checksum is wrong"


def _subfields(extra: bytes) -> list[bytes]:
    """Return what the extra field's parts hold (2.3.1.1); all of it as one where it does not follow the form."""
    found: list[bytes] = []
    at = 0
    while at + 4 <= len(extra):
        size = int.from_bytes(extra[at + 2 : at + 4], "little")
        found.append(extra[at + 4 : at + 4 + size])
        at += 4 + size
    return found if found and at == len(extra) else [extra]


def header(data: bytes, result: Gunzipped) -> int:
    """Return where the member's deflate stream begins, -1 when the header is cut or not one."""
    at = result.end
    if len(data) < at + 10 or data[at + 3] & _RESERVED:
        return -1
    flags = data[at + 3]
    at += 10
    if flags & _FEXTRA:
        size = int.from_bytes(data[at : at + 2], "little")
        result.notes += _subfields(data[at + 2 : at + 2 + size])
        at += 2 + size
    for flag, texts in ((_FNAME, result.names), (_FCOMMENT, result.notes)):
        if flags & flag:
            end = data.find(b"\0", at)
            if end < 0:
                return -1
            texts.append(data[at:end])
            at = end + 1
    if flags & _FHCRC:
        at += 2
    return at if at < len(data) else -1
