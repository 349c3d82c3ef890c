"""Texts as the numbers of their characters, in a call that makes one of them (ECMA-262, `String.fromCharCode`)."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import starting

NAME: Final = "character codes"

GATE: Final = r"from(?:CharCode|CodePoint)\("
"""In front of every run that is read."""

_CALL: Final = re.compile(
    r"from(?P<name>CharCode|CodePoint)\((?:\.{3}\[|null,\s?\[)?\s{0,4}"
    r"(?P<codes>(?:0x[0-9A-Fa-f]{1,6}|[0-9]{1,7})(?:\s{0,4},\s{0,4}(?:0x[0-9A-Fa-f]{1,6}|[0-9]{1,7}))*+)"
)
_CODE: Final = re.compile(r"0x[0-9A-Fa-f]+|[0-9]+")
_LEAST: Final = 7


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable runs that begin between `start` and `end`, ascending."""
    for call in starting(_CALL, text, start, end):
        run = _run(call)
        if run is not None and run.reading is not None:
            yield run


def _run(call: re.Match[str]) -> Run | None:
    """Return the characters in UTF-8; each of their bytes is written by the same number."""
    data, starts, ends = bytearray(), array("Q"), array("Q")
    high = 0
    for one in _CODE.finditer(call.string, *call.span("codes")):
        code = int(one[0], 16 if one[0][:2] == "0x" else 10)
        code &= 0xFFFF if call["name"] == "CharCode" else 0x1FFFFF  # the call itself takes units of 16 bits
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        if code > 0x10FFFF:
            return None
        if 0xD800 <= code < 0xE000:
            continue  # half of a pair says nothing
        written = chr(code).encode()
        data += written
        starts.extend([one.start()] * len(written))
        ends.extend([one.end()] * len(written))
    return Run(*call.span("codes"), bytes(data), 8, starts, ends) if len(data) >= _LEAST else None
