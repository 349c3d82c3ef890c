"""Bytes as decimal numbers ([49, 51, 56]) or as groups of eight bits (00110001 00110011)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.run import Run
from dlp_proxy.encodings.starting import starting

NAME: Final = "byte array"

_DIGIT: Final = r"(?:4[89]|5[0-7])"
GATE: Final = rf"{_DIGIT}(?:[,\s]\s{{0,12}}{_DIGIT}){{6}}|0011[01]{{4}}(?:[ ,]?0011[01]{{4}}){{6}}"
"""In every run that is read: seven digits in a row."""

_NUMBERS: Final = re.compile(
    r"(?<![0-9.])[0-9]{1,3}(?:(?:\s?,\s{0,12}|\s{1,2})[0-9]{1,3}){8,}+(?![0-9.]|[,\s]\s?[0-9])"
)
_NUMBER: Final = re.compile(r"[0-9]+")
_BITS: Final = re.compile(r"(?<![0-9])[01]{8}(?:[ ,]?[01]{8}){8,}+")
_BIT: Final = re.compile(r"[01]")
_LARGEST: Final = 255


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable runs that begin between `start` and `end`, ascending."""
    for found in starting(_NUMBERS, text, start, end):
        numbers = list(_NUMBER.finditer(text, *found.span()))
        values = [int(one[0]) for one in numbers]
        if max(values) <= _LARGEST:
            yield from _run(bytes(values), 8, numbers)
    for found in starting(_BITS, text, start, end):
        bits = list(_BIT.finditer(text, *found.span()))
        size = len(bits) // 8
        yield from _run(int("".join([bit[0] for bit in bits]), 2).to_bytes(size), 1, bits)


def _run(data: bytes, bits: int, signs: list[re.Match[str]]) -> Iterator[Run]:
    starts, ends = [one.start() for one in signs], [one.end() for one in signs]
    run = Run(starts[0], ends[-1], data, bits, starts, ends)
    if run.reading is not None:
        yield run
