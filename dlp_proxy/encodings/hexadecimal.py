r"""Bytes as pairs of hexadecimal digits (RFC 4648 section 8): bare, with signs between them, as 0x31 or \x31."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Final

from dlp_proxy.encodings import readable
from dlp_proxy.encodings.run import Run

NAME: Final = "hex"

_BETWEEN: Final = r"(?:[ ,:;\t-]|[,\t] )?(?:0x|\\x)?"
"""A tab is the comma of an array that was read as a table."""

_CHINESE: Final = r"(?:[Ee][4-9][89ABab][0-9A-Fa-f][89ABab][0-9A-Fa-f])"
_LETTER: Final = r"(?:[67][0-9A-Fa-f]|3[0-9]|2[DEde]|5[Ff])"
GATE: Final = (
    rf"3[0-9](?:{_BETWEEN}3[0-9]){{6}}|{_CHINESE}{{3}}|{_LETTER}{{3}}40{_LETTER}{{3}}|(?:[2-7][0-9A-Fa-f]){{12}}"
)
"""In every run that is read: seven digits in a row, three Chinese characters, an at sign between
letters, or a dozen bytes of ASCII."""

_GATE: Final = re.compile(GATE)
_PAIR: Final = r"[0-9A-Fa-f]{2}"
_WRAP: Final = r"(?:(?<=[0-9A-Fa-f]{32})\r?\n)?"
# Lines of od, and of arrays in C.
_BREAK: Final = (
    r"(?:(?<=(?:[0-9A-Fa-f]{2} ){7}[0-9A-Fa-f]{2}) ?\r?\n[ \t]{0,8}"
    r"|(?<=0x[0-9A-Fa-f]{2})[,\t] ?\r?\n[ \t]{0,8}0x)"
)
# An odd digit ends a run, and what is so short is none. A long one stands up to there: refused, it would be read again
# from each of its bytes.
_ENDS: Final = r"(?:(?![0-9A-Fa-f])|(?<=[0-9A-Fa-fx\\ ,:;-]{64}))"
_BARE: Final = re.compile(rf"(?<![0-9A-Fa-f]){_PAIR}(?:{_WRAP}{_PAIR}){{6,}}+(?![0-9A-Fa-f])")
_RUN: Final = re.compile(rf"(?<![0-9A-Fa-f])(?:0x|\\x)?{_PAIR}(?:(?:{_BREAK}|{_BETWEEN}{_WRAP}){_PAIR})*+{_ENDS}")
_STARTS: Final = re.compile(r"(?<![0-9A-Fa-f])(?=[0-9A-Fa-f\\])")
"""Where a run may begin: asked first, for a pattern asked at every character of a table of numbers takes seconds."""
_DIGIT: Final = re.compile(r"(?<!0(?=x))[0-9A-Fa-f](?!x)")
_IS_DIGIT: Final = bytes(code in b"0123456789ABCDEFabcdef" for code in range(256))
_LEAST: Final = 7


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the readable runs that begin between `start` and `end`, ascending."""
    at = start
    while (hit := _GATE.search(text, at, end)) is not None:
        low = _line(text, max(start, at), hit.start())
        # Digits without a sign between them are a run by themselves, whatever stands behind a space.
        found = _around(_BARE, text, low, hit) or _around(_RUN, text, low, hit)
        if found is None or found.start() > hit.start():
            at = hit.start() + 2
            continue
        yield from _readable(places_of(text, *found.span()), text)
        at = max(found.end(), hit.end())


def _around(pattern: re.Pattern[str], text: str, low: int, hit: re.Match[str]) -> re.Match[str] | None:
    """Return the match that begins from `low` on and goes on over the beginning of `hit`."""
    at = low
    for start in _STARTS.finditer(text, low, hit.start() + 1):
        found = pattern.match(text, start.start()) if start.start() >= at else None
        if found is not None:
            if found.end() > hit.start():
                return found
            at = found.end()
    return None


def places_of(text: str, start: int, end: int) -> Sequence[int]:
    r"""Return where the hexadecimal digits between `start` and `end` stand; 0x and \x are none."""
    digits = text[start:end].encode("ascii", "replace")
    if b"x" not in digits:  # a long one of lines takes seconds by the pattern
        return array("I", compress(range(start, end), digits.translate(_IS_DIGIT)))
    return array("I", (found.start() for found in _DIGIT.finditer(text, start, end)))


def _line(text: str, start: int, at: int) -> int:
    """Return where to begin looking for the run around `at`: not in the midst of one."""
    low = at
    while low > start and text[low - 1] in "0123456789ABCDEFabcdef ,:;-x\\\t\r\n":
        low -= 1
    return low


def _readable(places: Sequence[int], text: str) -> Iterator[Run]:
    yield from readable_runs(bytes.fromhex("".join([text[place] for place in places[: len(places) // 2 * 2]])), places)


def readable_runs(data: bytes, places: Sequence[int]) -> Iterator[Run]:
    """Yield the run of two digits a byte at `places`, whole or what is readable of it."""
    ends = array("I", (place + 1 for place in places))
    if len(data) < _LEAST:
        return
    run = Run(places[0], ends[-1], data, 4, places, ends)
    if run.reading is not None:
        yield run
        return
    for first, last in readable.stretches(data):
        yield run.part(first, last)
