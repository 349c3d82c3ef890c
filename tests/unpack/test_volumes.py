"""Volumes of one packed file in one container are read as that file; whatever else is called so is not."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from tests.unpack.customers import CSV, SOME
from tests.unpack.samples import text_of, unpack_body, zipped

WHOLE = gzip.compress(CSV, mtime=0)
NAMES = {
    "numbers": "k.csv.gz.{n:03d}",
    "from nought": "k.csv.gz.{m:02d}",
    "parts": "dump.gz.part{n}",
    "parts with an ending": "dump.part{n}.bin",
    "of so many": "dump_{n}of3.gz",
    "letters of split": "xa{letter}",
    "letters behind a name": "k.gz.a{letter}",
}


def pieces(data: bytes, count: int = 3) -> list[bytes]:
    size = -(-len(data) // count)
    return [data[at : at + size] for at in range(0, len(data), size)]


def named(template: str, data: bytes) -> dict[str, bytes]:
    return {
        template.format(n=number + 1, m=number, letter="abc"[number]): piece
        for number, piece in enumerate(pieces(data))
    }


def counted(body: bytes) -> tuple[int, list[str]]:
    unpacked = unpack_body(body)
    text = text_of(unpacked)
    return sum(one.phone in text for one in SOME), sorted({gap.reason for gap in unpacked.gaps})


@pytest.mark.parametrize("way", NAMES)
def test_volumes_are_one_file_in_whatever_order_they_stand(way: str) -> None:
    volumes = named(NAMES[way], WHOLE)
    backwards = dict(reversed(volumes.items()))
    assert counted(zipped({"readme.txt": b"hello", **volumes})) == (len(SOME), [])
    assert counted(zipped(backwards)) == (len(SOME), [])


def test_volumes_of_a_zip_end_with_the_zip() -> None:
    one, two, three = pieces(zipped({"k.csv": CSV}))
    assert counted(zipped({"a.z01": one, "a.z02": two, "a.zip": three})) == (len(SOME), [])


def test_volumes_in_a_tape_archive_are_one_file() -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, piece in named(NAMES["numbers"], WHOLE).items():
            member = tarfile.TarInfo(name)
            member.size = len(piece)
            archive.addfile(member, io.BytesIO(piece))
    assert counted(held.getvalue()) == (len(SOME), [])


def test_files_that_are_whole_each_are_read_each() -> None:
    lines = CSV.splitlines(keepends=True)
    halves = {f"k{number}.csv.gz": gzip.compress(b"".join(lines[number::2]), mtime=0) for number in (0, 1)}
    assert counted(zipped(halves)) == (len(SOME), [])
    plain = {f"k.{number:03d}": b"".join(lines[number::2]) for number in (0, 1)}
    assert counted(zipped(plain))[0] == len(SOME)


def test_a_volume_that_is_missing_leaves_what_the_others_say_and_a_gap() -> None:
    volumes = named(NAMES["numbers"], WHOLE)
    volumes.pop("k.csv.gz.002")
    assert "malformed" in counted(zipped(volumes))[1]


def test_volumes_before_a_file_that_is_too_large_are_read() -> None:
    files = {**named("k.csv.gz.{n:03d}", WHOLE), "z.bin": bytes(60_000_000)}
    found, reasons = counted(zipped(files))
    assert (found, "too-large" in reasons) == (len(SOME), True)


def test_volumes_need_not_be_of_one_width() -> None:
    """Who cuts by hand cuts where he likes; the names tell the order."""
    cuts = [WHOLE[:30], WHOLE[30:900], WHOLE[900:1000], WHOLE[1000:]]
    assert counted(zipped({f"k.csv.gz.{at + 1:03}": cut for at, cut in enumerate(cuts)})) == (len(SOME), [])
