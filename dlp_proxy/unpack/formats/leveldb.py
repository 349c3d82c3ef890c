"""Tables of LevelDB (.ldb, .sst), in which browsers keep what pages store: each entry of each block.

Source: google/leveldb, *doc/table_format.md*; a block may be packed by Snappy or zstd.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset, private, snappy
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.carve import further
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import NODE, Pairs, render
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.inflate import inflate

NAME: Final = "leveldb"

_MAGIC: Final = 0xDB4775248B80FB57.to_bytes(8, "little")
_FOOTER: Final = 48
_TRAILER: Final = 5
_PLAIN, _SNAPPY, _ZLIB, _ZSTD, _RAW = 0, 1, 2, 4, 5
_SEQUENCE: Final = 8
"""Bytes behind each key that say when it was written."""
_LONG: Final = 500
"""Longer values are contents of their own."""

type _Handle = tuple[int, int]
"""Where a block lies, and its bytes without what stands behind it."""


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    return len(content.data) >= _FOOTER and content.data.endswith(_MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    meter = budget.meter(len(content.data))
    table = _Table(content.data, meter)
    handles = table.index()
    if not handles:
        raise Mismatch
    yield from render(table.values(handles), content, meter)
    for at, stretch in table.between():
        yield from private.held(content.inside(stretch, f"between the blocks, from byte {at}"))
    for number, value in enumerate(table.long, 1):
        budget.spend_member()
        yield content.inside(value, f"value {number}")
    beside = content.inside(table.beside(handles), "beside the blocks")
    yield from strings(beside)
    yield from further(beside)
    yield from strings(content.inside(b"\n".join(table.restarts), "restarts of the blocks"))
    if table.broken:
        yield Gap("malformed", content.location, f"{table.broken} blocks of the table that cannot be read")


class _Table:
    """One table.

    Attributes:
        long: values that are contents of their own.
        broken: blocks that could not be read.
        restarts: ends of blocks that are not what places in the entries before them would be.
    """

    def __init__(self, data: bytes, meter: Meter) -> None:
        self._data, self._meter = data, meter
        self.long: dict[bytes, None] = {}
        self.broken = 0
        self.restarts: list[bytes] = []
        self._read: list[_Handle] = []

    def index(self) -> list[_Handle]:
        """Return where the blocks lie, and their sizes.

        Raises:
            Exhausted: there are more than there is room for.
        """
        footer = self._data[-_FOOTER:]
        beside, at = _handle(footer, 0)
        self._read += self._handles(beside)  # filters of keys: no block of entries
        handles = self._handles(_handle(footer, at)[0])
        self._read += handles
        return handles

    def _handles(self, where: _Handle) -> list[_Handle]:
        """Return what a block of handles lists."""
        block = self._block(*where) or b""
        self._read.append(where)
        handles: list[_Handle] = []
        with contextlib.suppress(_Broken):
            for _, _, start, end in _entries(block):
                if self._meter.room < NODE:
                    raise self._meter.overrun()
                self._meter.charge(NODE)
                handles.append(_handle(block[start:end], 0)[0])
        return handles

    def between(self) -> Iterator[tuple[int, bytes]]:
        """Yield what lies in no block, and where it begins."""
        return self._outside(self._read)

    def beside(self, handles: list[_Handle]) -> bytes:
        """Return what lies in no block of entries: filters, and whatever stands before a table that says where its own
        are.
        """
        return b"\n".join(stretch for _, stretch in self._outside(handles))

    def _outside(self, blocks: list[_Handle]) -> Iterator[tuple[int, bytes]]:
        at = 0
        for start, size in sorted(blocks):
            if start > at:
                yield at, self._data[at:start]
            at = max(at, start + size + _TRAILER)
        if at < len(self._data) - _FOOTER:
            yield at, self._data[at:-_FOOTER]

    def values(self, handles: list[_Handle]) -> Iterator[tuple[str, Any]]:
        number = 0
        for start, size in handles:
            self._meter.budget.hurry()
            block = self._block(start, size)
            if block is None:
                self.broken += 1
                continue
            try:
                for key, value in _pairs(block):
                    number += 1
                    held: str | bytes = _shown(value)
                    if len(value) > _LONG:
                        self.long.setdefault(held.encode() if isinstance(held, str) else held)
                        held = ""
                    yield f"value {number}", Pairs([("key", _shown(key[:-_SEQUENCE])), ("value", held)])
                self._restart(block)
            except _Broken:
                self.broken += 1

    def _restart(self, block: bytes) -> None:
        """Keep the places from which one may read when they are no places."""
        start = _restarts(block)
        places = struct.unpack_from(f"<{(len(block) - start) // 4 - 1}I", block, start)
        if any(place > start for place in places):
            self.restarts.append(block[start:])

    def _block(self, start: int, size: int) -> bytes | None:
        """Return a block as it was before it was packed; None for what is none.

        Raises:
            Exhausted: it holds more than may be unpacked.
        """
        packed = self._data[start : start + size]
        kind = self._data[start + size] if start + size + _TRAILER <= len(self._data) else -1
        if kind == _PLAIN:
            return packed
        if kind == _SNAPPY:
            return snappy.unsnap(packed, self._meter)
        if kind in {_ZSTD, _ZLIB, _RAW}:
            codecs = {_ZSTD: "zstd", _ZLIB: "zlib", _RAW: "deflate"}
            result = inflate(codecs[kind], packed, 0, self._meter)  # type: ignore[arg-type]
            if result.exhausted:
                raise result.exhausted
            return result.data or None
        return None


def _pairs(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values of a block; each key says how much of it is that of the one before.

    Raises:
        _Broken: the block lies.
    """
    key = b""
    for shared, at, start, end in _entries(block):
        if shared > len(key):
            raise _Broken
        key = key[:shared] + block[at:start]
        yield key, block[start:end]


def _entries(block: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield of each entry how much of the key before is its own too, and where key and value begin and it ends.

    Raises:
        _Broken: one goes on behind the block.
    """
    at, last = 0, _restarts(block)
    while at < last:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        size, at = _varint(block, at)
        if at + own + size > last:
            raise _Broken
        yield shared, at, at + own, at + own + size
        at += own + size


def _restarts(block: bytes) -> int:
    """Return where the entries end and the places begin from which one may read.

    Raises:
        _Broken: the block lies.
    """
    start = len(block) - 4 * (int.from_bytes(block[-4:], "little") + 1)
    if start < 0:
        raise _Broken
    return start


def _handle(data: bytes, at: int) -> tuple[_Handle, int]:
    start, at = _varint(data, at)
    size, at = _varint(data, at)
    return (start, size), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 64:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            break
    return value, at


def _shown(value: bytes) -> str | bytes:
    """Return a value as its text: Chromium begins those of local storage with how their characters are kept."""
    if value[:1] == b"\0" and len(value) % 2:
        try:
            return value[1:].decode("utf-16-le")
        except UnicodeDecodeError:
            return value
    rest = value.removeprefix(b"\1")
    decoded = charset.decode(rest)
    return value if decoded is None else decoded[0]
