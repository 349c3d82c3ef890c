"""The texts of a PowerPoint 97 to 2003 presentation (MS-PPT 2.3.1): atoms in containers, slides, notes and comments."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

_CONTAINER: Final = 0xF
_WIDE, _NARROW, _STRING, _LOCKED = 4000, 4008, 4026, 0x2F14


def texts(stream: bytes) -> Iterator[str]:
    """Yield every text, in the order of the file; what older saves left behind, too."""
    for kind, start, end in _atoms(stream):
        if kind in {_WIDE, _STRING}:
            text = stream[start:end].decode("utf-16-le", "replace")
        elif kind == _NARROW:
            text = stream[start:end].decode("latin-1")
        else:
            continue
        if text := text.replace("\r", "\n").replace("\x0b", "\n").strip("\0\n "):
            yield text


def is_locked(stream: bytes) -> bool:
    return any(kind == _LOCKED for kind, _, _ in _atoms(stream))


def _atoms(stream: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at + 8 <= len(stream):
        version, kind, size = struct.unpack_from("<2HL", stream, at)
        at += 8
        yield kind, at, min(at + size, len(stream))
        if version & 0xF != _CONTAINER:
            at += size
