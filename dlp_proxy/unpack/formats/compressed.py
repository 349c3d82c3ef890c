"""One file, compressed: bzip2, xz, LZMA, zstd, zlib, LZO, Snappy, Firefox's LZ4; by libarchive LZ4, lzip, compress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import libarchive_reader, lz4, lzo, snappy
from dlp_proxy.unpack.budget import Budget, Exhausted, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.inflate import Codec, inflate
from dlp_proxy.unpack.naming import step

NAME: Final = "compressed"

_CODECS: Final[tuple[tuple[Codec, re.Pattern[bytes]], ...]] = (
    ("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")),
    ("xz", re.compile(rb"\xfd7zXZ\0")),
    ("zstd", re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")),
    ("lzma", re.compile(rb"[\x2c\x5d\x5e\x66]\0[\0\x80][\0-\xff][\0-\x08](?:\xff{8}|.{4}\0{4})", re.DOTALL)),
    (
        "zlib",
        re.compile(
            rb"\x78[\x01\x5e\x9c\xda]|\x08[\x1d\x99\xd7]|\x18[\x19\x95\xd3]|\x28[\x15\x91\xcf]|\x38[\x11\x8d\xcb]"
            rb"|\x48[\x89\xc7]|\x58[\x85\xc3]|\x68[\x05\x81\xde]"
        ),
    ),  # every window and level but two that are text
)
_LZIP: Final = b"LZIP"
_BY_LIBARCHIVE: Final[tuple[tuple[str, bytes], ...]] = (
    ("lz4", b"\x04\x22\x4d\x18"),
    ("lz4", b"\x02\x21\x4c\x18"),
    ("lzip", _LZIP),
    ("compress", b"\x1f\x9d"),
)
_PLAIN: Final = (*(magic for _, magic in _BY_LIBARCHIVE), lzo.MAGIC, snappy.FRAMED, lz4.MOZILLA)
_SKIPPED: Final = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_ENDINGS: Final = (
    ".bz2",
    ".xz",
    ".lzma",
    ".zst",
    ".zz",
    ".lz4",
    ".jsonlz4",
    ".lz",
    ".z",
    ".lzo",
    ".sz",
    ".tbz2",
    ".txz",
    ".tzst",
)
_UNSURE: Final = {"zlib", "lzma"}
_SURE_OF: Final = 64  # bytes that a stream without a real magic must have given before it broke


@dataclass(slots=True)
class _Stream:
    data: bytes
    end: int
    problem: str = ""
    exhausted: Exhausted | None = None


def accepts(content: Content) -> bool:
    data = content.data
    return any(magic.match(data) for _, magic in _CODECS) or data.startswith(_PLAIN)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    meter = budget.meter(len(content.data))
    name = _inner(content.name)
    try:
        result = _unpacked(content.data, meter)
    except libarchive_reader.Unsupported:
        yield Gap("unknown-format", content.location, "a compressed file: this system has no libarchive that reads it")
        yield from strings(content)
        return
    if result.problem:
        yield Gap("malformed", content.location / step(name), f"the compressed stream {result.problem}")
    yield content.inside(result.data, step(name), name=name)
    if result.exhausted:
        raise result.exhausted
    if result.end < len(content.data):
        yield content.inside(content.data[result.end :], "after the compressed stream")
    elif content.data.startswith(_LZIP):  # libarchive says not where it ends, and it has no readable runs of its own
        yield from strings(content)


def _inner(name: str) -> str:
    ending = next((one for one in _ENDINGS if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)] or "unpacked"


def _unpacked(data: bytes, meter: Meter) -> _Stream:
    """Decompress the stream at the beginning and those of its kind behind it.

    Raises:
        Mismatch: it is none.
    """
    if data.startswith(lzo.MAGIC):
        return _Stream(*lzo.lzop(data, meter))
    if data.startswith(snappy.FRAMED):
        return _Stream(*snappy.framed(data, meter))
    if data.startswith(lz4.MOZILLA):
        return _Stream(*lz4.mozilla(data, meter))
    for word, first in _BY_LIBARCHIVE:
        if data.startswith(first):
            return _by_libarchive(data, word, meter)
    codec, magic = next(((codec, magic) for codec, magic in _CODECS if magic.match(data)), ("zlib", _SKIPPED))
    pieces: list[bytes] = []
    end, problem, exhausted = 0, "", None
    while end < len(data) and magic.match(data, end) and not (problem or exhausted):
        if pieces and codec in _UNSURE:
            break
        if codec == "zstd" and _SKIPPED.match(data, end):
            size = int.from_bytes(data[end + 4 : end + 8], "little")
            pieces.append(data[end + 8 : end + 8 + size])
            end = min(len(data), end + 8 + size)
            continue
        result = inflate(codec, data, end, meter)
        pieces.append(result.data)
        end, problem, exhausted = result.end, result.problem, result.exhausted
    made = b"".join(pieces)
    if (not exhausted and not made) or (problem and codec in _UNSURE and len(made) < _SURE_OF):
        raise Mismatch
    return _Stream(made, end, problem, exhausted)


def _by_libarchive(data: bytes, word: str, meter: Meter) -> _Stream:
    made, whole, reached = libarchive_reader.stream(data, word, meter)
    if not made and not whole:
        raise Mismatch
    end = lz4.end_of_frames(data) if word == "lz4" else len(data)
    return _Stream(made, end, "" if whole or reached else "is broken", reached)
