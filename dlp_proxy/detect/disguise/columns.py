"""Mobile numbers of China cut over two or three columns of a table, in any order, apart, and without the zeros that a
sheet drops in front: 1380013 | SO-0042 | 8000, 8000 | 1380013, 138 | 13 | 8000.

What stands side by side and whole is read by `cells.py`. Here the company tells, as in `alike.py`: in sixteen rows and
more one column begins a mobile, and what another has goes on with it to one of an assigned segment in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Final, NamedTuple

from dlp_proxy.detect.disguise.alike import FEWEST, are_mobiles
from dlp_proxy.detect.disguise.patch import Patch, Stretch, each

NAME: Final = "pieces in columns"

_DIGITS: Final = 11
_DELIMITERS: Final = ("\t",)
"""Cells of every table stand so in the text of a part; other signs would have all code looked at."""
_CUT: Final = r"\t"
GATE: Final = (
    rf"(?<![0-9.])1[3-9][0-9]{{5}}(?:{_CUT}|\n)"
    rf"|(?<![0-9.])1[3-9][0-9]{_CUT}[^\n]{{0,40}}[0-9]{{8}}(?![0-9])|{_CUT}[0-9]{{4}}{_CUT}1[3-9][0-9](?:{_CUT}|\n)"
    rf"|(?<![0-9])[0-9]{{8}}{_CUT}(?:[^\n]{{0,40}}{_CUT})?1[3-9][0-9](?:{_CUT}|\n)"
    rf"|(?<![0-9.])1[3-9][0-9]{_CUT}[0-9]{{2,4}}{_CUT}[0-9]{{4}}(?![0-9.])"
)
_FIGURE: Final = re.compile(r"\s*([0-9]{1,8})\s*")
_HEAD: Final = re.compile(r"1[3-9][0-9]{1,5}")
_MOST_CELLS: Final = 40
_MOST_FIGURES: Final = 8
_STRANGE_SHARE: Final = 16
_WIDTHS: Final = {3: ((8,), (4, 4)), 4: ((7,),), 5: ((6,),), 6: ((5,),), 7: ((4,),)}
"""How many digits of a number the columns behind the first have, by the digits in that."""


class _Cell(NamedTuple):
    start: int
    text: str


def may(text: str) -> bool:
    return "\t" in text and text.count("\n") >= FEWEST - 1


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    tables: dict[tuple[str, int], list[list[_Cell]]] = {}
    done = 0
    for start, end in stretches:
        at = max(done, text.rfind("\n", 0, start) + 1)
        while at < end:
            stop = text.find("\n", at)
            stop = stop if stop >= 0 else len(text)
            line = text[at:stop]
            delimiter = next((mark for mark in _DELIMITERS if mark in line), "")
            if delimiter and (cells := line.split(delimiter)) and len(cells) <= _MOST_CELLS:
                tables.setdefault((delimiter, len(cells)), []).append(_placed(at, cells))
            at = stop + 1
        done = at
    found = [patch for rows in tables.values() if len(rows) >= FEWEST for patch in _of_table(rows)]
    found.sort(key=lambda patch: patch.start)
    return found


def _placed(at: int, cells: Sequence[str]) -> list[_Cell]:
    placed = []
    for cell in cells:
        placed.append(_Cell(at, cell))
        at += len(cell) + 1
    return placed


def _of_table(rows: Sequence[Sequence[_Cell]]) -> Iterator[Patch]:
    columns = _figures(rows)
    for head, cells in columns.items():
        width = max(map(len, cells.values()))
        if width not in _WIDTHS or not all(len(cell) == width and _HEAD.match(cell) for cell in cells.values()):
            continue
        others = [number for number in columns if number != head]
        for widths in _WIDTHS[width]:
            for tails in permutations(others, len(widths)):
                numbers = _joined(cells, [columns[tail] for tail in tails], widths)
                if numbers and are_mobiles(list(numbers.values()), FEWEST):
                    for row, number in numbers.items():
                        cell = rows[row][head]
                        places = [(cell.start, cell.start + len(cell.text))] * _DIGITS
                        yield Patch(*places[0], number, each(places), whole=True, sure=True)
                    return


def _figures(rows: Sequence[Sequence[_Cell]]) -> dict[int, dict[int, str]]:
    """Return the columns that hold nothing but short figures, each with its cells by row; a header may stand above."""
    columns: dict[int, dict[int, str]] = {}
    for number in range(len(rows[0])):
        cells = {row: match[1] for row, cell in enumerate(rows) if (match := _FIGURE.fullmatch(cell[number].text))}
        if len(cells) >= FEWEST and (len(rows) - len(cells) - 1) * _STRANGE_SHARE <= len(rows):
            columns[number] = cells
    return columns if len(columns) <= _MOST_FIGURES else {}


def _joined(head: dict[int, str], tails: Sequence[dict[int, str]], widths: Sequence[int]) -> dict[int, str]:
    """Return the numbers by row when the cells of `tails` are no wider than `widths`, with the zeros they lack."""
    if any(max(map(len, tail.values())) != width for tail, width in zip(tails, widths, strict=True)):
        return {}
    return {
        row: begin + "".join([tail[row].zfill(width) for tail, width in zip(tails, widths, strict=True)])
        for row, begin in head.items()
        if all(row in tail for tail in tails)
    }
