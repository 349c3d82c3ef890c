"""Readable runs in binary data, in the charsets that people here write in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_AROUND: Final = 64  # bytes to either side of a hit that are decoded with it; even, so UTF-16 stays in step


def _classes(groups: dict[str, bytes]) -> bytes:
    """Return a table for `bytes.translate` that makes each byte the letter of its group, others a full stop."""
    table = bytearray(b"." * 256)
    for letter, members in groups.items():
        for member in members:
            table[member] = ord(letter)
    return bytes(table)


_PRINTABLE: Final = bytes(range(32, 127)) + b"\t"
# Searching the letters for a fixed beginning is many times faster than searching the bytes for sets.
_UNICODE: Final = _classes({
    "p": _PRINTABLE, "z": b"\0", "H": bytes(range(0xE4, 0xEA)), "c": bytes(range(0x80, 0xC0))
})  # fmt: skip
_CHINESE: Final = _classes({"g": bytes(range(0xA1, 0xFF))})

_ASCII: Final = re.compile(b"pppppp+")
_HITS: Final[tuple[tuple[str, re.Pattern[bytes]], ...]] = (
    ("utf-8", re.compile(b"HccHcc")),
    ("utf-16-le", re.compile(b"pzpzpzpzpzpz(?:pz)*+")),
    ("utf-16-be", re.compile(b"zpzpzpzpzpzp(?:zp)*+")),
)
_GB18030: Final = re.compile(b"ggggggggg*")
_READABLE: Final = re.compile("[ -~\t\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{6,}")


def readable(data: bytes) -> Iterator[str]:
    """Yield every run of six or more readable characters; one that reads in two charsets comes twice."""
    letters = data.translate(_UNICODE)
    for run in _ASCII.finditer(letters):
        yield data[run.start() : run.end()].decode("ascii")
    for charset, hits in _HITS:
        for start, end in _windows(hits, letters):
            yield from _READABLE.findall(data[start:end].decode(charset, "replace"))
    for hit in _GB18030.finditer(data.translate(_CHINESE)):
        # A stray byte in front may pair with the first one: read from the first and from the second.
        for start in (hit.start(), hit.start() + 1):
            yield from _READABLE.findall(data[start : hit.end() + _AROUND].decode("gb18030", "replace"))


def _windows(hits: re.Pattern[bytes], classes: bytes) -> Iterator[tuple[int, int]]:
    """Yield the surroundings of the hits, those that touch as one."""
    start, end = 0, -1
    for hit in hits.finditer(classes):
        before = hit.start() - min(_AROUND, hit.start() & ~1)
        if end >= 0 and before <= end and (before - start) % 2 == 0:
            end = hit.end() + _AROUND
            continue
        if end >= 0:
            yield start, end
        start, end = before, hit.end() + _AROUND
    if end >= 0:
        yield start, end
