"""The binary parts of xlsb (MS-XLSB 2.1.4): records of a number, a size and data, each in as few bytes as it takes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from dlp_proxy.unpack.documents.cells import Padding, Row, builtin_date, is_date, shown
from dlp_proxy.unpack.documents.xml_events import Events
from dlp_proxy.unpack.strings import readable

_KINDS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x81\x01\x00", "sheet"),
    (b"\x9f\x01\x08", "strings"),
    (b"\x83\x01\x00", "book"),
    (b"\x96\x02\x00", "styles"),
    (b"\xf4\x04\x00", "comments"),
)
_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = range(8)
_FORMULA_TEXT, _FORMULA_REAL, _FORMULA_BOOL = 8, 9, 10
_ITEM, _FORMAT, _STYLE, _RICH_TEXT, _SHEET = 19, 44, 47, 62, 156
_BEGIN_STYLES, _END_STYLES = 617, 618
_CELL: Final = struct.Struct("<LL")


def is_part(data: bytes) -> bool:
    return bool(kind(data))


def kind(data: bytes) -> str:
    """Return what a part holds, by its first record; empty for none of them."""
    return next((name for magic, name in _KINDS if data.startswith(magic)), "")


def records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start, end) of each record up to where they break off."""
    at, most = 0, len(data)
    while at + 1 < most:
        number = data[at]
        at += 1
        if number & 0x80:
            number = number & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while at < most and shift < 28:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        end = min(at + size, most)
        yield number, at, end
        at = end


def wide(data: bytes, at: int, end: int) -> tuple[str, int]:
    """Return the text at `at` (2.5.168) and where it ends."""
    if at + 4 > end:
        return "", end
    count = int.from_bytes(data[at : at + 4], "little")
    if count == 0xFFFFFFFF:
        return "", at + 4
    stop = min(end, at + 4 + 2 * count)
    return data[at + 4 : stop].decode("utf-16-le", "replace"), stop


def rk(number: int) -> str:
    """Return a number packed into four bytes (2.5.122): a whole one or the high half of a float, hundredths or not."""
    if number & 2:
        whole = (number >> 2) - (1 << 30 if number & 0x80000000 else 0)
        return shown(repr(whole / 100)) if number & 1 else str(whole)
    value: float = struct.unpack("<d", b"\0\0\0\0" + (number & 0xFFFFFFFC).to_bytes(4, "little"))[0]
    return shown(repr(value / 100 if number & 1 else value))


def strings(data: bytes) -> Iterator[str]:
    """Yield the shared strings in order."""
    for number, start, end in records(data):
        if number == _ITEM:
            yield wide(data, start + 1, end)[0]


def names(data: bytes) -> tuple[list[tuple[str, str]], list[str]]:
    """Return relation and name of each sheet, and what else can be read in the part."""
    found: list[tuple[str, str]] = []
    for number, start, end in records(data):
        if number == _SHEET:
            relation, at = wide(data, start + 8, end)
            found.append((relation, wide(data, at, end)[0]))
    return found, texts(data)


def dates(data: bytes) -> frozenset[int]:
    """Return the styles of cells that write dates."""
    formats: dict[int, bool] = {}
    styles: list[int] = []
    inside = False
    for number, start, end in records(data):
        if number == _FORMAT and end - start > 6:
            formats[int.from_bytes(data[start : start + 2], "little")] = is_date(wide(data, start + 2, end)[0])
        elif number == _STYLE and inside:
            styles.append(int.from_bytes(data[start + 2 : start + 4], "little"))
        elif number in {_BEGIN_STYLES, _END_STYLES}:
            inside = number == _BEGIN_STYLES
    return frozenset(place for place, form in enumerate(styles) if formats.get(form, builtin_date(form)))


def texts(data: bytes) -> list[str]:
    """Return whatever can be read in a part, as it stands."""
    return readable(data)


class SheetReader:
    """One worksheet, in the manner of `sheet_xml.SheetReader`."""

    def __init__(self, data: bytes, shared: Sequence[str], used: bytearray, date_styles: frozenset[int]) -> None:
        self.events = Events(b"", lambda _name, _attributes: None)
        self.beside: list[str] = []
        self._data, self._strings, self._used, self._dates = data, shared, used, date_styles
        self._padding = Padding()

    def rows(self) -> Iterator[Row]:
        number, row = 0, [""][:0]
        for kind_of, start, end in records(self._data):
            if kind_of == _ROW:
                if any(row):
                    yield number, row
                number, row = int.from_bytes(self._data[start : start + 4], "little") + 1, []
            elif kind_of <= _FORMULA_BOOL or kind_of == _RICH_TEXT:
                if end - start >= _CELL.size and kind_of != _BLANK:
                    self._cell(kind_of, start, end, row)
            else:
                self.beside += self._other(start, end)
        if any(row):
            yield number, row

    def _cell(self, kind_of: int, start: int, end: int, row: list[str]) -> None:
        column, style = _CELL.unpack_from(self._data, start)
        self._padding.fill(row, column)
        row.append(self._value(kind_of, start + 8, end, style & 0xFFFFFF))

    def _value(self, kind_of: int, at: int, end: int, style: int) -> str:
        if kind_of == _SHARED:
            place = int.from_bytes(self._data[at : at + 4], "little")
            if place >= len(self._strings):
                return ""
            self._used[place] = 1
            return self._strings[place]
        if kind_of in {_TEXT, _FORMULA_TEXT}:
            return wide(self._data, at, end)[0]
        if kind_of == _RICH_TEXT:
            return wide(self._data, at + 1, end)[0]
        if kind_of == _RK and end - at >= 4:
            text = rk(int.from_bytes(self._data[at : at + 4], "little"))
        elif kind_of in {_REAL, _FORMULA_REAL} and end - at >= 8:
            text = shown(repr(struct.unpack_from("<d", self._data, at)[0]))
        else:
            return ""
        return shown(text, date=True) if style in self._dates else text

    def _other(self, start: int, end: int) -> list[str]:
        return texts(self._data[start:end]) if end - start > 16 else []
