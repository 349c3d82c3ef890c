from __future__ import annotations

import lzma
import tracemalloc
from collections.abc import Callable

import py7zr
import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.unpack import libarchive_reader
from dlp_proxy.unpack import seven_zip as seven_zip_reader
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from tests.samples import lies
from tests.unpack import archives
from tests.unpack.archives import FILES, PLAIN, by_libarchive, cab, lha, rar4, rar5, seven_zip, tar
from tests.unpack.customers import COUNT, CSV, SOME, reasons, seen
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body

COPY = [{"id": py7zr.FILTER_COPY}]
GOOD: dict[str, Callable[[], bytes]] = {
    "7z": seven_zip,
    "7z stored": lambda: seven_zip(filters=COPY),
    "7z bzip2": lambda: seven_zip(filters=[{"id": py7zr.FILTER_BZIP2}]),
    "7z ppmd": lambda: seven_zip(filters=[{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}]),
    "7z zstd": lambda: seven_zip(filters=[{"id": py7zr.FILTER_ZSTD, "level": 3}]),
    "7z brotli": lambda: seven_zip(filters=[{"id": py7zr.FILTER_BROTLI, "level": 3}]),
    "7z with a filter": lambda: seven_zip(filters=[{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 3}]),
    "rar 4": rar4,
    "rar 5": rar5,
    "cab": cab,
    "lha": lha,
    "cpio": lambda: by_libarchive("cpio"),
    "cpio newc": lambda: by_libarchive("cpio_newc"),
    "ar": lambda: by_libarchive("ar_bsd"),
    "xar": lambda: by_libarchive("xar", {"orders.csv": CSV}),
    "iso": lambda: by_libarchive("iso9660"),
    "deb": lambda: by_libarchive(
        "ar_bsd", {"debian-binary": b"2.0\n", "data.tar.xz": lzma.compress(tar({"orders.csv": CSV}))}
    ),
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_member_is_read(name: str) -> None:
    assert seen(GOOD[name]()) == ("archive", COUNT, [])


def test_names_are_names() -> None:
    assert unpack_body(rar5()).filenames == tuple(FILES)
    assert unpack_body(seven_zip()).filenames == tuple(FILES)
    assert unpack_body(by_libarchive("cpio")).filenames == tuple(PLAIN)


def test_an_archive_behind_a_program_is_read() -> None:
    content, customers, gaps = seen(b"MZ" + bytes(range(256)) * 4 + seven_zip())
    assert (content, customers, gaps) == ("binary", COUNT, ["unknown-format"])


LOCKED = {
    "7z": seven_zip(password="secret"),
    "rar 4": rar4({"导出/orders.csv": b"\x8f" * 99, "readme.txt": b"\x9e" * 50}, locked=True),
    "rar 5": rar5({"导出/orders.csv": b"\x8f" * 99, "readme.txt": b"\x9e" * 50}, locked=True),
}


@pytest.mark.parametrize("name", sorted(LOCKED))
def test_a_locked_archive_is_a_gap_that_tells_the_names(name: str) -> None:
    unpacked = unpack_body(LOCKED[name])
    assert {gap.reason for gap in unpacked.gaps} == {"encrypted"}
    assert unpacked.filenames == tuple(FILES)


@pytest.mark.parametrize("body", [seven_zip(password="secret", hide_names=True), rar4(main=0x80)])
def test_hidden_names_are_told_apart(body: bytes) -> None:
    (gap,) = unpack_body(body).gaps
    assert (gap.reason, "names too" in gap.detail) == ("encrypted", True)


def test_one_volume_of_several_is_a_gap() -> None:
    assert reasons(rar4(main=1)) == ["malformed"]
    assert reasons(seven_zip()[:400]) == ["malformed"]


def test_a_bomb_stops_at_the_ratio() -> None:
    assert "too-large" in reasons(seven_zip({"a": bytes(20_000_000)}))
    many = {str(number): b"x" for number in range(60)}
    assert "too-large" in reasons(seven_zip(many), tight(members=50))


def test_names_that_climb_make_no_file() -> None:
    assert seen(rar5({"../../../../tmp/x": CSV})) == ("archive", COUNT, [])
    assert seen(by_libarchive("cpio", {"../../x": CSV})) == ("archive", COUNT, [])


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_cut_archive_does_not_fail(name: str, share: float) -> None:
    data = GOOD[name]()
    found = reasons(data[: int(len(data) * share)])
    assert "failed" not in found


@pytest.mark.parametrize("magic", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0", b"MSCF\0\0\0\0"])
def test_noise_behind_a_magic_is_a_gap(magic: bytes) -> None:
    noise = bytes(value * 37 % 251 for value in range(3000))
    assert reasons(magic + noise) != []
    assert "failed" not in reasons(magic + noise)


def test_without_libarchive_there_is_a_gap_names_and_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_kind: str, _name: str) -> object:
        raise libarchive_reader.Unsupported

    monkeypatch.setattr(libarchive_reader, "_library", missing)
    stored = unpack_body(rar4({"a.txt": b"call 13800138000 now"}))
    assert gaps_of(stored) == [("unknown-format", "body")]
    assert stored.filenames == ("a.txt",)
    assert "call 13800138000" in text_of(stored)
    assert seen(seven_zip()) == ("archive", COUNT, [])
    assert "too-large" in reasons(seven_zip({"a": bytes(20_000_000)}))


def test_the_makers_here_make_what_they_say() -> None:
    assert archives.rar4()[:4] == b"Rar!"


def test_warnings_of_the_library_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    data = lha()
    unpack_body(data[:-5] + b"xxxx\0")
    assert caplog.records == []


def test_an_archive_that_py7zr_did_not_expect_is_broken_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def unexpected(*_: object) -> None:
        raise AssertionError

    archive = seven_zip(filters=[{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}])
    monkeypatch.setattr(py7zr, "SevenZipFile", unexpected)
    found = list(seven_zip_reader.unpacked(Content(archive, Location("body")), Budget(LIMITS).meter(9)))
    assert found == []


def test_a_member_that_unpacks_to_much_is_held_once() -> None:
    bomb = lies._cabinet(2_000)
    tracemalloc.start()
    try:
        unpacked = unpack_body(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert unpacked.expanded_bytes > 20_000_000
    assert peak < 1.9 * unpacked.expanded_bytes


def test_what_stands_before_and_behind_the_volume_of_a_disk_is_read() -> None:
    disk = by_libarchive("iso9660", {"a.txt": b"nothing much"})
    assert reasons(disk) == []
    for changed in (CSV + disk[len(CSV) :], b"\x33\xed" * 9 + CSV + disk[len(CSV) + 18 :], disk + CSV):
        text = text_of(unpack_body(changed))
        assert sum(one.phone in text for one in SOME) == COUNT
