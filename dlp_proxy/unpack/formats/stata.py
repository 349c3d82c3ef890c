"""Stata's data files (.dta), of releases 8 to 18, with long strings.

Source: *Description of the .dta file format* 113 to 119 (StataCorp, ``help dta``).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.leaf import short_text
from dlp_proxy.unpack.rows import table

NAME: Final = "stata"

_TAGGED: Final = b"<stata_dta><header><release>"
_HEADER: Final = re.compile(
    rb"<stata_dta><header><release>(?P<release>11[789])</release><byteorder>(?P<order>LSF|MSF)</byteorder><K>(?P<k>.{2,4}?)</K>"
    rb"<N>(?P<n>.{4,8}?)</N>",
    re.DOTALL,
)
_EMPTY: Final = re.compile(rb"(?:</?[a-z_]+>|\0)*")
_OLD: Final = frozenset({113, 114, 115})
_OLD_HEAD: Final = 109
_NAME: Final = 33
_LONG_NAME: Final = 129
_FORMAT: Final = {113: 12, 114: 49, 115: 49}
_LABEL: Final = 81
_MOST: Final = 5_000
"""Variables of a file that is laid out: there may be 32,767, of a byte each."""
_NUMBERS: Final = {251: "b", 252: "h", 253: "i", 254: "f", 255: "d", 65530: "b", 65529: "h", 65528: "i", 65527: "f",
                   65526: "d"}  # fmt: skip
_LONG: Final = 32768
_ITEM: Final = {117: "II", 118: "IQ", 119: "IQ"}
"""Variable and observation of a long string where it is kept."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the rows stand, and what is in them; the numbers of types as the release counts them."""

    names: list[str]
    types: Sequence[int]
    order: str
    start: int
    count: int
    release: int = 115


def accepts(content: Content) -> bool:
    data = content.data
    return data.startswith(_TAGGED) or (
        len(data) > _OLD_HEAD and data[0] in _OLD and data[1] in {1, 2} and data[2:4] in {b"\1\0", b"\1\1"}
    )


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    try:
        layout = _tagged(data) if data.startswith(_TAGGED) else _old(data)
    except (struct.error, ValueError, IndexError):
        raise Mismatch from None
    sizes = [_size(one) for one in layout.types]
    size = sum(sizes)
    if not size or min(sizes) <= 0:
        raise Mismatch
    whole = min(layout.count, (len(data) - layout.start) // size)
    if whole <= 0 < layout.count:
        raise Mismatch
    long = _long_strings(data, layout)
    yield from table(content, layout.names, _rows(data, layout, sizes, whole, long), budget.meter(len(data)))
    if whole < layout.count:
        yield Gap("malformed", content.location, "a data set with fewer rows than it says")
    if rest := _behind_rows(data, layout.start + whole * size):
        yield content.inside(rest, "labels")


def _behind_rows(data: bytes, at: int) -> bytes:
    """Return what stands behind the rows and the long strings, without tags that hold nothing."""
    if data.startswith(_TAGGED):
        at = max(at, data.find(b"</strls>", at) + len(b"</strls>"))
    rest = data[at:]
    return b"" if _EMPTY.fullmatch(rest) else rest


def _old(data: bytes) -> _Layout:
    order = "<" if data[1] == 2 else ">"
    variables, count = struct.unpack_from(f"{order}HI", data, 4)
    types = tuple(data[_OLD_HEAD : _OLD_HEAD + variables])
    at = _OLD_HEAD + variables
    names = [_text(data[at + place * _NAME : at + (place + 1) * _NAME]) for place in range(variables)]
    at += variables * (_NAME + _FORMAT[data[0]] + _NAME + _LABEL) + 2 * (variables + 1)
    while data[at]:  # characteristics
        at += 5 + struct.unpack_from(f"{order}I", data, at + 1)[0]
    return _Layout(names, types, order, at + 5, count)


def _tagged(data: bytes) -> _Layout:
    header = _HEADER.match(data)
    if header is None:
        raise ValueError
    order = "<" if header["order"] == b"LSF" else ">"
    release = int(header["release"])
    whole = "little" if order == "<" else "big"
    variables, count = (int.from_bytes(header[name], whole) for name in ("k", "n"))  # type: ignore[arg-type]
    if variables > _MOST:
        raise ValueError
    at = _behind(data, b"<variable_types>", header.end())
    types = struct.unpack_from(f"{order}{variables}H", data, at)
    at = _behind(data, b"<varnames>", at)
    size = _NAME if release == 117 else _LONG_NAME
    names = [_text(data[at + place * size : at + (place + 1) * size]) for place in range(variables)]
    return _Layout(names, types, order, _behind(data, b"<data>", at), count, release)


def _behind(data: bytes, tag: bytes, at: int) -> int:
    return data.index(tag, at) + len(tag)


def _text(raw: bytes) -> str:
    return short_text(raw.partition(b"\0")[0]) or ""


def _size(kind: int) -> int:
    """Return the bytes of a cell; 0 of a kind that there is not."""
    if kind in _NUMBERS:
        return struct.calcsize(_NUMBERS[kind])
    if kind == _LONG:
        return 8
    return kind if kind <= 2045 else 0


def _rows(
    data: bytes, layout: _Layout, sizes: Sequence[int], count: int, long: Mapping[tuple[int, int], bytes]
) -> Iterator[list[object]]:
    at = layout.start
    for _ in range(count):
        row: list[object] = []
        for kind, size in zip(layout.types, sizes, strict=True):
            raw = data[at : at + size]
            at += size
            if kind in _NUMBERS:
                row.append(struct.unpack(layout.order + _NUMBERS[kind], raw)[0])
            elif kind == _LONG:
                row.append(long.get(_key(raw, layout), b""))
            else:
                row.append(raw.partition(b"\0")[0])
        yield row


def _key(raw: bytes, layout: _Layout) -> tuple[int, int]:
    """Return the variable and the observation that a cell says its long string is kept under."""
    first = 4 if layout.release == 117 else 2
    whole = "little" if layout.order == "<" else "big"
    return int.from_bytes(raw[:first], whole), int.from_bytes(raw[first:], whole)  # type: ignore[arg-type]


def _long_strings(data: bytes, layout: _Layout) -> dict[tuple[int, int], bytes]:
    found: dict[tuple[int, int], bytes] = {}
    if _LONG not in layout.types:
        return found
    head = struct.Struct(f"{layout.order}{_ITEM[layout.release]}BI")
    at = data.find(b"<strls>", layout.start) + 7
    while at > 7 and data.startswith(b"GSO", at) and at + 3 + head.size <= len(data):
        variable, observation, kind, size = head.unpack_from(data, at + 3)
        at += 3 + head.size + size
        found[variable, observation] = data[at - size : at].removesuffix(b"\0" if kind == 130 else b"")
    return found
