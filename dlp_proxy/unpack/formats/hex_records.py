"""Bytes in lines for programmers of chips: Intel HEX and Motorola S-records.

Sources: Intel, *Hexadecimal Object File Format Specification*, 1988; Motorola, *S-Record Format*, M68000 Family
Programmer's Reference Manual, appendix C.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch

NAME: Final = "hex_records"

_INTEL: Final = re.compile(rb":(?P<bytes>(?:[0-9A-Fa-f]{2}){5,260})[ \t]*\r?")
_MOTOROLA: Final = re.compile(rb"S(?P<kind>[0-9])(?P<bytes>(?:[0-9A-Fa-f]{2}){4,256})[ \t]*\r?")
_ADDRESS: Final = {b"1": 2, b"2": 3, b"3": 4}
"""Bytes of the address in the records that hold data."""
_FIRST: Final = re.compile(rb"\s{0,16}(?::[0-9A-Fa-f]{10}|S[0-9][0-9A-Fa-f]{8})")


def accepts(content: Content) -> bool:
    if not _FIRST.match(content.data):
        return False
    line = content.data.lstrip().split(b"\n", 1)[0]
    return _record(line) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    held: list[bytes] = []
    beside: list[bytes] = []
    broken = 0
    for number, line in enumerate(content.data.split(b"\n")):
        if number % 4096 == 0:
            budget.hurry()
        data = _record(line)
        if data is not None:
            held.append(data)
        elif line.strip():
            broken += line.lstrip()[:1] in {b":", b"S"}
            beside.append(line)
    if len(held) <= len(beside):
        raise Mismatch
    if broken:
        yield Gap("malformed", content.location, f"{broken} records whose bytes do not add up")
    yield content.inside(b"".join(held), "bytes")
    if beside:
        yield content.inside(b"\n".join(beside), "beside the records")


def _record(line: bytes) -> bytes | None:
    """Return the data of a record, none of one of another kind; None where it is no record, by length or sum."""
    if found := _INTEL.fullmatch(line):
        raw = bytes.fromhex(found["bytes"].decode())
        if raw[0] != len(raw) - 5 or sum(raw) & 255:
            return None
        return raw[4:-1] if raw[3] == 0 else b""
    if found := _MOTOROLA.fullmatch(line):
        raw = bytes.fromhex(found["bytes"].decode())
        if raw[0] != len(raw) - 1 or sum(raw) & 255 != 255:
            return None
        wide = _ADDRESS.get(found["kind"])
        return raw[1 + wide : -1] if wide else b""
    return None
