"""The old container of Office (MS-CFB): streams in storages, by olefile."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.leftover import Leftover
from dlp_proxy.unpack.libraries import library

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SLACK: Final = 1024 * 1024
"""Bytes that a stream may seem to be longer than the file it is in: a file may be cut."""

_FREE: Final = 0xFFFFFFFF
_FAILS: Final = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError)

type Path = tuple[str, ...]


class Broken(Exception):  # noqa: N818 - an answer, not an error
    """It cannot be opened."""


@dataclass(slots=True)
class Beside:
    """What of a container is in no stream.

    Attributes:
        left: its tables and directory, sectors that are free or of no stream, and ends of sectors.
        end: where the last sector ends that is in use.
        broken: streams that cannot be read.
    """

    left: Leftover
    end: int
    broken: int = 0


def streams(data: bytes, budget: Budget, beside: Beside) -> Iterator[tuple[Path, bytes]]:
    """Yield every stream with its path; `beside` is told what is in none.

    Raises:
        Broken: there is no directory to be found.
        Exhausted: there are too many, or they hold more than the file has.
    """
    olefile = library("olefile")
    meter: Meter = budget.meter(len(data))
    try:
        opened = olefile.OleFileIO(io.BytesIO(data))
        paths = opened.listdir(streams=True, storages=False)
    except _FAILS as error:
        raise Broken from error
    with opened:
        used = [place for place, following in enumerate(opened.fat) if following != _FREE]
        holding = list(_chain(opened.fat, opened.root.isectStart))
        beside.end = min(len(data), ((used[-1] if used else 0) + 2) * opened.sectorsize)
        for path in paths:
            budget.spend_member()
            size = 0
            try:
                # A chain of sectors may run in a circle: it ends at the size that the directory says.
                size = opened.get_size(path)
                if size > len(data) + _SLACK:
                    raise meter.overrun()
                stream = opened.openstream(path).read()
                start = opened.direntries[opened._find(path)].isectStart  # noqa: SLF001 - said nowhere else
                _take(opened, start, size, holding, beside.left)
            except _FAILS:
                stream = b""
            beside.broken += len(stream) < size
            # Streams may lie over each other, each as long as the file.
            room = meter.room
            meter.charge(min(len(stream), room))
            if len(stream) > room:
                raise meter.overrun()
            yield tuple(path), stream


def _take(
    opened: Any,  # noqa: ANN401 - the library's type
    start: int,
    size: int,
    holding: Sequence[int],
    left: Leftover,
) -> None:
    """Take the sectors of a stream. Those of small ones lie in the sectors of a stream of their own, `holding`."""
    if size >= opened.minisectorcutoff:
        for place, sector in zip(range(0, size, opened.sectorsize), _chain(opened.fat, start), strict=False):
            at = (sector + 1) * opened.sectorsize
            left.take(at, at + min(opened.sectorsize, size - place))
        return
    for place, small in zip(range(0, size, opened.minisectorsize), _chain(opened.minifat, start), strict=False):
        number, within = divmod(small * opened.minisectorsize, opened.sectorsize)
        if number < len(holding):
            at = (holding[number] + 1) * opened.sectorsize + within
            left.take(at, at + min(opened.minisectorsize, size - place))


def _chain(table: Sequence[int], start: int) -> Iterator[int]:
    """Yield the sectors that follow one another, none of them more often than there are any."""
    for _ in range(len(table)):
        if start >= len(table):
            return
        yield start
        start = table[start]
