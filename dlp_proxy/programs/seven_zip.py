"""Containers that the program 7-Zip opens: images of Windows, help files, installers, packages, disks, file systems.

It is told what to open, so that it tries nothing else, and writes all files behind one another to its output; where
one ends and the next begins is what its list says. It makes no files, so links and paths in a container lead nowhere.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dlp_proxy.programs.running import FILE, can_run, run
from dlp_proxy.unpack.opener import Kind, Opened

_NAMES: Final = ("7z", "7zz", "7za")
_TYPES: Final[Mapping[Kind, str]] = MappingProxyType({
    "wim": "wim", "chm": "Chm", "hxs": "Hxs", "nsis": "Nsis", "squashfs": "SquashFS", "cramfs": "CramFS",
    "rpm": "Rpm", "vhd": "VHD", "vhdx": "VHDX", "vmdk": "VMDK", "qcow": "QCOW", "vdi": "VDI", "dmg": "Dmg",
    "udf": "Udf", "ext": "Ext", "fat": "FAT", "ntfs": "NTFS", "hfs": "HFS", "apfs": "APFS", "mslz": "MsLZ",
})  # fmt: skip
_OPTIONS: Final = ("-mmt=1", "-bd", "-p-", "-sccUTF-8", "-y")
_LIST_AT_MOST: Final = 8 * 1024 * 1024
_ONE_BY_ONE: Final = 100
"""Files of unknown size that are asked for each by itself; with more they are one content."""
_FIELD: Final = re.compile(r"^([A-Z][A-Za-z -]*) = (.*)$", re.MULTILINE)
_HEAD_ENDS: Final = "\n----------\n"


@dataclass(frozen=True, slots=True)
class SevenZip:
    """The program as it is installed."""

    program: str

    def open(self, data: bytes, kind: Kind, seconds: float, room: int) -> Opened:
        """Return what is in a container."""
        listed = run([self.program, "l", "-slt", *self._as(kind), "--", FILE], data, seconds, _LIST_AT_MOST)
        head, found, body = listed.output.decode(errors="replace").partition(_HEAD_ENDS)
        if not found:
            return Opened((), len(data), "is broken, or of a kind that is not opened", cut=listed.cut)
        end = _end(head, len(data))
        files = [one for one in map(_fields, body.split("\n\n")) if "Path" in one and not _is_folder(one)]
        sizes = [int(one["Size"]) if one.get("Size", "").isdigit() else -1 for one in files]
        if 1 < sizes.count(-1) <= _ONE_BY_ONE and len({one["Path"] for one in files}) == len(files):
            return self._one_by_one(data, kind, seconds, room, [one["Path"] for one in files], end)
        ran = run([self.program, "x", "-so", *self._as(kind), "--", FILE], data, seconds, room)
        if sizes.count(-1) == 1:
            sizes[sizes.index(-1)] = max(0, len(ran.output) - sum(sizes) - 1)
        if ran.cut:
            return Opened(_apart(ran.output, files, sizes), end, "holds more than is unpacked of it", cut=True)
        whole = sum(sizes) == len(ran.output)
        members = _apart(ran.output, files, sizes) if whole else (("", ran.output),)
        return Opened(members, end, "" if ran.fine else "is broken or locked in places")

    def _one_by_one(  # noqa: PLR0917 - what it goes on with
        self, data: bytes, kind: Kind, seconds: float, room: int, names: list[str], end: int
    ) -> Opened:
        members: list[tuple[str, bytes]] = []
        fine, cut = True, False
        for name in names:
            command = [self.program, "x", "-so", "-spd", *self._as(kind), "--", FILE, name]
            ran = run(command, data, seconds / len(names), room)
            members.append((name, ran.output))
            room -= len(ran.output)
            fine, cut = fine and ran.fine, cut or ran.cut
        return Opened(tuple(members), end, "" if fine else "is broken or locked in places", cut)

    @staticmethod
    def _as(kind: Kind) -> tuple[str, ...]:
        return (f"-t{_TYPES[kind]}", *_OPTIONS)


def find() -> SevenZip | None:
    """Return the program when it is installed, on a system where it can be used."""
    program = next(filter(None, map(shutil.which, _NAMES)), None) if can_run() else None
    return SevenZip(program) if program else None


def _fields(said: str) -> dict[str, str]:
    return {found[1]: found[2] for found in _FIELD.finditer(said)}


def _is_folder(fields: Mapping[str, str]) -> bool:
    return fields.get("Folder") == "+" or fields.get("Attributes", "").startswith("D")


def _end(head: str, size: int) -> int:
    """Return where the container ends, by what the list says of the whole file."""
    said = _fields(head)
    offset, physical = said.get("Offset", "0"), said.get("Physical Size", "")
    return min(size, int(offset) + int(physical)) if offset.isdigit() and physical.isdigit() else size


def _apart(output: bytes, files: list[dict[str, str]], sizes: list[int]) -> tuple[tuple[str, bytes], ...]:
    """Return each file by its name, of an output that holds them behind one another."""
    members: list[tuple[str, bytes]] = []
    at = 0
    for fields, size in zip(files, sizes, strict=True):
        if at >= len(output) and size:
            break
        members.append((fields["Path"], output[at : at + max(0, size)]))
        at += max(0, size)
    return tuple(members)
