"""Worksheets of SpreadsheetML (ECMA-376 part 1, 18.3) as rows, in one pass, cell by cell.

Nothing is allocated for cells that are not there, so that one in the last row and column costs what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from dlp_proxy.unpack.documents.cells import Columns, Padding, Row, shown
from dlp_proxy.unpack.documents.notable import notable
from dlp_proxy.unpack.documents.plain_rows import Cell, take_rows
from dlp_proxy.unpack.documents.xml_events import Events, Names

_CELLS: Final = frozenset({"c", "cell"})
_DIGITS: Final = "0123456789"
_FORMULAS: Final = 10_000
_IN_CELLS: Final = frozenset({
    "is", "t", "r", "rPr", "rPh", "phoneticPr", "val", "rFont", "charset", "family", "b", "i", "u", "sz", "color",
    "scheme", "vertAlign", "strike", "outline", "shadow",
})  # fmt: skip
_PLAIN: Final = 4  # attributes of a usual cell
_CONSTANT: Final = re.compile(r'(?:CONCAT(?:ENATE)?\(|T\()?"(?:[^"]|"")*"(?:[&,]"(?:[^"]|"")*")*\)?')
"""A formula that needs no sheet to be worked out: texts, one behind the other."""
_TEXT: Final = re.compile(r'"((?:[^"]|"")*)"')
_SPEAKING: Final = re.compile(r'"[^"]{2,}"|\d{5}')


class SheetReader:
    """One worksheet. `rows` reads it; what is not a cell is in `beside` then.

    Attributes:
        events: says whether it could be read to its end.
        beside: headers, footers, rules and messages of cells, formulas that hold values of their own.
    """

    def __init__(self, data: bytes, strings: Sequence[str], used: bytearray, dates: frozenset[str]) -> None:
        self.beside: list[str] = []
        self._strings, self._used, self._dates = strings, used, dates
        self._formulas: set[str] = set()
        self._done: list[Row] = []
        self._row: list[str] = []
        self._number = 0
        self._pad = Padding().fill
        self._pieces: list[str] = []
        self._columns = Columns()
        self._cell: dict[str, str] | None = None  # attributes of the cell that is open
        self._written = ""  # a formula of nothing but texts
        self._formula = False  # what is collected is a formula
        self.events = Events(data, self._handler())
        self.events.text = self._pieces.append

    def rows(self) -> Iterator[Row]:
        """Yield the rows that have cells, with their numbers."""
        rest = bytearray()
        data, self.events.data = bytes(self.events.data), b""
        for some in take_rows(data, rest):
            for number, cells in some:
                row = self._plain(cells)
                if any(row):
                    yield number, row
        del data
        self.events.data = rest
        for _ in self.events.feed():
            yield from self._done
            self._done.clear()
        self._end_row()
        yield from self._done
        self._done.clear()

    def _handler(self) -> Callable[[str, dict[str, str]], None]:
        """Return what is called for each element: most are cells and their values, so those come first."""
        names, pieces, columns = Names(), self._pieces, self._columns

        def start(name: str, attributes: dict[str, str]) -> None:
            name = names[name]
            if name == "v":
                if self._formula:
                    self._end_formula()
            elif name in _CELLS:
                row = self._row
                if self._cell is not None or pieces:
                    self._end_cell()
                self._cell = attributes
                if "r" in attributes:
                    column = columns[attributes["r"].rstrip(_DIGITS)]
                    if column > len(row):
                        self._pad(row, column)
                if len(attributes) > _PLAIN:
                    self.beside += notable(attributes.items())
            elif name == "row":
                self._end_row()
                number = attributes.get("r", "")
                self._number = int(number) if number.isdigit() and len(number) < 8 else self._number + 1
            elif name == "f" and self._cell is not None:
                self._formula = True
            elif self._cell is None or name not in _IN_CELLS:
                self._other(attributes)

        return start

    def _plain(self, cells: list[Cell]) -> list[str]:
        """Return a row that needed no parser."""
        row: list[str] = []
        columns, strings, used = self._columns, self._strings, self._used
        for letters, style, kind, value, text in cells:
            column = columns[letters]
            if column > len(row):
                self._pad(row, column)
            if kind == "s":
                try:
                    index = int(value)
                    row.append(strings[index])
                    used[index] = 1
                except (ValueError, IndexError):
                    row.append(value)
            elif kind in {"", "n"} and (style in self._dates or not value.isdigit()):
                row.append(shown(value, date=style in self._dates))
            else:
                row.append(value or text)
        return row

    def _other(self, attributes: dict[str, str]) -> None:
        self._end_row()
        if attributes:
            self.beside += notable(attributes.items())

    def _end_formula(self) -> None:
        self._formula = False
        formula = "".join(self._pieces)
        self._pieces.clear()
        if _CONSTANT.fullmatch(formula):
            self._written = formula
        else:
            self._keep(formula)

    def _keep(self, formula: str) -> None:
        if _SPEAKING.search(formula) and len(self._formulas) < _FORMULAS and formula not in self._formulas:
            self._formulas.add(formula)
            self.beside.append(f"={formula}")

    def _end_cell(self) -> None:
        """Put the cell that is open into its row; text that is in none stands beside."""
        if self._formula:
            self._end_formula()
        pieces = self._pieces
        value = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        if self._written:
            value = self._worked_out(value)
        attributes, self._cell = self._cell, None
        if attributes is None:
            if value.strip():
                self.beside.append(value.strip())
            return
        kind = attributes.get("t")
        if kind == "s":
            try:
                index = int(value)
                value = self._strings[index]
                self._used[index] = 1
            except (ValueError, IndexError):
                value = value.strip()
        elif kind is None or kind == "n":
            date = attributes.get("s") in self._dates
            if date or not value.isdigit():
                value = shown(value.strip(), date=date)
        else:
            value = value.strip()
        self._row.append(value)

    def _worked_out(self, value: str) -> str:
        """Return what the formula gives where no program has worked it out; else the formula stands beside."""
        formula, self._written = self._written, ""
        if value:
            self._keep(formula)
            return value
        return "".join(found[1].replace('""', '"') for found in _TEXT.finditer(formula))

    def _end_row(self) -> None:
        if self._cell is not None or self._pieces:
            self._end_cell()
        if self._row:
            if any(self._row):
                self._done.append((self._number, self._row))
            self._row = []
