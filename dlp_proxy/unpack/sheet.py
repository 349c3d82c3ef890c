"""Rows of a table as one part: a line and a unit for each row, the header's names as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import CELL, Part, Unit
from dlp_proxy.unpack import table
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.naming import whole
from dlp_proxy.unpack.values import is_long, set_apart

_BREAKS: Final = str.maketrans("\t\r\n", "   ")
_TITLES: Final = 8
"""Lines above the header that may be titles: one cell in them says something."""


class Sheet:
    """Rows as lines of text, with the numbers a person sees; the first row that names columns is the header."""

    def __init__(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        self.lines: list[str] = []
        self.units: list[Unit] = []
        self.columns: tuple[str, ...] = ()
        self._apart: list[tuple[str, str]] = []
        self._at = 0
        rows = iter(rows)
        first = list(islice(rows, table.LOOK))
        header = self._header(first)
        if header >= 0:
            self.columns = tuple(map(whole, first[header][1]))
            self._write(first[:header])
            self._line(CELL.join([self._cell(cell, first[header][0]) for cell in first[header][1]]))
        self._write(chain(first[header + 1 :], rows))

    def parts(self, location: Location) -> Iterator[Part | Content]:
        """Yield the table, then long cells as contents of their own: one may hold many customers' rows."""
        if self.lines:
            yield Part(location, whole("".join(self.lines)), tuple(self.units), (), self.columns)
        yield from set_apart(self._apart, location)

    def _header(self, first: list[tuple[int, list[str]]]) -> int:
        """Return the place of the row that names the columns, -1 when there is none. Titles may stand above it."""
        for place, (_, cells) in enumerate(first[:_TITLES]):
            if sum(bool(cell) for cell in cells) > 1 or not any(len(row) > 1 for _, row in first):
                return place if table.has_header([row for _, row in first[place:]]) else -1
        return -1

    def _line(self, line: str) -> None:
        self.lines.append(f"{line}\n")
        self._at += len(line) + 1

    def _write(self, rows: Iterable[tuple[int, list[str]]]) -> None:
        at = self._at
        lines, units = self.lines.append, self.units.append
        for number, row in rows:
            line = CELL.join(row)
            if line.count(CELL) >= len(row) or "\n" in line or "\r" in line or len(line) > 2000:
                line = CELL.join([self._cell(cell, number) for cell in row])
            lines(f"{line}\n")
            end = at + len(line) + 1
            if row:
                units(Unit(at, end, "row", f"row {number}"))
            at = end
        self._at = at

    def _cell(self, cell: str, number: int) -> str:
        """Return a cell on one line. A long one is read on its own."""
        if is_long(cell):
            self._apart.append((f"row {number}", cell))
            return ""
        return cell.translate(_BREAKS)
