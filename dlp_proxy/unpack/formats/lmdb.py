"""LMDB databases (data.mdb): every key with its value, also those of pages that are not used any more, and the rest.

Source: openldap/openldap, *libraries/liblmdb/mdb.c*: MDB_page, MDB_node, MDB_meta.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.carve import further
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.document import Pairs, render
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.leftover import Leftover

NAME: Final = "lmdb"

_MAGIC: Final = 0xBEEFC0DE
_HEAD: Final = 16
_PAGE_SIZE_AT: Final = 40
"""Where the first meta page says the size of pages: in the entry of the free list."""
_LEAF, _SAME_SIZE, _SUB_PAGE = 0x02, 0x20, 0x40
_KIND: Final = 0x7F
_NODE: Final = struct.Struct("<HHHH")
_BIG, _TREE, _DUPLICATES = 0x01, 0x02, 0x04
_KEY_AT_MOST: Final = 511
_AGAIN: Final = 4
"""Times the size of the database that its values may be together: entries may lie over each other."""
_LONG: Final = 500
"""Longer values are contents of their own."""


def accepts(content: Content) -> bool:
    data = content.data
    return len(data) > 152 and int.from_bytes(data[_HEAD : _HEAD + 4], "little") == _MAGIC and bool(_page_size(data))


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data, long = content.data, dict[bytes, None]()
    meter = budget.meter(len(data))
    left = Leftover(data)
    yield from render(_values(data, _page_size(data), long, left, meter), content, meter)
    yield from _contents(content, long, budget.meter(len(data)))
    beside = content.inside(left.rest(), "beside the values")
    yield from strings(beside)
    yield from further(beside)


def _contents(content: Content, long: dict[bytes, None], meter: Meter) -> Iterator[Content]:
    for number, value in enumerate(long, 1):
        meter.budget.spend_member()
        yield content.inside(value, f"value {number}")


def _page_size(data: bytes) -> int:
    size = int.from_bytes(data[_PAGE_SIZE_AT : _PAGE_SIZE_AT + 4], "little")
    return size if 256 <= size <= 65536 and size & (size - 1) == 0 else 0


def _values(data: bytes, size: int, long: dict[bytes, None], left: Leftover, meter: Meter) -> Iterator[tuple[str, Any]]:
    """Yield each pair once: writing copies pages, and what was on one stays there until it is used again."""
    seen: set[tuple[bytes, bytes]] = set()
    most = _AGAIN * len(data)
    for page in range(2 * size, len(data) - _HEAD, size):
        for pair in _pairs(data, page, size, left):
            most -= len(pair[1])
            if most < 0:
                raise meter.overrun()
            if pair in seen:
                continue
            seen.add(pair)
            key, value = pair
            if len(value) > _LONG:
                long.setdefault(value)
                value = b""
            if key or value:
                yield f"value {len(seen)}", Pairs([("key", key), ("value", value)])


def _pairs(data: bytes, page: int, size: int, left: Leftover) -> Iterator[tuple[bytes, bytes]]:
    pad, flags, lower = struct.unpack_from("<HHH", data, page + 8)
    if flags & _KIND & ~_SAME_SIZE != _LEAF or not _HEAD <= lower <= size:
        return
    if flags & _SAME_SIZE:
        if not 0 < pad <= _KEY_AT_MOST:
            return  # no such keys
        for number in range((lower - _HEAD) // 2):
            at = page + _HEAD + number * pad
            left.take(at, min(at + pad, page + size))
            yield data[at : min(at + pad, page + size)], b""
        return
    left.take(page, page + _HEAD)
    for place in range(_HEAD, lower - 1, 2):
        at = page + int.from_bytes(data[page + place : page + place + 2], "little")
        if not page + lower <= at <= page + size - _NODE.size or at + _NODE.size > len(data):
            continue
        low, high, node, key_size = _NODE.unpack_from(data, at)
        start = at + _NODE.size + key_size
        if key_size > _KEY_AT_MOST or start > page + size:
            continue
        key, count = data[at + _NODE.size : start], low | high << 16
        left.take(page + place, page + place + 2)
        left.take(at, start + 8 * bool(node & _BIG))
        if node & _BIG:
            start = int.from_bytes(data[start : start + 8], "little") * size + _HEAD
        elif node & _TREE:
            count = 0
        else:
            count = min(count, page + size - start)
        left.take(start, start + count)
        yield key, data[start : start + count]
