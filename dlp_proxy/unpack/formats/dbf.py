"""dBASE and FoxPro tables (.dbf), with rows that are marked as deleted and what stands beside fields and rows.

Source: *Xbase File Format Description* (Erik Bachmann), sections 1 and 2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.leaf import number
from dlp_proxy.unpack.rows import table

NAME: Final = "dbf"

_VERSIONS: Final = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x7b\x83\x8b\x8c\x8e\xcb\xe5\xf5\xfb")
_HEAD: Final = 32
_END: Final = (0x0D, 0x00)
_SAMPLE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    start: int
    size: int


def accepts(content: Content) -> bool:
    data = content.data
    return len(data) > 65 and data[0] in _VERSIONS and data[2] <= 12 and data[3] <= 31 and bool(_fields(data))


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data
    fields = _fields(data)
    if not fields:
        raise Mismatch
    count, start, size = struct.unpack_from("<LHH", data, 4)
    whole = max(0, len(data) - start) // size
    name = _charset(data, start, size, fields)
    rows = (
        [_value(data[at + one.start : at + one.start + one.size], one.kind, name) for one in fields]
        for at in range(start, start + whole * size, size)
    )
    yield from table(content, [one.name for one in fields], rows, budget.meter(len(data)))
    if count > whole:
        yield Gap("malformed", content.location, "a table with fewer rows than it says")
    if rest := data[start + whole * size :].strip(b"\x1a\0"):
        yield content.inside(rest, "after the table")
    yield from strings(content.inside(b"\n".join(_unused(data, start, len(fields))), "header"))


def _unused(data: bytes, start: int, fields: int) -> Iterator[bytes]:
    """Yield the places of the header that no field is told in, and what stands between it and the rows."""
    yield data[12:28]
    yield data[30:32]
    end = _HEAD + fields * _HEAD
    for at in range(_HEAD, end, _HEAD):
        yield data[at : at + 11].partition(b"\0")[2] + b"\n" + data[at + 12 : at + 16] + b"\n" + data[at + 18 : at + 32]
    yield data[end + 1 : start]


def _fields(data: bytes) -> list[_Field]:
    """Return the fields when they fill the record that the header declares, else nothing."""
    start, size = struct.unpack_from("<HH", data, 8)
    fields: list[_Field] = []
    at, offset = _HEAD, 1
    while at + _HEAD <= min(start, len(data)) and data[at] not in _END:
        name = data[at : at + 11].partition(b"\0")[0]
        kind, length = chr(data[at + 11]), data[at + 16]
        if kind == "C":
            length += data[at + 17] << 8
        if not kind.isalpha() and kind not in "+@":
            return []
        decoded = charset.decode(name)
        fields.append(_Field(decoded[0] if decoded else "", kind, offset, length))
        offset += length
        at += _HEAD
    return fields if offset == size and at <= start < len(data) else []


def _charset(data: bytes, start: int, size: int, fields: list[_Field]) -> str:
    """Return the charset that the texts are in: what the header declares is seldom true."""
    texts = [one for one in fields if one.kind in "CVM"]
    rows = range(start, min(len(data), start + _SAMPLE), size)
    sample = b"\n".join(data[at + one.start : at + one.start + one.size].strip() for at in rows for one in texts)
    decoded = charset.decode(sample.replace(b"\0", b" "))
    return decoded[1] if decoded else "latin-1"


def _value(raw: bytes, kind: str, name: str) -> str:
    if kind in "I+" and len(raw) == 4:
        return str(int.from_bytes(raw, "little", signed=True))
    if kind in "BO" and len(raw) == 8:
        return number(struct.unpack("<d", raw)[0])
    if kind == "Y" and len(raw) == 8:
        return number(int.from_bytes(raw, "little", signed=True) / 10_000)
    return raw.decode(name, "replace").strip(" \0")
