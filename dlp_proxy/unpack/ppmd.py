"""PPMd version I in zip archives (APPNOTE 5.10). Its streams do not say where they end: the archive does."""

from __future__ import annotations

from typing import Final

import pyppmd

from dlp_proxy.unpack.budget import Meter
from dlp_proxy.unpack.inflate import PIECE, Inflated

_HEAD: Final = 2
_FEWEST: Final = 2
"""The least order there is."""
_MOST_MEMORY: Final = 128
"""MiB that one stream may ask for."""
_RESTART: Final = 1


def unpacked(stream: bytes, end: int, size: int, meter: Meter) -> Inflated | None:
    """Return what a stream of this size holds, None when it asks for what it is not given."""
    said = int.from_bytes(stream[:_HEAD], "little")
    order, memory, restore = (said & 15) + 1, (said >> 4 & 255) + 1, said >> 12
    if order < _FEWEST or memory > _MOST_MEMORY or restore > _RESTART:
        return None
    decoder = pyppmd.Ppmd8Decoder(order, memory << 20, restore)
    pieces: list[bytes] = []
    given, left = stream[_HEAD:], size
    while left:
        if not meter.room:
            return Inflated(b"".join(pieces), end, exhausted=meter.overrun())
        try:
            piece = decoder.decode(given, min(left, PIECE, meter.room))
        except ValueError:
            return Inflated(b"".join(pieces), end, "is broken")
        if not piece:
            return Inflated(b"".join(pieces), end, "ends too early")
        meter.charge(len(piece))
        pieces.append(piece)
        given, left = b"", left - len(piece)
    return Inflated(b"".join(pieces), end)
