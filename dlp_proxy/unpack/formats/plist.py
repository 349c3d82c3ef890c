"""Property lists of macOS and iOS, binary ones. XML ones are read as XML."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.document import NODE, Pairs, render
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.leftover import Leftover

NAME: Final = "plist"

_MAGIC: Final = b"bplist0"
_TRAILER: Final = 32
_EPOCH: Final = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
_SECONDS: Final = 1e11
_HOLDING: Final = frozenset({1, 4, 5, 6, 7})
"""Kinds of objects that hold a whole number, a text or bytes."""


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    meter = budget.meter(len(content.data))
    try:
        objects = _Objects(content.data, meter)
        value = objects.value(objects.top, 0)
    except (_Broken, tree.TooDeep):
        yield Gap("malformed", content.location, "a property list that is broken, or holds itself")
        yield from strings(content)
        return
    yield from render([(tree.ROOT, value)], content, meter)
    yield from render([("not referred to", value) for value in objects.orphans()], content, meter)
    yield from strings(content.inside(objects.left.rest(), "beside the objects"))


class _Objects:
    """The objects of one list, which refer to each other by number.

    Attributes:
        top: the number of the one that holds the others.
        left: what no object took.
    """

    def __init__(self, data: bytes, meter: Meter) -> None:
        self._data, self._meter = data, meter
        if len(data) < len(_MAGIC) + _TRAILER:
            raise _Broken
        trailer = data[-_TRAILER:]
        width, self._width = trailer[6], trailer[7]
        count, self.top, start = struct.unpack(">3Q", trailer[8:])
        if not (0 < width <= 8 and 0 < self._width <= 8 and start + count * width <= len(data)):
            raise _Broken
        self._places = [int.from_bytes(data[at : at + width]) for at in range(start, start + count * width, width)]
        self._reached: set[int] = set()
        self.left = Leftover(data)
        if max(self._places, default=0) < start:
            self.left.take(start, start + count * width)

    def orphans(self) -> Iterator[Any]:
        """Yield the numbers, texts and data to which nothing refers.

        Raises:
            Exhausted: there are more than may be laid out.
        """
        for number, at in enumerate(self._places):
            if number not in self._reached and at < len(self._data) and self._data[at] >> 4 in _HOLDING:
                with suppress(_Broken):
                    yield self.value(number, 0)

    def value(self, number: int, depth: int) -> Any:  # noqa: ANN401 - any value
        """Return one object with all in it.

        Raises:
            Exhausted: it refers to others again and again.
        """
        if depth > tree.NESTING:
            raise tree.TooDeep
        if not self._meter.room:
            raise self._meter.overrun()
        self._meter.charge(NODE)
        if number >= len(self._places) or self._places[number] >= len(self._data):
            raise _Broken
        self._reached.add(number)
        at = self._places[number]
        kind, size = self._data[at] >> 4, self._data[at] & 15
        at += 1
        if kind == 0:
            return {8: False, 9: True}.get(size)
        if kind == 1:
            return int.from_bytes(self._take(at, 1 << size), signed=size >= 3)
        if kind in {2, 3}:
            return _real(kind, self._take(at, 1 << size))
        if kind == 8:
            return int.from_bytes(self._take(at, size + 1))
        return self._sized(kind, *self._size(size, at), depth)

    def _sized(self, kind: int, size: int, at: int, depth: int) -> Any:  # noqa: ANN401
        if kind == 4:
            return self._take(at, size)
        if kind in {5, 7}:
            return self._take(at, size).decode(errors="replace")
        if kind == 6:
            return self._take(at, 2 * size).decode("utf-16-be", "replace")
        if kind == 13:
            inner = self._numbers(at, 2 * size)
            return Pairs(
                [
                    (str(self.value(name, depth + 1)), self.value(value, depth + 1))
                    for name, value in zip(inner[:size], inner[size:], strict=True)
                ]
            )
        if kind in {10, 11, 12}:
            return [self.value(inner, depth + 1) for inner in self._numbers(at, size)]
        raise _Broken

    def _size(self, size: int, at: int) -> tuple[int, int]:
        if size < 15:
            return size, at
        width = 1 << (self._take(at, 1)[0] & 15)
        return int.from_bytes(self._take(at + 1, width)), at + 1 + width

    def _numbers(self, at: int, count: int) -> list[int]:
        width = self._width
        raw = self._take(at, count * width)
        return [int.from_bytes(raw[place : place + width]) for place in range(0, len(raw), width)]

    def _take(self, at: int, size: int) -> bytes:
        if at + size > len(self._data):
            raise _Broken
        self.left.take(at, at + size)
        return self._data[at : at + size]


def _real(kind: int, raw: bytes) -> Any:  # noqa: ANN401
    if len(raw) not in {4, 8}:
        raise _Broken
    value = struct.unpack(">f" if len(raw) == 4 else ">d", raw)[0]
    return _EPOCH + dt.timedelta(seconds=value) if kind == 3 and abs(value) < _SECONDS / 2 else value
