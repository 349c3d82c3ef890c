"""CBOR (RFC 8949): one value, or many behind each other."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import VALUE, Pairs, render
from dlp_proxy.unpack.leaf import digits, short_text

NAME: Final = "cbor"

_FIRST: Final = re.compile(
    rb"(?:[\xc0-\xd7]|\xd8.|\xd9..|\xda.{4}|\xdb.{8}){0,8}[\x81-\x9b\x9f\xa1-\xbb\xbf]", re.DOTALL
)
"""An array or a map, behind tags perhaps."""

_LEAST: Final = 8
_SIMPLE: Final = {20: False, 21: True}
_FLOATS: Final = {25: (">e", 2), 26: (">f", 4), 27: (">d", 8)}
_BIGNUMS: Final = {2, 3}
_EMBEDDED: Final = 24
"""The tag of a byte string that is CBOR itself (3.4.5.1)."""
_STOP: Final = object()


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    data = content.data
    return len(data) >= _LEAST and _FIRST.match(data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    meter = budget.meter(len(data))
    reader = _Reader(data, min(budget.limits.values, meter.room // VALUE))
    values: list[Any] = []
    end, problem = 0, False
    try:
        while end < len(data) and _FIRST.match(data, end):
            values.append(reader.value(0))
            end = reader.at
    except (_Broken, RecursionError):  # maps as keys of maps take four calls a level
        problem = True
        values += reader.begun
    except tree.TooMany:
        yield Gap("too-large", content.location, "more values than are laid out")
        raise Mismatch from None
    if not reader.texts or ((problem or end < len(data)) and not _believable(reader, len(data))):
        raise Mismatch
    labels = [tree.ROOT] if len(values) == 1 else [f"item {number}" for number in range(1, len(values) + 1)]
    yield from render(zip(labels, values, strict=True), content, meter)
    if problem or end < len(data):
        yield Gap("malformed", content.location, "CBOR that is cut or broken at its end")
        yield content.inside(data[reader.at :], "after the CBOR")


def _believable(reader: _Reader, size: int) -> bool:
    """Tell whether what is broken was CBOR as far as it went, and not something else by chance."""
    return reader.texts >= 8 and reader.at * 2 > size


def _name(value: object) -> str:
    if isinstance(value, bytes):
        return short_text(value) or ""
    return digits(value) if isinstance(value, int) else str(value)


class _Reader:
    """Reads values one after the other.

    Attributes:
        texts: how many texts were read.
        left: how many values more are read.
        begun: what the outermost value held when it broke off.
    """

    def __init__(self, data: bytes, most: int) -> None:
        self.at = 0
        self.left = most
        self.texts = 0
        self.begun: list[Any] = []
        self._data = data

    def value(self, depth: int) -> Any:  # noqa: ANN401 - any value
        if depth > tree.NESTING or self.at >= len(self._data):
            raise _Broken
        self.left -= 1
        if self.left < 0:
            raise tree.TooMany
        first = self._data[self.at]
        self.at += 1
        major, minor = first >> 5, first & 31
        if major == 7:
            return self._simple(minor)
        if minor == 31:
            return self._indefinite(major, depth)
        number = self._number(minor)
        if major == 0:
            return number
        if major == 1:
            return -1 - number
        if major in {2, 3}:
            return self._string(major, number)
        if major == 4:
            return self._array(number, depth)
        if major == 5:
            return self._map(number, depth)
        inner = self.value(depth + 1)
        if number in _BIGNUMS and isinstance(inner, bytes):
            whole = int.from_bytes(inner)
            return whole if number == 2 else -1 - whole
        if number == _EMBEDDED and isinstance(inner, bytes):
            return self._embedded(inner, depth)
        return inner

    def _embedded(self, raw: bytes, depth: int) -> Any:  # noqa: ANN401
        """Return what a byte string holds that says of itself that it is CBOR; the bytes where it is none."""
        reader = _Reader(raw, self.left)
        try:
            made = reader.value(depth + 1)
        except _Broken:
            return raw
        self.texts += reader.texts
        self.left = reader.left
        return made if reader.at == len(raw) else raw

    def _number(self, minor: int) -> int:
        if minor < 24:
            return minor
        if minor > 27:
            raise _Broken
        return int.from_bytes(self._take(1 << minor - 24))

    def _take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self._data):
            raise _Broken
        taken = self._data[self.at : end]
        self.at = end
        return taken

    def _string(self, major: int, size: int) -> str | bytes:
        raw = self._take(size)
        if major == 2:
            return raw
        self.texts += 1
        text = short_text(raw)
        return raw if text is None else text

    def _array(self, count: int, depth: int) -> list[Any]:
        items: list[Any] = []
        self._fill(items, lambda: self.value(depth + 1), count)
        return items

    def _map(self, count: int, depth: int) -> Pairs:
        pairs = Pairs()
        self._fill(pairs, lambda: self._pair(depth), count)
        return pairs

    def _fill(self, into: list[Any], more: Callable[[], Any], count: int) -> None:
        try:
            for _ in range(count):
                into.append(more())  # noqa: PERF401 - what was read stays when it breaks
        except _Broken:
            self.begun = [into]  # and whatever holds it puts itself here on the way up
            raise

    def _pair(self, depth: int) -> tuple[str, Any]:
        name = self.value(depth + 1)
        return _name(name), self.value(depth + 1)

    def _indefinite(self, major: int, depth: int) -> Any:  # noqa: ANN401
        if major in {2, 3}:
            pieces = list(iter(lambda: self._item(depth), _STOP))
            if major == 3:
                return "".join(piece for piece in pieces if isinstance(piece, str))
            return b"".join(piece for piece in pieces if isinstance(piece, bytes))
        into: Any = [] if major == 4 else Pairs()
        if major not in {4, 5}:
            raise _Broken
        try:
            while (item := self._item(depth)) is not _STOP:
                into.append(item if major == 4 else (_name(item), self.value(depth + 1)))
        except _Broken:
            self.begun = [into]  # and whatever holds it puts itself here on the way up
            raise
        return into

    def _item(self, depth: int) -> Any:  # noqa: ANN401
        if self._data[self.at : self.at + 1] == b"\xff":
            self.at += 1
            return _STOP
        return self.value(depth + 1)

    def _simple(self, minor: int) -> Any:  # noqa: ANN401
        if minor in _FLOATS:
            form, size = _FLOATS[minor]
            return struct.unpack(form, self._take(size))[0]
        if minor > 24:
            raise _Broken
        if minor == 24:
            self._take(1)
        return _SIMPLE.get(minor)
