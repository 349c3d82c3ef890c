"""Tables as text: comma, tab, semicolon or pipe between cells (RFC 4180 and what programs really write)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import CELL, Part, Unit
from dlp_proxy.unpack import table
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.values import is_long, set_apart

NAME: Final = "csv"

_BREAKS: Final = str.maketrans("\t\r\n", "   ")


def accepts(content: Content) -> bool:
    return content.text is not None and table.may_be(content.text)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    delimiter = table.delimiter(text, said=_said(content))
    if not delimiter:
        raise Mismatch
    if text.count("\n") + text.count("\r") > 2 * budget.limits.values:
        yield Gap("too-large", content.location, "a table with more rows than are laid out; read as plain text")
        raise Mismatch
    try:
        sheet = _Sheet(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        yield Gap("malformed", content.location, "a table with broken quoting; its quotes are read as plain characters")
        sheet = _Sheet(line.rstrip("\r\n").split(delimiter) for line in io.StringIO(text, newline=""))
    if not sheet.units:
        raise Mismatch
    yield Part(content.location, "".join(sheet.lines), tuple(sheet.units), (), sheet.columns)
    yield from set_apart(sheet.apart, content.location)


def _said(content: Content) -> bool:
    return any(map(content.says, ("csv", "tsv", "tab-separated-values")))


class _Sheet:
    """Rows as lines of text, numbered as a person sees them in the file; row 1 may be the header."""

    def __init__(self, rows: Iterator[list[str]]) -> None:
        self.lines: list[str] = []
        self.units: list[Unit] = []
        self.columns: tuple[str, ...] = ()
        self.apart: list[tuple[str, str]] = []
        first: list[list[str]] = []
        for row in rows:
            first.append(row)
            if len(first) >= table.LOOK:
                break
        has_header = table.has_header(first)
        if has_header:
            self.columns = tuple(first[0])
        self._write(first, 1, header=has_header)
        self._write(rows, len(first) + 1, header=False)

    def _write(self, rows: Iterator[list[str]] | list[list[str]], number: int, *, header: bool) -> None:
        at = sum(map(len, self.lines))
        for row in rows:
            line = CELL.join(row)
            if line.count(CELL) >= len(row) or "\n" in line or "\r" in line or len(line) > 2000:
                line = CELL.join([self._cell(cell, number) for cell in row])
            line += "\n"
            self.lines.append(line)
            if row and not header:
                self.units.append(Unit(at, at + len(line), "row", f"row {number}"))
            at += len(line)
            header = False
            number += 1

    def _cell(self, cell: str, number: int) -> str:
        """Return a cell on one line. A long one may hold many customers' rows: it is read on its own."""
        if is_long(cell):
            self.apart.append((f"row {number}", cell))
            return ""
        return cell.translate(_BREAKS)
