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
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "socialcalc"

_BEGIN: Final = re.compile(r"(?:version:1\.[0-9]\s+)?cell:[A-Z]{1,2}[0-9]{1,5}:")
_CELL: Final = re.compile(r"(?m)^cell:([A-Z]{1,2})([0-9]{1,5}):(?:[tv]:([^:\r\n]*)|vt[^:\r\n]*:[^:\r\n]*:([^:\r\n]*))")
_SIGNS: Final = (("\\c", ":"), ("\\n", " "), ("\\b", "\\"))


def accepts(content: Content) -> bool:
    return b"cell:" in content.data[:64] and content.text is not None and _BEGIN.match(content.text) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    rows: dict[int, dict[int, str]] = {}
    for count, cell in enumerate(_CELL.finditer(text)):
        if count >= budget.limits.values:
            yield Gap("too-large", content.location, "a sheet with more cells than are laid out; read as plain text")
            raise Mismatch
        value = cell[3] or cell[4] or ""
        for written, sign in _SIGNS:
            value = value.replace(written, sign)
        rows.setdefault(int(cell[2]), {})[_column(cell[1])] = value
    if not rows or sum(max(held) + 1 for held in rows.values()) > budget.limits.values:
        raise Mismatch
    some = ((row, [held.get(place, "") for place in range(max(held) + 1)]) for row, held in sorted(rows.items()))
    yield from Sheet(some).parts(content.location)
    rest = "\n".join(line for line in text.splitlines() if line and not line.startswith("cell:"))
    if rest:
        yield content.inside(rest.encode(), "beside the cells")


def _column(letters: str) -> int:
    """Return the place of a column from 0: A, B, ... Z, AA."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
