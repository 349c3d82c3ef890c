"""BSON documents, one or many behind each other: what `mongodump` writes. Source: bsonspec.org, version 1.1."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import VALUE, Pairs, render
from dlp_proxy.unpack.leaf import short_text

NAME: Final = "bson"

_TYPES: Final = frozenset([*range(1, 20), 0x7F, 0xFF])
_FIXED: Final = {1: 8, 6: 0, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8, 19: 16, 0x7F: 0, 0xFF: 0}
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECONDS: Final = 1 << 47


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    data = content.data
    size = int.from_bytes(data[:4], "little")
    return 12 <= size <= len(data) and data[4] in _TYPES and data[size - 1] == 0 and 0 < data.find(b"\0", 5) < 5 + 256


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    values: list[Any] = []
    at = 0
    meter = budget.meter(len(data))
    left = [min(budget.limits.values, meter.room // VALUE)]
    try:
        while at < len(data):
            value, at = _document(data, at, 0, left, array=False)
            values.append(value)
    except tree.TooMany:
        yield Gap("too-large", content.location, "more values than are laid out")
        raise Mismatch from None
    except _Broken:
        if not values:
            raise Mismatch from None
    labels = [tree.ROOT] if len(values) == 1 else [f"document {number}" for number in range(1, len(values) + 1)]
    yield from render(zip(labels, values, strict=True), content, meter)
    if at < len(data):
        yield Gap("malformed", content.location, "BSON that is cut or broken at its end")
        yield content.inside(data[at:], "after the BSON")


def _document(data: bytes, at: int, depth: int, left: list[int], *, array: bool) -> tuple[Any, int]:
    """Return the document at `at`, and where it ends; `left` says how many more values are read."""
    size = int.from_bytes(data[at : at + 4], "little")
    end = at + size
    if depth > tree.NESTING or size < 5 or end > len(data) or data[end - 1]:
        raise _Broken
    at += 4
    pairs = Pairs()
    while at < end - 1:
        left[0] -= 1
        if left[0] < 0:
            raise tree.TooMany
        kind = data[at]
        stop = data.find(b"\0", at + 1, end)
        if stop < 0:
            raise _Broken
        name = short_text(data[at + 1 : stop]) or ""
        value, at = _value(data, stop + 1, kind, depth, left)
        pairs.append((name, value))
    return ([value for _, value in pairs] if array else pairs), end


def _value(data: bytes, at: int, kind: int, depth: int, left: list[int]) -> tuple[Any, int]:
    if kind in {3, 4}:
        return _document(data, at, depth + 1, left, array=kind == 4)
    if kind in {2, 13, 14}:
        return _text(data, at)
    if kind == 5:
        size = int.from_bytes(data[at : at + 4], "little")
        return _piece(data, at + 5, size)
    if kind == 11:
        pattern = data.find(b"\0", at)
        options = data.find(b"\0", pattern + 1)
        if pattern < 0 or options < 0:
            raise _Broken
        return data[at:pattern], options + 1
    if kind == 12:
        text, at = _text(data, at)
        return text, at + 12
    if kind == 15:
        text, at = _text(data, at + 4)
        scope, at = _document(data, at, depth + 1, left, array=False)
        return [text, scope], at
    if kind not in _FIXED:
        raise _Broken
    raw, end = _piece(data, at, _FIXED[kind])
    return _fixed(kind, raw), end


def _fixed(kind: int, raw: bytes) -> Any:  # noqa: ANN401 - any value
    if kind == 1:
        return struct.unpack("<d", raw)[0]
    if kind == 8:
        return raw != b"\0"
    if kind == 9:
        value = int.from_bytes(raw, "little", signed=True)
        return _EPOCH + dt.timedelta(milliseconds=value) if 0 <= value < _MILLISECONDS else value
    if kind in {0x10, 0x11, 0x12}:
        return int.from_bytes(raw, "little", signed=True)
    if kind == 0x13:
        return int.from_bytes(raw, "little") & ((1 << 113) - 1)
    return raw.hex() if raw else None


def _text(data: bytes, at: int) -> tuple[str | bytes, int]:
    size = int.from_bytes(data[at : at + 4], "little")
    raw, end = _piece(data, at + 4, size)
    text = short_text(raw[:-1])
    return (raw[:-1] if text is None else text), end


def _piece(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if at + size > len(data):
        raise _Broken
    return data[at : at + size], at + size
