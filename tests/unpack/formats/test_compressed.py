from __future__ import annotations

import bz2
import lzma
import random
import zlib
from collections.abc import Callable

import pytest
import zstandard

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack import snappy
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.lz4 import unblock
from tests.unpack.archives import by_libarchive
from tests.unpack.customers import COUNT, CSV, SOME, reasons, seen
from tests.unpack.programs import LZOP, LZOP_9, SHOWN, SNAPPY, TEXT
from tests.unpack.samples import gaps_of, text_of, unpack_body


def lz4(data: bytes) -> bytes:
    return by_libarchive("raw", {"x": data}, "lz4")


def alone(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_ALONE)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": alone,
    "zstd": zstandard.ZstdCompressor().compress,
    "zlib": zlib.compress,
    "lz4": lz4,
    "lzip": lambda data: by_libarchive("raw", {"x": data}, "lzip"),
    "compress": lambda data: by_libarchive("raw", {"x": data}, "compress"),
}


def test_zstd_whose_window_is_said_to_be_two_gigabytes_is_read() -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    stream = bytearray(packer.compress(CSV) + packer.flush())
    assert not stream[4] & 0x20  # its header has a window (RFC 8878, 3.1.1.1)
    stream[5] = (31 - 10) << 3
    assert seen(bytes(stream)) == ("compressed", COUNT, [])


@pytest.mark.parametrize("name", sorted(PACKERS))
def test_every_packer(name: str) -> None:
    assert seen(PACKERS[name](CSV)) == ("compressed", COUNT, [])


@pytest.mark.parametrize("name", ["bzip2", "xz", "zstd"])
def test_streams_behind_each_other_are_one(name: str) -> None:
    half = CSV.index(b"\n", len(CSV) // 2) + 1
    pack = PACKERS[name]
    assert seen(pack(CSV[:half]) + pack(CSV[half:])) == ("compressed", COUNT, [])


@pytest.mark.parametrize("name", ["bzip2", "xz", "zstd", "zlib", "lzma"])
def test_what_follows_a_stream_is_read(name: str) -> None:
    unpacked = unpack_body(PACKERS[name](b"nothing here " * 9) + b"phone 13800138000 behind it")
    assert "phone 13800138000 behind it" in text_of(unpacked)
    assert gaps_of(unpacked) == []


def test_bytes_that_zstd_skips_are_read() -> None:
    skipped = b"\x50\x2a\x4d\x18" + (17).to_bytes(4, "little") + b"phone 13800138000"
    assert "13800138000" in text_of(unpack_body(skipped + PACKERS["zstd"](b"x")))


@pytest.mark.parametrize("name", sorted(PACKERS))
def test_a_bomb_stops_at_the_ratio(name: str) -> None:
    assert "too-large" in reasons(PACKERS[name](bytes(20_000_000)))


@pytest.mark.parametrize("name", sorted(PACKERS))
def test_a_cut_stream_is_a_gap_and_shows_what_it_has(name: str) -> None:
    packed = PACKERS[name](CSV)
    found = reasons(packed[: len(packed) * 3 // 4])
    assert found == [] if name == "compress" else found in (["malformed"], ["unknown-format"])


@pytest.mark.parametrize(
    "body", [b"x\x9c", b"x\x9cabcdefgh" * 9, b"\x1f\x9d", b"BZh9no bzip2 at all", b"]\0\0\0\0" * 9]
)
def test_what_only_looks_packed_is_something_else(body: bytes) -> None:
    assert unpack_body(body).content != "compressed"


def test_a_flood_of_streams_ends() -> None:
    assert "failed" not in reasons(lzma.compress(b"") * 2000)
    assert "failed" not in reasons(zlib.compress(b"") * 20_000)
    assert "failed" not in reasons(b"\x50\x2a\x4d\x18\0\0\0\0" * 20_000)


@pytest.mark.parametrize("window", [9, 12, 14, 15])
def test_zlib_of_every_window(window: int) -> None:
    packer = zlib.compressobj(9, wbits=window)
    assert seen(packer.compress(CSV) + packer.flush()) == ("compressed", COUNT, [])


def test_what_lzop_and_snappy_wrote_is_read() -> None:
    for packed in (LZOP, LZOP_9, SNAPPY, LZOP + LZOP, SNAPPY + SNAPPY):
        unpacked = unpack_body(packed)
        assert unpacked.content == "compressed"
        assert unpacked.gaps == ()
        assert SHOWN in text_of(unpacked)


def test_of_a_cut_stream_of_lzop_or_snappy_the_beginning_is_read() -> None:
    for packed in (LZOP[:-60], LZOP_9[:-60]):
        assert reasons(packed) == ["malformed"]
        assert "客户1\t13800130001" in text_of(unpack_body(packed))
    assert "malformed" in reasons(SNAPPY[:-60])


def test_what_follows_a_stream_of_lzop_is_read() -> None:
    assert seen(LZOP + CSV) == ("compressed", COUNT, [])


def test_a_run_without_end_in_a_stream_of_lzop_is_not_made() -> None:
    block = LZOP[: len(LZOP) - 4].index(TEXT[:6])
    bomb = LZOP[:block] + b"x" * 3 + b"\x20" + b"\0" * 50_000 + b"\1" + b"\0\0"
    assert unpack_body(bomb).expanded_bytes < 1_000_000


def test_xz_that_asks_for_more_memory_than_it_may_have_is_a_gap() -> None:
    """The size of the dictionary stands in the block's header (xz-file-format.txt, 5.3.1), however little there is."""
    packed = bytearray(lzma.compress(b"call 13800138000 " * 20, filters=[{"id": lzma.FILTER_LZMA2, "preset": 0}]))
    end = 12 + 4 * (packed[12] + 1)
    assert packed[14:16] == b"\x21\x01"
    assert "13800138000" in text_of(unpack_body(bytes(packed)))
    packed[16] = 37  # 1.5 GiB
    packed[end - 4 : end] = zlib.crc32(packed[12 : end - 4]).to_bytes(4, "little")
    assert unpack_body(bytes(packed)).gaps


def literals(data: bytes) -> bytes:
    """Return a block of LZ4 that copies nothing."""
    more = len(data) - 15
    return b"\xf0" + b"\xff" * (more // 255) + bytes([more % 255]) + data


SIZE = len(CSV).to_bytes(4, "little")


@pytest.mark.parametrize("body", [b"mozLz40\0" + SIZE + literals(CSV), SIZE + literals(CSV)])
def test_a_block_of_lz4_behind_its_size_is_read(body: bytes) -> None:
    assert all(one.phone in text_of(unpack_body(body)) for one in SOME)


def test_copies_of_a_block_may_lie_over_what_they_write() -> None:
    meter = Budget(LIMITS).meter(100)
    assert unblock(b"\x32abc\3\0\x40wxyz", 0, 13, meter) == b"abcabcabcwxyz"
    assert unblock(b"\x1fa\1\0\5\x10b", 0, 26, meter) == b"a" * 25 + b"b"
    assert unblock(b"\x10a\2\0", 0, 9, meter) == b"a"


def test_a_block_that_says_it_is_larger_than_may_be_is_a_gap() -> None:
    bomb = b"mozLz40\0" + (1 << 31).to_bytes(4, "little") + b"\x1fa\1\0" + b"\xff" * 1000
    assert "too-large" in reasons(bomb)


def test_a_bare_block_of_snappy_is_told_by_its_size() -> None:
    meter = Budget(LIMITS).meter(1000)
    block = bytes([40, 3 << 2]) + b"abcd" + bytes([(36 - 1) << 2 | 2, 4, 0])
    assert snappy.bare(block, meter) == b"abcd" * 10
    assert snappy.bare(block[:-1] + b"\1", meter) is None
    assert snappy.bare(b"\xff\xff\xff\xff\x0f" + block, meter) is None


def test_copies_are_as_if_made_byte_by_byte() -> None:
    chance = random.Random(4)
    for _ in range(300):
        before, offset, length = chance.randbytes(9), chance.randint(1, 9), chance.randint(4, 60)
        wanted = bytearray(before)
        for _ in range(length):
            wanted.append(wanted[-offset])
        meter = Budget(LIMITS).meter(1000)
        block = b"\x9f" + before + bytes([offset, 0, length - 19]) if length >= 19 else None
        block = block or bytes([0x90 | length - 4]) + before + bytes([offset, 0])
        assert unblock(block, 0, len(wanted), meter) == wanted
        packed = bytes([len(wanted), 8 << 2]) + before + bytes([length - 1 << 2 | 2, offset, 0])
        assert snappy.unsnap(packed, meter) == bytes(wanted)


def test_a_long_copy_is_made_in_steps_of_whole_turns() -> None:
    meter = Budget(LIMITS).meter(1_000_000)
    made = unblock(b"\x3fabc\3\0" + b"\xff" * 20_000 + b"\0", 0, 5_000_000, meter)
    assert made == (b"abc" * 1_666_667)[:5_000_000]
