"""SPSS data files (.sav, .zsav), with what their variables are called.

Source: GNU PSPP, *PSPP Developers Guide*, appendix *System File Format*.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.inflate import inflate
from dlp_proxy.unpack.leaf import short_text
from dlp_proxy.unpack.rows import table

NAME: Final = "spss"

_MAGIC: Final = (b"$FL2", b"$FL3")
_HEAD: Final = 176
_ELEMENT: Final = 8
_LONG_SEGMENT: Final = 252
"""Bytes of a very long text in each of the variables it is spread over, but for the last."""
_SEGMENTS: Final = 131
"""Further variables that a text of 32,767 bytes takes, the longest there is."""
_WIDEST: Final = 255
"""Bytes of a text that is kept in one variable."""
_VARIABLES_AT_MOST: Final = 100_000
_OFTEN: Final = 65_536
"""Bytes of codes after which the time is looked at."""
_UNSET: Final = struct.unpack("<d", b"\xff\xff\xff\xff\xff\xff\xef\xff")[0]
_WIDTH: Final = re.compile(r"[0-9]{1,9}")
_SKIP, _END, _RAW, _SPACES, _MISSING = 0, 252, 253, 254, 255


@dataclass(slots=True)
class _Variable:
    """A variable: bytes of its text, 0 for a number; `more` variables behind it hold the rest of the text."""

    name: str
    width: int
    more: int = 0

    @property
    def elements(self) -> int:
        return max(1, -(-self.width // _ELEMENT))


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC) and len(content.data) > _HEAD


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    data = content.data
    order = "<" if data[64:68] in {b"\2\0\0\0", b"\3\0\0\0"} else ">"
    try:
        variables, labels, at = _dictionary(data, order)
    except (struct.error, IndexError):
        raise Mismatch from None
    if not variables:
        raise Mismatch
    (compression,), (cases,) = (struct.unpack_from(f"{order}i", data, place) for place in (72, 80))
    meter = budget.meter(len(data))
    count, ends = [0], [len(data)]
    beside = [data[:at]]
    elements = _elements(data, at, order, compression, meter, ends, beside)
    rows = _rows(elements, variables, order, count, beside)
    if cases > 0 and compression != 2:  # what is behind the cases is read by itself; zipped ones end by themselves
        rows = islice(rows, cases)
    yield from table(content, _names(variables), rows, meter)
    if count[0] < cases:
        yield Gap("malformed", content.location, "a data file with fewer cases than it says")
    elif rest := _behind(data, ends[0]):
        yield content.inside(rest, "after the cases")
    if labels:
        yield content.inside(b"\n".join(labels), "labels")
    yield from strings(content.inside(b"\n".join(beside), "beside the cases"))


def _behind(data: bytes, at: int) -> bytes:
    """Return what stands behind the cases and the code of their end."""
    codes = data[at : at + _ELEMENT]
    return data[at + _ELEMENT :] if set(codes) <= {_SKIP, _END} else data[at:]


def _dictionary(  # noqa: C901, PLR0912 - one branch for each kind of record
    data: bytes, order: str
) -> tuple[list[_Variable], list[bytes], int]:
    """Return the variables, what is written of them, and where the cases begin."""
    variables: list[_Variable] = []
    labels: list[bytes] = []
    long_names: dict[str, str] = {}
    very_long: dict[str, int] = {}
    at = _HEAD
    while True:
        (kind,) = struct.unpack_from(f"{order}i", data, at)
        at += 4
        if kind == 2:
            width, labelled, missing = struct.unpack_from(f"{order}3i", data, at)
            name = data[at + 20 : at + 28]
            at += 28
            if labelled:
                (size,) = struct.unpack_from(f"{order}I", data, at)
                labels.append(data[at + 4 : at + 4 + size])
                at += 4 + size + -size % 4
            at += _ELEMENT * abs(missing)
            if width > _WIDEST:
                raise IndexError
            if width >= 0:
                variables.append(_Variable(_text(name), width))
            if len(variables) > _VARIABLES_AT_MOST:
                raise IndexError
        elif kind == 3:
            (count,) = struct.unpack_from(f"{order}I", data, at)
            at += 4
            for _ in range(min(count, len(data))):
                size = data[at + 8]
                labels.append(data[at + 9 : at + 9 + size])
                at += 8 + size + 1 + -(size + 1) % 8
        elif kind == 4:
            at += 4 + 4 * struct.unpack_from(f"{order}I", data, at)[0]
        elif kind == 6:
            (count,) = struct.unpack_from(f"{order}I", data, at)
            labels.append(data[at + 4 : at + 4 + 80 * count])
            at += 4 + 80 * count
        elif kind == 7:
            subtype, size, count = struct.unpack_from(f"{order}3I", data, at)
            body = data[at + 12 : at + 12 + size * count]
            at += 12 + size * count
            if subtype == 13:
                long_names = _pairs(body)
            elif subtype == 14:
                very_long = {name: int(width) for name, width in _pairs(body).items() if _WIDTH.fullmatch(width)}
        elif kind == 999:
            return _named(variables, long_names, very_long), labels, at + 4
        else:
            raise IndexError


def _pairs(body: bytes) -> dict[str, str]:
    pairs = (item.partition("=") for item in _text(body.replace(b"\0", b"")).split("\t"))
    return {name: value for name, _, value in pairs}


def _named(variables: list[_Variable], names: Mapping[str, str], very_long: Mapping[str, int]) -> list[_Variable]:
    for one in variables:
        if width := very_long.get(one.name):
            one.more = min(-(-width // _LONG_SEGMENT) - 1, _SEGMENTS)
        one.name = names.get(one.name, one.name)
    return variables


def _names(variables: list[_Variable]) -> list[str]:
    names: list[str] = []
    place = 0
    while place < len(variables):
        names.append(variables[place].name)
        place += 1 + variables[place].more
    return names


def _text(raw: bytes) -> str:
    return short_text(raw.rstrip(b" \0")) or raw.decode("latin-1").strip(" \0")


def _elements(  # noqa: PLR0917 - what the header says, and what is told back
    data: bytes, at: int, order: str, compression: int, meter: Meter, ends: list[int], beside: list[bytes]
) -> Iterator[bytes]:
    """Yield the cases as pieces of eight bytes.

    `ends` is told where those end that were yielded, `beside` what is none.

    Raises:
        Exhausted: they unpack to more than they may.
    """
    if compression == 0:
        for place in range(at, len(data) - _ELEMENT + 1, _ELEMENT):
            ends[0] = place + _ELEMENT
            yield data[place : place + _ELEMENT]
        return
    if compression == 2:
        trailer, size = struct.unpack_from(f"{order}2q", data, at + 8) if at + 24 <= len(data) else (0, 0)
        end = ends[0] = max(at, trailer + size)
        at += 24
        pieces: list[bytes] = []
        while at < min(trailer, len(data)):
            result = inflate("zlib", data, at, meter)
            pieces.append(result.data)
            if result.exhausted:
                raise result.exhausted
            if result.problem or result.end <= at:
                break
            at = result.end
        beside.append(data[at:end])
        data, at, ends = b"".join(pieces), 0, [0]
    bias = struct.unpack_from(f"{order}d", data, 84)[0] if compression == 1 else 100.0
    yield from _unpacked(data, at, order, bias, meter, ends)
    if compression == 2:
        beside.append(data[ends[0] :])


def _unpacked(  # noqa: PLR0917 - as above
    data: bytes, at: int, order: str, bias: float, meter: Meter, ends: list[int]
) -> Iterator[bytes]:
    number = struct.Struct(f"{order}d")
    seen = 0
    while at + _ELEMENT <= len(data):
        seen += _ELEMENT
        if seen % _OFTEN == 0:
            meter.budget.hurry()
        codes = data[at : at + _ELEMENT]
        at += _ELEMENT
        ends[0] = at
        for code in codes:
            if code == _SKIP:
                continue
            if code == _END:
                return
            if code == _RAW:
                at += _ELEMENT
                ends[0] = at
                yield data[at - _ELEMENT : at]
            elif code == _SPACES:
                yield b" " * _ELEMENT
            else:
                yield number.pack(_UNSET if code == _MISSING else code - bias)


def _rows(
    elements: Iterator[bytes], variables: list[_Variable], order: str, count: list[int], beside: list[bytes]
) -> Iterator[list[object]]:
    each = sum(one.elements for one in variables)
    while True:
        pieces = [piece for _, piece in zip(range(each), elements, strict=False)]
        if len(pieces) < each or any(len(piece) < _ELEMENT for piece in pieces):
            beside.append(b"".join(pieces))
            return
        count[0] += 1
        row: list[object] = []
        at, rest = 0, 0
        for one in variables:
            raw = b"".join(pieces[at : at + one.elements])
            at += one.elements
            if rest:
                rest -= 1
                row[-1] = (bytes(row[-1]) if isinstance(row[-1], bytes) else b"") + raw[:255]
                continue
            rest = one.more
            if one.width:
                row.append(raw[:255] if one.more else raw)
            else:
                value = struct.unpack(f"{order}d", raw)[0]
                row.append("" if value == _UNSET else value)
        yield [cell.rstrip(b" \0") if isinstance(cell, bytes) else cell for cell in row]
