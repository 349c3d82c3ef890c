"""A file that is two files, and what is packed in places of a format that are for anybody: all of it is read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from typing import Final

import py7zr
import pytest
from PIL import Image

from tests.samples.containers import zipped
from tests.samples.customers import customers
from tests.samples.tables import table
from tests.unpack.samples import text_of, unpack_body

SOME = customers(20)
RAW = table(SOME).encode()
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU"
    b"\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)
PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\n"
    b"endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
)
GIF = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
WAV = b"WAVEfmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\x88\x58\1\0\2\0\x10\0data\0\0\0\0"
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
SOUND = b"\xff\xfb\x90\0" + bytes(400)


def photograph() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, "JPEG")
    return held.getvalue()


def database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("create table a(b)")
        connection.commit()
        return connection.serialize()


def tape() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x"))
    return held.getvalue()


def seven(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with py7zr.SevenZipFile(held, "w") as archive:
        archive.writestr(data, name)
    return held.getvalue()


def counted(data: bytes) -> int:
    text = text_of(unpack_body(data))
    return sum(one.phone in text for one in SOME)


FRONTS: Final = {
    "pdf": PDF,
    "png": PNG,
    "gif": GIF,
    "jpeg": photograph(),
    "sqlite": database(),
    "tar": tape(),
    "7z": seven("x.txt", b"hello"),
    "gzip": gzip.compress(b"hello"),
    "xz": lzma.compress(b"hello"),
    "bzip2": bz2.compress(b"hello"),
    "zip": zipped({"a.txt": b"hello"}),
    "html": b"<html><body>hello</body></html>",
    "rtf": b"{\\rtf1 hello}",
    "wav": b"RIFF\x24\0\0\0" + WAV,
    "film": FILM,
    "sound": b"ID3\3\0\0\0\0\0\x0a" + bytes(10) + SOUND,
    "csv": b"a,b,c\n1,2,3\n4,5,6\n7,8,9\n",
    "script": b"#!/bin/sh\nexit 0\n",
}
BACKS: Final = {
    "zip": zipped({"k.csv": RAW}),
    "gzip": gzip.compress(RAW),
    "xz": lzma.compress(RAW),
    "7z": seven("k.csv", RAW),
}


@pytest.mark.parametrize("back", BACKS)
@pytest.mark.parametrize("front", FRONTS)
def test_a_file_behind_another_is_read(front: str, back: str) -> None:
    assert counted(FRONTS[front] + BACKS[back]) == len(SOME)


def chunk(data: bytes) -> bytes:
    kind = b"prVt"
    return PNG[:33] + struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) + PNG[33:]


def segment(data: bytes) -> bytes:
    whole = photograph()
    return whole[:2] + b"\xff\xeb" + struct.pack(">H", len(data) + 2) + data + whole[2:]


def blocks(data: bytes) -> bytes:
    pieces = b"".join(bytes([len(data[at : at + 255])]) + data[at : at + 255] for at in range(0, len(data), 255))
    return GIF[:19] + b"!\xff\x0bXXXXXXXX1.0" + pieces + b"\0" + GIF[19:]


def riff(data: bytes) -> bytes:
    body = WAV + b"priv" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def frame(data: bytes) -> bytes:
    size = len(data) + 14
    head = b"ID3\3\0\0" + bytes([0, *(size >> shift & 0x7F for shift in (14, 7, 0))])
    return head + b"PRIV" + struct.pack(">I", len(data) + 4) + b"\0\0own\0" + data + SOUND


def extra(data: bytes) -> bytes:
    member = zipfile.ZipInfo("a")
    member.extra = struct.pack("<HH", 0xCAFE, len(data)) + data
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(member, b"x")
    return held.getvalue()


def field(data: bytes) -> bytes:
    head = b"\x1f\x8b\x08\4" + bytes(6)
    return (
        head
        + struct.pack("<H", len(data) + 4)
        + b"AB"
        + struct.pack("<H", len(data))
        + data
        + gzip.compress(b"hi")[10:]
    )


def orphan(data: bytes) -> bytes:
    packed = zlib.compress(data)
    head = b"9 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return PDF.replace(b"trailer", head + packed + b"\nendstream\nendobj\ntrailer")


PLACES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "chunk of a PNG": chunk,
    "segment of a JPEG": segment,
    "application block of a GIF": blocks,
    "chunk of a WAV": riff,
    "free box of a film": lambda data: FILM + struct.pack(">I", 8 + len(data)) + b"free" + data,
    "box of one's own in a film": lambda data: FILM + struct.pack(">I", 24 + len(data)) + b"uuid" + bytes(16) + data,
    "private frame of a sound": frame,
    "extra field of a zip": extra,
    "extra field of a gzip": field,
    "comment of a zip": lambda data: zipped({"a": b"x"}, comment=data),
    "between header and objects of a PDF": lambda data: PDF[:9] + data + b"\n" + PDF[9:],
    "comment of a PDF": lambda data: PDF.replace(b"trailer", b"%" + data + b"\ntrailer"),
    "stream of a PDF that nothing refers to": orphan,
}
PACKED: Final = {
    "zip": zipped({"k.csv": RAW}),
    "gzip": gzip.compress(RAW),
    "zlib": zlib.compress(RAW),
    "xz": lzma.compress(RAW),
    "zlib behind a name": b"key\0\0" + zlib.compress(RAW),
}


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_packed_in_a_place_for_anybody_is_read(place: str, packed: str) -> None:
    assert counted(PLACES[place](PACKED[packed])) == len(SOME)


def test_there_are_so_many_of_them() -> None:
    assert (len(FRONTS), len(BACKS), len(PLACES), len(PACKED)) == (18, 4, 13, 5)


def test_a_pdf_within_the_head_of_another_is_read_once_and_without_end() -> None:
    unpacked = unpack_body(b"%PDF-1.4\n%" + zipped({"k.csv": RAW}) + PDF)
    assert "too-deep" not in {gap.reason for gap in unpacked.gaps}
    assert sum(one.phone in text_of(unpacked) for one in SOME) == len(SOME)
