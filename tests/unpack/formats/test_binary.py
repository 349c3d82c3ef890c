from __future__ import annotations

import bz2
import gzip
import lzma
import random
import zlib
from collections.abc import Callable

import pytest

from dlp_proxy.unpack.chinese_texts import texts
from tests.unpack.archives import seven_zip, tar
from tests.unpack.customers import COUNT, CSV, SOME, seen
from tests.unpack.samples import TABLE, gaps_of, text_of, tight, unpack_body
from tests.unpack.writers import ORDERS, sqlite


def seven_zip_of(data: bytes) -> bytes:
    return seven_zip({"a": data})


def tar_file(data: bytes) -> bytes:
    return tar({"a": data})


def sqlite_file(data: bytes) -> bytes:
    return sqlite(ORDERS, after="INSERT INTO orders(phone) VALUES ('13800138000')") + data[:0]


NOISE = random.Random(3).randbytes(20_000)


@pytest.mark.parametrize("charset", ["ascii", "utf-16-le", "utf-16-be"])
def test_a_number_in_binary_data_is_seen(charset: str) -> None:
    for shift in range(2):
        unpacked = unpack_body(NOISE[:999] + b"\0" * shift + "phone 13800138000".encode(charset) + NOISE)
        assert "phone 13800138000" in text_of(unpacked)
        assert gaps_of(unpacked) == [("unknown-format", "body")]
        assert unpacked.content == "binary"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_an_address_in_binary_data_is_seen(charset: str) -> None:
    for before in (b"\0", b"\xa1", b"\xb0\xa1\x01", b"7"):
        unpacked = unpack_body(NOISE[:500] + before + "广东省深圳市南山区科技园路88号".encode(charset) + b"\0" + NOISE)
        assert "深圳市南山区科技园路88号" in text_of(unpacked)


def test_a_gap_says_what_it_looks_like() -> None:
    unpacked = unpack_body(b"\x7fELF" + NOISE)
    assert [gap.detail for gap in unpacked.gaps] == ["nothing here reads a program"]


def test_binary_data_without_strings_has_a_gap_and_no_part() -> None:
    unpacked = unpack_body(b"\0\1\2\3" * 50)
    assert (unpacked.parts, gaps_of(unpacked)) == ((), [("unknown-format", "body")])


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, seven_zip_of, tar_file, sqlite_file])
def test_a_file_behind_junk_is_read(pack: Callable[[bytes], bytes]) -> None:
    for junk in (noise(333), b"\x89PNG\r\n\x1a\n" + noise(900) + b"IEND\xaeB`\x82"):
        unpacked = unpack_body(junk + pack(TABLE.encode()))
        assert "13800138000" in text_of(unpacked)
        assert ("unknown-format", "body") in gaps_of(unpacked)


def test_a_file_within_a_text_is_read() -> None:
    prose = b"nothing to see here, move along please.\n" * 400
    for head in (prose, b"a,b,c,d\n" * 2000):
        unpacked = unpack_body(head + gzip.compress(TABLE.encode()) + head)
        assert "13800138000" in text_of(unpacked)


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress])
def test_each_of_many_packed_texts_is_read(pack: Callable[[bytes], bytes]) -> None:
    texts = [f"customer {number}: 1380013{number}".encode() for number in range(1000, 1050)]
    unpacked = unpack_body(b"\x89HDF" + b"\0\xff\1".join(map(pack, texts)) + NOISE)
    assert all(text.decode() in text_of(unpacked) for text in texts)
    assert ("unknown-format", "body") in gaps_of(unpacked)


def test_packed_texts_stop_at_the_limit() -> None:
    bombs = b"\x89HDF" + zlib.compress(bytes(9_000_000)) * 9 + NOISE
    unpacked = unpack_body(bombs, limits=tight(expanded_bytes=20_000_000))
    assert "too-large" in [reason for reason, _ in gaps_of(unpacked)]


def test_a_flood_of_beginnings_ends() -> None:
    for magic in (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"7z\xbc\xaf\x27\x1c\0\4", b"SQLite format 3\0"):
        assert gaps_of(unpack_body(b"\xff\0" + (magic + b"\xff\0\x80" * 4) * 20_000)) != []


@pytest.mark.parametrize("head", [b"\x7fELF\2\1\1\0", b"\0\1\2\3", NOISE[:3000] + b"\0"])
def test_a_table_in_binary_data_is_a_table(head: bytes) -> None:
    assert seen(head + CSV.decode("gb18030").encode() + b"\0" + NOISE[:100])[1] == COUNT


def test_values_of_a_record_stay_together_whatever_stands_between_them() -> None:
    body = b"".join(b"\0\0\0\3".join([b"", *(cell.encode() for cell in one.cells)]) + b"\0\1" for one in SOME)
    lines = text_of(unpack_body(b"\x7fELF" + bytes(60) + body)).split("\n")
    assert lines == [cell for one in SOME for cell in one.cells]


def test_noise_and_other_charsets_have_no_chinese_in_utf_8() -> None:
    for other in (noise(300_000), b"\0" + "客户地址广东省深圳市南山区科技园路".encode("gb18030") * 200 + b"\0"):
        assert texts(other) is None


def test_mobile_numbers_that_touch_are_set_apart() -> None:
    """Columns of databases keep texts without anything between them, and how long each is elsewhere."""
    phones = [f"13{number % 10}{number * 7919:08}" for number in range(100, 130)]
    text = text_of(unpack_body(b"\x01\xfe\x00\x03" * 9 + "".join(phones).encode() + b"\x00\xff\x01" * 9))
    assert set(phones) <= set(text.split("\n"))
    digits = "31415926535897932384626433832795028841971693993751058209749445923078164062862089986280348253421170679" * 3
    assert digits in text_of(unpack_body(b"\x01\xfe\x00\x03" * 9 + digits.encode() + b"\x00\xff\x01" * 9))


@pytest.mark.parametrize(
    ("head", "what"),
    [(bytes(range(8)) + b"DUCK" + bytes(100), "DuckDB"), (b"7kSt\xa01\x83\xd3\x8c\xb2\x28\xb0\xd3zPQ\2\1", "zpaq")],
)
def test_what_nothing_here_reads_is_a_gap_and_its_strings(head: bytes, what: str) -> None:
    unpacked = unpack_body(head + NOISE[:700] + b"phone 13800138000" + NOISE[700:])
    assert unpacked.content == "binary"
    assert [what in gap.detail for gap in unpacked.gaps] == [True]
    assert "13800138000" in text_of(unpacked)
