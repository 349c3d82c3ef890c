"""ARJ archives: packed in each way, locked, cut, several files, and bombs in few bytes."""

from __future__ import annotations

import struct
import zlib

from tests.unpack.customers import COUNT, CSV, reasons, seen
from tests.unpack.programs import ARJ, ARJ_FASTEST, ARJ_LOCKED, SHOWN, TEXT
from tests.unpack.samples import gaps_of, text_of, unpack_body


def header(kind: int, name: str, packed: int = 0, size: int = 0, method: int = 0, flags: int = 0) -> bytes:
    body = struct.pack("<8B4I3H", 30, 11, 1, 0, flags, method, kind, 0, 0, packed, size, 0, 0, 0, 0)
    body += name.encode("gbk") + b"\0a comment\0"
    return b"\x60\xea" + struct.pack("<H", len(body)) + body + struct.pack("<I", zlib.crc32(body)) + b"\0\0"


def stored(**members: bytes) -> bytes:
    packed = [header(0, f"{name}.csv", len(data), len(data)) + data for name, data in members.items()]
    return header(2, "all.arj") + b"".join(packed) + b"\x60\xea\0\0"


def test_what_each_method_packed_is_read() -> None:
    for archive in (ARJ, ARJ_FASTEST):
        unpacked = unpack_body(archive)
        assert unpacked.content == "arj"
        assert unpacked.gaps == ()
        assert SHOWN in text_of(unpacked)
        assert unpacked.filenames == ("c.csv",)


def test_stored_files_are_read_with_their_chinese_names_and_comments() -> None:
    archive = stored(客户=CSV, 空=b"")
    assert seen(archive) == ("arj", COUNT, [])
    unpacked = unpack_body(archive)
    assert unpacked.filenames == ("客户.csv", "空.csv")
    assert "a comment" in text_of(unpacked)


def test_a_locked_file_is_a_gap_with_its_name() -> None:
    assert reasons(ARJ_LOCKED) == ["encrypted"]
    assert unpack_body(ARJ_LOCKED).filenames == ("c.csv",)


def test_a_cut_archive_gives_what_was_packed_before_and_a_gap() -> None:
    assert "malformed" in reasons(ARJ[:220])
    assert "客户1\t13800130001" in text_of(unpack_body(ARJ[:220]))


def test_what_follows_the_archive_is_read() -> None:
    assert SHOWN in text_of(unpack_body(stored(a=b"hello") + TEXT))


def test_two_bytes_of_magic_alone_are_no_archive() -> None:
    assert unpack_body(b"\x60\xea" + TEXT).content != "arj"


def test_a_size_that_lies_costs_no_more_than_what_is_there() -> None:
    for method, packed in ((1, ARJ[120:220]), (4, b"\xff" * 4000)):
        bomb = header(2, "a") + header(0, "b", len(packed), 0xFFFFFFFF, method) + packed + b"\x60\xea\0\0"
        unpacked = unpack_body(bomb)
        assert gaps_of(unpacked)
        assert unpacked.expanded_bytes < 20_000_000
