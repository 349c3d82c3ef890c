"""Archives written by the usual programs, or by hand where there is none that writes them."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import libarchive
import py7zr

from tests.unpack.customers import CSV
from tests.unpack.writers import varint

FILES: dict[str, bytes] = {"导出/orders.csv": CSV, "readme.txt": b"hello there"}
PLAIN: dict[str, bytes] = {"orders.csv": CSV, "readme.txt": b"hello there"}


def tar(members: Mapping[str, bytes] = FILES, form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tar_of(*kinds: bytes, link: str = "/etc/passwd") -> bytes:
    """Return an archive with links and devices."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number, kind in enumerate(kinds):
            info = tarfile.TarInfo(f"special{number}")
            info.type, info.linkname = kind, link
            archive.addfile(info)
    return out.getvalue()


def with_size(archive: bytes, field: bytes) -> bytes:
    """Return a tar archive whose first header says another size, and has a right checksum."""
    changed = bytearray(archive)
    changed[124:136] = field
    changed[148:156] = b" " * 8
    changed[148:156] = b"%06o\0 " % sum(changed[:512])
    return bytes(changed)


def by_libarchive(form: str, members: Mapping[str, bytes] = PLAIN, filter_name: str | None = None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        with libarchive.file_writer(str(path), form, filter_name) as archive:
            for name, data in members.items():
                archive.add_file_from_memory(name, len(data), data)
        return path.read_bytes()


def seven_zip(members: Mapping[str, bytes] = FILES, *, hide_names: bool = False, **options: Any) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", header_encryption=hide_names, **options) as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    return out.getvalue()


def cab(members: Mapping[str, bytes] = PLAIN) -> bytes:
    data = b"".join(members.values())
    files, offset = b"", 0
    for name, one in members.items():
        files += struct.pack("<IIHHHH", len(one), offset, 0, 0, 0, 32) + name.encode() + b"\0"
        offset += len(one)
    pieces = [data[at : at + 32768] for at in range(0, len(data), 32768)]
    blocks = b"".join(struct.pack("<IHH", 0, len(piece), len(piece)) + piece for piece in pieces)
    size = 44 + len(files) + len(blocks)
    head = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, size, 0, 44, 0, 3, 1, 1, len(members), 0, 0, 0)
    return head + struct.pack("<IHH", 44 + len(files), len(pieces), 0) + files + blocks


def rar4(members: Mapping[str, bytes] = FILES, *, locked: bool = False, main: int = 0) -> bytes:
    out = b"Rar!\x1a\x07\0" + _block4(struct.pack("<BHH6x", 0x73, main, 13))
    for name, data in members.items():
        raw = name.encode()
        flags = 0x8000 | (4 if locked else 0)
        head = struct.pack("<BHHIIB", 0x74, flags, 32 + len(raw), len(data), len(data), 2)
        out += _block4(head + struct.pack("<IIBBHI", zlib.crc32(data), 0, 20, 0x30, len(raw), 0x20) + raw) + data
    return out + _block4(struct.pack("<BHH", 0x7B, 0x4000, 7))


def _block4(head: bytes) -> bytes:
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar5(members: Mapping[str, bytes] = FILES, *, locked: bool = False) -> bytes:
    out = b"Rar!\x1a\x07\x01\0" + _block5(b"\x01\0\0")
    for name, data in members.items():
        raw = name.encode()
        record = b"\x01\0\0\x0f" + b"s" * 16 + b"i" * 16
        extra = varint(len(record)) + record if locked else b""
        head = b"\x02" + (b"\x03" + varint(len(extra)) if extra else b"\x02")
        head += varint(len(data)) + b"\x04" + varint(len(data)) + b"\x20"
        out += _block5(head + struct.pack("<I", zlib.crc32(data)) + b"\0\x01" + varint(len(raw)) + raw + extra) + data
    return out + _block5(b"\x05\0\0")


def _block5(head: bytes) -> bytes:
    body = varint(len(head)) + head
    return struct.pack("<I", zlib.crc32(body)) + body


def lha(members: Mapping[str, bytes] = PLAIN) -> bytes:
    out = b""
    for name, data in members.items():
        raw = name.encode()
        head = b"-lh0-" + struct.pack("<IIIBB", len(data), len(data), 0, 0x20, 0) + bytes([len(raw)]) + raw
        head += struct.pack("<H", _crc16(data))
        out += bytes([len(head), sum(head) & 255]) + head + data
    return out + b"\0"


def _crc16(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def git_repository(kind: str) -> bytes:
    """Return what git packs of two commits, the second of which adds customers to a file."""
    before = b"\n".join(b"line %d" % number for number in range(500))
    with tempfile.TemporaryDirectory() as folder:
        _git(folder, "init", "-q")
        for data in (before, before + b"\n" + CSV):
            (Path(folder) / "orders.csv").write_bytes(data)
            _git(folder, "add", ".")
            _git(folder, "commit", "-qm", "message")
        if kind == "bundle":
            return _git(folder, "bundle", "create", "-", "HEAD")
        if kind == "thin":
            return _git(folder, "pack-objects", "--thin", "--revs", "--stdout", "-q", given=b"HEAD\n^HEAD~1\n")
        offsets = ("--delta-base-offset",) if kind == "push" else ()
        pack = _git(folder, "pack-objects", "--revs", "--stdout", "-q", *offsets, given=b"HEAD\n")
    if kind == "pack":
        return pack
    line = b"0" * 40 + b" " + b"a" * 40 + b" refs/heads/main\0 report-status\n"
    return b"%04x" % (len(line) + 4) + line + b"0000" + pack


def _git(folder: str, *arguments: str, given: bytes = b"") -> bytes:
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "x"), ("EMAIL", "x@corp.example"), ("DATE", "2026-01-02T03:04:05Z"))
    }
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=folder, input=given, capture_output=True, check=True, env=environment
    )
    return done.stdout
