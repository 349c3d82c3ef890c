"""Bytes as decimal numbers ([49, 51, 56]) or as groups of eight bits (00110001 00110011)."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import starting

NAME: Final = "byte array"

_DIGIT: Final = r"(?:4[89]|5[0-7])"
GATE: Final = rf"{_DIGIT}(?:[,\s]\s{{0,12}}{_DIGIT}){{6}}|0011[01]{{4}}(?:[ ,]?0011[01]{{4}}){{6}}"
"""In every run that is read: seven digits in a row."""

_NUMBERS: Final = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:(?:\s?,\s{0,12}|\s{1,2})[0-9]{1,3}){8,}+")
_GOES_ON: Final = re.compile(r"[0-9.]|[,\s]\s?[0-9]")
"""Behind numbers that are no bytes. Asked when they were matched: such a row would else be read from each of them."""
_NUMBER: Final = re.compile(r"[0-9]+")
_BITS: Final = re.compile(r"(?<![0-9])[01]{8}(?:[ ,]?[01]{8}){8,}+")
_BIT: Final = re.compile(r"[01]")
_BETWEEN_BITS: Final = str.maketrans("", "", " ,")
_LARGEST: Final = 255


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable runs that begin between `start` and `end`, ascending."""
    for found in starting(_NUMBERS, text, start, end):
        data = None if _GOES_ON.match(text, found.end()) else _numbers(found)
        if data is not None:
            yield from _run(found, data, 8, _NUMBER)
    for found in starting(_BITS, text, start, end):
        bits = found[0].translate(_BETWEEN_BITS)
        yield from _run(found, int(bits, 2).to_bytes(len(bits) // 8), 1, _BIT)


def _numbers(found: re.Match[str]) -> bytes | None:
    """Return the numbers as bytes, None when one of them is none."""
    data = bytearray()
    for one in _NUMBER.finditer(found.string, *found.span()):
        value = int(one[0])
        if value > _LARGEST:
            return None
        data.append(value)
    return bytes(data)


def _run(found: re.Match[str], data: bytes, bits: int, sign: re.Pattern[str]) -> Iterator[Run]:
    starts, ends = array("q"), array("q")
    run = Run(*found.span(), data, bits, starts, ends)
    if run.reading is not None:  # most are nothing, and places of millions of signs take long to note
        for one in sign.finditer(found.string, *found.span()):
            starts.append(one.start())
            ends.append(one.end())
        yield run
