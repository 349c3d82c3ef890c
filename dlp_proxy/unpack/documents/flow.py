"""A document as it is read: paragraphs as lines, tables as rows, whatever wrote them (Word, HTML, a mail ...)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Part, Unit
from dlp_proxy.unpack import table
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.naming import whole
from dlp_proxy.unpack.sheet import Sheet
from dlp_proxy.unpack.values import is_long

_TABLES: Final = 300
"""Tables that are parts of their own; those beyond are one table together."""
_CELLS: Final = 2_000_000
_BLANKS: Final = re.compile(r"[ \t\r\f\v\xa0]+")
_LABEL_AT_MOST: Final = 20
_DEEPEST: Final = 50
_ONE_DIGIT: Final = re.compile(r"\d")
_DIGITS: Final = re.compile(r"\d{4}")

type Rows = list[list[str]]


class Flow:
    """Takes text, breaks, rows and cells in the order of the document; gives parts.

    Ends that nothing began are passed over, and what was never ended ends with the document: markup is often broken.

    Attributes:
        beside: lines that are not part of the text: hidden values, comments, what stands in attributes.
    """

    def __init__(self, *, blanks: bool = False) -> None:
        self.beside: list[str] = []
        self._out: list[str] = []
        self._bottom = self._out
        self._open: list[_Table] = []
        self._tables: list[Rows] = []
        self._cells = 0
        self._blanks = blanks
        self.text = self._out.append

    def line(self, text: str) -> None:
        """Add a line of its own."""
        self.end_line()
        self.text(text + "\n")

    def end_line(self) -> None:
        """End the line, if one was begun."""
        if self._out and not self._out[-1].endswith("\n"):
            self.text("\n")

    @property
    def in_cell(self) -> bool:
        """Tell whether what comes next goes into a cell."""
        return bool(self._open) and self._open[-1].cell is not None

    def shows(self, digits: Sequence[str]) -> bool:
        """Tell whether the cell that is open already has these digits."""
        inside = self._open[-1].cell if self._open else None
        return _ONE_DIGIT.findall("".join(inside or [])) == digits

    def start_table(self) -> None:
        if len(self._open) < _DEEPEST:
            self._open.append(_Table(self._out))

    def start_row(self) -> None:
        if not self._open:
            self.start_table()
        self._end_row()
        self._open[-1].row = []

    def start_cell(self) -> None:
        """Begin a cell. One outside of any row begins a row."""
        if not self._open or self._open[-1].row is None:
            self.start_row()
        self._end_cell()
        inside = self._open[-1]
        inside.cell = []
        self._into(inside.cell)

    def end_cell(self, *, span: int = 1) -> None:
        if self._open and self._open[-1].cell is not None:
            self._end_cell()
            row = self._open[-1].row
            if row is not None:
                row += [""] * (min(span, 64) - 1)

    def end_row(self) -> None:
        if self._open:
            self._end_row()

    def end_table(self) -> None:
        if not self._open:
            return
        self._end_row()
        done = self._open.pop()
        self._into(done.around)
        if done.rows:
            self._tables.append(done.rows)

    def parts(self, location: Location, *, beside: str = "not shown") -> Iterator[Part | Content]:
        """Yield the text, the tables in it, and what stands beside it."""
        while self._open:
            self.end_table()
        text = _tidy("".join(self._bottom), blanks=self._blanks)
        if _is_table(text):
            yield Content(text.encode(errors="replace"), location)
        elif text.strip():
            yield Part(location, whole(text))
        yield from _laid_out(self._tables, location)
        if self.beside:
            lines = list(dict.fromkeys(self.beside))
            yield Content("\n".join(lines).encode(errors="replace"), location / beside)

    def _into(self, sink: list[str]) -> None:
        self._out = sink
        self.text = sink.append

    def _end_cell(self) -> None:
        inside = self._open[-1]
        if inside.cell is not None and inside.row is not None:
            inside.row.append("".join(inside.cell).strip())
            self._cells += 1
        inside.cell = None
        self._into(inside.around)

    def _end_row(self) -> None:
        inside = self._open[-1]
        if inside.cell is not None:
            self._end_cell()
        row, inside.row = inside.row, None
        if not row or not any(row):
            return
        filled = [cell for cell in row if cell]
        if len(filled) < 2 or any(map(is_long, filled)) or self._cells > _CELLS:
            # One cell is a paragraph; a long one has lines of its own, so the table is only there to place it.
            for cell in filled:
                self.line(cell)
        else:
            inside.rows.append([_BLANKS.sub(" ", cell.replace("\n", " ")) for cell in row])


class _Table:
    """One table while it is open. `around` is where text went before it."""

    def __init__(self, around: list[str]) -> None:
        self.around = around
        self.rows: Rows = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None


def _tidy(text: str, *, blanks: bool) -> str:
    """Return the text with its blanks as one each where the format says that they are, and no runs of empty lines."""
    if blanks:
        text = "\n".join([_BLANKS.sub(" ", line).strip() for line in text.split("\n")])
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n" if text else ""


def _is_table(text: str) -> bool:
    """Tell whether paragraphs are the lines of a table, as when somebody pasted CSV into a letter."""
    if not table.may_be(text):
        return False
    mark = table.delimiter(text, said=False)
    return bool(mark) and table.has_header([line.split(mark) for line in text.splitlines()[: table.LOOK]])


def _laid_out(tables: Sequence[Rows], location: Location) -> Iterator[Part | Content]:
    """Yield a part for each table; those of one row, and those beyond all reason, are tables together."""
    single = [rows[0] for rows in tables if len(rows) == 1]
    real = [rows for rows in tables if len(rows) > 1]
    for number, rows in enumerate(real[:_TABLES], 1):
        where = location / (f"table {number}" if len(real) > 1 else "table")
        if forms := _forms(rows):
            yield _as_forms(forms, where)
        else:
            yield from Sheet(enumerate(rows, 1)).parts(where)
    for name, rest in (("rows", single), ("more tables", list(chain.from_iterable(real[_TABLES:])))):
        if rest:
            yield from Sheet(enumerate(rest, 1)).parts(location / name)


def _forms(rows: Rows) -> list[list[tuple[str, str]]]:
    """Return the forms in a table of labels and values side by side, one for each time the labels begin again."""
    pairs = [
        (row[place], row[place + 1] if place + 1 < len(row) else "") for row in rows for place in range(0, len(row), 2)
    ]
    labels = [label.strip(" :：") for label, _ in pairs if label]
    if len(labels) < 2 or max(map(len, rows)) > 4 or any(len(row) % 2 for row in rows):
        return []
    if any(len(label) > _LABEL_AT_MOST or _DIGITS.search(label) for label in labels):
        return []
    if sum(table.is_known(label) for label in labels) * 2 < len(labels):
        return []
    forms: list[list[tuple[str, str]]] = []
    seen: set[str] = set()
    for label, value in pairs:
        if not forms or label in seen:
            forms.append([])
            seen = set()
        if label:
            seen.add(label)
        forms[-1].append((label, value))
    return forms


def _as_forms(forms: list[list[tuple[str, str]]], location: Location) -> Part:
    pieces: list[str] = []
    units: list[Unit] = []
    fields: list[Field] = []
    at = 0
    for number, pairs in enumerate(forms, 1):
        start = at
        for label, value in pairs:
            name = label.rstrip(" :：")
            line = f"{name}: {value}\n"
            fields.append(Field(at + len(name) + 2, at + len(line) - 1, name))
            pieces.append(line)
            at += len(line)
        units.append(Unit(start, at, "form", f"form {number}"))
    return Part(location, "".join(pieces), tuple(units), tuple(fields))
