"""Messages of protobuf, bare, behind their lengths, or in the frames of gRPC and gRPC-Web.

Sources: protobuf.dev, *Encoding*; grpc/grpc, *PROTOCOL-HTTP2.md* and *PROTOCOL-WEB.md*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import Pairs, render
from dlp_proxy.unpack.wire import Walk

NAME: Final = "protobuf"

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")
_LOOK: Final = 4096
_LEAST: Final = 6
_WIRES: Final = {0, 1, 2, 5}
_HEAD: Final = 5
_TRAILERS: Final = 0x80
_FRAME: Final = 256
"""Bytes that a frame is counted as beside what is in it."""
_FRAMES_AT_MOST: Final = 500_000
_LETTERS_AT_LEAST: Final = 0.15  # bytes of texts in each byte; what parses by chance has few
_UNFRAMED_AT_MOST: Final = 1 << 26


def accepts(content: Content) -> bool:
    """Look at the first tag: a message has no magic. `read` then wants all of it to parse."""
    data = content.data
    if len(data) < _LEAST or not _CONTROL.search(data[:_LOOK]):
        return False
    return bool(_frames(data, look=True)) or (8 <= data[0] < 0x80 and data[0] & 7 in _WIRES) or _is_delimited(data)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    meter = budget.meter(len(data))
    walk = Walk(data, meter)
    values: list[tuple[str, Any]] = []
    packed: list[bytes] = []
    if frames := _frames(data):
        for number, (flag, start, end) in enumerate(frames, 1):
            if not meter.room:
                raise meter.overrun()
            meter.charge(_FRAME)
            message = walk.message(start, end) if not flag else None
            if message is None:
                packed.append(data[start:end])
            else:
                values.append((f"message {number}", message))
        if not values and not any(flag for flag, _, _ in frames):
            raise Mismatch
    else:
        values = _unframed(data, walk)
    if values and not frames and not _believable(walk, len(data)):
        raise Mismatch
    yield from render(values, content, meter)
    for blob in packed:
        yield content.inside(blob, "frame")


def _unframed(data: bytes, walk: Walk) -> list[tuple[str, Pairs]]:
    whole = walk.message(0, len(data))
    if whole is not None:
        return [(tree.ROOT, whole)]
    messages: list[tuple[str, Pairs]] = []
    at = 0
    while at < len(data):
        size, start = walk.varint(at, len(data))
        at = start + size
        message = walk.message(start, at) if start >= 0 and size and at <= len(data) else None
        if message is None:
            raise Mismatch
        messages.append((f"message {len(messages) + 1}", message))
    return messages


def _believable(walk: Walk, size: int) -> bool:
    return walk.letters >= max(4, _LETTERS_AT_LEAST * size) or walk.numbers * 8 >= size


def _is_delimited(data: bytes) -> bool:
    """Tell whether a length and a first tag stand at the beginning, and another where it ends."""
    size = data[0] if data[0] < 0x80 else data[0] & 0x7F | data[1] << 7
    start = 1 if data[0] < 0x80 else 2
    end = start + size
    return size >= 2 and data[start] & 7 in _WIRES and data[start] >= 8 and (end == len(data) or end < len(data) - 2)


def _frames(data: bytes, *, look: bool = False) -> list[tuple[int, int, int]]:
    """Return flag, start and end of the frames that fill `data`; with `look` the first one is enough."""
    frames: list[tuple[int, int, int]] = []
    at = 0
    while at < len(data):
        flag, size = data[at], int.from_bytes(data[at + 1 : at + _HEAD])
        end = at + _HEAD + size
        if flag & ~_TRAILERS not in {0, 1} or end > len(data) or at + _HEAD > len(data):
            return []
        frames.append((flag, at + _HEAD, end))
        if len(frames) > _FRAMES_AT_MOST:
            return []
        at = end
        if look:
            return frames if size >= 2 and (at == len(data) or data[at] & ~_TRAILERS in {0, 1}) else []
    return frames
