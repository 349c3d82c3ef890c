"""The records of a zip archive (PKWARE APPNOTE 6.3, sections 4.3.7 to 4.3.16), found by their signatures."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from dlp_proxy.unpack import charset
from dlp_proxy.unpack.mapped import Bytes

# Methods are below 100 and names below 4 KiB; that much of each record is in the pattern, so chance hits cost nothing.
_RECORD: Final = re.compile(
    rb"PK(?:\x03\x04.{4}[\x00-\x63]\x00.{17}[\x00-\x0f].{2}|\x01\x02.{6}[\x00-\x63]\x00.{17}[\x00-\x0f].{16}|\x05\x06.{18})",
    re.DOTALL,
)
MARK: Final = 4
"""Bytes that a record begins with: `PK`, and two that say of which kind it is."""
_PK: Final = int.from_bytes(b"PK", "little")
_KINDS: Final = frozenset({b"\x03\x04", b"\x01\x02", b"\x05\x06"})
_STRIDE: Final = 256 * 1024
_FEW: Final = 100  # such pairs in a stride; chance gives two
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_ZIP64: Final = 0xFFFFFFFF
_ENTRIES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Member:
    """A local header: one file.

    Attributes:
        start: offset of the header.
        body: offset of the file's bytes.
        extra: extra fields, raw.
        streamed: sizes and checksum follow the bytes instead of standing here.
    """

    start: int
    body: int
    name: str
    extra: bytes
    method: int
    encrypted: bool
    streamed: bool
    checksum: int
    packed: int
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of one member."""

    encrypted: bool
    checksum: int
    packed: int
    size: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the directory, or the one at its end.

    Attributes:
        offset: of the member's header as declared.
        name: only when it is worth reading.
    """

    kind: Literal["entry", "end"]
    start: int
    end: int
    name: str = ""
    note: bytes = b""
    offset: int = 0
    entry: Entry | None = None


def shows_record(data: bytes) -> bool:
    """Tell, in a third of the time of `next_record`, whether a record may begin in `data`: never no where one does."""
    for start in range(0, len(data) - 1, _STRIDE):
        for first in (start, start + 1):
            count = (min(start + _STRIDE + 1, len(data)) - first) // 2
            places = (np.frombuffer(data, "<u2", count, first) == _PK).nonzero()[0]
            if len(places) > _FEW or any(data[at + 2 : at + 4] in _KINDS for at in (first + 2 * places).tolist()):
                return True
    return False


def next_record(data: Bytes, at: int) -> Member | Record | None:
    """Return the first believable record at or after `at`."""
    for found in _RECORD.finditer(data, at):
        record = _PARSERS[data[found.start() + 2]](data, found.start())
        if record is not None:
            return record
    return None


def parse_member(data: Bytes, at: int) -> Member | None:
    """Return the local header at `at`, None when there is none."""
    if at < 0 or not _RECORD.match(data, at) or data[at + 2] != 3:
        return None
    _, _, flags, method, _, _, checksum, packed, size, name, extra = _LOCAL.unpack_from(data, at)
    names, body = at + _LOCAL.size, at + _LOCAL.size + name + extra
    if body > len(data):
        return None
    if _ZIP64 in {packed, size}:
        size, packed = _wide_sizes(data[names + name : body], size, packed)
    locked = bool(flags & 0x2041) or method == 99
    text = _name(data[names : names + name], flags)
    return Member(at, body, text, data[names + name : body], method, locked, bool(flags & 8), checksum, packed, size)


def _parse_entry(data: Bytes, at: int) -> Record | None:
    (_, _, _, flags, method, _, _, checksum, packed, size, name, extra, note, _, _, _, offset) = _CENTRAL.unpack_from(
        data, at
    )
    names = at + _CENTRAL.size
    extras, notes = names + name, names + name + extra
    if notes + note > len(data):
        return None
    if _ZIP64 in {packed, size}:
        size, packed = _wide_sizes(data[extras:notes], size, packed)
    entry = Entry(bool(flags & 0x2041) or method == 99, checksum, packed, size)
    text = _name(data[names:extras], flags)
    return Record("entry", at, notes + note, text, data[notes : notes + note], offset, entry)


def _parse_end(data: Bytes, at: int) -> Record | None:
    *_, note = _END.unpack_from(data, at)
    end = min(len(data), at + _END.size + note)
    return Record("end", at, end, "", data[at + _END.size : end])


_PARSERS: Final[dict[int, Callable[[Bytes, int], Member | Record | None]]] = {
    3: parse_member,
    1: _parse_entry,
    5: _parse_end,
}


def directory(data: Bytes) -> dict[int, Entry]:
    """Return the directory by offset of the members' headers; empty when there is none to be found.

    Offsets count from where the archive began before something was put in front of it.
    """
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or len(data) < end + _END.size:
        return {}
    *_, size, offset, _ = _END.unpack_from(data, end)
    at = max(0, end - size)
    shift = at - offset
    entries: dict[int, Entry] = {}
    while len(entries) < _ENTRIES and data[at : at + 4] == b"PK\x01\x02" and len(data) >= at + _CENTRAL.size:
        record = _parse_entry(data, at)
        if record is None or record.entry is None:
            break
        entries[record.offset + shift] = record.entry
        at = record.end
    return entries


def descriptor(data: Bytes, at: int, checksum: int) -> int:
    """Return the size of the data descriptor at `at`, 0 when there is none; known by its checksum."""
    value = checksum.to_bytes(4, "little")
    for mark in (b"PK\x07\x08", b""):
        if data[at : at + len(mark) + 4] == mark + value:
            size = len(mark) + 12
            following = data[at + size : at + size + 2]
            return size if following in {b"PK", b""} else size + 8
    return 0


def _wide_sizes(extra: bytes, size: int, packed: int) -> tuple[int, int]:
    """Return the sizes from the zip64 extra field where the header has no room for them."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            values = [int.from_bytes(extra[p : p + 8], "little") for p in range(at + 4, at + 4 + length - 7, 8)]
            if size == _ZIP64 and values:
                size = values.pop(0)
            if packed == _ZIP64 and values:
                packed = values.pop(0)
            break
        at += 4 + length
    return size, packed


def _name(raw: bytes, flags: int) -> str:
    if flags & 0x800:
        return raw.decode(errors="replace")
    decoded = charset.decode(raw)
    return raw.decode("cp437") if decoded is None or decoded[1] == "latin-1" else decoded[0]
