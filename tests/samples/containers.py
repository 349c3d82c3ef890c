"""Archives and packed streams, plain, nested, damaged and in disguise."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import brotli
import libarchive
import py7zr
import zstandard
from tests.samples.arj_and_lzop import arj, lzop
from tests.samples.customers import Customer
from tests.samples.sample import Files
from tests.samples.tables import table

_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"


def files(some: list[Customer]) -> Files:
    plain = table(some).encode("gbk")
    each = {f"{n:03d}.txt": " ".join(one.cells).encode() for n, one in enumerate(some)}
    yield from _zips(some, plain, each)
    yield from _streams(plain)
    yield from _tars(plain, each)
    yield from _others(plain)


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as held:
        for name, data in members.items():
            held.writestr(zipfile.ZipInfo(name), data, method)
        held.comment = comment
    return buffer.getvalue()


def _zips(some: list[Customer], plain: bytes, each: Mapping[str, bytes]) -> Files:
    usual = zipped({"导出/客户.csv": plain})
    yield "deflated.zip", usual
    yield "stored.zip", zipped({"a.csv": plain}, zipfile.ZIP_STORED)
    yield "bzip2.zip", zipped({"a.csv": plain}, zipfile.ZIP_BZIP2)
    yield "lzma.zip", zipped({"a.csv": plain}, zipfile.ZIP_LZMA)
    yield "one-a-member.zip", zipped(each)
    yield "member-names.zip", zipped({f"{one.order} {one.name} {one.phone}.txt": b"" for one in some})
    yield "comment.zip", zipped({"a": b"x"}, comment=plain[:60_000])
    yield "junk-before.zip", b"#!/bin/sh\nexit\n" * 20 + usual
    yield "behind-a-picture.png", _PNG + usual
    yield "named-picture.jpg", usual
    yield "no-directory.zip", usual[: usual.rindex(b"PK\x01\x02")]
    yield "cut.zip", zipped({"a.csv": plain}, zipfile.ZIP_STORED)[: len(plain) + 35]
    nested = plain
    for level in range(5):
        nested = zipped({f"{level}.zip" if level else "a.csv": nested})
    yield "nested-5.zip", nested
    mixed = gzip.compress(zipped({"a.csv": plain}), mtime=0)
    yield "mixed.tar.xz", lzma.compress(tarred({"b.gz": mixed}))
    buffer = _NoSeek()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr(zipfile.ZipInfo("a.csv"), plain, zipfile.ZIP_DEFLATED)
    yield "streamed.zip", buffer.getvalue()


class _NoSeek(io.BytesIO):
    """A file that cannot be wound back, so that sizes follow the members."""

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError


def tarred(members: Mapping[str, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=style) as held:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            held.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _tars(plain: bytes, each: Mapping[str, bytes]) -> Files:
    yield "plain.tar", tarred({"客户.csv": plain})
    yield "old.tar", tarred({"a.csv": plain}, tarfile.USTAR_FORMAT)
    yield "one-a-member.tgz", gzip.compress(tarred(each), mtime=0)
    yield "bzip2.tar.bz2", bz2.compress(tarred({"a.csv": plain}))
    yield "zstd.tar.zst", zstandard.compress(tarred({"a.csv": plain}))
    yield (
        "package-1.0.0.tgz",
        gzip.compress(tarred({"package/package.json": b'{"name":"x"}', "package/data.csv": plain}), mtime=0),
    )
    yield (
        "wheel-1.0-py3-none-any.whl",
        zipped({"x/__init__.py": b"", "x/data.csv": plain, "x-1.0.dist-info/METADATA": b"Name: x\n"}),
    )
    layer = tarred({"app/data.csv": plain})
    yield "docker-image.tar", tarred({"manifest.json": b"[]", "abc/layer.tar": layer})
    yield "oci-image.tar", tarred({"index.json": b"{}", "blobs/sha256/ab": gzip.compress(layer, mtime=0)})


def _streams(plain: bytes) -> Files:
    yield "plain.gz", gzip.compress(plain, mtime=0)
    half = plain.index(b"\n", len(plain) // 2) + 1
    yield "second-member.gz", gzip.compress(plain[:half], mtime=0) + gzip.compress(plain[half:], mtime=0)
    yield "behind-the-stream.gz", gzip.compress(b"hello", mtime=0) + plain
    yield "bad-checksum.gz", gzip.compress(plain, mtime=0)[:-8] + b"12345678"
    yield "plain.bz2", bz2.compress(plain)
    yield "plain.xz", lzma.compress(plain)
    yield "plain.lzma", lzma.compress(plain, format=lzma.FORMAT_ALONE)
    yield "plain.zst", zstandard.compress(plain)
    yield "plain.z", zlib.compress(plain)
    yield "plain.lzo", lzop(plain)


def _others(plain: bytes) -> Files:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w") as held:
        held.writestr(plain, "客户.csv")
    yield "lzma2.7z", buffer.getvalue()
    yield "stored.arj", arj(plain)
    yield "fastest.arj", arj(plain, fastest=True)
    for name, form, packing in (("newc.cpio", "cpio_newc", None), ("plain.a", "ar_bsd", None), ("disc.iso", "iso9660", None),
                                ("plain.xar", "xar", None), ("lz4.tar.lz4", "ustar", "lz4"), ("compress.tar.Z", "ustar", "compress")):  # fmt: skip
        yield name, _by_libarchive(form, packing, plain)
    yield from _git(plain)


def _by_libarchive(form: str, packing: str | None, plain: bytes) -> bytes:
    buffer = io.BytesIO()
    with libarchive.custom_writer(buffer.write, form, packing) as held:
        held.add_file_from_memory("a.csv", len(plain), plain)
    return buffer.getvalue()


def _git(plain: bytes) -> Files:
    with tempfile.TemporaryDirectory() as folder:

        def git(*words: str) -> None:
            subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@corp.example", *words], cwd=folder, check=True,
                           capture_output=True, env={"PATH": "/usr/bin:/bin", "HOME": folder, "GIT_AUTHOR_DATE": "2026-01-15T10:00:00Z",
                                                     "GIT_COMMITTER_DATE": "2026-01-15T10:00:00Z"})  # fmt: skip

        git("init", "-q")
        Path(folder, "data.csv").write_bytes(plain)
        git("add", ".")
        git("commit", "-qm", "data")
        git("bundle", "create", "all.bundle", "HEAD")
        git("repack", "-adq")
        yield "history.bundle", Path(folder, "all.bundle").read_bytes()
        yield "objects.pack", next(Path(folder, ".git/objects/pack").glob("*.pack")).read_bytes()


def compressed_bodies(plain: bytes) -> dict[str, bytes]:
    """Return the same as Content-Encodings wrap it."""
    return {"br": brotli.compress(plain), "gzip": gzip.compress(plain, mtime=0), "zstd": zstandard.compress(plain)}
