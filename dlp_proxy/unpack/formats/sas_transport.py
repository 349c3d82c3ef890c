"""SAS transport files (.xpt), what drug authorities take: tables of fixed width, one behind the other.

Source: SAS Institute, *The Record Layout of a Data Set in SAS Transport (XPORT) Format*, versions 5 and 8.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.leaf import number
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.rows import table

NAME: Final = "sas_transport"

_MAGIC: Final = re.compile(rb"HEADER RECORD\*{7}LIB(?:RARY|V8  ) HEADER RECORD!{7}")
_MEMBER: Final = re.compile(rb"HEADER RECORD\*{7}MEMB(?:ER  |V8  )HEADER RECORD!{7}[0-9]{26}(?P<size>[0-9]{4})")
_COLUMNS: Final = re.compile(rb"HEADER RECORD\*{7}NAM(?:ESTR|STV8) HEADER RECORD!{7}(?P<count>[0-9]{10})")
_ROWS: Final = re.compile(rb"HEADER RECORD\*{7}OBS(?:     |V8   )HEADER RECORD!{7}")
_RECORD: Final = 80
_HEAD: Final = 3 * _RECORD
"""Bytes of what says that it is a library."""
_SIZES: Final = frozenset({136, 140})
_COLUMNS_AT_MOST: Final = 32_767
_SAMPLE: Final = 64 * 1024
_TEXT: Final = re.compile(
    rb"[\x80-\xbf]{0,3}(?:[\t\r\n\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3})++(?:[\xc2-\xf4][\x80-\xbf]{0,2})?"
)
"""A row that is text, whose first and last character may be cut."""
_MISSING: Final = b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    is_number: bool
    label: bytes
    start: int
    size: int


def accepts(content: Content) -> bool:
    return _MAGIC.match(content.data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    members = list(_MEMBER.finditer(data))
    if not members:
        raise Mismatch
    if before := data[_HEAD : members[0].start()]:
        yield content.inside(before, "before the tables")
    meter = budget.meter(len(data))
    for member, behind in zip(members, [*members[1:], None], strict=True):
        end = behind.start() if behind else len(data)
        columns, at = _columns(data, member, end)
        if not columns:
            yield Gap("malformed", content.location, "a SAS table without columns that can be read")
            yield content.inside(data[member.start() : end], "a table")
            continue
        name = data[at - 4 * _RECORD : at][8:16].decode("latin-1").strip()
        where = content.inside(data, step(name)) if name.isalnum() else content
        said = charset.decode(data[at : min(end, at + _SAMPLE)].replace(b"\0", b" "))
        stop = _before_text(data, columns, at, end, budget)
        rows = _rows(data, columns, at, stop, said[1] if said else "latin-1")
        yield from table(where, [one.name for one in columns], rows, meter)
        if labels := b"\n".join(one.label for one in columns if one.label):
            yield where.inside(labels, "labels")
        if rest := data[stop:end].strip(b" \0"):
            yield where.inside(rest, "after the rows")


def _columns(data: bytes, member: re.Match[bytes], end: int) -> tuple[list[_Column], int]:
    """Return the columns of a table, and where its rows begin; none where it is broken."""
    size = int(member["size"])
    head = _COLUMNS.search(data, member.end(), end)
    rows = _ROWS.search(data, head.end() if head else end, end)
    if head is None or rows is None or size not in _SIZES:
        return [], end
    columns: list[_Column] = []
    at = head.start() + _RECORD
    for _ in range(min(int(head["count"]), _COLUMNS_AT_MOST)):
        if at + size > rows.start():
            return [], end
        kind, _, length = struct.unpack_from(">3h", data, at)
        (start,) = struct.unpack_from(">l", data, at + 84)
        if length <= 0 or start < 0:
            return [], end
        name = data[at + 88 : at + 120].strip(b" \0") or data[at + 8 : at + 16].strip(b" \0")
        label = data[at + 16 : at + 56].strip(b" \0")
        columns.append(_Column(name.decode(errors="replace"), kind == 1, label, start, length))
        at += size
    return (columns if _stand_side_by_side(columns) else []), rows.start() + _RECORD


def _stand_side_by_side(columns: list[_Column]) -> bool:
    """Tell whether the columns fill a row: where one lay over others, each byte could be read as often as there are."""
    at = 0
    for one in sorted(columns, key=attrgetter("start")):
        if one.start != at:
            return False
        at += one.size
    return True


def _before_text(data: bytes, columns: list[_Column], at: int, end: int, budget: Budget) -> int:
    """Return where the rows end: how many there are is not said, and a text behind them would be read as numbers."""
    width = sum(one.size for one in columns)
    stop = end - (end - at) % width
    if any(one.is_number for one in columns):
        while stop > at and _TEXT.fullmatch(data, stop - width, stop):
            budget.hurry()
            stop -= width
    return stop


def _rows(data: bytes, columns: list[_Column], at: int, end: int, name: str) -> Iterator[list[object]]:
    width = sum(one.size for one in columns)
    for place in range(at, end - width + 1, width):
        row = data[place : place + width]
        if not row.strip(b" "):
            continue  # what fills the last record
        yield [_value(row[one.start : one.start + one.size], name, is_number=one.is_number) for one in columns]


def _value(raw: bytes, name: str, *, is_number: bool) -> str:
    """Return a text, or a number as a mainframe keeps it: base 16, an exponent from 64 on."""
    if not is_number:
        return raw.decode(name, "replace").strip(" \0")
    if not any(raw[1:]) and (not raw[0] or raw[0] in _MISSING):
        return "" if raw[0] else "0"
    fraction = int.from_bytes(raw[1:8].ljust(7, b"\0")) / 2.0**56
    return number((-1 if raw[0] & 128 else 1) * fraction * 16.0 ** ((raw[0] & 127) - 64))
