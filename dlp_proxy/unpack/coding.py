"""Content-Encoding (RFC 9110 section 8.4): what a body is wrapped in for the journey, if the label tells the truth."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

import brotli

from dlp_proxy.encodings import readable
from dlp_proxy.model.finding import Gap
from dlp_proxy.unpack import lz4, snappy
from dlp_proxy.unpack.aws_chunks import unchunk
from dlp_proxy.unpack.budget import Budget, Exhausted, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.gunzip import gunzip
from dlp_proxy.unpack.inflate import Inflated, inflate

PLAIN: Final = {"", "identity"}
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
# Codings that are files by themselves: what reads such files reads these bodies.
_FILES: Final[Mapping[str, bytes]] = {
    "compress": b"\x1f\x9d",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ",
    "lz4": b"\x04\x22\x4d\x18",
}
_WITHOUT_MAGIC: Final = ("br", "deflate")
_LEAST: Final = 16
"""Bytes that are tried: fewer come out even by chance."""
_GLANCE: Final = 4096
_HEAD: Final = 32
"""Bytes of a head of somebody's own, before what is packed or between two such."""
_TEXT: Final = 64
"""Bytes of text that no noise gives."""
_DIFFERENT: Final = 10
"""Different bytes in it: what repeats itself inflates to anything."""


def peel(content: Content, header: str, budget: Budget) -> Iterator[Content | Gap]:
    """Yield what is to be read instead of `content`: the body first, then whatever a lying label may have hidden.

    Raises:
        Exhausted: a limit was reached; what was decoded up to there was yielded.
    """
    names = [name for raw in header.lower().split(",") if (name := raw.strip()) not in PLAIN]
    if len(names) > budget.limits.depth:
        yield content
        raise Exhausted("too-deep", "more Content-Encodings than are taken off", whole=False)
    beside: list[Content] = []
    reached: Exhausted | None = None
    for name in reversed(names):
        magic = _FILES.get(name.removeprefix("x-"))
        if magic is not None and content.data.startswith(magic):
            break
        result = _decode(name, content.data, budget)
        if result is None and magic is not None:
            yield Gap("malformed", content.location, "the body is not what its Content-Encoding says, or is cut")
            break
        if result is None:
            yield Gap("unknown-format", content.location, "a Content-Encoding that nothing here reads")
            break
        decoded = Content(result.data, content.location, content.name, content.label)
        if result.exhausted:
            content, reached = decoded, result.exhausted
            break
        if result.problem or not result.end:
            yield Gap("malformed", content.location, "the body is not what its Content-Encoding says, or is cut")
            beside.append(decoded)
            break
        if result.end < len(content.data):
            beside.append(content.inside(content.data[result.end :], "after the coded body"))
        content = decoded
    yield content
    yield from beside
    if reached:
        raise reached


_PICKLE: Final = re.compile(rb"\x80[\x02-\x05](?:\x95.{8})?[\]}(\x8c]", re.DOTALL)
_FRAME: Final = 5
_FRAME_AT_MOST: Final = 1 << 24
_FIRST_TAG: Final = 8
_FIELDS: Final = 12


def guess(content: Content, budget: Budget) -> Iterator[Content]:
    """Yield what bytes that nothing reads say that they are in a coding which no label names, and no magic tells of.

    A few bytes behind the end are passed over where what comes out is text: noise never gives so much of it.

    Raises:
        Exhausted: a limit was reached; what was decoded up to there was yielded.
    """
    if len(content.data) < _LEAST:
        return
    budget.decoder()  # a few kilobytes may become megabytes
    for unpacked, what in ((lz4.sized, "LZ4"), (snappy.bare, "Snappy")):
        made = unpacked(content.data, budget.meter(len(content.data)))
        if made is not None and _is_text(made):
            yield content.inside(made, f"read as {what}")
            return
    for name in _WITHOUT_MAGIC:
        result = _decode(name, content.data, budget)
        if not result or not result.data:
            continue
        whole = not result.problem and result.end == len(content.data)
        if result.exhausted or whole or (result.end and len(result.data) > result.end and _is_text(result.data)):
            yield content.inside(result.data, f"read as {name}")
            if result.exhausted:
                raise result.exhausted
            if name == "deflate":
                yield from _in_a_row(content, budget, result.end)
            return
    yield from _in_a_row(content, budget, 1)


def _in_a_row(content: Content, budget: Budget, start: int) -> Iterator[Content]:
    """Yield the texts of streams of deflate (RFC 1951) from a few bytes behind `start` on, one behind the other."""
    data = content.data
    texts: list[bytes] = []
    at = _opened(data, start)
    while at >= 0:
        budget.spend_member()
        result = inflate("deflate", data, at, budget.meter(len(data) - at))
        if _is_text(result.data):
            texts.append(result.data)
        if result.exhausted or result.problem or result.end <= at:
            break
        at = _opened(data, result.end)
    if texts:
        yield content.inside(b"\n".join(texts), "read as deflate, one behind the other")


def _opened(data: bytes, start: int) -> int:
    """Return where, a few bytes from `start` on, a stream of deflate begins that gives a text; -1 for nowhere."""
    for at in range(start, min(start + _HEAD, len(data) - _LEAST)):
        try:
            if _is_text(_deflated(data[at : at + _GLANCE])):
                return at
        except zlib.error:
            pass
    return -1


def begins_message(data: bytes) -> bool:
    """Tell whether bytes begin a frame of gRPC, a message of protobuf or a pickle, which no text and no magic tells of.

    All that is looked at must follow the form: a few fields in a row are met by chance, in Base32 for one.
    """
    if _PICKLE.match(data):
        return True
    framed = data[:1] == b"\0" and 0 < int.from_bytes(data[1:_FRAME]) < _FRAME_AT_MOST
    at, fields = (_FRAME if framed else 0), 0
    while at + 2 < len(data):
        tag, size, shift = data[at], data[at + 1] & 0x7F, 7
        if not _FIRST_TAG <= tag < 0x80 or tag & 7 not in {0, 2}:
            return False
        at += 2
        while data[at - 1] >= 0x80 and at < len(data):
            size |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
        at += size if tag & 7 == 2 else 0
        fields += 1
    return framed or (fields >= _FIELDS and at <= 2 * len(data))


def begins(data: bytes) -> bool:
    """Tell whether bytes begin a text in a coding that has no magic."""
    for decode in (_deflated, _brotli):
        try:
            if _is_text(decode(data[:_GLANCE])):
                return True
        except (zlib.error, brotli.error):
            pass
    return False


def _deflated(data: bytes) -> bytes:
    return zlib.decompressobj(-15).decompress(data, _GLANCE)


def _brotli(data: bytes) -> bytes:
    text: bytes = brotli.Decompressor().process(data, output_buffer_limit=_GLANCE)
    return text


def _is_text(data: bytes) -> bool:
    """Tell whether what came out is a text, or begins one: its last character may be cut."""
    begin = data[:_GLANCE]
    return len(begin) >= _TEXT and len(set(begin)) >= _DIFFERENT and readable.begins(begin)


def _decode(name: str, data: bytes, budget: Budget) -> Inflated | None:
    """Take one coding off; None when it is not known."""
    meter = budget.meter(len(data))
    if name in {"gzip", "x-gzip"}:
        members = gunzip(data, meter)
        return Inflated(members.data, members.end, members.problem, members.exhausted)
    if name == "deflate":
        # RFC 9110 says zlib, but some senders leave its two bytes out.
        wrapped = len(data) > 1 and data[0] & 15 == 8 and int.from_bytes(data[:2]) % 31 == 0
        return inflate("zlib" if wrapped else "deflate", data, 0, meter)
    if name == "br":
        return inflate("br", data, 0, meter)
    if name == "zstd":
        return _frames(data, meter)
    if name == "aws-chunked":
        return Inflated(*unchunk(data))
    return None


def _frames(data: bytes, meter: Meter) -> Inflated:
    """Decompress zstd frames, one behind the other; some packers write many (RFC 8878 section 3)."""
    pieces: list[bytes] = []
    result = Inflated(b"", 0, "" if data.startswith(_ZSTD) else "is no zstd frame")
    try:
        while data.startswith(_ZSTD, result.end) and not (result.problem or result.exhausted):
            meter.budget.spend_member()
            result = inflate("zstd", data, result.end, meter)
            pieces.append(result.data)
    except Exhausted as reached:
        result = Inflated(b"", result.end, exhausted=reached)
    return Inflated(b"".join(pieces), result.end, result.problem, result.exhausted)
