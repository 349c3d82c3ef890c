"""Containers that a program opens where it is installed: images of Windows, help files, installers, packages, disks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.opener import Kind

NAME: Final = "container"

_SLACK: Final = 8
_LEAST: Final = 16
_AT_START: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"MSWIM\0\0\0", "wim"),
    (b"WLPWM\0\0\0", "wim"),
    (b"ITSF\x03\0\0\0", "chm"),
    (b"ITOLITLS\x01\0\0\0", "hxs"),
    (b"hsqs", "squashfs"),
    (b"sqsh", "squashfs"),
    (b"\xed\xab\xee\xdb", "rpm"),
    (b"conectix\0\0\0", "vhd"),
    (b"vhdxfile", "vhdx"),
    (b"KDMV", "vmdk"),
    (b"QFI\xfb\0\0\0", "qcow"),
    (b"SZDD\x88\xf0\x27\x33A", "mslz"),
    (b"AT&TFORM", "djvu"),
)
_FURTHER_ON: Final[tuple[tuple[int, bytes, Kind], ...]] = (
    (16, b"Compressed ROMFS", "cramfs"),
    (64, b"\x7f\x10\xda\xbe", "vdi"),
    (3, b"NTFS    ", "ntfs"),
    (54, b"FAT1", "fat"),
    (82, b"FAT32   ", "fat"),
    (1080, b"\x53\xef", "ext"),
    (1024, b"H+\0\x04", "hfs"),
    (1024, b"HX\0\x05", "hfs"),
    (32, b"NXSB", "apfs"),
    (32769, b"BEA01", "udf"),
)
_AT_END: Final[tuple[tuple[bytes, Kind], ...]] = ((b"koly\0\0\0\x04\0\0\x02\0", "dmg"), (b"conectix\0\0\0", "vhd"))
_FOOTER: Final = 512
_INSTALLER: Final = re.compile(rb"\xef\xbe\xad\xdeNullsoftInst")
_OWN: Final = re.compile(r"(?:[#$][A-Z][A-Za-z]+|_#_README_#_|\[SYS(?:TEM)?\])(?:/.*)?|::DataSpace/.*")
"""Names of what help files and file systems keep for themselves."""
_BARE: Final = frozenset({"fat", "ext", "ntfs", "hfs", "udf", "apfs"})
"""Kinds in which files lie as they are: what was deleted, or put between them, lies there too."""
_WORDS: Final = {"wim": "an image of Windows (WIM)", "chm": "a help file (CHM)", "nsis": "an installer (NSIS)"}


def accepts(content: Content) -> bool:
    return not content.ordinary and _kind(content.data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield the files, what stands behind and between them, and a gap for what could not be opened.

    Raises:
        Mismatch: nothing here opens it.
        Deferred: this is no place to start a program.
    """
    kind = _kind(content.data)
    if kind is None:
        raise Mismatch
    budget.decoder()
    meter = budget.meter(len(content.data))
    opened = budget.open(content.data, kind, meter.room)
    if opened is None:
        raise Mismatch
    word = _WORDS.get(kind, f"a container ({kind.upper()})")
    if not opened.members:
        if kind in {"fat", "ext"} and opened.problem:
            raise Mismatch  # their signs are short
        yield from strings(content)
    for name, data in opened.members:
        budget.spend_member()
        meter.charge(len(data), packed=True)
        if name:
            yield Part(Location("filename", content.location.steps), name)
        inside = Content(data, content.location / step(name or "inside"), name)
        if kind != "nsis" and _OWN.fullmatch(name):
            yield from list(private.held(inside)) or strings(inside)
        elif data:
            yield inside
    if kind in _BARE:
        between = _without(content.data, [data for _, data in opened.members])
        yield from strings(content.inside(between, "between files"))
    elif len(rest := content.data[opened.end :]) >= _SLACK and rest.strip(b"\0"):
        yield content.inside(rest, "behind it")
    if opened.problem:
        yield Gap("too-large" if opened.cut else "malformed", content.location, f"{word} {opened.problem}")


def _kind(data: bytes) -> Kind | None:
    if len(data) < _LEAST:
        return None
    for magic, kind in _AT_START:
        if data.startswith(magic):
            return kind
    if data.startswith(b"MZ"):
        return "nsis" if _INSTALLER.search(data) else None
    for at, magic, kind in _FURTHER_ON:
        if data.startswith(magic, at):
            return kind
    footer = data[-_FOOTER:]
    return next((kind for magic, kind in _AT_END if footer.startswith(magic)), None)


def _without(data: bytes, members: list[bytes]) -> bytes:
    """Return a file system without the files in it that lie there in one piece: they are read already."""
    places = sorted((at, at + len(one)) for one in members if one and (at := data.find(one)) >= 0)
    pieces: list[bytes] = []
    at = 0
    for start, end in places:
        pieces.append(data[at:start])
        at = max(at, end)
    return b"\0\0\0\0".join([*pieces, data[at:]])
