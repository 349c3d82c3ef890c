"""Readable runs in binary data, in the charsets that people here write in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from dlp_proxy.unpack.noise import PRINTABLE, Places, Runs, Sights, sights

_BLOCK: Final = 4 * 1024 * 1024
_OVERLAP: Final = 4096
_AROUND: Final = 64  # bytes to either side of a hit that are decoded with it; even, so UTF-16 stays in step

_LONG: Final = 8  # printable characters that count by themselves
_BESIDE: Final = 64  # bytes to either side of such a run in which shorter ones are read too
_CHINESE: Final = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
_COMMON: Final = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe]){3}")
_UTF_16: Final = re.compile(rb"\0[ -~\t]\0[ -~\t]\0[ -~\t]\0[ -~\t]\0[ -~\t](?:\0[ -~\t])*+")
"""Five characters at least: with one more before or behind them they are six, in one order of bytes or the other."""
_UTF_32: Final = re.compile(rb"(?:\0\0\0[ -~\t]){5}\0\0\0(?:[ -~\t]\0\0\0)*+")
_WIDE_AT_LEAST: Final = 12  # bytes of six characters in UTF-16
_THREE: Final = 6  # bytes of three characters in GB 18030
_CLOSELY: Final = 16
"""Bytes from the beginning of a run that are looked at by arithmetic, for all runs at a time; few are longer."""
_LOOK_FIRST: Final = 256
"""In a longer run, which may be of NULs and nothing else, it is looked whether characters stand in it at all."""
_READABLE: Final = re.compile("[ -~\t\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{6,}")


def readable(data: bytes) -> list[str]:
    """Return every run of six or more readable characters; one that reads in two charsets is there twice."""
    return [line for lines in readable_lines(data) for line in lines.split("\n")]


def readable_lines(data: bytes) -> Iterator[str]:
    """Yield what `readable` returns, many runs at a time, a line each.

    Noise is full of short ones. So plain ones of six and seven count beside one of eight or more, and Chinese ones in
    two bytes where common characters are among them. Long data is read in blocks that overlap, so that what is made of
    them takes no memory beside it.
    """
    for start in range(0, max(1, len(data) - _OVERLAP), _BLOCK):
        yield from filter(None, _shown(data, sights(data, start, min(start + _BLOCK + _OVERLAP, len(data)))))


def _shown(data: bytes, seen: Sights) -> Iterator[str]:
    yield b"\n".join([data[start:end] for start, end in _plain(seen.plain)]).decode("ascii")
    wide, wider = _wide(data, seen.wide)
    hits = {
        "utf-8": _triples(data, seen.triple),
        "utf-16-le": ((start, end) for start, end in _little(data, wide) if end - start >= _WIDE_AT_LEAST),
        "utf-32-le": _four_bytes(data, wider),
        "utf-16-be": ((start, end) for start, end in wide if end - start >= _WIDE_AT_LEAST),
    }
    for charset, spans in hits.items():
        for start, end in _windows(spans):
            yield "\n".join(_READABLE.findall(data[start:end].decode(charset, "replace")))
    # A stray byte in front may pair with the first one: read from the first and from the second. A line's end is in no
    # pair, so what stands on both sides of one reads as it does alone.
    double = [data[start : end + _AROUND] for first, end in _pairs(data, seen.double) for start in (first, first + 1)]
    yield "\n".join(_READABLE.findall(b"\n".join(double).decode("gb18030", "replace")))


def _plain(runs: Runs) -> list[tuple[int, int]]:
    """Return long runs of printable characters, and short ones beside them."""
    starts, ends = runs.starts, runs.ends
    long = np.flatnonzero(ends - starts >= _LONG)
    if not len(long):
        return []
    # For each run the number of the first long one from it on: that one or the one before is the nearest.
    following = np.searchsorted(long, np.arange(len(starts)))
    behind = starts[long[np.minimum(following, len(long) - 1)]] - ends
    before = starts - ends[long[np.maximum(following - 1, 0)]]
    return runs.where(((following < len(long)) & (behind <= _BESIDE)) | ((following > 0) & (before <= _BESIDE))).spans()


def _triples(data: bytes, runs: Runs) -> Iterator[tuple[int, int]]:
    """Yield the places of two Chinese characters of three bytes side by side, none of them twice."""
    begun, lengths = _beginnings(data, runs)
    leads = begun - np.uint8(0xE4) < 6
    hopeful = (lengths > _CLOSELY) | (leads[:, :-3] & leads[:, 3:]).any(axis=1)
    for start, end in runs.where(hopeful).spans():
        yield from (hit.span() for hit in _CHINESE.finditer(data, start, end))


def _pairs(data: bytes, runs: Runs) -> Iterator[tuple[int, int]]:
    """Yield the runs of pairs in which common characters stand: those are 99.7 % of what people write.

    Noise seldom shows three of GB 2312's 3755 side by side.
    """
    begun, lengths = _beginnings(data, runs)
    common = begun - np.uint8(0xB0) < 0xD8 - 0xB0
    three = common[:, :-4] & common[:, 2:-2] & common[:, 4:]
    inside = np.arange(three.shape[1]) <= lengths[:, None] - _THREE
    longer = lengths > _CLOSELY
    hopeful = (three & inside).any(axis=1) | longer
    for (start, end), unsure in zip(runs.where(hopeful).spans(), longer[hopeful].tolist(), strict=True):
        if not unsure or _COMMON.search(data, start, end):
            yield start, end


def _beginnings(data: bytes, runs: Runs) -> tuple[npt.NDArray[np.uint8], Places]:
    """Return the bytes that each run begins with, a row each, and the lengths of the runs.

    One without so many bytes behind its beginning counts as longer than a row.
    """
    lengths = runs.ends - runs.starts
    last = len(data) - _CLOSELY
    if last < 0:
        return np.zeros((len(lengths), _CLOSELY), np.uint8), np.full_like(lengths, _CLOSELY + 1)
    rows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(data, np.uint8), _CLOSELY)
    return rows[np.minimum(runs.starts, last)], np.where(runs.starts > last, _CLOSELY + 1, lengths)


def _wide(data: bytes, runs: Runs) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return where plain characters stand two bytes each, and four bytes each."""
    two: list[tuple[int, int]] = []
    four: list[tuple[int, int]] = []
    for start, end in runs.where(runs.ends - runs.starts >= _WIDE_AT_LEAST).spans():
        if data.find(b"\0", start, end) >= 0 and (end - start < _LOOK_FIRST or _alternate(data[start:end])):
            two += [hit.span() for hit in _UTF_16.finditer(data, start, end)]
            four += [hit.span() for hit in _UTF_32.finditer(data, start, end)]
    return two, four


def _alternate(run: bytes) -> bool:
    """Tell whether a NUL stands before another character, three times in step, in UTF-16 or in UTF-32."""
    nul = np.frombuffer(run, np.uint8) == 0
    pairs = nul[:-1] & ~nul[1:]
    return bool((pairs[:-4] & pairs[2:-2] & pairs[4:]).any() or (pairs[:-8] & pairs[4:-4] & pairs[8:]).any())


def _little(data: bytes, wide: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the runs as they are when each NUL stands behind its character instead of before it."""
    for start, end in wide:
        first = start - 1 if _is_plain_before(data, start) else start + 1
        yield first, end + 1 if data[end : end + 1] == b"\0" else end - 1


def _four_bytes(data: bytes, wider: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in wider:
        if _is_plain_before(data, start):
            yield start - 1, end
        elif end - start >= 27:
            yield start + 3, end


def _is_plain_before(data: bytes, place: int) -> bool:
    return place > 0 and data[place - 1] in PRINTABLE


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
