"""Tables of LevelDB (.ldb, .sst), in which browsers keep what pages store: each entry of each block.

Source: google/leveldb, *doc/table_format.md*; a block may be packed by Snappy or zstd.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset, snappy
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.carve import further
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import Pairs, render
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
    for number, value in enumerate(table.long, 1):
        budget.spend_member()
        yield content.inside(value, f"value {number}")
    beside = content.inside(table.beside(handles), "beside the blocks")
    yield from strings(beside)
    yield from further(beside)
    if table.broken:
        yield Gap("malformed", content.location, f"{table.broken} blocks of the table that cannot be read")


class _Table:
    """One table.

    Attributes:
        long: values that are contents of their own.
        broken: blocks that could not be read.
    """

    def __init__(self, data: bytes, meter: Meter) -> None:
        self._data, self._meter = data, meter
        self.long: dict[bytes, None] = {}
        self.broken = 0

    def index(self) -> list[tuple[int, int]]:
        """Return where the blocks lie, and their sizes."""
        footer = self._data[-_FOOTER:]
        _, at = _handle(footer, 0)
        (start, size), _ = _handle(footer, at)
        block = self._block(start, size)
        return [_handle(value, 0)[0] for _, value in _entries(block)] if block else []

    def beside(self, handles: list[tuple[int, int]]) -> bytes:
        """Return what lies in no block: filters, and whatever stands before a table that says where its own are."""
        stretches: list[bytes] = []
        at = 0
        for start, size in sorted(handles):
            stretches.append(self._data[at:start])
            at = max(at, start + size + _TRAILER)
        return b"\n".join(filter(None, [*stretches, self._data[at:-_FOOTER]]))

    def values(self, handles: list[tuple[int, int]]) -> Iterator[tuple[str, Any]]:
        number = 0
        for start, size in handles:
            self._meter.budget.hurry()
            block = self._block(start, size)
            if block is None:
                self.broken += 1
                continue
            for key, value in _entries(block):
                number += 1
                held: str | bytes = _shown(value)
                if len(value) > _LONG:
                    self.long.setdefault(held.encode() if isinstance(held, str) else held)
                    held = ""
                yield f"value {number}", Pairs([("key", _shown(key[:-_SEQUENCE])), ("value", held)])

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


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values of a block; each key says how much of it is that of the one before."""
    end = len(block) - 4 * (int.from_bytes(block[-4:], "little") + 1)
    at, key = 0, b""
    while 0 <= at < end:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        size, at = _varint(block, at)
        if shared > len(key) or at + own + size > end:
            return
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + size]
        at += own + size


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
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
