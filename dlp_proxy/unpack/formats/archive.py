"""Archives that libarchive reads: 7z (or by py7zr), RAR, CAB, ISO 9660, cpio, ar and so deb, xar, LHA."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private, rar_headers, seven_zip
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.libarchive_reader import Reading, Unsupported

NAME: Final = "archive"

_SLACK: Final = 8
_SEVEN_ZIP: Final = "7zip"
_DISK: Final = "iso9660"
_SECTOR: Final = 2048
_SYSTEM_AREA: Final = 16 * _SECTOR
"""Bytes before the first descriptor, which ECMA-119 leaves to whoever writes the disk (6.2.1)."""
_FORMATS: Final[tuple[tuple[re.Pattern[bytes], str, str], ...]] = (
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), _SEVEN_ZIP, "7z archive"),
    (re.compile(rb"Rar!\x1a\x07\x01\0"), "rar5", "RAR archive"),
    (re.compile(rb"Rar!\x1a\x07\0"), "rar", "RAR archive"),
    (re.compile(rb"MSCF\0\0\0\0"), "cab", "cabinet"),
    (re.compile(rb"xar!"), "xar", "xar archive"),
    (re.compile(rb"!<(?:arch|thin)>\n"), "ar", "ar archive"),
    (re.compile(rb"07070[127][0-9A-Fa-f]{6}|\xc7\x71.\0|\x71\xc7\0.", re.DOTALL), "cpio", "cpio archive"),
    (re.compile(rb"..-l[hz][0-9ds]-", re.DOTALL), "lha", "LHA archive"),
    (re.compile(rb"(?s:.{32769})CD001"), _DISK, "disk image"),
)

_TRAILER: Final = re.compile(rb"TRAILER!!!\0")
_CPIO: Final = ((110, b"070701"), (110, b"070702"), (76, b"070707"), (26, b"\xc7\x71"), (26, b"\x71\xc7"))
"""Bytes of a header, and what it begins with."""
_TABLE_AT_MOST: Final = 16 * 1024 * 1024
_IN_HEAP: Final = re.compile(rb"<offset>([0-9]{1,18})</offset>\s{0,99}<(?:size|length)>([0-9]{1,18})</")
_IN_HEAP_TOO: Final = re.compile(rb"<(?:size|length)>([0-9]{1,18})</[a-z]{4,6}>\s{0,99}<offset>([0-9]{1,18})</")


def accepts(content: Content) -> bool:
    return bool(_format(content.data)[0])


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    form, word = _format(content.data)
    meter = budget.meter(len(content.data))
    said = rar_headers.headers(content.data) if form.startswith("rar") else rar_headers.Headers()
    if said.all_locked or (said.names and said.locked.issuperset(said.names)):
        yield from _locked(content, said)
        return
    reading = Reading(content, form, meter, said.locked)
    try:
        yield from _sevenfold(content, reading, meter) if form == _SEVEN_ZIP else reading.items()
    except Unsupported:
        yield Gap("unknown-format", content.location, f"a {word}: this system has no libarchive that reads it")
        yield from _names(content, said.names)
        yield from strings(content)
        return
    if form == _DISK and (before := content.data[:_SYSTEM_AREA].strip(b"\0")):
        system = content.inside(before, "before the volume")
        yield from list(private.held(system)) or strings(system)
    if len(rest := content.data[_end(content.data, form) :]) >= _SLACK and rest.strip(b"\0"):
        yield content.inside(rest, "after the archive")
    if reading.problem or said.is_volume or not reading.members + reading.locked:
        yield Gap("malformed", content.location, f"a {word} that is cut, broken, or one volume of several")
        yield from strings(content)


def _end(data: bytes, form: str) -> int:
    """Return where an archive ends whose head says so; of others the whole is one."""
    if form == _SEVEN_ZIP:
        return 32 + int.from_bytes(data[12:20], "little") + int.from_bytes(data[20:28], "little")
    if form == _DISK:
        head = data[_SYSTEM_AREA : _SYSTEM_AREA + _SECTOR]
        return int.from_bytes(head[80:84], "little") * int.from_bytes(head[128:130], "little") or len(data)
    if form == "cpio":
        return next((found.end() for found in _TRAILER.finditer(data) if _is_header(data, found.start())), len(data))
    if form == "xar":
        return _end_of_heap(data)
    return int.from_bytes(data[8:12], "little") if form == "cab" else len(data)


def _is_header(data: bytes, name: int) -> bool:
    """Tell whether the header of a member of cpio stands before its name, in one of its forms (cpio(5))."""
    return any(data.startswith(magic, name - size) for size, magic in _CPIO if name >= size)


def _end_of_heap(data: bytes) -> int:
    """Return where a xar archive ends, by the table before its heap; there is no other sign of it."""
    head, packed = int.from_bytes(data[4:6]), int.from_bytes(data[8:16])
    try:
        said = zlib.decompressobj().decompress(data[head : head + packed], _TABLE_AT_MOST)
    except zlib.error:
        return len(data)
    sizes = [int(offset) + int(size) for offset, size in _IN_HEAP.findall(said)]
    sizes += [int(offset) + int(size) for size, offset in _IN_HEAP_TOO.findall(said)]
    return head + packed + max(sizes, default=0)


def _locked(content: Content, said: rar_headers.Headers) -> Iterator[Part | Gap]:
    """Yield what can be told of an archive of which all is locked: names, and how many."""
    yield from _names(content, said.names)
    count = "names too" if said.all_locked else f"{len(said.names)} files, whose names can be read"
    yield Gap("encrypted", content.location, f"locked with a password: {count}")
    yield from strings(content)


def _names(content: Content, names: list[str]) -> Iterator[Part]:
    for name in names:
        yield Part(Location("filename", content.location.steps), name)


def _sevenfold(content: Content, reading: Reading, meter: Meter) -> Iterator[Part | Gap | Content]:
    """Yield what libarchive reads of a 7z archive; where it knows a method not, what py7zr reads."""
    first: list[Part | Gap | Content] = []
    items = reading.items()
    try:
        for item in items:
            first.append(item)
            if isinstance(item, Content):
                break
    except Unsupported:
        reading.problem = True
    if reading.locked and not reading.members:
        yield from _names(content, seven_zip.names(content))
    if (reading.broken or reading.problem) and not (first and isinstance(first[-1], Content)):
        reading.problem = not (yield from seven_zip.unpacked(content, meter))
        reading.members = 1
        return
    yield from first
    yield from items


def _format(data: bytes) -> tuple[str, str]:
    return next(((form, word) for magic, form, word in _FORMATS if magic.match(data)), ("", ""))
