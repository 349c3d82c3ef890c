"""UBJSON: JSON with kinds and lengths in place of quotes and commas.

Source: ubjson.org, *Universal Binary JSON Specification*, draft 12.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import VALUE, Pairs, render

NAME: Final = "ubjson"

_FIRST: Final = re.compile(rb"\[(?:\$.)?(?:[\[{SiUIlLHdD]|#[iUIlL])|\{(?:\$.)?(?:[iUIlL]|#[iUIlL])", re.DOTALL)
_NUMBERS: Final = {
    ord(kind): struct.Struct(f">{sign}")
    for kind, sign in {"i": "b", "U": "B", "I": "h", "l": "i", "L": "q", "d": "f", "D": "d"}.items()
}
_COUNTS: Final = frozenset(b"iUIlL")
_CONSTANTS: Final = {ord("Z"): None, ord("N"): None, ord("T"): True, ord("F"): False}
_LIST, _LIST_END, _OBJECT, _OBJECT_END, _KIND, _COUNT, _SKIPPED = b"[]{}$#N"
_TEXT, _NUMBER, _SIGN, _BYTES = b"SHCU"
_DEEP: Final = 100
_MOST_READ: Final = 0.9  # of the data: less is chance


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    return _FIRST.match(content.data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    meter = budget.meter(len(data))
    reader = _Reader(data, min(budget.limits.values, meter.room // VALUE))
    try:
        value = reader.value(data[0], 1, 0)
    except (_Broken, struct.error, IndexError):
        raise Mismatch from None
    if not reader.texts or reader.at < _MOST_READ * len(data):
        raise Mismatch
    yield from render([(tree.ROOT, value)], content, meter)
    if reader.at < len(data):
        yield content.inside(data[reader.at :], "after the values")


class _Reader:
    """Reads values from a place on.

    Attributes:
        at: where the value read last ends.
        texts: how many texts there were.
    """

    def __init__(self, data: bytes, most: int) -> None:
        self.at = 0
        self.texts = 0
        self._data = data
        self._left = most

    def value(self, kind: int, at: int, depth: int) -> Any:  # noqa: ANN401 - JSON is anything
        """Return the value of a kind that stands at `at`.

        Raises:
            _Broken: there is none, or more than are laid out.
        """
        self._left -= 1
        if self._left < 0 or depth > _DEEP:
            raise _Broken
        self.at = at
        if kind in _NUMBERS:
            return self._number(kind)
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        if kind in {_TEXT, _NUMBER}:
            self.texts += kind == _TEXT
            return self._text()
        if kind == _SIGN:
            self.at += 1
            return chr(self._data[at])
        if kind == _LIST:
            return self._list(depth)
        if kind == _OBJECT:
            return Pairs(self._entries(depth))
        raise _Broken

    def _number(self, kind: int) -> int | float:
        value: int | float = _NUMBERS[kind].unpack_from(self._data, self.at)[0]
        self.at += _NUMBERS[kind].size
        return value

    def _size(self) -> int:
        kind = self._next()
        size = self._number(kind) if kind in _COUNTS else -1
        if not isinstance(size, int) or not 0 <= size <= len(self._data):
            raise _Broken
        return size

    def _next(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _text(self) -> str:
        size = self._size()
        raw = self._data[self.at : self.at + size]
        if len(raw) < size:
            raise _Broken
        self.at += size
        return raw.decode(errors="replace")

    def _head(self) -> tuple[int, int]:
        """Return the kind of all values of a container and their number; 0 and -1 where that is not said."""
        kind, count = 0, -1
        if self._data[self.at] == _KIND:
            kind = self._data[self.at + 1]
            self.at += 2
            if self._data[self.at] != _COUNT:
                raise _Broken
        if self._data[self.at] == _COUNT:
            self.at += 1
            count = self._size()
        return kind, count

    def _list(self, depth: int) -> list[Any] | bytes:
        kind, count = self._head()
        if kind == _BYTES:
            self.at += count
            return self._data[self.at - count : self.at]
        if kind in _CONSTANTS:
            return []
        items: list[Any] = []
        while len(items) != count:
            one = kind or self._next()
            if one == _LIST_END and count < 0:
                break
            if one != _SKIPPED:
                items.append(self.value(one, self.at, depth + 1))
        return items

    def _entries(self, depth: int) -> Iterator[tuple[str, Any]]:
        kind, count = self._head()
        while count:
            if count < 0 and self._data[self.at] == _OBJECT_END:
                self.at += 1
                return
            count -= 1 if count > 0 else 0
            name = self._text()
            yield name, self.value(kind or self._next(), self.at, depth + 1)
