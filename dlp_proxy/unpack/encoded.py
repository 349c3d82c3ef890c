"""Long encoded stretches of a part as contents of their own: a table in Base64 has its rows, an archive its files."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, compress, repeat
from typing import Final

from dlp_proxy.encodings import base64, character_dump, hexdump, octal_dump, readable
from dlp_proxy.encodings.hexadecimal import places_of
from dlp_proxy.encodings.registry import ENCODINGS, Encoding
from dlp_proxy.encodings.run import MAGIC, PICTURES, Run
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import coding
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.surroundings import surroundings

_LEAST: Final = 200
"""Decoded bytes. Shorter stretches are values, not tables: detectors read them where they stand."""

_OFTEN: Final = 64
"""Runs after which the time is asked for."""

_SHORTEST: Final = 267
"""Characters of the shortest stretch: Base64 is the densest encoding."""

_PACKED: Final = re.compile(
    rf"(?<![0-9A-Fa-f])(?:{'|'.join(magic.hex() for magic in MAGIC if len(magic) > 2)}|78(?:01|5e|9c|da))"
    r"(?:\r?\n?[0-9a-fA-F]{2}){200,}+(?![0-9A-Fa-f])",
    re.IGNORECASE,
)
"""An archive or a packed text in hexadecimal digits, of which no byte need be readable."""

_NUMBERS: Final = re.compile(
    r"(?<![0-9A-Fa-fx.])(?:0x[0-9A-Fa-f]{2}(?:(?:,\s{0,8}|\s{1,8})0x[0-9A-Fa-f]{2}){20,}+"
    r"|[0-9]{1,3}(?:(?:,\s{0,8}|\s{1,8})[0-9]{1,3}){20,}+)"
)
"""The bytes of a file as programs in C and others have them: what is packed has no readable one."""

_NUMBER: Final = re.compile(r"[0-9A-Fa-fx]+")
_DUMPS: Final = frozenset({character_dump.NAME, hexdump.NAME, octal_dump.NAME})
_FIRST_BYTES: Final = frozenset({0x78, *(magic[0] for magic in MAGIC)})

_STEP: Final = 200
# Each of them has such a window at every multiple of `_STEP` in it; prose, JSON and programs seldom do. No encoding has
# twenty signs that are no digits between two bytes: what only sets code in is none. Nor are lists of words, and numbers
# of four digits and more in cells of their own. Nor is what has no figure: maps of programs are full of AAAA,CAAC.
_SIGNS: Final = re.compile(
    r"(?![A-Z]?(?:[a-z]|\r?\n[A-Z]?){32})[A-Za-z0-9+/_\r\n=-]{40}"
    r"|(?=[^0-9]{0,23}[0-9])(?!(?s:.{0,22})(?:\t[0-9]{4,20}[\t\r\n]|\n[0-9]{4,20}\t))"
    r"[0-9A-Fa-fxX\\ ,:;|\t\r\n]{24}"
    r"|[01][0-7]{5} [01][0-7]{5}"
)
_MARGIN: Final = 1024
"""Characters to either side of such a window that are looked at with it; more than a step: none begins before."""
_DUMP: Final = re.compile(rf"000[0-9A-Fa-f]{{1,5}}0:? {{1,2}}(?:[0-9A-Fa-f]{{2,4}} ){{4}}|(?m:^){character_dump.GATE}")


def opened(part: Part, budget: Budget) -> tuple[Part, list[Content]]:
    """Return the part with its long encoded stretches marked, and what they hold.

    Raises:
        Exhausted: they hold more than may be unpacked.
    """
    text = part.text
    stretches = _stretches(text) if len(text) >= _SHORTEST else []
    if not stretches:
        return part, []
    found: list[tuple[Run, str]] = []
    for run in _packed(text, stretches, budget):  # first: pieces of a document may be readable by themselves
        _take(found, run, base64.NAME)
    for run, name in _files(text, stretches):
        _take(found, run, name)
    for encoding in ENCODINGS:
        budget.hurry()
        for number, run in enumerate(_runs(encoding, text, stretches)):
            if number % _OFTEN == 0:
                budget.hurry()
            if len(run.data) >= _LEAST:
                _take(found, run, encoding.NAME)
    if not found:
        return part, []
    for run, _ in found:
        meter = budget.meter(run.end - run.start)
        room = meter.room
        meter.charge(min(len(run.data), room))
        if len(run.data) > room:
            raise meter.overrun()
    contents = [Content(run.data, part.location / name) for run, name in found]
    marked = tuple((run.start, run.end) for run, _ in found)
    return Part(part.location, text, part.units, part.fields, part.columns, marked), contents


def _packed(text: str, stretches: Sequence[tuple[int, int]], budget: Budget) -> Iterator[Run]:
    """Yield the runs of Base64 that hold what is packed, or a document."""
    for run in chain.from_iterable(base64.opened(text, *stretch) for stretch in stretches):
        if budget.eyes.sight is None and budget.limits.decoders and run.data.startswith(PICTURES):
            continue  # pages are full of them, and nobody could look
        yield run
    yield from base64.long_runs(text, _begins)


def _begins(data: bytes) -> bool:
    return coding.begins(data) or (coding.begins_message(data) and not readable.begins(data))


def _files(text: str, stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[Run, str]]:
    """Yield what is packed and written in digits, of which no byte need be readable."""
    for start, end in stretches:
        for packed in _PACKED.finditer(text, start, end):
            yield _hexadecimal(packed), "hex"
        for run in filter(None, map(_file, _NUMBERS.finditer(text, start, end))):
            yield run, "byte array"


def _hexadecimal(found: re.Match[str]) -> Run:
    places = places_of(found.string, *found.span())
    data = bytes.fromhex("".join(found[0].split()))
    return Run(found.start(), found.end(), data, 4, places, range(found.start() + 1, found.end() + 1))


def _file(found: re.Match[str]) -> Run | None:
    """Return numbers as the file that they are the bytes of; None where they are none that is known."""
    base = 16 if found[0].startswith("0x") else 10
    first = _NUMBER.match(found[0])
    if first is None or int(first[0], base) not in _FIRST_BYTES:
        return None
    pieces = list(_NUMBER.finditer(found.string, *found.span()))
    values = [int(piece[0], base) for piece in pieces]
    data = bytes(values) if max(values) < 256 else b""
    if len(data) < _LEAST or not (data.startswith(MAGIC) or base64.is_packed(data)):
        return None
    return Run(*found.span(), data, 8, [piece.start() for piece in pieces], [piece.end() for piece in pieces])


def _take(found: list[tuple[Run, str]], run: Run, name: str) -> None:
    """Keep a run that overlaps none; `found` is sorted, for there may be tens of thousands."""
    at = bisect_left(found, run.start, key=_start)
    if (at == len(found) or run.end <= found[at][0].start) and (not at or found[at - 1][0].end <= run.start):
        found.insert(at, (run, name))


def _start(one: tuple[Run, str]) -> int:
    return one[0].start


def _runs(encoding: Encoding, text: str, stretches: Sequence[tuple[int, int]]) -> Iterator[Run]:
    if encoding.NAME in _DUMPS:  # read from the beginning of a line on, which may be that of the text
        stretches = [(stretches[0][0], stretches[-1][1])]
    for start, end in stretches:
        yield from encoding.runs(text, start, end)


def _stretches(text: str) -> list[tuple[int, int]]:
    """Return where there may be a long stretch, ascending, by a look at a few windows.

    Looking at all of a text for each encoding takes a second of a slow processor for a megabyte.
    """
    if _DUMP.search(text) is not None:
        return [(0, len(text))]
    look = _SIGNS.match
    places = range(0, len(text), _STEP)
    noticed = ((place, place) for place in compress(places, map(look, repeat(text), places)))
    return list(surroundings(noticed, _MARGIN, len(text)))
