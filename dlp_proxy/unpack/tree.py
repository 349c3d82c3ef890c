"""A tree of named values as one text: a line for each value, a unit for each object."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any, Final, cast

from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import CELL, Field, Part, Unit
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.naming import whole
from dlp_proxy.unpack.values import SHORT, is_long, set_apart

# Objects become tuples of pairs, so that a name given twice keeps both values; numbers stay as they were written.
DECODER: Final = json.JSONDecoder(
    strict=False, object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str
)

ROOT: Final = "$"

NESTING: Final = 200  # far below the interpreter's own limit, so that the answer never depends on the caller's depth
_BREAKS: Final = re.compile(r"[\t\r\n]")
_LABEL: Final = 160
_LINES: Final = 4
_SOME: Final = 65_536
_BRANCHES: Final = frozenset({tuple, list})
_SHORT: Final = 8  # a shorter string holds no document worth opening
_LITERALS: Final[dict[object, str]] = {True: "true", False: "false", None: "null"}


class TooDeep(Exception):  # noqa: N818 - a limit that was reached is not an error
    """The tree is nested deeper than is followed."""


class TooMany(Exception):  # noqa: N818 - same
    """There are more values than are laid out."""


class Rendering:
    """Writes values one after the other and keeps the layout.

    Attributes:
        values: how many were added.
        unopened: a string may hold a document, deeper than is opened.
    """

    def __init__(self, location: Location, limits: Limits, is_new: Callable[[str], bool] | None = None) -> None:
        """Begin; `is_new` tells of a long text whether it is read for the first time."""
        self._is_new = is_new
        self.values = 0
        self.unopened = False
        self._location = location
        self._limits = limits
        self._at = 0
        self._lines: list[str] = []
        self._units: list[Unit | None] = []
        self._fields: list[tuple[int, int, str]] = []
        self._apart: list[tuple[str, str]] = []
        self._plain: list[str] = []

    def expect(self, values: int) -> None:
        """Say how many more values there will be.

        Raises:
            TooMany: that is more than are laid out.
        """
        if self.values + values > self._limits.values:
            raise TooMany

    def add(self, value: Any, label: str) -> None:  # noqa: ANN401 - JSON is anything
        """Render one whole document, known to people as `label`.

        Raises:
            TooDeep: it is nested deeper than is followed.
            TooMany: there were too many before it.
        """
        self.values += 1
        self.expect(0)
        if not (isinstance(value, list) and label != ROOT and self._row("", value, label)):
            self._item("", value, label, 0, 0, named=False)

    def plain(self, line: str) -> None:
        """Keep a line that is no value."""
        self._plain.append(line)

    def finish(self) -> Iterator[Part | Content]:
        """Yield the part, then plain lines and long values as contents of their own: they may hold many customers."""
        written = "".join(self._lines)
        self._lines.clear()  # as much again as the text, or many times that where lines are short
        text = whole(written)
        units = [unit for unit in self._units if unit is not None]
        # As Field(*field) for each, in half the time: documents have many fields. Some at a time, for memory.
        for at in range(0, len(self._fields), _SOME):
            self._fields[at : at + _SOME] = map(tuple.__new__, repeat(Field), self._fields[at : at + _SOME])
        fields = cast("tuple[Field, ...]", tuple(self._fields))
        if text != written:
            units = [unit._replace(label=whole(unit.label)) for unit in units]
            fields = tuple([field._replace(name=whole(field.name)) for field in fields])
        if text:
            yield Part(self._location, text, tuple(units), fields)
        if self._plain:
            yield Content("\n".join(self._plain).encode(errors="replace"), self._location / "beside the JSON")
        yield from set_apart(self._apart, self._location, self._is_new)

    def _write(self, line: str) -> None:
        self._lines.append(line)
        self._at += len(line)

    def _end_line(self) -> None:
        if self._lines and not self._lines[-1].endswith("\n"):
            self._write("\n")

    def _object(self, pairs: tuple[tuple[str, Any], ...], label: str, depth: int, inner: int) -> None:
        slot, start = len(self._units), self._at
        self._units.append(None)
        lines, fields, at = self._lines.append, self._fields.append, start
        for name, value in pairs:
            kind = type(value)
            if kind is str:
                size = len(value)
                if size >= _SHORT and (value[0] in ' \t\r\n{["' or (size > SHORT and is_long(value))):
                    self._at = at
                    self._item(name, value, f"{label}{_child(name)}", depth, inner, named=True)
                    at = self._at
                    continue
            elif kind in _BRANCHES:
                self._at = at
                self._write(f"{name}:\n")
                self._item(name, value, f"{label}{_child(name)}", depth + 1, inner, named=False)
                at = self._at
                continue
            else:
                value, size = _LITERALS[value], len(_LITERALS[value])  # noqa: PLW2901 - from here on it is its text
            lines(f"{name}: {value}\n")
            at += len(name) + 2
            fields((at, at + size, name))
            at += size + 1
        self._at = at
        if at > start:
            self._units[slot] = Unit(start, at, "object", label)

    def _array(self, name: str, items: list[Any], label: str, depth: int, inner: int) -> None:
        for number, item in enumerate(items):
            place = f"{label}[{number}]"
            if type(item) is tuple and depth + 1 < NESTING:
                self._object(item, place if len(place) <= _LABEL else _cut(place), depth + 1, inner)
            elif type(item) is not list or not self._row(name, item, place):
                self._item(name, item, place, depth + 1, inner, named=False)

    def _row(self, name: str, cells: list[Any], label: str) -> bool:
        """Render an array of scalars as a row. Return False when it is something else."""
        if not _BRANCHES.isdisjoint(map(type, cells)):
            return False
        texts = [cell if isinstance(cell, str) else _LITERALS[cell] for cell in cells]
        if any(map(is_long, texts)):
            return False
        start = self._at
        for text in texts:
            self._fields.append((self._at, self._at + len(text), name))
            self._write(_BREAKS.sub(" ", text) + CELL)
        if texts:
            self._lines[-1] = self._lines[-1][:-1] + "\n"
            self._units.append(Unit(start, self._at, "row", label))
        return True

    def _item(self, name: str, value: Any, label: str, depth: int, inner: int, *, named: bool) -> None:  # noqa: ANN401
        """Render any value. A branch's name was written already; items of an array do not repeat theirs."""
        if depth >= NESTING:
            raise TooDeep
        if isinstance(value, tuple):
            self._object(value, _cut(label), depth, inner)
        elif isinstance(value, list) and is_text_in_lines(value):
            self._apart.append((_cut(label), "".join(value)))
        elif isinstance(value, list):
            self._array(name, value, _cut(label), depth, inner)
        else:
            text = value if isinstance(value, str) else _LITERALS[value]
            if named:
                self._write(f"{name}: ")
            self._leaf(name, text, label, depth, inner)

    def _leaf(self, name: str, value: str, label: str, depth: int, inner: int) -> None:
        """Render a string after its name: as what it holds if that is JSON, set apart if long, else as it is."""
        if value.lstrip()[:1] in {"{", "[", '"'} and len(value) >= _SHORT:
            document = self._open(value, inner)
            if document is not None:
                self._end_line()
                self._item(name, document, label, depth + 1, inner + 1, named=False)
                return
        if is_long(value):
            self._end_line()
            self._apart.append((label, value))
            return
        self._fields.append((self._at, self._at + len(value), name))
        self._write(value + "\n")

    def _open(self, value: str, inner: int) -> Any:  # noqa: ANN401 - JSON is anything
        """Return the document that a string holds, None when it holds none or lies too deep."""
        try:
            document = DECODER.decode(value)
        except json.JSONDecodeError:
            return None
        if inner >= self._limits.depth:
            self.unopened = True
            return None
        return document


def is_text_in_lines(items: list[Any]) -> bool:
    """Tell whether an array is one text, cut behind each line end, as notebooks have it (nbformat, *Cells*)."""
    return len(items) >= _LINES and all(isinstance(item, str) for item in items) and all(map(_ends, items[:-1]))


def _ends(line: str) -> bool:
    return line.endswith("\n")


def _child(name: str) -> str:
    return f".{name}" if name.isidentifier() else f'["{name}"]'


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
