"""Parts of documents of Apple's Numbers, Pages and Keynote (.iwa): Snappy blocks of protobuf messages.

The cells of a sheet that are texts stand in one list, in the order in which they were written; numbers are kept
elsewhere, in tiles, and are not read.

Source: Sean Patrick O'Brien, *iWork Archive (IWA) format* (obriensp/iWorkFileFormat).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.document import Pairs
from dlp_proxy.unpack.naming import whole
from dlp_proxy.unpack.snappy import unsnap
from dlp_proxy.unpack.wire import Walk

NAME: Final = "iwa"

_HEAD: Final = 4
_CHUNKS_AT_MOST: Final = 100_000
_LIST: Final = 6005
"""The type of a message that lists what cells hold."""
_SHORT: Final = 2


def accepts(content: Content) -> bool:
    """Blocks of a type that is 0, which say their length and fill the file."""
    data = content.data
    if len(data) < 2 * _HEAD or data[0] != 0:
        return False
    at = 0
    for _ in range(_CHUNKS_AT_MOST):
        if at + _HEAD > len(data) or data[at]:
            break
        size = int.from_bytes(data[at + 1 : at + _HEAD], "little")
        if not size:
            return False
        at += _HEAD + size
    return at == len(data)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    meter = budget.meter(len(content.data))
    pieces: list[bytes] = []
    at, broken = 0, False
    while at < len(content.data):
        size = int.from_bytes(content.data[at + 1 : at + _HEAD], "little")
        block = unsnap(content.data[at + _HEAD : at + _HEAD + size], meter)
        broken = broken or block is None
        pieces.append(block or b"")
        at += _HEAD + size
    if broken:
        yield Gap("malformed", content.location, "a document of Apple's with blocks that cannot be unpacked")
    messages = b"".join(pieces)
    texts, others = _texts(messages, budget.meter(len(messages)))
    if texts:
        yield Part(content.location, whole("\n".join(texts)))
    if others:
        yield content.inside(b"\n".join(others), "no messages")


def _texts(data: bytes, meter: Meter) -> tuple[list[str], list[bytes]]:
    """Return the texts of all messages, in their order, and what is no message."""
    walk = Walk(data, meter)
    found: list[str] = []
    others: list[bytes] = []
    at = 0
    while at < len(data):
        size, start = walk.varint(at, len(data))
        if start < 0 or not 0 < size <= len(data) - start:
            others.append(data[at:])
            break
        at = start + size
        messages = list(_messages(walk, data, start, at))
        if not messages:
            others.append(data[start:at])
        for kind, length in messages:
            message = walk.message(at, min(at + length, len(data)))
            if message is None:
                others.append(data[at : at + length])
            else:
                found += _lines(message, is_list=kind == _LIST)
            at += length
    return found, others


def _messages(walk: Walk, data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield type and length of each message behind a head."""
    for place, wire, begin, stop in walk.fields(start, end) or ():
        if place != 2 or wire != 2:
            continue
        numbers = {
            field: walk.varint(at, until)[0] for field, kind, at, until in walk.fields(begin, stop) or () if kind == 0
        }
        if 0 < numbers.get(3, 0) <= len(data):
            yield numbers.get(1, 0), numbers[3]


def _lines(value: Any, *, is_list: bool) -> Iterator[str]:  # noqa: ANN401 - messages of anything
    if isinstance(value, str):
        if len(value) >= _SHORT or is_list:
            yield value
    elif isinstance(value, Pairs):
        for _, inner in value:
            yield from _lines(inner, is_list=is_list)
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner, is_list=is_list)
