"""What nobody can read: locked files and archives that are nested too deep. Each must be a gap that says why."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Iterator

import py7zr
from pypdf import PdfReader, PdfWriter
from tests.samples.containers import zipped
from tests.samples.customers import Customer
from tests.samples.documents import drawn
from tests.samples.sample import Sample
from tests.samples.tables import table


def samples(some: list[Customer]) -> Iterator[Sample]:
    plain = table(some).encode()

    def gap(name: str, data: bytes, reason: str) -> Sample:
        return Sample(f"locked/{name}", data, "gap", reason=reason)

    yield gap("zipcrypto.zip", zipcrypto("a.csv", plain, b"secret"), "encrypted")
    yield gap("aes.zip", _aes(plain), "encrypted")
    yield gap("zip-in-zip.zip", zipped({"a.zip": zipcrypto("a.csv", plain, b"secret")}), "encrypted")
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password="secret") as held:
        held.writestr(plain, "a.csv")
    yield gap("locked.7z", buffer.getvalue(), "encrypted")
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password="secret", header_encryption=True) as held:
        held.writestr(plain, "a.csv")
    yield gap("locked-names.7z", buffer.getvalue(), "encrypted")
    for algorithm in ("RC4-128", "AES-256"):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn(some))))
        writer.encrypt("secret", algorithm=algorithm)
        buffer = io.BytesIO()
        writer.write(buffer)
        yield gap(f"{algorithm.lower()}.pdf", buffer.getvalue(), "encrypted")
    deep = plain
    for _ in range(12):
        deep = zipped({"a": deep}, zipfile.ZIP_STORED)
    yield gap("twelve-deep.zip", deep, "too-deep")
    deep = plain
    for _ in range(12):
        deep = gzip.compress(deep, mtime=0)
    yield gap("twelve-deep.gz", deep, "too-deep")


def zipcrypto(name: str, data: bytes, password: bytes) -> bytes:
    """Return a zip of one member under the old cipher (APPNOTE 6.1): the library only reads it."""
    return _Cipher(password).locked(name, data)


class _Cipher:
    def __init__(self, password: bytes) -> None:
        self._table = [self._entry(number) for number in range(256)]
        self._keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._turn(byte)

    def locked(self, name: str, data: bytes) -> bytes:
        packed = zipped({name: data})
        crc, size, full = struct.unpack("<3L", packed[14:26])
        start = 30 + len(name)
        body = bytes(map(self._lock, bytes(11) + bytes([crc >> 24]) + packed[start : start + size]))
        local = packed[:6] + b"\1\0" + packed[8:18] + struct.pack("<2L", size + 12, full) + packed[26:start]
        at = start + size
        entry = (
            packed[at : at + 8] + b"\1\0" + packed[at + 10 : at + 20] + struct.pack("<L", size + 12) + packed[at + 24 :]
        )
        end = entry.rindex(b"PK\5\6")
        return local + body + entry[: end + 16] + struct.pack("<L", len(local) + len(body)) + entry[end + 20 :]

    @staticmethod
    def _entry(number: int) -> int:
        for _ in range(8):
            number = number >> 1 ^ 0xEDB88320 * (number & 1)
        return number

    def _crc(self, byte: int, crc: int) -> int:
        return crc >> 8 ^ self._table[(crc ^ byte) & 255]

    def _turn(self, byte: int) -> None:
        keys = self._keys
        keys[0] = self._crc(byte, keys[0])
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = self._crc(keys[1] >> 24, keys[2])

    def _lock(self, byte: int) -> int:
        key = self._keys[2] | 2
        locked = byte ^ (key * (key ^ 1) >> 8 & 255)
        self._turn(byte)
        return locked


def _aes(data: bytes) -> bytes:
    """Return what WinZip's AES looks like from outside: method 99 and bytes that say nothing."""
    body = bytes(byte * 167 + 13 & 255 for byte in data[:5000])
    extra = b"\x01\x99\x07\0\x02\0AE\x03\x08\0"
    name = b"a.csv"
    local = (
        struct.pack("<4s5H3L2H", b"PK\3\4", 51, 1, 99, 0, 33, 0, len(body), len(data), len(name), len(extra))
        + name
        + extra
    )
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 51, 51, 1, 99, 0, 33, 0, len(body), len(data), len(name), len(extra), 0, 0, 0, 0, 0
    )
    directory = entry + name + extra
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(local) + len(body), 0)
    return local + body + directory + end
