"""SYLK (.slk), in which Multiplan, Excel and LibreOffice exchange sheets: a cell each line.

Source: Microsoft, *SYLK (Symbolic Link) File Format* (Multiplan), records ID, C, F and E.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.documents.cells import Padding
from dlp_proxy.unpack.lines import lines_of
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "sylk"

_FIRST: Final = re.compile(r"ID;P\w*")
_FIELD: Final = re.compile(r";((?:[^;]++|;;)*+)")
_PLACE: Final = re.compile(r"[0-9]{1,9}")
_LONGEST: Final = 10
"""Characters of a field that sets how a cell is shown; a longer one says something."""
_COLUMNS_AT_MOST: Final = 16_384


def accepts(content: Content) -> bool:
    return content.text is not None and _FIRST.match(content.text) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    try:
        cells, beside = _cells(content.text or "", budget)
    except OverflowError:
        yield Gap("too-large", content.location, "a sheet with more cells than are laid out; read as plain text")
        raise Mismatch from None
    if not cells:
        raise Mismatch
    rows: dict[int, dict[int, str]] = {}
    for (row, column), value in cells.items():
        rows.setdefault(row, {})[column] = value
    padding = Padding()
    sheet = Sheet((row, _row(found, padding)) for row, found in sorted(rows.items()))
    yield from sheet.parts(content.location)
    if beside:
        yield content.inside("\n".join(beside).encode(errors="replace"), "beside the cells")


def _row(found: dict[int, str], padding: Padding) -> list[str]:
    row: list[str] = []
    for column, cell in sorted(found.items()):
        padding.fill(row, column - 1)
        row.append(cell)
    return row


def _cells(text: str, budget: Budget) -> tuple[dict[tuple[int, int], str], list[str]]:
    """Return the values by row and column, and what stands beside: formulas, comments, names, lines of no cell.

    Raises:
        OverflowError: there are more than are laid out.
        Exhausted: the time for unpacking is gone.
    """
    cells: dict[tuple[int, int], str] = {}
    beside: list[str] = []
    row = column = 1
    for line in lines_of(text, budget):
        if len(cells) + len(beside) + line.count(";") > budget.limits.values:
            raise OverflowError
        kind = line.partition(";")[0]
        if kind not in {"C", "F", "NN"}:
            beside.append(line)
            continue
        value = None
        for found in _FIELD.finditer(line, len(kind)):
            name, said = found[1][:1], found[1][1:]
            if name == "X" and _PLACE.fullmatch(said):
                column = min(int(said), _COLUMNS_AT_MOST)
            elif name in {"Y", "R"} and _PLACE.fullmatch(said) and kind != "NN":
                row = int(said) if name == "Y" else row
            elif name == "K" and kind == "C":
                value = _said(said)
            elif name in {"A", "E", "N"} or len(said) > _LONGEST:
                beside.append(_said(said))
        if value is not None:
            if (row, column) in cells:
                beside.append(cells[row, column])
            cells[row, column] = value
    return cells, beside


def _said(said: str) -> str:
    said = said.replace(";;", ";").replace("\x1b :", "\n")
    return said[1:-1].replace('""', '"') if len(said) > 1 and said[0] == said[-1] == '"' else said
