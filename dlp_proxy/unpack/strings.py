"""Readable runs in binary data, in the charsets that people here write in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from dlp_proxy.unpack.noise import PRINTABLE, Places, sights

_BLOCK: Final = 4 * 1024 * 1024
_OVERLAP: Final = 4096
_AROUND: Final = 64  # bytes to either side of a hit that are decoded with it; even, so UTF-16 stays in step

_LETTERS: Final = bytes(ord("p") if one in PRINTABLE else ord(".") if one else ord("z") for one in range(256))
"""A letter for each byte: printable, NUL, any other. Searching for letters is faster than for sets of bytes."""

_LONG: Final = 8  # printable characters that count by themselves
_BESIDE: Final = 64  # bytes to either side of such a run in which shorter ones are read too
_UTF_16: Final = re.compile(rb"\x00[ -~\t]\x00[ -~\t]\x00[ -~\t]\x00[ -~\t]\x00[ -~\t](?:\x00[ -~\t])*+")
"""Five characters at least: with one more before or behind them they are six, in one order of bytes or the other."""
_UTF_32: Final = re.compile(b"zzzpzzzpzzzpzzzpzzzpzzz(?:pzzz)*+")
_P: Final = ord("p")
_TWO_CHARACTERS: Final = 6  # bytes of two Chinese ones in UTF-8, and of three in GB 18030
_READABLE: Final = re.compile("[ -~\t\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{6,}")


def readable(data: bytes) -> Iterator[str]:
    """Yield every run of six or more readable characters; one that reads in two charsets comes twice.

    Noise is full of short ones. So plain ones of six and seven count beside one of eight or more, and Chinese ones in
    two bytes where common characters are among them. Long data is read in blocks that overlap, so that tables of
    letters take no memory beside it.
    """
    for start in range(0, max(1, len(data) - _OVERLAP), _BLOCK):
        yield from _in_block(data[start : start + _BLOCK + _OVERLAP])


def _in_block(data: bytes) -> Iterator[str]:
    seen = sights(data)
    for start, end in _plain(seen.plain):
        yield data[start:end].decode("ascii")
    letters = data.translate(_LETTERS) if seen.wide or seen.wider else b""
    wide = [hit.span() for hit in _UTF_16.finditer(data)] if seen.wide else []
    hits = {
        "utf-8": _apart(seen.triple),
        "utf-16-le": ((start, end) for start, end in _little(letters, wide) if end - start >= 12),
        "utf-32-le": _four_bytes(letters) if seen.wider else iter(()),
        "utf-16-be": ((start, end) for start, end in wide if end - start >= 12),
    }
    for charset, spans in hits.items():
        for start, end in _windows(spans):
            yield from _READABLE.findall(data[start:end].decode(charset, "replace"))
    for first, end in _chinese(seen.double, seen.common):
        # A stray byte in front may pair with the first one: read from the first and from the second.
        for start in (first, first + 1):
            yield from _READABLE.findall(data[start : end + _AROUND].decode("gb18030", "replace"))


def _plain(runs: Places) -> Iterable[tuple[int, int]]:
    """Return long runs of printable characters, and short ones beside them."""
    starts, ends = runs[::2], runs[1::2]
    long = np.flatnonzero(ends - starts >= _LONG)
    if not len(long):
        return ()
    # For each run the number of the first long one from it on: that one or the one before is the nearest.
    following = np.searchsorted(long, np.arange(len(starts)))
    behind = starts[long[np.minimum(following, len(long) - 1)]] - ends
    before = starts - ends[long[np.maximum(following - 1, 0)]]
    counts = ((following < len(long)) & (behind <= _BESIDE)) | ((following > 0) & (before <= _BESIDE))
    return zip(starts[counts].tolist(), ends[counts].tolist(), strict=True)


def _apart(places: Places) -> Iterator[tuple[int, int]]:
    """Yield two characters at each place, none of them twice."""
    end = 0
    for place in places.tolist():
        if place >= end:
            end = place + _TWO_CHARACTERS
            yield place, end


def _chinese(runs: Places, common: Places) -> Iterable[tuple[int, int]]:
    """Return the runs of pairs in which common characters stand: those are 99.7 % of what people write.

    Noise seldom shows three of GB 2312's 3755 side by side.
    """
    starts, ends = runs[::2], runs[1::2]
    if not len(common):
        return ()
    first = np.searchsorted(common, starts)
    near = common[np.minimum(first, len(common) - 1)]
    counts = (first < len(common)) & (near + _TWO_CHARACTERS <= ends)
    return zip(starts[counts].tolist(), ends[counts].tolist(), strict=True)


def _little(letters: bytes, wide: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the runs as they are when each NUL stands behind its character instead of before it."""
    for start, end in wide:
        before = start > 0 and letters[start - 1] == _P
        yield start - 1 if before else start + 1, end + 1 if letters[end : end + 1] == b"z" else end - 1


def _four_bytes(letters: bytes) -> Iterator[tuple[int, int]]:
    for found in _UTF_32.finditer(letters):
        start, end = found.span()
        if start and letters[start - 1] == _P:
            yield start - 1, end
        elif end - start >= 27:
            yield start + 3, end


def _windows(hits: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the surroundings of the hits, those that touch as one."""
    start, end = 0, -1
    for first, last in hits:
        before = first - min(_AROUND, first & ~3)
        if end >= 0 and before <= end and (before - start) % 4 == 0:
            end = last + _AROUND
            continue
        if end >= 0:
            yield start, end
        start, end = before, last + _AROUND
    if end >= 0:
        yield start, end
