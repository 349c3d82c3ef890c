"""A table laid out where it stands: every character keeps its place, so that findings have the offsets of the text."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import CELL, Part, Unit
from dlp_proxy.unpack import table

_BREAKS: Final = str.maketrans("\t\r\n", "   ")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_LONGEST: Final = 1 << 20
"""Longer texts are files, and files are unpacked."""


def in_place(text: str, location: Location) -> Part:
    """Return `text` as a part; with rows and columns when it is a table below a header.

    The part's text is as long as `text`: delimiters become `CELL`, quotes around a cell and line ends in one become
    spaces.
    """
    if len(text) > _LONGEST or not table.may_be(text):
        return Part(location, text)
    mark = table.delimiter(text, said=True)
    if not mark or _is_prose(text, mark) or not _has_header(text, mark):
        return Part(location, text)
    rendered = _rendered(text, mark)
    units: list[Unit] = []
    columns: tuple[str, ...] = ()
    at = 0
    for number, line in enumerate(_LINE.findall(rendered), 1):
        if number == 1:
            columns = tuple(cell.strip() for cell in line.split(CELL))
        elif line.strip():
            units.append(Unit(at, at + len(line), "row", f"row {number}"))
        at += len(line)
    return Part(location, rendered, tuple(units), (), columns)


def _is_prose(text: str, mark: str) -> bool:
    """Tell whether each line has one comma, and a space behind it: lines of an address or a letter."""
    return mark == "," and all(line.count(", ") == line.count(",") == 1 for line in text.splitlines() if line.strip())


def _has_header(text: str, mark: str) -> bool:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            rows.append(row)
            if len(rows) >= table.LOOK:
                break
    except csv.Error:
        return False
    return table.has_header(rows) and len(rows[1]) == len(rows[0])


def _rendered(text: str, mark: str) -> str:
    tokens = re.compile(rf'(?<![^{re.escape(mark)}\r\n])"(?:[^"]|"")*+"(?![^{re.escape(mark)}\r\n])|{re.escape(mark)}')
    pieces: list[str] = []
    at = 0
    for found in tokens.finditer(text):
        pieces.append(text[at : found.start()].replace(CELL, " "))
        cell = found[0]
        pieces.append(CELL if cell == mark else f" {cell[1:-1].translate(_BREAKS)} ")
        at = found.end()
    pieces.append(text[at:].replace(CELL, " "))
    return "".join(pieces)
