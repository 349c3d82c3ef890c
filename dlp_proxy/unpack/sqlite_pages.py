"""Pages of an SQLite database, read as they lie: no SQL runs, and a broken page costs only itself.

Source: *Database File Format*, sqlite.org/fileformat2.html, sections 1.2 to 2.6 and 4.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MAGIC: Final = b"SQLite format 3\0"
WAL_MAGIC: Final = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")

_ENCODINGS: Final = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER = 13, 5, 10, 2
_INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_HEADER: Final = 100
_WAL_HEADER, _FRAME_HEADER = 32, 24

type Value = int | float | str | bytes | None


@dataclass(slots=True)
class Pages:
    """The pages by number, from 1.

    Attributes:
        seen: numbers of pages that were read for some table or index.
        broken: pages, cells or values that are not what they should be.
    """

    pages: dict[int, bytes]
    usable: int
    encoding: str = "utf-8"
    seen: set[int] = field(default_factory=set)
    broken: int = 0

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
        """Yield what the cells of one page hold."""
        kind, pointers = self._pointers(number, page)
        if kind not in {_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER}:
            return
        for at in pointers:
            try:
                yield self._cell(kind, page, at)
            except (IndexError, OverflowError, struct.error, ValueError):
                self.broken += 1

    def mark(self, root: int) -> None:
        """Take the pages of an index as read: they repeat what its table holds."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            page = self.pages.get(number)
            if page is not None and number not in self.seen:
                self.seen.add(number)
                waiting += self._below(number, page)

    def unused(self, number: int, page: bytes) -> bytes:
        """Return the bytes between pointers and cells, where deleted rows stay until they are written over."""
        start = _HEADER if number == 1 else 0
        kind, pointers = self._pointers(number, page)
        if not kind:
            return b""
        first = start + (12 if kind in {_TABLE_INNER, _INDEX_INNER} else 8) + 2 * len(pointers)
        content = int.from_bytes(page[start + 5 : start + 7]) or 65536
        pieces = [page[first:content].strip(b"\0")]
        at, hops = int.from_bytes(page[start + 1 : start + 3]), 0
        while at and at + 4 <= len(page) and hops < len(page) // 4:
            size = int.from_bytes(page[at + 2 : at + 4])
            pieces.append(page[at + 4 : at + size])
            at, hops = int.from_bytes(page[at : at + 2]), hops + 1
        return b"\n".join(filter(None, pieces))

    def _pointers(self, number: int, page: bytes) -> tuple[int, list[int]]:
        start = _HEADER if number == 1 else 0
        kind = page[start] if len(page) > start + 12 else 0
        if kind not in {_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER}:
            return 0, []
        at = start + (12 if kind in {_TABLE_INNER, _INDEX_INNER} else 8)
        count = min(int.from_bytes(page[start + 3 : start + 5]), (len(page) - at) // 2)
        return kind, list(struct.unpack_from(f">{count}H", page, at))

    def _below(self, number: int, page: bytes) -> list[int]:
        kind, pointers = self._pointers(number, page)
        if kind not in {_TABLE_INNER, _INDEX_INNER}:
            return []
        start = _HEADER if number == 1 else 0
        below = [int.from_bytes(page[at : at + 4]) for at in pointers]
        return [*below, int.from_bytes(page[start + 8 : start + 12])]

    def _cell(self, kind: int, page: bytes, at: int) -> tuple[int, list[Value]]:
        if kind == _INDEX_INNER:
            at += 4
        size, at = varint(page, at)
        row = 0
        if kind == _TABLE_LEAF:
            row, at = varint(page, at)
            most = self.usable - 35
        else:
            most = (self.usable - 12) * 64 // 255 - 23
        return row, self._record(self._payload(page, at, size, most))

    def _payload(self, page: bytes, at: int, size: int, most: int) -> bytes:
        if size <= most:
            return page[at : at + size]
        least = (self.usable - 12) * 32 // 255 - 23
        local = least + (size - least) % (self.usable - 4)
        local = local if local <= most else least
        pieces, missing = [page[at : at + local]], size - local
        number = int.from_bytes(page[at + local : at + local + 4])
        while missing > 0 and number in self.pages and number not in self.seen:
            self.seen.add(number)
            following = self.pages[number]
            pieces.append(following[4 : 4 + min(missing, self.usable - 4)])
            missing -= self.usable - 4
            number = int.from_bytes(following[:4])
        self.broken += missing > 0
        return b"".join(pieces)

    def _record(self, payload: bytes) -> list[Value]:
        end, at = varint(payload, 0)
        values: list[Value] = []
        body = end
        while at < end:
            kind, at = varint(payload, at)
            value, size = self._value(payload, body, kind)
            values.append(value)
            body += size
        return values

    def _value(self, payload: bytes, at: int, kind: int) -> tuple[Value, int]:
        if kind in _INTEGERS:
            size = _INTEGERS[kind]
            return int.from_bytes(payload[at : at + size], signed=True), size
        if kind == 7:
            return struct.unpack_from(">d", payload, at)[0], 8
        if kind in {8, 9}:
            return kind - 8, 0
        if kind >= 12:
            size = (kind - 12) // 2
            raw = payload[at : at + size]
            return (raw.decode(self.encoding, "replace") if kind % 2 else raw), size
        return None, 0


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
    """Return the pages of a write-ahead log, the newest of each; None when it is none."""
    if data[:4] not in WAL_MAGIC or len(data) < _WAL_HEADER:
        return None
    size = int.from_bytes(data[8:12])
    if size < 512 or size > 65536 or size & (size - 1):
        return None
    pages = {
        int.from_bytes(data[at : at + 4]): data[at + _FRAME_HEADER : at + _FRAME_HEADER + size]
        for at in range(_WAL_HEADER, len(data), size + _FRAME_HEADER)
    }
    encoding = _ENCODINGS.get(int.from_bytes(pages[1][56:60]), "utf-8") if 1 in pages else "utf-8"
    reserved = pages[1][20] if len(pages.get(1, b"")) > 20 else 0
    return Pages(pages, size - reserved, encoding)
