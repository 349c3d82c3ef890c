"""Workbooks of Excel 5 to 2003 (MS-XLS): records of a kind, a size and data; strings that run on over records."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from dlp_proxy.unpack.documents.biff12 import rk
from dlp_proxy.unpack.documents.cells import Padding, Row, builtin_date, is_date, shown
from dlp_proxy.unpack.percent import as_text
from dlp_proxy.unpack.strings import readable

_CONTINUE, _BEGIN, _LOCKED, _STRINGS, _SHEET = 0x3C, 0x809, 0x2F, 0xFC, 0x85
_SHARED, _LABEL, _RICH, _NUMBER, _RK, _RKS, _FORMULA, _TEXT = 0xFD, 0x204, 0xD6, 0x203, 0x27E, 0xBD, 0x6, 0x207
_FORMAT, _STYLE, _DRAWN_TEXT = 0x41E, 0xE0, 0x1B6
_CELL: Final = struct.Struct("<3H")
_WIDE_FROM: Final = 0x600  # version of BIFF from which strings may be UTF-16
# They place, colour and count; anything else may hold a text, and is looked through for one.
_SILENT: Final = frozenset({
    0x31, 0x293, 0x92, 0x87D, 0x87C, 0x892, 0x896, 0x89C, 0xEB, 0xEC, 0xD7, 0x208, 0x20B, 0x8C8, 0x201, 0xBE, 0x7D,
    0x225, 0xA, 0x5C, 0x5D, 0x8C, 0xE1, 0xC1, 0x42, 0x161, 0xFF, 0x8A3, 0x88C, 0x3D, 0x55, 0x23E,
})  # fmt: skip
_LEAST: Final = 12


class _Record(NamedTuple):
    kind: int
    start: int
    end: int


class Sheet(NamedTuple):
    """What one substream holds: the rows in order, and texts of boxes and comments."""

    name: str
    rows: list[Row]


class Workbook:
    """A whole stream, read once.

    Attributes:
        locked: the rest is encrypted.
        unseen: shared strings that no cell shows.
        beside: texts of boxes, comments, names, headers, links.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records = list(_records(data))
        self._strings: list[str] = []
        self._used: set[int] = set()
        self._names: list[str] = []
        self._formats: dict[int, bool] = {}
        self._styles: list[bool] = []
        self._version = _WIDE_FROM
        self._pad = Padding()
        self._cells: dict[int, dict[int, str]] = {}
        self._waiting: tuple[int, int] | None = None
        self.locked = False
        self.beside: list[str] = []
        self.sheets: list[Sheet] = []
        self._read()

    @property
    def unseen(self) -> list[str]:
        return [text for place, text in enumerate(self._strings) if place not in self._used and text]

    def _read(self) -> None:
        others: list[bytes] = []
        begun = -1
        for place, record in enumerate(self._records):
            kind = record.kind
            if kind in _READERS:
                _READERS[kind](self, record)
            elif kind == _BEGIN:
                self._end_sheet(begun)
                begun += 1
                self._version = int.from_bytes(self._data[record.start : record.start + 2], "little")
            elif kind == _STRINGS:
                self._strings = _Strings(self._data, self._pieces(place)).read()
            elif kind == _DRAWN_TEXT:
                self.beside += self._drawn(place)
            elif kind == _LOCKED:
                self.locked = True
            elif kind not in _SILENT and kind != _CONTINUE and record.end - record.start >= _LEAST:
                others.append(self._data[record.start : record.end])
        self._end_sheet(begun)
        self.beside += readable(b"\0\0\0".join(others))

    def _end_sheet(self, number: int) -> None:
        rows: list[Row] = []
        for row, cells in sorted(self._cells.items()):
            line: list[str] = []
            for column, text in sorted(cells.items()):
                self._pad.fill(line, column)
                line.append(text)
            if any(line):
                rows.append((row + 1, line))
        if rows:
            # The first substream is the workbook's own; the sheets come in the order of their names.
            name = self._names[number - 1] if 0 < number <= len(self._names) else ""
            self.sheets.append(Sheet(name, rows))
        self._cells = {}

    def _pieces(self, place: int) -> list[_Record]:
        pieces = [self._records[place]]
        for record in self._records[place + 1 :]:
            if record.kind != _CONTINUE:
                break
            pieces.append(record)
        return pieces

    def _drawn(self, place: int) -> Iterator[str]:
        """Yield the text of a box or a comment, which stands in the records that continue its own."""
        text = ""
        for record in self._pieces(place)[1:]:
            flags, raw = self._data[record.start : record.start + 1], self._data[record.start + 1 : record.end]
            if flags == b"\1":
                text += raw.decode("utf-16-le", "replace")
            elif flags == b"\0" and raw.count(0) * 4 < len(raw):
                text += raw.decode("latin-1")
        if text.strip():
            yield text.replace("\r", "\n").strip()

    def _put(self, row: int, column: int, text: str) -> None:
        if text:
            self._cells.setdefault(row, {})[column] = text

    def _number(self, text: str, style: int) -> str:
        return shown(text, date=True) if style < len(self._styles) and self._styles[style] else text

    def _string(self, at: int, end: int, *, size: int = 2) -> str:
        """Return a string with its length in front, in the way of this version."""
        data = self._data
        count = int.from_bytes(data[at : at + size], "little")
        at += size
        if self._version < _WIDE_FROM:
            return as_text(data[at : min(end, at + count)])
        flags = data[at] if at < end else 0
        at += 1 + 2 * bool(flags & 8) + 4 * bool(flags & 4)
        if flags & 1:
            return data[at : min(end, at + 2 * count)].decode("utf-16-le", "replace")
        return data[at : min(end, at + count)].decode("latin-1")

    def _sheet(self, record: _Record) -> None:
        self._names.append(self._string(record.start + 6, record.end, size=1))

    def _shared(self, record: _Record) -> None:
        row, column, _ = self._head(record)
        index = int.from_bytes(self._data[record.start + 6 : record.start + 10], "little")
        if index < len(self._strings):
            self._used.add(index)
            self._put(row, column, self._strings[index])

    def _label(self, record: _Record) -> None:
        row, column, _ = self._head(record)
        self._put(row, column, self._string(record.start + 6, record.end))

    def _real(self, record: _Record) -> None:
        row, column, style = self._head(record)
        self._put(row, column, self._number(_double(self._data, record.start + 6), style))

    def _packed(self, record: _Record) -> None:
        row, column, style = self._head(record)
        number = int.from_bytes(self._data[record.start + 6 : record.start + 10], "little")
        self._put(row, column, self._number(rk(number), style))

    def _packed_row(self, record: _Record) -> None:
        row, column, _ = self._head(record)
        for place, at in enumerate(range(record.start + 4, record.end - 7, 6)):
            style, number = struct.unpack_from("<HL", self._data, at)
            self._put(row, column + place, self._number(rk(number), style))

    def _formula(self, record: _Record) -> None:
        row, column, style = self._head(record)
        at = record.start + 6
        if self._data[at + 6 : at + 8] == b"\xff\xff":
            self._waiting = (row, column) if self._data[at] == 0 else None
        else:
            self._put(row, column, self._number(_double(self._data, at), style))

    def _text(self, record: _Record) -> None:
        if self._waiting:
            self._put(*self._waiting, self._string(record.start, record.end))
            self._waiting = None

    def _format(self, record: _Record) -> None:
        number = int.from_bytes(self._data[record.start : record.start + 2], "little")
        size = 2 if self._version >= _WIDE_FROM else 1
        self._formats[number] = is_date(self._string(record.start + 2, record.end, size=size))

    def _style(self, record: _Record) -> None:
        number = int.from_bytes(self._data[record.start + 2 : record.start + 4], "little")
        self._styles.append(self._formats.get(number, builtin_date(number)))

    def _head(self, record: _Record) -> tuple[int, int, int]:
        if record.end - record.start < _CELL.size:
            return 0, 0, 0
        row, column, style = _CELL.unpack_from(self._data, record.start)
        return row, column, style


_READERS: Final = {
    _SHEET: Workbook._sheet,  # noqa: SLF001 - its own
    _SHARED: Workbook._shared,  # noqa: SLF001
    _LABEL: Workbook._label,  # noqa: SLF001
    _RICH: Workbook._label,  # noqa: SLF001
    _NUMBER: Workbook._real,  # noqa: SLF001
    _RK: Workbook._packed,  # noqa: SLF001
    _RKS: Workbook._packed_row,  # noqa: SLF001
    _FORMULA: Workbook._formula,  # noqa: SLF001
    _TEXT: Workbook._text,  # noqa: SLF001
    _FORMAT: Workbook._format,  # noqa: SLF001
    _STYLE: Workbook._style,  # noqa: SLF001
}


def _records(data: bytes) -> Iterator[_Record]:
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<2H", data, at)
        end = min(at + 4 + size, len(data))
        yield _Record(kind, at + 4, end)
        at = end


def _double(data: bytes, at: int) -> str:
    if at + 8 > len(data):
        return ""
    return shown(repr(struct.unpack_from("<d", data, at)[0]))


class _Strings:
    """The table of shared strings (2.4.265). One may break off in a record and go on, in another width, in the next."""

    def __init__(self, data: bytes, pieces: list[_Record]) -> None:
        self._pieces = [data[piece.start : piece.end] for piece in pieces]
        self._place = 0
        self._at = 8

    def read(self) -> list[str]:
        count = int.from_bytes(self._pieces[0][4:8], "little")
        found: list[str] = []
        while len(found) < count and self._more():
            found.append(self._one())
        return found

    def _more(self) -> bool:
        while self._place < len(self._pieces) and self._at >= len(self._pieces[self._place]):
            self._place, self._at = self._place + 1, 0
        return self._place < len(self._pieces)

    def _take(self, size: int) -> bytes:
        """Return the next bytes, over the ends of records."""
        taken = b""
        while len(taken) < size and self._more():
            piece = self._pieces[self._place][self._at : self._at + size - len(taken)]
            taken += piece
            self._at += len(piece)
        return taken

    def _one(self) -> str:
        count = int.from_bytes(self._take(2), "little")
        flags = int.from_bytes(self._take(1), "little")
        runs = int.from_bytes(self._take(2), "little") if flags & 8 else 0
        extra = int.from_bytes(self._take(4), "little") if flags & 4 else 0
        text = ""
        while len(text) < count and self._place < len(self._pieces):
            width = 2 if flags & 1 else 1
            piece = self._pieces[self._place]
            raw = piece[self._at : self._at + width * (count - len(text))]
            text += raw.decode("utf-16-le" if width == 2 else "latin-1", "replace")
            self._at += len(raw)
            if len(text) < count:
                if not self._more():
                    break
                flags = self._pieces[self._place][0]
                self._at = 1
                if not raw and self._place >= len(self._pieces):
                    break
        self._take(4 * runs + min(extra, 1 << 20))
        return text
