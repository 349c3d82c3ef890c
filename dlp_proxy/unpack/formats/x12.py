"""Messages in ANSI X12 (ASC X12.5 and X12.6: orders, invoices, claims), whatever they set apart with.

Each transaction (ST to SE) is a unit. Segments of who and where are written as people would, for a street, its town and
its postcode stand in segments of their own; all other elements are written behind their segment's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final, NamedTuple

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.interchange import Interchange

NAME: Final = "x12"

_BEGIN: Final = re.compile(rb"\s{0,16}ISA([^A-Za-z0-9\s])00\1")
_ELEMENTS: Final = 16
"""Of the first segment; its last is the sign between parts of an element, and the next sign ends segments."""
_OFTEN: Final = 4096
"""Segments after which the time is looked at."""
_MOST: Final = 100
"""Elements of a segment that are told apart; a standard one has thirty at most."""
_TAG: Final = re.compile("[A-Z][A-Z0-9]{1,2}")
_CODE: Final = 3
"""Characters of a code at most."""
_CHANNELS: Final = {"TE": "phone", "CP": "phone", "HP": "phone", "WP": "phone", "FX": "fax", "EM": "email"}


class _Line(NamedTuple):
    name: str
    value: str


def accepts(content: Content) -> bool:
    return _BEGIN.match(content.data) is not None and content.text is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap]:
    written = Interchange("transaction")
    for number, segment in enumerate(_segments((content.text or "").lstrip())):
        if number % _OFTEN == 0:
            budget.hurry()
        if segment[0] == "ST":
            written.begin()
        for name, value in _lines(segment):
            written.add(name, value)
        if written.values > budget.limits.values:
            yield Gap("too-large", content.location, "X12 with more values than are laid out")
            raise Mismatch
        if segment[0] == "SE":
            written.end()
    if written.values:
        yield written.part(content.location)


def _segments(text: str) -> Iterator[list[str]]:
    """Yield the elements of each segment, a street's with those of the town behind it."""
    mark = text[3]
    last = text.split(mark, _ELEMENTS)[-1]
    end = last[1:2] or "~"
    street: list[str] = []
    for written in re.finditer(f"[^{re.escape(end)}]+", text):
        segment = written[0].strip().split(mark, _MOST)
        if segment[0] == "N3" and not street:
            street = segment[1:]
            continue
        if street:
            town = segment if segment[0] == "N4" else ["N4"]
            yield ["N4", *street, *town[1:2], " ".join(town[2:4]), *town[4:5]]
            yield [segment[0], *town[5:]]
            street = []
            if segment[0] == "N4":
                continue
        if segment[0]:
            yield segment
    if street:
        yield ["N4", *street]


def _lines(segment: list[str]) -> Iterator[_Line]:
    kind, elements = segment[0], segment[1:]
    if not _TAG.fullmatch(kind):
        yield _Line("text", kind)
    if kind == "N4":
        yield _Line("address", ", ".join(element for element in elements if element.strip()))
    elif kind in {"N1", "PER"}:
        yield _Line("name", "".join(elements[1:2]))
        for channel, value in zip_longest(elements[2::2], elements[3::2], fillvalue=""):
            yield _Line(_CHANNELS.get(channel, kind), value)
            yield from _no_code(kind, channel)
        yield from _no_code(kind, *elements[:1])
    elif kind == "NM1":
        yield _Line("name", " ".join(part for part in (*elements[3:5], *elements[2:3]) if part.strip()))
        yield from (_Line(kind, element) for element in elements[5:])
        yield from _no_code(kind, *elements[:2])
    else:
        yield from (_Line(kind, element) for element in elements)


def _no_code(kind: str, *elements: str) -> Iterator[_Line]:
    """Yield what stands where only short codes belong, and is none."""
    yield from (_Line(kind, element) for element in elements if len(element) > _CODE)
