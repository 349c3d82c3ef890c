"""How a page of a PDF is seen: its lines where the document's order is another, and cells whose text is wrapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

_WRAPPED: Final = 8
"""Lines of a cell; what has more is a column of the page."""
_PITCH: Final = 2.5
"""From one line of a cell to the next, in heights of a line."""

_HAN: Final = re.compile("[\u4e00-\u9fff]")


class Rectangle(NamedTuple):
    """Where a run of text stands."""

    left: float
    bottom: float
    right: float
    top: float

    def is_beside(self, other: Rectangle) -> bool:
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared > 0.4 * min(self.top - self.bottom, other.top - other.bottom)

    def is_left_of(self, other: Rectangle) -> bool:
        """Tell whether a space stands between this and the one to its right."""
        return other.left - self.right > (other.top - other.bottom) / 6


type Read = Callable[[Rectangle], str]


def lines(rectangles: Sequence[Rectangle], read: Read) -> str:
    """Return the text line by line as it is seen, empty when the document's own order is that."""
    if all(_follows(one, other) for one, other in pairwise(rectangles)):
        return ""
    rows: list[list[Rectangle]] = []
    for one in sorted(rectangles, key=lambda one: (-(one.top + one.bottom) / 2, one.left)):
        if rows and rows[-1][0].is_beside(one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return "\n".join(_joined(sorted(row, key=lambda one: one.left), read) for row in rows)


def cells(rectangles: Sequence[Rectangle], read: Read) -> str:
    """Return the rows of tables in which a cell has several lines, each cell in one piece; empty without such rows.

    Programs write a table cell by cell, so a cell is what goes on downwards at the same left edge, and a row is what
    begins beside the cell before.
    """
    return "\n".join(
        "\t".join("".join(_joined(line, read) for line in cell.lines) for cell in row)
        for row in _rows(rectangles)
        if len(row) > 1 and 1 < max(len(cell.lines) for cell in row) <= _WRAPPED
    )


def in_chinese_cells(rectangles: Sequence[Rectangle], read: Read) -> frozenset[Rectangle]:
    """Return what stands in rows that `cells` gives and in which Chinese is wrapped.

    Chinese is wrapped anywhere, without a sign. So half a place or a name is left on a line, which reads as another's.
    """
    return frozenset(
        one
        for row in _rows(rectangles)
        if len(row) > 1 and any(cell.is_wrapped_chinese(read) for cell in row)
        for cell in row
        for line in cell.lines
        for one in line
    )


def as_written(rectangles: Sequence[Rectangle], read: Read) -> str:
    """Return the text in the document's own order: what comes next and is beside the last is on its line."""
    lines: list[list[Rectangle]] = []
    for one in rectangles:
        if lines and lines[-1][-1].is_beside(one):
            lines[-1].append(one)
        else:
            lines.append([one])
    return "\n".join(_joined(line, read) for line in lines)


@dataclass(slots=True)
class _Cell:
    lines: list[list[Rectangle]] = field(default_factory=list)

    def takes(self, one: Rectangle) -> bool:
        """Tell whether what comes next in the document goes on in this cell."""
        first, last = self.lines[-1][0], self.lines[-1][-1]
        height = max(first.top - first.bottom, one.top - one.bottom)
        if last.is_beside(one):
            return -height < one.left - last.right < height
        step = first.bottom - one.bottom
        return abs(one.left - self.lines[0][0].left) < height / 2 and 0 < step < _PITCH * height

    def is_wrapped_chinese(self, read: Read) -> bool:
        return 1 < len(self.lines) <= _WRAPPED and any(_HAN.search(read(one)) for line in self.lines for one in line)

    def add(self, one: Rectangle) -> None:
        if self.lines and self.lines[-1][-1].is_beside(one):
            self.lines[-1].append(one)
        else:
            self.lines.append([one])


def _rows(rectangles: Sequence[Rectangle]) -> Iterator[list[_Cell]]:
    row: list[_Cell] = []
    for one in rectangles:
        if row and row[-1].takes(one):
            row[-1].add(one)
            continue
        if row and not _is_next(row[-1], one):
            yield row
            row = []
        row.append(_Cell([[one]]))
    yield row


def _is_next(cell: _Cell, one: Rectangle) -> bool:
    """Tell whether a cell that begins here is to the right of that one, in the same row."""
    first = cell.lines[0][0]
    return one.left > first.left and one.top > cell.lines[-1][0].bottom


def _joined(row: Sequence[Rectangle], read: Read) -> str:
    pieces = [read(row[0])]
    for before, one in pairwise(row):
        pieces.append(f" {read(one)}" if before.is_left_of(one) else read(one))
    return "".join(pieces)


def _follows(one: Rectangle, other: Rectangle) -> bool:
    """Tell whether what comes next in the document is beside or below what came before."""
    if one.is_beside(other):
        return other.left >= one.left
    return (other.top + other.bottom) <= (one.top + one.bottom)
