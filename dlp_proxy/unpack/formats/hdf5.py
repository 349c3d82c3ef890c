"""HDF5 files, as h5py, pandas, MATLAB and netCDF-4 write them: rows of records, columns of one length side by side."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats import binary
from dlp_proxy.unpack.hdf5_objects import MAGIC, File, Object
from dlp_proxy.unpack.hdf5_types import ARRAY, Broken, Kind
from dlp_proxy.unpack.leaf import short_text
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.rows import table
from dlp_proxy.unpack.written import Written

NAME: Final = "hdf5"

type _Columns = dict[str, list[object]]

_FAILS: Final = (Broken, struct.error, IndexError, ValueError, OverflowError, RecursionError)
_WHOLE: Final = {1: "b", 2: "h", 4: "i", 8: "q"}
_REAL: Final = {4: "f", 8: "d"}
_INTEGER, _FLOAT, _TEXT, _COMPOUND, _ENUM, _VARYING = 0, 1, 3, 6, 8, 9
_FEWEST_DIGITS: Final = 10_000_000
"""An array of nothing but smaller numbers names nobody: it is weights, prices or a picture."""
_DEEP: Final = 50
_OBJECTS_AT_MOST: Final = 5_000


def accepts(content: Content) -> bool:
    return content.data.startswith(MAGIC) and len(content.data) > 96


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    meter = budget.meter(len(content.data))
    try:
        file = File(content.data, meter)
        walk = _Walk(content, file, meter)
        root = file.object(file.root)
    except _FAILS:
        raise Mismatch from None
    yield from walk.group(root, content, 0)
    if rest := content.data[file.end :]:
        yield content.inside(rest, "after the file")
    yield from walk.written.contents()
    yield from binary.strings(content.inside(file.left.rest(), "beside the datasets"))
    if walk.unread:
        yield Gap("unknown-format", content.location, f"{walk.unread} things of an HDF5 file that are not read")
        yield from binary.strings(content)


class _Walk:
    """One pass over one file.

    Attributes:
        unread: datasets and groups that are broken, or kept in a way that is not followed.
        written: numbers that are nobody's, or a file that somebody read as numbers.
    """

    def __init__(self, content: Content, file: File, meter: Meter) -> None:
        self.unread = 0
        self._file, self._meter, self._content = file, meter, content
        self.written = Written(content)
        self._seen = {file.root}
        self._cells = 0

    def group(self, made: Object, where: Content, depth: int) -> Iterator[Part | Content]:
        """Yield what is in a group: its datasets of one length as one table, then its groups."""
        columns: dict[int, _Columns] = {}
        inner: list[tuple[str, Object]] = []
        yield from self._said(made, where)
        for name, at in made.links:
            if at in self._seen:
                continue
            if len(self._seen) > _OBJECTS_AT_MOST or depth > _DEEP:
                self.unread += 1
                continue
            self._seen.add(at)
            self._meter.budget.hurry()
            try:
                one = self._file.object(at)
                if one.kind is None:
                    inner.append((name, one))
                    continue
                found = self._dataset(name, one)
                yield from self._said(one, where.inside(where.data, step(name)))
            except _FAILS:
                self.unread += 1
                continue
            rows, width = found
            if not rows:
                continue
            if one.kind.number == _COMPOUND or width > 1:
                yield from table(where.inside(where.data, step(name)), one.kind.names, rows, self._meter)
            else:
                some = columns.setdefault(len(rows), {})
                some[f"{name} {len(some) + 1}" if name in some else name] = [row[0] for row in rows]
        for some in columns.values():
            yield from table(where, list(some), zip(*some.values(), strict=True), self._meter)
        for name, one in inner:
            yield from self.group(one, where.inside(where.data, step(name)), depth + 1)

    def _said(self, made: Object, where: Content) -> Iterator[Part | Content]:
        """Yield the attributes that say something."""
        self.unread += made.elsewhere
        said: list[list[object]] = []
        for name, kind, raw in made.attributes:
            self._spend(len(raw))
            try:
                places = range(0, len(raw), kind.size or len(raw))
                each = [self._values(raw[at : at + kind.size], kind) for at in places]
            except _FAILS:
                self.unread += 1
                continue
            if not any(map(_is_something, each)):
                self.written.add(f"attribute {name}", raw)
                continue
            said.append([name, *(cell for values in each for cell in values)])
        if said:
            yield from table(where.inside(where.data, "attributes"), [], said, self._meter)

    def _dataset(self, name: str, made: Object) -> tuple[list[list[object]], int]:
        """Return rows and the cells of each."""
        kind = made.kind
        if kind is None or not kind.size:
            return [], 1
        count = 1
        for size in made.dims or ():
            count *= size
        rows: list[list[object]] = []
        width = 1
        said = bytearray()
        for raw, wide in self._file.pieces(made):
            width = max(1, wide)
            self._spend(len(raw))
            self._meter.budget.hurry()
            if kind.size == 1 and kind.number == _INTEGER:
                said += raw
                continue
            if kind.number not in {_TEXT, _COMPOUND, _VARYING}:
                self.written.add(name, raw)
            if not _says_something(raw, kind):
                continue
            self._cells += len(raw) // kind.size * kind.cells
            if self._cells > self._meter.budget.limits.values:
                raise Broken
            left = count - len(rows) * width
            if len(raw) % kind.size:
                raise Broken
            values = [self._value(raw[at : at + kind.size], kind) for at in range(0, len(raw), kind.size)]
            if any(map(_is_something, values[max(0, left) :])):
                raise Broken  # more is kept than the dataset says it has
            del values[max(0, left) :]
            if kind.number == _COMPOUND:
                rows += [value if isinstance(value, list) else [value] for value in values]
                width = 1
            else:
                rows += [values[at : at + width] for at in range(0, len(values), width)]
        # A text as the numbers of its bytes, of which there may be more than the dataset says.
        text = bytes(said).rstrip(b"\0")
        if text and short_text(text):
            return [[text]], 1
        self.written.add(name, bytes(said))
        return rows, width

    def _spend(self, size: int) -> None:
        if size > self._meter.room:
            raise self._meter.overrun()
        self._meter.charge(size)

    def _values(self, raw: bytes, kind: Kind) -> list[object]:
        """Return the values of a member of a compound: PyTables keeps the columns of one type as an array."""
        base = kind.base
        if kind.number != ARRAY or base is None or not base.size:
            return [self._value(raw, kind)]
        end = min(base.size * kind.repeats, len(raw))
        return [self._value(raw[at : at + base.size], base) for at in range(0, end, base.size)]

    def _value(self, raw: bytes, kind: Kind) -> object:
        if kind.number == _TEXT:
            return raw.rstrip(b"\0 ")
        if kind.number == _COMPOUND:
            return [value for _, at, inner in kind.fields for value in self._values(raw[at : at + inner.size], inner)]
        if kind.number == _VARYING:
            return self._file.kept(raw)
        sign = (_WHOLE if kind.number in {_INTEGER, _ENUM} else _REAL if kind.number == _FLOAT else {}).get(kind.size)
        if sign is None or len(raw) < kind.size:
            return ""
        if kind.number != _FLOAT and not kind.is_signed:
            sign = sign.upper()
        value: object = struct.unpack(kind.order + sign, raw)[0]
        return value


def _is_something(value: object) -> bool:
    """Tell whether a value can be anybody's; what fills up a chunk is none."""
    if isinstance(value, list):
        return any(map(_is_something, value))
    if isinstance(value, bytes):
        return bool(value.strip(b"\0 "))
    return isinstance(value, int | float) and abs(value) >= _FEWEST_DIGITS


def _says_something(raw: bytes, kind: Kind) -> bool:
    """Tell whether there can be a text, or a number that is anybody's."""
    if kind.number in {_TEXT, _COMPOUND, _VARYING, ARRAY}:
        return True
    if kind.size < 8 or kind.number not in {_INTEGER, _FLOAT}:
        return False
    sign = kind.order + ("d" if kind.number == _FLOAT else "q")
    whole = raw[: len(raw) // 8 * 8]
    return any(abs(value) >= _FEWEST_DIGITS for (value,) in struct.iter_unpack(sign, whole))
