"""Sheets of SocialCalc and EtherCalc: a line for each cell.

Source: Software Garden, *SocialCalc save format* (`socialcalc-3.js`, `ParseSheetSave`).
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
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "socialcalc"

_BEGIN: Final = re.compile(r"(?:version:1\.[0-9]\s+)?cell:[A-Z]{1,2}[0-9]{1,5}:")
_CELL: Final = re.compile(
    r"(?m)^cell:([A-Z]{1,2})([0-9]{1,5}):(?:[tv]:([^:\r\n]*)|vt[^:\r\n]{0,8}:[^:\r\n]{0,4}:([^:\r\n]*))"
    r"(?P<more>(?::[^\r\n]*)?)(?:[\r\n]++|\Z)"
)
_SETTINGS: Final = re.compile(r"(?::[a-z]{1,7}(?::[0-9]{0,4}){1,4})*")
"""How a cell is shown, by the numbers of its font, its colours, its borders."""
_SIGNS: Final = (("\\c", ":"), ("\\n", " "), ("\\b", "\\"))


def accepts(content: Content) -> bool:
    return b"cell:" in content.data[:64] and content.text is not None and _BEGIN.match(content.text) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    rows: dict[int, dict[int, str]] = {}
    beside: list[str] = []
    for count, cell in enumerate(_CELL.finditer(text)):
        if count >= budget.limits.values:
            yield Gap("too-large", content.location, "a sheet with more cells than are laid out; read as plain text")
            raise Mismatch
        value = cell[3] or cell[4] or ""
        for written, sign in _SIGNS:
            value = value.replace(written, sign)
        held, column = rows.setdefault(int(cell[2]), {}), _column(cell[1])
        beside += [held[column]] if column in held else []
        beside += [] if _SETTINGS.fullmatch(cell["more"]) else [cell["more"].replace("\\c", ":")]
        held[column] = value
    if not rows:
        raise Mismatch
    padding = Padding()
    yield from Sheet((row, _line(held, padding)) for row, held in sorted(rows.items())).parts(content.location)
    if rest := _CELL.sub("", text).strip():
        beside.append(rest)
    if beside:
        yield content.inside("\n".join(beside).encode(), "beside the cells")


def _line(held: dict[int, str], padding: Padding) -> list[str]:
    line: list[str] = []
    for place, value in sorted(held.items()):
        padding.fill(line, place)
        line.append(value)
    return line


def _column(letters: str) -> int:
    """Return the place of a column from 0: A, B, ... Z, AA."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
