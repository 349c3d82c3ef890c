"""The text of a Word 97 to 2003 document (MS-DOC 2.4.1): pieces of the main stream, put in order by a table."""

from __future__ import annotations

import struct
from typing import Final

_ENCRYPTED, _FIRST_TABLE = 0x0100, 0x0200
_PIECES: Final = 0x01A2
_CONTROLS: Final = str.maketrans({
    "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x13": " ", "\x14": " ", "\x15": " ", "\x1e": "-",
    "\x1f": None,     "\x01": None, "\x02": None, "\x03": None, "\x04": None, "\x05": None, "\x08": None,
})  # fmt: skip
_MOST: Final = 100_000


def is_locked(stream: bytes) -> bool:
    return bool(int.from_bytes(stream[10:12], "little") & _ENCRYPTED)


def table_name(stream: bytes) -> str:
    """Return the name of the stream that holds the table of pieces."""
    return "1Table" if int.from_bytes(stream[10:12], "little") & _FIRST_TABLE else "0Table"


def text(stream: bytes, table: bytes) -> tuple[str, bytes]:
    """Return everything written in the document (body, notes, headers, comments, boxes), and the bytes that are not it.

    The text is empty when there is no table of pieces.
    """
    if len(stream) < _PIECES + 8:
        return "", stream
    start, size = struct.unpack_from("<2L", stream, _PIECES)
    ranges: list[tuple[int, int]] = []
    found = "".join(_pieces(stream, table[start : start + size], ranges))
    left, at = [], 0
    for begin, end in sorted(ranges):
        left.append(stream[at:begin])
        at = max(at, end)
    # A row of a table ends with one more of the marks that end its cells.
    return found.replace("\x07\x07", "\n").translate(_CONTROLS), b"\0\0\0".join([*left, stream[at:]])


def _pieces(stream: bytes, clx: bytes, ranges: list[tuple[int, int]]) -> list[str]:
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + int.from_bytes(clx[at + 1 : at + 3], "little")
    if at + 5 > len(clx) or clx[at] != 2:
        return []
    size = int.from_bytes(clx[at + 1 : at + 5], "little")
    table = clx[at + 5 : at + 5 + size]
    count = min((len(table) - 4) // 12, _MOST)
    if count < 1:
        return []
    places = struct.unpack_from(f"<{count + 1}L", table)
    pieces: list[str] = []
    left = len(stream)  # pieces may lie over each other; all of them together are no more than the stream
    for number in range(count):
        place = int.from_bytes(table[4 * (count + 1) + 8 * number + 2 :][:4], "little")
        letters = max(0, places[number + 1] - places[number])
        narrow = bool(place & 0x40000000)
        place &= 0x3FFFFFFF
        letters = min(letters, left)
        left -= letters
        size = letters if narrow else 2 * letters
        ranges.append((place // 2 if narrow else place, (place // 2 if narrow else place) + size))
        if narrow:
            pieces.append(stream[place // 2 : place // 2 + letters].decode("cp1252", "replace"))
        else:
            pieces.append(stream[place : place + 2 * letters].decode("utf-16-le", "replace"))
    return pieces
