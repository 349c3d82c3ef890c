"""MATLAB files of version 5 (.mat): texts, cells and structures; what is of one length side by side becomes rows.

Source: MathWorks, *MAT-File Format*, chapter 1, level 5. Version 7.3 is HDF5.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Exhausted, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.document import NODE, Pairs, render
from dlp_proxy.unpack.formats import binary
from dlp_proxy.unpack.inflate import inflate
from dlp_proxy.unpack.leaf import short_text

NAME: Final = "matlab"

_MAGIC: Final = b"MATLAB 5.0 MAT-file"
_HEAD: Final = 128
_LITTLE: Final = b"IM"
_MATRIX, _COMPRESSED = 14, 15
_TEXTS: Final = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_SIGNS: Final = {1: "b", 2: "B", 3: "h", 4: "H", 5: "i", 6: "I", 7: "f", 9: "d", 12: "q", 13: "Q"}
_CELL, _STRUCT, _OBJECT, _CHAR = 1, 2, 3, 4
_NUMERIC: Final = range(6, 16)
_DEEP: Final = 40
_ANYWHERE: Final = 1 << 33
"""Behind the end of all elements: what is cut is read as far as it goes."""
_FEWEST_DIGITS: Final = 10_000_000
"""An array of nothing but smaller numbers names nobody: it is a measurement."""
_FAILS: Final = (struct.error, IndexError, ValueError, OverflowError, UnicodeDecodeError)


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC) and len(content.data) > _HEAD


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    meter = budget.meter(len(content.data))
    reader = _Reader(content.data, meter)
    variables = Pairs()
    whole, reached = True, None
    try:
        for variable in reader.variables(_HEAD, len(content.data)):
            variables.append(variable)
    except (_Broken, *_FAILS):
        whole = False
    except Exhausted as limit:
        reached = limit
    yield from render(
        ((name or "variable", value) for name, value in _side_by_side(variables)),
        content,
        budget.meter(len(content.data)),
    )
    if reached:
        raise reached
    if not whole or reader.is_broken:
        yield Gap("malformed", content.location, "a MATLAB file with variables that cannot be read")
        yield from binary.strings(content)


def _side_by_side(named: Pairs) -> list[tuple[str, Any]]:
    """Return named values, those that are lists of one length as rows."""
    by_length: dict[int, Pairs] = {}
    others: list[tuple[str, Any]] = []
    for name, value in named:
        if isinstance(value, list) and len(value) > 1 and not any(isinstance(one, list | Pairs) for one in value[:4]):
            by_length.setdefault(len(value), Pairs()).append((name, value))
        else:
            others.append((name, value))
    for columns in by_length.values():
        names = [name for name, _ in columns]
        if len(names) == 1:
            others.append(columns[0])
            continue
        rows = zip(*(value for _, value in columns), strict=True)
        others.append(("rows", [Pairs(zip(names, row, strict=True)) for row in rows]))
    return others


class _Reader:
    """Reads elements from the bytes of a file. Raises `_Broken` or one of `_FAILS` where it is broken.

    Attributes:
        is_broken: something is no variable, or something in an array could not be read.
    """

    def __init__(self, data: bytes, meter: Meter) -> None:
        self.is_broken = False
        self._order = "<" if data[126:128] == _LITTLE else ">"
        self._data = data
        self._meter = meter
        self._left = min(meter.budget.limits.values, max(1, meter.room // NODE))

    def variables(self, at: int, end: int) -> Iterator[tuple[str, Any]]:
        while at + 8 <= end:
            kind, start, size, at = self._tag(self._data, at, _ANYWHERE)
            if kind == _COMPRESSED:
                result = inflate("zlib", self._data, start, self._meter)
                if result.exhausted:
                    raise result.exhausted
                kind, start, size, _ = self._tag(result.data, 0, _ANYWHERE)
                if kind == _MATRIX:
                    yield self._matrix(result.data, start, min(start + size, len(result.data)), 0)
                else:
                    self.is_broken = True
            elif kind == _MATRIX:
                yield self._matrix(self._data, start, min(start + size, end), 0)
            else:
                self.is_broken = True

    def _tag(self, data: bytes, at: int, end: int) -> tuple[int, int, int, int]:
        """Return the type of the element at `at`, where its bytes begin, how many they are, and where the next is.

        Raises:
            _Broken: it goes on behind `end`, where what holds it ends.
        """
        kind, size = struct.unpack_from(f"{self._order}2I", data, at)
        if kind >> 16:
            return kind & 0xFFFF, at + 4, min(kind >> 16, 4), at + 8
        if at + 8 + size > end:
            raise _Broken
        return kind, at + 8, size, at + 8 + size + (0 if kind == _COMPRESSED else -size % 8)

    def _matrix(self, data: bytes, at: int, end: int, depth: int) -> tuple[str, Any]:
        """Return the name of an array, and what is in it."""
        self._left -= 1
        if self._left < 0 or depth > _DEEP:
            raise _Broken
        if at >= end:
            return "", ""
        _, start, _, at = self._tag(data, at, end)
        kind = struct.unpack_from(f"{self._order}I", data, start)[0] & 0xFF
        _, start, size, at = self._tag(data, at, end)
        dims = struct.unpack_from(f"{self._order}{min(size // 4, 32)}i", data, start)
        _, start, size, at = self._tag(data, at, end)
        name = data[start : start + size].decode("latin-1")
        count = math.prod(dims)
        if count < 0 or count > len(data) or not dims:
            raise _Broken
        if kind == _CHAR:
            return name, self._text(data, at, end, dims[0])
        if kind == _CELL:
            return name, _rows(self._inner(data, at, end, count, depth), dims[0])
        if kind in {_STRUCT, _OBJECT}:
            return name, self._structure(data, at, end, count, depth, is_object=kind == _OBJECT)
        return name, _rows(self._numbers(data, at, end, count), dims[0]) if kind in _NUMERIC else ""

    def _text(self, data: bytes, at: int, end: int, rows: int) -> Any:  # noqa: ANN401 - a text, or a list of them
        kind, start, size, _ = self._tag(data, at, end)
        coding = _TEXTS.get(kind)
        if coding is None:
            raise _Broken
        order = {"<": "-le", ">": "-be"}[self._order] if coding in {"utf-16", "utf-32"} else ""
        text = data[start : start + size].decode(coding + order, "replace")
        self._spend(len(text))
        if rows <= 1:
            return text
        self._count(min(rows, len(text)))
        return [text[row::rows].rstrip() for row in range(min(rows, len(text)))]

    def _numbers(self, data: bytes, at: int, end: int, count: int) -> list[Any]:
        kind, start, size, _ = self._tag(data, at, end)
        sign = _SIGNS.get(kind)
        if sign in {"b", "B"}:
            raw = data[start : start + size]
            return [raw] if short_text(raw) else []  # a text as the numbers of its bytes
        if sign is None or sign in "hH":
            return []
        values = array(sign)
        values.frombytes(data[start : start + size // values.itemsize * values.itemsize])
        if self._order == ">":
            values.byteswap()
        if not values or len(values) != count:
            return []
        highest, lowest = max(values), min(values)
        if max(highest, -lowest) < _FEWEST_DIGITS:
            return []
        self._count(len(values))
        return list(values)

    def _inner(self, data: bytes, at: int, end: int, count: int, depth: int) -> list[Any]:
        found: list[Any] = []
        try:
            found.extend(islice(self._matrices(data, at, end, depth), count))
        except (_Broken, *_FAILS):  # what is before it is still read
            self.is_broken = True
        return found

    def _matrices(self, data: bytes, at: int, end: int, depth: int) -> Iterator[Any]:
        while at < end:
            kind, start, size, at = self._tag(data, at, end)
            if kind != _MATRIX:
                raise _Broken
            yield self._matrix(data, start, start + size, depth + 1)[1]

    def _structure(self, data: bytes, at: int, end: int, count: int, depth: int, *, is_object: bool) -> Any:  # noqa: ANN401 - one or a list of them
        if is_object:
            at = self._tag(data, at, end)[3]
        _, start, _, at = self._tag(data, at, end)
        (width,) = struct.unpack_from(f"{self._order}i", data, start)
        _, start, size, at = self._tag(data, at, end)
        if not 0 < width <= size:
            return ""
        self._count(size // width)
        names = [
            data[place : place + width].partition(b"\0")[0].decode("latin-1")
            for place in range(start, start + size, width)
        ]
        values = self._inner(data, at, end, count * len(names), depth)
        made = [
            Pairs(zip(names, values[place : place + len(names)], strict=False))
            for place in range(0, len(values), len(names))
        ]
        return Pairs(_side_by_side(made[0])) if len(made) == 1 else made

    def _count(self, values: int) -> None:
        """Count values before they are made.

        Raises:
            _Broken: there are more than are laid out.
            Exhausted: they take more than there is room for.
        """
        self._left -= values
        if self._left < 0:
            raise _Broken
        self._spend(NODE * values)

    def _spend(self, size: int) -> None:
        if size > self._meter.room:
            raise self._meter.overrun()
        self._meter.charge(size)


def _rows(values: list[Any], rows: int) -> Any:  # noqa: ANN401 - one value, a list, or rows
    """Return values, which stand column by column, as rows of so many columns; a single one as it is."""
    if len(values) == 1:
        return values[0]
    if 1 < rows < len(values):
        return [values[row::rows] for row in range(rows)]
    return values
