"""Chinese in UTF-8 within binary data, with what stands beside it: values of one record side by side, in their order.

Runs of each charset by themselves (`strings.py`) tear a record apart: its numbers are ASCII, its names are not, and
nobody is told whose they are.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from dlp_proxy.unpack.surroundings import surroundings

_SURE: Final = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}[\xe4-\xe9][\x80-\xbf]{2}(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
"""Four Chinese characters: noise has them once in two hundred billion bytes, other charsets hardly ever."""
_RUN: Final = re.compile(
    rb"(?:[\t\r\n\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe2-\xe9\xef][\x80-\xbf]{2}){4,}+|(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}+"
)
_AROUND: Final = 2048
"""Bytes to either side in which values are taken for those beside it."""
_FILES: Final = 32
"""Texts that are read each by itself; the rest are read together."""
_LINES: Final = 4
_TEXT: Final = 500
"""Bytes of so many lines that are a file by themselves: a table, a document."""


class Texts(NamedTuple):
    """What was found.

    Attributes:
        values: short runs in their order, a line each.
        files: whole texts.
        rest: the data with NUL where these were.
    """

    values: str
    files: list[bytes]
    rest: bytes


def texts(data: bytes) -> Texts | None:
    """Return the texts; None where there is no Chinese in UTF-8."""
    spans = list(surroundings((found.span() for found in _SURE.finditer(data)), _AROUND, len(data)))
    if not spans:
        return None
    values: list[bytes] = []
    files: list[bytes] = []
    rest = bytearray(data)
    for start, end in spans:
        for found in _RUN.finditer(data, start, end):
            run = found[0]
            if len(run) >= _TEXT and run.count(b"\n") >= _LINES:
                files.append(run)
            elif stripped := run.strip():
                values.append(stripped)
            rest[found.start() : found.end()] = bytes(len(run))
    files[_FILES:] = [b"\n\n".join(files[_FILES:])] if len(files) > _FILES else []
    return Texts(b"\n".join(values).decode(errors="replace"), files, bytes(rest))
