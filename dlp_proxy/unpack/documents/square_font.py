"""A TrueType font whose every character is the same square (OpenType 1.9), for text that is read and not looked at.

A reader of PDFs asks a font how large a letter is, to tell which letters stand beside each other. Where a document does
not hold its font, that must not depend on what is installed: what no font of the system draws has no size, and letters
that were set one by one are lost.
"""

from __future__ import annotations

import struct
from typing import Final

_EM: Final = 1000
_ASCENT, _DESCENT = 880, -120
_LEFT, _RIGHT = 20, 980
_CHARACTERS: Final = (0x20, 0x10FFFF)
_ALL: Final = 0xFFFFFFFF  # of Unicode's ranges and of the code pages
_MONDAY: Final = 3_000_000_000  # made at some time in 1999


def square_font() -> bytes:
    """Return the font file, half a kilobyte."""
    glyph = _glyph()
    tables = {
        b"OS/2": _os2(),
        b"cmap": _cmap(),
        b"glyf": glyph,
        b"head": struct.pack(
            ">4L2H2Q4h2H3h",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5),
            *(0, _EM, _MONDAY, _MONDAY),
            *(_LEFT, _DESCENT, _RIGHT, _ASCENT),
            *(0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(
            ">L3hH11hH", 0x10000, _ASCENT, _DESCENT, 0, _EM, _LEFT, _EM - _RIGHT, _RIGHT, 1, 0, 0, 0, 0, 0, 0, 0, 1
        ),
        b"hmtx": struct.pack(">H2h", _EM, _LEFT, _LEFT),
        b"loca": struct.pack(">3H", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">L14H", 0x10000, 2, 4, 1, 0, 0, 1, *[0] * 8),
        b"name": struct.pack(">3H", 0, 0, 6),
        b"post": struct.pack(">2L2h5L", 0x30000, *[0] * 8),
    }
    head = struct.pack(">L4H", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128)
    at, body = len(head) + 16 * len(tables), b""
    for name, table in sorted(tables.items()):
        head += struct.pack(">4s3L", name, 0, at + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return head + body


def _glyph() -> bytes:
    """Return four points on the curve, each given by how far it is from the one before."""
    box = struct.pack(">5h", 1, _LEFT, _DESCENT, _RIGHT, _ASCENT)
    across, up = _RIGHT - _LEFT, _ASCENT - _DESCENT
    points = struct.pack(">2H4B8h", 3, 0, 1, 1, 1, 1, _LEFT, 0, across, 0, _DESCENT, up, 0, -up)
    return box + points


def _cmap() -> bytes:
    """Return a map of format 13: many characters to one glyph."""
    group = struct.pack(">3L", *_CHARACTERS, 1)
    table = struct.pack(">2H3L", 13, 0, 16 + len(group), 0, 1) + group
    return struct.pack(">4HL", 0, 1, 3, 10, 12) + table


def _os2() -> bytes:
    return struct.pack(
        ">Hh3H11h10s4L4s3H3h2H2L2h3H",
        *(4, _EM, 400, 5, 0),
        *[0] * 11,
        bytes(10),
        *[_ALL] * 4,
        b"    ",
        *(0x40, 0x20, 0xFFFF, _ASCENT, _DESCENT, 0, _ASCENT, -_DESCENT),
        *[_ALL] * 2,
        *(500, 700, 0, 0x20, 1),
    )
