"""Pages of an SQLite database, read as they lie: no SQL runs, and a broken page costs only itself.

Source: *Database File Format*, sqlite.org/fileformat2.html, sections 1.2 to 2.6 and 4.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.unpack.leftover import Leftover

MAGIC: Final = b"SQLite format 3\0"
WAL_MAGIC: Final = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")

_ENCODINGS: Final = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER = 13, 5, 10, 2
_SIZES: Final = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
"""Bytes of values of each kind that is no text."""
_REAL: Final = 7
_HEADER: Final = 100
_WAL_HEADER, _FRAME_HEADER = 32, 24

type Value = int | float | str | bytes | None


@dataclass(slots=True)
class Pages:
    """The pages by number, from 1.

    Attributes:
        older: pages of a log that were written again further on.
        seen: numbers of pages that were read for some table or index.
        broken: pages, cells or values that are not what they should be.
        left: what of a page was not read, by its number; of a page that was not looked at there is nothing here.
    """

    pages: dict[int, bytes]
    usable: int
    encoding: str = "utf-8"
    older: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    broken: int = 0
    left: dict[int, bytes] = field(default_factory=dict)

    def rows(self, root: int) -> Iterator[tuple[int, list[Value]]]:
        """Yield (row number, values) of the tree below page `root`; 0 where rows have no number."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            page = self.pages.get(number)
            if page is None or number in self.seen:
                self.broken += 1
                continue
            self.seen.add(number)
            waiting += reversed(self._below(number, page))
            yield from self.cells(number, page)

    def cells(self, number: int, page: bytes) -> Iterator[tuple[int, list[Value]]]:
        """Yield what the cells of one page hold, and keep what of it is no cell."""
        kind, first, pointers = self._pointers(number, page)
        if not kind:
            self.broken += 1
            self.left[number] = page.strip(b"\0")
            return
        left = Leftover(page)
        if number == 1:
            left.take(0, len(MAGIC))  # some of the rest is nobody's
        left.take(_HEADER if number == 1 else 0, first + 2 * len(pointers))
        cells = dict.fromkeys(at for at in pointers if first + 2 * len(pointers) <= at < len(page))
        self.broken += len(pointers) - len(cells)
        for at in cells:
            try:
                if kind == _TABLE_INNER:
                    left.take(at, varint(page, at + 4)[1])
                    continue
                row, values, end = self._cell(kind, page, at)
                left.take(at, end)
                yield row, values
            except (IndexError, OverflowError, struct.error, ValueError):
                self.broken += 1
        self.left[number] = left.rest()

    def _pointers(self, number: int, page: bytes) -> tuple[int, int, list[int]]:
        """Return of what kind a page is, where its pointers begin, and where its cells are."""
        start = _HEADER if number == 1 else 0
        kind = page[start] if len(page) > start + 12 else 0
        if kind not in {_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER}:
            return 0, 0, []
        at = start + (12 if kind in {_TABLE_INNER, _INDEX_INNER} else 8)
        count = min(int.from_bytes(page[start + 3 : start + 5]), (len(page) - at) // 2)
        return kind, at, list(struct.unpack_from(f">{count}H", page, at))

    def _below(self, number: int, page: bytes) -> list[int]:
        kind, _, pointers = self._pointers(number, page)
        if kind not in {_TABLE_INNER, _INDEX_INNER}:
            return []
        start = _HEADER if number == 1 else 0
        below = [int.from_bytes(page[at : at + 4]) for at in pointers]
        return [*below, int.from_bytes(page[start + 8 : start + 12])]

    def _cell(self, kind: int, page: bytes, at: int) -> tuple[int, list[Value], int]:
        """Return row, values, and where the cell ends."""
        if kind == _INDEX_INNER:
            at += 4
        size, at = varint(page, at)
        row = 0
        if kind == _TABLE_LEAF:
            row, at = varint(page, at)
            most = self.usable - 35
        else:
            most = (self.usable - 12) * 64 // 255 - 23
        payload, end = self._payload(page, at, size, most)
        return row, self._record(payload), end

    def _payload(self, page: bytes, at: int, size: int, most: int) -> tuple[bytes, int]:
        if size <= most:
            return page[at : at + size], at + size
        least = (self.usable - 12) * 32 // 255 - 23
        local = least + (size - least) % (self.usable - 4)
        local = local if local <= most else least
        pieces, missing = [page[at : at + local]], size - local
        number = int.from_bytes(page[at + local : at + local + 4])
        while missing > 0 and number in self.pages and number not in self.seen:
            self.seen.add(number)
            following = self.pages[number]
            held = min(missing, self.usable - 4)
            pieces.append(following[4 : 4 + held])
            self.left[number] = following[4 + held :].strip(b"\0")
            missing -= self.usable - 4
            number = int.from_bytes(following[:4])
        self.broken += missing > 0
        return b"".join(pieces), at + local + 4

    def _record(self, payload: bytes) -> list[Value]:
        end, at = varint(payload, 0)
        values: list[Value] = []
        body = end
        while at < end:
            kind = payload[at]
            at += 1
            if kind >= 0x80:
                kind, at = varint(payload, at - 1)
            if kind >= 12:
                size = kind - 12 >> 1
                raw = payload[body : body + size]
                values.append(raw.decode(self.encoding, "replace") if kind & 1 else raw)
            else:
                size = _SIZES[kind]
                values.append(_number(kind, payload[body : body + size]))
            body += size
        if body < len(payload):
            values.append(payload[body:])  # no column is for it
        self.broken += body > len(payload)
        return values


def _number(kind: int, raw: bytes) -> Value:
    """Return what a value is that is no text: a number, or nothing."""
    if kind == _REAL:
        return float(struct.unpack(">d", raw)[0])
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(raw, signed=True) if raw else None


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return SQLite's number of one to nine bytes, and where it ends.

    Raises:
        IndexError: the data ends before it.
    """
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64 if value >> 63 else 0), at + 9


def database(data: bytes) -> Pages | None:
    """Return the pages of a database file, None when the header is none."""
    if not data.startswith(MAGIC) or len(data) < 512:
        return None
    size = int.from_bytes(data[16:18])
    size = 65536 if size == 1 else size
    if size < 512 or size & (size - 1):
        return None
    count = -(-len(data) // size)
    pages = {number: data[(number - 1) * size : number * size] for number in range(1, count + 1)}
    return Pages(pages, size - data[20], _ENCODINGS.get(int.from_bytes(data[56:60]), "utf-8"))


def end_of(data: bytes) -> int:
    """Return where a database ends by its header, if that can be trusted (file format, 1.3.7), else with the file."""
    size = int.from_bytes(data[16:18])
    count = int.from_bytes(data[28:32])
    return count * (65536 if size == 1 else size) if count and data[24:28] == data[92:96] else len(data)


def log(data: bytes) -> Pages | None:
    """Return the pages of a write-ahead log, the newest of each by its number; None when it is none."""
    if data[:4] not in WAL_MAGIC or len(data) < _WAL_HEADER:
        return None
    size = int.from_bytes(data[8:12])
    if size < 512 or size > 65536 or size & (size - 1):
        return None
    pages: dict[int, bytes] = {}
    older: list[bytes] = []
    for at in range(_WAL_HEADER, len(data), size + _FRAME_HEADER):
        number = int.from_bytes(data[at : at + 4])
        if number in pages:
            older.append(pages[number])
        pages[number] = data[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
    encoding = _ENCODINGS.get(int.from_bytes(pages[1][56:60]), "utf-8") if 1 in pages else "utf-8"
    reserved = pages[1][20] if len(pages.get(1, b"")) > 20 else 0
    return Pages(pages, size - reserved, encoding, older)
