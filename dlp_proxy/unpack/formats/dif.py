"""Data Interchange Format (.dif) of spreadsheets: two lines each cell.

Source: Software Arts, *DIF: A Format for Data Exchange between Applications Programs* (1980), as Excel and LibreOffice
write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "dif"

_FIRST: Final = re.compile(r"TABLE\r?\n0,1\r?\n\"")
_DATA: Final = re.compile(r"(?m)^DATA\r?\n0,0\r?\n([^\n]*)\n")
_CELL: Final = re.compile(r"(-?[0-9]+),([^\n\r]*)\r?\n(\"(?:[^\"]++|\"\"(?!\r?\n))*+\"|[^\n\r]*)\r?(?:\n|\Z)")


def accepts(content: Content) -> bool:
    return content.text is not None and _FIRST.match(content.text) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    begun = _DATA.search(text)
    if begun is None or text.count("\n") > 4 * budget.limits.values:
        raise Mismatch
    ends = [begun.end()]
    sheet = Sheet(enumerate(_rows(text, ends), 1))
    yield from sheet.parts(content.location)
    yield content.inside(f"{text[: begun.start()]}{begun[1]}".encode(errors="replace"), "header")
    if rest := text[ends[-1] :].strip():
        yield content.inside(rest.encode(errors="replace"), "after the cells")


def _rows(text: str, ends: list[int]) -> Iterator[list[str]]:
    """Yield rows from where `ends` says, to which is added where they end."""
    row: list[str] = []
    at = ends[0]
    while found := _CELL.match(text, at):
        at = found.end()
        ends[1:] = [at]
        kind, number, said = found[1], found[2], found[3].strip()
        if kind == "-1":
            if row:
                yield row
            if said == "EOD":
                return
            row = [] if said == "BOT" else [number, said]
        elif kind == "0":
            row.append(number.strip() if said in {"V", ""} else f"{number} {said}".strip())
        else:
            if number.strip() not in {"", "0"}:
                row.append(number.strip())
            row.append(said[1:-1].replace('""', '"') if said[:1] == '"' else said)
    if row:
        yield row
