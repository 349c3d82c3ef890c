from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile

import pytest
import zstandard

from dlp_proxy.unpack.tar_records import BLOCK
from tests.unpack.archives import FILES, PLAIN, tar, tar_of, with_size
from tests.unpack.customers import COUNT, CSV, reasons, seen
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_every_form(form: int) -> None:
    assert seen(tar(PLAIN, form)) == ("tar", COUNT, [])
    assert seen(tar({"d/" * 60 + "orders.csv": CSV}, form)) == ("tar", COUNT, [])


def test_an_archive_without_a_magic() -> None:
    old = bytearray(tar(PLAIN, tarfile.USTAR_FORMAT))
    for at in (0, BLOCK * (1 + -(-len(CSV) // BLOCK))):
        old[at + 257 : at + 265] = bytes(8)
        old[at + 148 : at + 156] = b" " * 8
        old[at + 148 : at + 156] = b"%06o\0 " % sum(old[at : at + BLOCK])
    assert seen(bytes(old)) == ("tar", COUNT, [])


def test_long_names_links_and_devices_are_named_and_not_followed() -> None:
    names = unpack_body(tar({"导" * 150: CSV})).filenames
    assert names == ("导" * 150,)
    special = tar_of(tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    unpacked = unpack_body(special)
    assert unpacked.filenames[:2] == ("special0", "/etc/passwd")
    assert "root:" not in text_of(unpacked)
    assert gaps_of(unpacked) == []


def test_what_a_pax_header_says_is_read() -> None:
    info = tarfile.TarInfo("a")
    info.pax_headers = {"comment": "call 13800138000 about it"}
    assert "call 13800138000" in text_of(unpack_body(info.tobuf(tarfile.PAX_FORMAT) + bytes(2 * BLOCK)))


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress],
    ids=["gz", "bz2", "xz", "zst"],
)
def test_packed_archives(pack: object) -> None:
    assert callable(pack)
    assert seen(pack(tar()))[1:] == (COUNT, [])


def test_layers_in_an_image() -> None:
    image = tar({"manifest.json": b"[]", "abc/layer.tar": tar({"data/orders.csv": CSV})})
    assert seen(image) == ("tar", COUNT, [])


def test_what_follows_the_end_is_read() -> None:
    assert seen(tar({"a": b"1"}) + gzip.compress(CSV)) == ("tar", COUNT, [])


@pytest.mark.parametrize("size", [b"77777777777\0", b"\x80" + b"\xff" * 11, b"\xff" * 12, b"garbage\0\0\0\0\0"])
def test_a_lying_size_hides_nothing(size: bytes) -> None:
    content, customers, gaps = seen(with_size(tar({"a.csv": CSV}), size))
    assert (content, "failed" in gaps) == ("tar", False)
    assert customers == COUNT


def test_names_that_climb_make_no_file() -> None:
    assert seen(tar({"../../../../tmp/x": CSV, "/etc/cron.d/x": b"y"})) == ("tar", COUNT, [])


def test_a_cut_archive_is_a_gap() -> None:
    assert reasons(tar()[:2000]) == ["malformed"]


def test_a_broken_header_costs_one_member() -> None:
    data = tar({"a.csv": b"x" * 600, "orders.csv": CSV, "z": b"13800138000"})
    broken = data[:100] + b"?" + data[101:]
    assert "13800138000" in text_of(unpack_body(broken))


def test_many_members_are_a_gap() -> None:
    assert reasons(tar({str(number): b"" for number in range(60)}), tight(members=50)) == ["too-large"]


def test_a_sparse_map_is_no_content() -> None:
    header = bytearray(tar({"a": b"13800138000"})[: 2 * BLOCK])
    header[156:157] = b"S"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:BLOCK])
    assert "13800138000" in text_of(unpack_body(bytes(header) + bytes(2 * BLOCK)))
    assert FILES
