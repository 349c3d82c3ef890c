"""Lotus 1-2-3 worksheets (.wks, .wk1, .wk3, .wk4) and those that Quattro Pro and Symphony write like them.

Sources: Lotus Development, *Worksheet File Format*, 1984; *1-2-3 Release 3 File Format*, 1989 (as in OpenOffice's and
LibreOffice's `sc/source/filter/lotus`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.documents.cells import Padding
from dlp_proxy.unpack.leaf import number
from dlp_proxy.unpack.naming import whole
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "lotus"

_OLD: Final = (b"\0\0\x02\0\x04\x04", b"\0\0\x02\0\x05\x04", b"\0\0\x02\0\x06\x04", b"\0\0\x02\0\x20\x51")
_NEW: Final = tuple(b"\0\0\x1a\0" + bytes([release]) + b"\x10\x04\0" for release in (0, 2, 3, 5))
_END: Final = 1
_COLUMNS_AT_MOST: Final = 256
_OLD_TEXTS, _OLD_REALS, _OLD_WHOLE = {15, 51}, {14, 16}, 13
_OLD_CELLS: Final = frozenset({*_OLD_TEXTS, *_OLD_REALS, _OLD_WHOLE})
_TEXT, _REAL, _SMALL, _FORMULA, _SMALL_REAL, _DOUBLE = 0x16, 0x17, 0x18, 0x19, 0x25, 0x27
_NEW_CELLS: Final = frozenset({_TEXT, _REAL, _SMALL, _FORMULA, _SMALL_REAL, _DOUBLE})
_OFTEN: Final = 4096
"""Records after which the time is looked at."""
_SCALES: Final = (5000.0, 500.0, 1 / 20, 1 / 200, 1 / 2000, 1 / 20000, 1 / 16, 1 / 64)
_MANTISSA: Final = 63 + 16383
"""By how much the exponent of eighty bits is above that of a whole number of sixty-four."""

type _Cell = tuple[int, int, int]
"""Sheet, row and column."""


def accepts(content: Content) -> bool:
    return content.data.startswith((*_OLD, *_NEW))


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    cells: dict[_Cell, str | bytes] = {}
    take = _new if data.startswith(_NEW) else _old
    at, ended = 0, False
    beside: list[str | bytes] = []
    records = 0
    while at + 4 <= len(data):
        records += 1
        if records % _OFTEN == 0:
            budget.hurry()
        kind, size = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _END or at > len(data):
            ended = kind == _END
            break
        found = take(kind, body)
        if found is None:
            continue
        if len(cells) >= budget.limits.values:
            yield Gap(
                "too-large", content.location, "a worksheet with more cells than are laid out; the rest is strings"
            )
            raise Mismatch
        if found[0] in cells:
            beside.append(cells[found[0]])
        cells[found[0]] = found[1]
    if not cells:
        raise Mismatch
    name, padding = _charset(cells), Padding()
    for sheet, some in groupby(sorted(cells), key=itemgetter(0)):
        rows = ((row + 1, _line(cells, held, name, padding)) for row, held in groupby(some, key=itemgetter(1)))
        yield from Sheet(rows).parts(content.location / whole(f"sheet {sheet + 1}"))
    if beside:
        yield content.inside("\n".join(_said(value, name) for value in beside).encode(), "cells written over")
    if not ended:
        yield Gap("malformed", content.location, "a worksheet that is cut or broken")
    elif rest := data[at:].strip(b"\0"):
        yield content.inside(rest, "after the worksheet")


def _line(cells: dict[_Cell, str | bytes], places: Iterable[_Cell], name: str, padding: Padding) -> list[str]:
    """Return a row of cells, which are taken out of where they were: what is laid out takes as much again."""
    line: list[str] = []
    for place in places:
        padding.fill(line, place[2])
        line.append(_said(cells.pop(place), name))
    return line


def _said(value: str | bytes, name: str) -> str:
    return value if isinstance(value, str) else value.decode(name, "replace")


def _charset(cells: dict[_Cell, str | bytes]) -> str:
    decoded = charset.decode(b"\n".join(value for value in cells.values() if isinstance(value, bytes)))
    return decoded[1] if decoded else "cp850"


def _old(kind: int, body: bytes) -> tuple[_Cell, str | bytes] | None:
    """Return a cell of the first releases: a byte of format, column, row, and the value."""
    if len(body) < 6 or kind not in _OLD_CELLS:
        return None
    column, row = struct.unpack_from("<HH", body, 1)
    if column >= _COLUMNS_AT_MOST:
        return None
    place, value = (0, row, column), body[5:]
    if kind in _OLD_TEXTS:
        return place, _text(value)
    if kind == _OLD_WHOLE:
        return (place, str(struct.unpack_from("<h", value)[0])) if len(value) >= 2 else None
    return (place, number(struct.unpack_from("<d", value)[0])) if len(value) >= 8 else None


def _new(kind: int, body: bytes) -> tuple[_Cell, str | bytes] | None:
    """Return a cell of the third release: row, sheet, column, and the value."""
    if len(body) < 5 or kind not in _NEW_CELLS:
        return None
    row, sheet, column = struct.unpack_from("<HBB", body)
    place, value = (sheet, row, column), body[4:]
    if kind == _TEXT:
        return place, _text(value)
    if kind == _SMALL:
        return (place, _small(struct.unpack_from("<h", value)[0])) if len(value) >= 2 else None
    if kind == _SMALL_REAL:
        return (place, _small_of_five(struct.unpack_from("<I", value)[0])) if len(value) >= 4 else None
    if kind == _DOUBLE:
        return (place, number(struct.unpack_from("<d", value)[0])) if len(value) >= 8 else None
    return (place, _real(value)) if len(value) >= 10 else None


def _text(raw: bytes) -> bytes:
    """Return a text without the sign in front that says where it stands in its cell."""
    said = raw.partition(b"\0")[0]
    return said[1:] if said[:1] in {b"'", b'"', b"^", b"\\"} else said


def _small(value: int) -> str:
    return number((value >> 4) * _SCALES[value >> 1 & 7] if value & 1 else float(value >> 1))


def _small_of_five(value: int) -> str:
    power = 10.0 ** (value & 15)
    whole_part = value >> 6
    signed = -whole_part if value & 32 else whole_part
    return number(signed / power if value & 16 else signed * power)


def _real(raw: bytes) -> str:
    mantissa, exponent = struct.unpack_from("<QH", raw)
    try:
        value = mantissa * 2.0 ** ((exponent & 0x7FFF) - _MANTISSA)
    except OverflowError:
        return ""
    return number(-value if exponent & 0x8000 else value)
