from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest
import zstandard

from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.unpack.unpack import Unpacked, unpack
from tests.unpack.customers import COUNT, CSV, SOME
from tests.unpack.samples import TABLE, gaps_of, message, text_of, tight, unpack_body

ROWS = TABLE.encode()


def coded(body: bytes, coding: str, limits: Limits = LIMITS) -> Unpacked:
    return unpack(message(body, headers={"content-encoding": coding}), limits)


def quick_brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=1))


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(ROWS), "gzip"),
        (gzip.compress(ROWS), "X-GZip"),
        (zlib.compress(ROWS), "deflate"),
        (raw_deflate(ROWS), "deflate"),
        (brotli.compress(ROWS), "br"),
        (zstandard.compress(ROWS), "zstd"),
        (zstandard.compress(ROWS[:50]) + zstandard.compress(ROWS[50:]), "zstd"),
        (brotli.compress(gzip.compress(ROWS)), "gzip, br"),
        (gzip.compress(zstandard.compress(zlib.compress(ROWS))), "deflate,zstd , gzip"),
        (ROWS, "identity"),
        (ROWS, ""),
        (gzip.compress(gzip.compress(ROWS)[:-1] + gzip.compress(ROWS)[-1:]), "gzip, gzip"),
    ],
)
def test_every_coding_comes_off(body: bytes, coding: str) -> None:
    unpacked = coded(body, coding)
    assert (unpacked.content, gaps_of(unpacked)) == ("csv", [])
    assert unpacked.parts[-1].columns == ("姓名", "电话", "地址")
    assert unpacked.parts[-1].location.steps == ()


def test_codings_in_several_headers_are_one_list() -> None:
    both = message(brotli.compress(gzip.compress(ROWS)), headers={"Content-Encoding": "gzip", "content-encoding": "br"})
    assert unpack(both, LIMITS).content == "csv"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
def test_a_lying_coding_does_not_hide_a_plain_body(coding: str) -> None:
    unpacked = coded(ROWS, coding)
    assert unpacked.content == "csv"
    assert "13800138000" in text_of(unpacked)
    assert gaps_of(unpacked)[0] == ("malformed", "body")


def test_a_coding_that_is_left_out_does_not_hide_the_body() -> None:
    unpacked = unpack(message(gzip.compress(ROWS), headers={"content-type": "text/plain"}), LIMITS)
    assert "13800138000" in text_of(unpacked)


PACKED = {
    "": ROWS,
    "gzip": gzip.compress(ROWS),
    "deflate": zlib.compress(ROWS),
    "raw deflate": raw_deflate(ROWS),
    "br": brotli.compress(ROWS),
    "zstd": zstandard.compress(ROWS),
}
UNSURE = {"deflate", "zstd"}
"""Told by their first bytes; they are read by a format of their own."""


@pytest.mark.parametrize("label", ["", "identity", "gzip", "deflate", "br", "zstd", "compress", "x-gzip", "gzip, br"])
@pytest.mark.parametrize("truth", [name for name in PACKED if name not in UNSURE])
def test_a_lie_about_the_coding_hides_nothing(truth: str, label: str) -> None:
    unpacked = coded(PACKED[truth], label)
    assert "13800138000" in text_of(unpacked)
    lies = label not in {"", "identity", truth} and (truth, label) not in {
        ("gzip", "x-gzip"),
        ("raw deflate", "deflate"),
    }
    assert bool(gaps_of(unpacked)) or not lies


def test_a_coding_that_is_a_file_is_left_to_what_reads_files() -> None:
    """A body that says compress and is not is told of; one that is goes to the formats as it is."""
    assert gaps_of(coded(ROWS, "compress")) == [("malformed", "body")]
    assert "13800138000" in text_of(coded(ROWS, "x-compress"))
    packed = bytes.fromhex("1f9d90") + bytes(40)
    assert [reason for reason, _ in gaps_of(coded(packed, "compress"))][:1] != ["malformed"]


def test_an_unknown_coding_is_a_gap_and_the_raw_bytes_are_read() -> None:
    unpacked = coded(ROWS, "exi")
    assert unpacked.content == "csv"
    assert gaps_of(unpacked) == [("unknown-format", "body")]


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(ROWS), "gzip"),
        (zlib.compress(ROWS), "deflate"),
        (brotli.compress(ROWS), "br"),
        (zstandard.compress(ROWS), "zstd"),
    ],
)
def test_what_follows_a_coded_body_is_read(body: bytes, coding: str) -> None:
    unpacked = coded(body + b"call 13700137000 now", coding)
    assert "13800138000" in text_of(unpacked)
    assert "13700137000" in text_of(unpacked)


@pytest.mark.parametrize(
    ("pack", "coding"),
    [(gzip.compress, "gzip"), (zlib.compress, "deflate"), (quick_brotli, "br"), (zstandard.compress, "zstd")],
)
def test_a_cut_body_gives_what_it_has(pack: object, coding: str) -> None:
    assert callable(pack)
    rows = b"".join(b"row %d,%d\n" % (n, n * n * 7919 % 999_983) for n in range(20_000))
    packed = pack(rows)
    unpacked = coded(packed[: len(packed) * 3 // 4], coding)
    assert "row 100," in text_of(unpacked).replace("\t", ",")
    assert gaps_of(unpacked)[0] == ("malformed", "body")


@pytest.mark.parametrize(
    ("pack", "coding"),
    [(gzip.compress, "gzip"), (zlib.compress, "deflate"), (quick_brotli, "br"), (zstandard.compress, "zstd")],
)
def test_a_bomb_stops_at_the_limit(pack: object, coding: str) -> None:
    assert callable(pack)
    limits = tight(ratio_floor=100_000, ratio=2, expanded_bytes=400_000)
    unpacked = coded(pack(b"13800138000 " + b"0" * 30_000_000), coding, limits)
    assert 0 < unpacked.expanded_bytes <= 400_000
    assert "13800138000" in text_of(unpacked)
    assert [gap.reason for gap in unpacked.gaps] == ["too-large"]


def test_an_endless_stack_of_codings_is_a_gap() -> None:
    unpacked = coded(ROWS, "gzip," * 1000)
    assert gaps_of(unpacked) == [("too-deep", "body")]
    assert "13800138000" in text_of(unpacked)


def test_a_last_piece_over_the_limit_is_not_cut_in_silence() -> None:
    unpacked = coded(zstandard.compress(b"row 13800138000\n" * 1000), "zstd", tight(ratio=1, ratio_floor=5000))
    assert unpacked.expanded_bytes == 5000
    assert gaps_of(unpacked) == [("too-large", "body")]


def test_chunks_of_s3_are_taken_off() -> None:
    """As its clients send them, signed or with checksums behind them."""
    half = len(ROWS) // 2
    for mark, trailer in (("", ""), (";chunk-signature=" + "0" * 64, "x-amz-checksum-crc32:AAAAAA==\r\n")):
        pieces = [f"{len(piece):x}{mark}\r\n".encode() + piece + b"\r\n" for piece in (ROWS[:half], ROWS[half:])]
        body = b"".join(pieces) + f"0{mark}\r\n{trailer}\r\n".encode()
        unpacked = coded(body, "aws-chunked")
        assert [part.text for part in unpacked.parts if "row" in str(part.location) or part.units] != []
        assert unpacked.gaps == ()


def test_deflate_streams_one_behind_the_other_and_behind_a_head_are_read() -> None:
    lines = CSV.splitlines(keepends=True)
    pieces = [raw_deflate(b"".join(lines[at : at + 20])) for at in range(0, len(lines), 20)]
    for body in (b"\x01".join(pieces), b"HEAD\x00\x01\x02\x03" + b"\0\0\0\0".join(pieces), b"".join(pieces)):
        text = text_of(unpack_body(body))
        assert sum(one.phone in text for one in SOME) == COUNT


def test_noise_begins_no_stream_of_deflate() -> None:
    chance = random.Random(5)
    seen = [part for _ in range(60) for part in unpack_body(chance.randbytes(900)).parts]
    assert not any("read as" in str(part.location) for part in seen)
