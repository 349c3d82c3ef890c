"""Compressed streams within what no reader knows: chunks of HDF5, blocks of squashfs, rows that a program packed."""

from __future__ import annotations

import re
import zlib
from typing import Final

from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.inflate import DECODERS, Codec, inflate

_BEGIN: Final = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08[\x00-\x1f]")
_GZIP: Final = 0x1F
_LEAST: Final = 24
"""Bytes that a stream gives."""
_TRIED: Final = 512
"""Bytes in which a broken stream shows that it is none: its tables of codes stand first."""
_TRIALS: Final = 20_000
_STREAMS: Final = 2_000


def streams(data: bytes, meter: Meter) -> tuple[list[bytes], Exhausted | None]:
    """Return what whole zlib and gzip streams anywhere in the data hold, and what limit was reached."""
    found: list[bytes] = []
    at = 0
    for _ in range(_TRIALS):
        begin = _BEGIN.search(data, at)
        if begin is None or len(found) >= _STREAMS:
            break
        at = begin.start() + 1
        codec: Codec = "gzip" if data[begin.start()] == _GZIP else "zlib"
        if not _goes_on(data[begin.start() : begin.start() + _TRIED], codec):
            continue
        result = inflate(codec, data, begin.start(), meter)
        if result.exhausted:
            return [*found, result.data], result.exhausted
        if not result.problem:
            at = result.end
            if len(result.data) >= _LEAST:
                found.append(result.data)
    return found, None


def _goes_on(begin: bytes, codec: Codec) -> bool:
    """Tell whether this begins a stream, as far as it goes."""
    try:
        DECODERS[codec]().feed(begin, _TRIED)
    except zlib.error:
        return False
    return True
