"""What PostgreSQL's ``COPY ... (FORMAT binary)`` writes.

Source: PostgreSQL documentation, *COPY*, section *Binary Format*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.rows import table

NAME: Final = "postgres_copy"

_MAGIC: Final = b"PGCOPY\n\xff\r\n\0"
_HEAD: Final = len(_MAGIC) + 8
_NULL: Final = 0xFFFFFFFF
_END: Final = 0xFFFF
_INTEGERS: Final = frozenset({2, 4, 8})
_COLUMNS_AT_MOST: Final = 1600
"""Columns that a table of PostgreSQL can have."""


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    ended: list[int] = []
    yield from table(content, [], _rows(content.data, ended), budget.meter(len(content.data)))
    if not ended:
        yield Gap("malformed", content.location, "rows of PostgreSQL that are cut or broken")
    elif rest := content.data[ended[0] :]:
        yield content.inside(rest, "after the rows")


def _rows(data: bytes, ended: list[int]) -> Iterator[list[object]]:
    if len(data) < _HEAD:
        return
    at = _HEAD + int.from_bytes(data[_HEAD - 4 : _HEAD])
    while at + 2 <= len(data):
        count = int.from_bytes(data[at : at + 2])
        at += 2
        if count == _END:
            ended.append(at)
            return
        if count > _COLUMNS_AT_MOST:
            return
        row: list[object] = []
        for _ in range(count):
            size = int.from_bytes(data[at : at + 4])
            at += 4
            if size == _NULL:
                row.append("")
                continue
            if at + size > len(data):
                return
            row.append(_value(data[at : at + size]))
            at += size
        yield row


def _value(raw: bytes) -> object:
    """Return a value, whose type is not said: an integer where it cannot be a text of so few characters."""
    if len(raw) in _INTEGERS and any(byte < ord(" ") for byte in raw):
        return int.from_bytes(raw, signed=True)
    return raw
