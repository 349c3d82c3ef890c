"""The old container of Office (MS-CFB): streams in storages, by olefile."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.libraries import library

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SLACK: Final = 1024 * 1024
"""Bytes that a stream may seem to be longer than the file it is in: a file may be cut."""

type Path = tuple[str, ...]


class Broken(Exception):  # noqa: N818 - an answer, not an error
    """It cannot be opened."""


def streams(data: bytes, budget: Budget) -> Iterator[tuple[Path, bytes]]:
    """Yield every stream with its path.

    Raises:
        Broken: there is no directory to be found.
        Exhausted: there are too many, or they hold more than the file has.
    """
    olefile = library("olefile")
    meter: Meter = budget.meter(len(data))
    try:
        opened = olefile.OleFileIO(io.BytesIO(data))
        paths = opened.listdir(streams=True, storages=False)
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Broken from error
    with opened:
        for path in paths:
            budget.spend_member()
            try:
                # A chain of sectors may run in a circle: it ends at the size that the directory says.
                if opened.get_size(path) > len(data) + _SLACK:
                    raise meter.overrun()
                stream = opened.openstream(path).read()
            except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError):
                stream = b""
            # Streams may lie over each other, each as long as the file.
            room = meter.room
            meter.charge(min(len(stream), room))
            if len(stream) > room:
                raise meter.overrun()
            yield tuple(path), stream
