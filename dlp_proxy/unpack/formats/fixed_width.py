"""Tables whose columns begin at the same place on every line: print files, reports, listings, records of one length."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Final

from dlp_proxy.encodings import character_dump
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import touching
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import within_text
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.lines import count_of_lines, lines_of
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "fixed_width"

_LOOK: Final = 100
"""Lines that are looked at before deciding."""
_FEWEST_LINES: Final = 8
_WIDEST: Final = 400
_GUTTER: Final = 2
"""Blank columns side by side that part two cells: one alone may be a space in a text."""
_FEWEST_GUTTERS: Final = 2
_DIFFERENT: Final = 3
"""Digits on average that cells of one column have more than those of another. Labels side by side are all alike."""
_SECOND: Final = "\0"
"""Stands behind a character that is two columns wide."""
_SIGNS: Final = ("{", "}", ";", "},", "});", "*/")
_IS_SIGN: Final = bytes(sign != ord(" ") for sign in range(256))


def accepts(content: Content) -> bool:
    text = content.text
    if text is None:
        return False
    return (text.count("  ", 0, 4096) >= _FEWEST_LINES and text.count("\n", 0, 8192) > 2) or touching.may(text)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    if character_dump.begins_in(text):
        raise Mismatch
    first = list(islice(lines_of(text, budget), 2 * _LOOK))
    if _is_source(first):
        raise Mismatch
    some = [_wide(line) for line in _first(first)]
    gutters = [(place, place) for place in touching.cuts(some)]
    if gutters:
        gutters = sorted({*gutters, *_blanks(some)})
    else:
        gutters = _gutters(some)
        if len(gutters) < _FEWEST_GUTTERS:
            raise Mismatch
    if count_of_lines(text, budget) > budget.limits.values:
        yield Gap("too-large", content.location, "a table with more lines than are laid out; read as plain text")
        raise Mismatch
    numbered = enumerate(lines_of(text, budget), 1)
    rows = ((number, _cells(_wide(line), gutters)) for number, line in numbered if line.strip())
    yield from Sheet(rows).parts(content.location)
    yield from within_text(content)


def _is_source(first: Sequence[str]) -> bool:
    """Tell whether a text is a program, by its braces at the ends of lines: packages hold thousands."""
    return 4 * sum(line.endswith(_SIGNS) for line in first) > len(first)


def _first(some: Sequence[str]) -> list[str]:
    """Return the first lines with something in them but rules."""
    return [line for line in some if line.strip(" -=_+*\t")][:_LOOK]


def _wide(line: str) -> str:
    if line.isascii():
        return line
    return "".join([sign + _SECOND if unicodedata.east_asian_width(sign) in "WF" else sign for sign in line])


def _gutters(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the blank columns that part the cells of a table, nothing where there is none."""
    if len(lines) < _FEWEST_LINES or max(map(len, lines)) > _WIDEST or any("\t" in line for line in lines):
        return []
    runs = _blanks(lines)
    width = max(map(len, lines))
    return runs if runs and _is_table([line.ljust(width) for line in lines], runs) else []


def _blanks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the columns that are blank on all lines but one in thirty, where two and more are side by side."""
    width = max(map(len, lines))
    allowed = len(lines) // 30
    blank = [filled <= allowed for filled in filled(lines, width)]
    runs: list[tuple[int, int]] = []
    for is_blank, places in groupby(range(width), key=blank.__getitem__):
        some = list(places)
        if is_blank and len(some) >= _GUTTER and some[0] > 0 and some[-1] < width - 1:
            runs.append((some[0], some[-1] + 1))
    return runs


def filled(lines: Sequence[str], width: int) -> bytes:
    """Return how many of at most `_LOOK` lines have something in each column.

    All columns are counted by one addition a line: every source file with its indents comes by here, and a column at a
    time took a fifth of what a package of many files takes.
    """
    signs = (line.encode("ascii", "replace").translate(_IS_SIGN) for line in lines)
    return sum(int.from_bytes(one, "little") for one in signs).to_bytes(width, "little")


def _is_table(lines: Sequence[str], gutters: Sequence[tuple[int, int]]) -> bool:
    """Tell whether most lines have most cells, and the columns are of different kinds."""
    rows = [_cells(line, gutters) for line in lines]
    full = sum(2 * sum(map(bool, row)) > len(row) for row in rows)
    digits = [sum(sign.isdecimal() for row in rows for sign in row[place]) for place in range(len(rows[0]))]
    return full * 5 >= len(rows) * 4 and max(digits) - min(digits) >= _DIFFERENT * len(rows)


def _cells(line: str, gutters: Sequence[tuple[int, int]]) -> list[str]:
    """Return the cells of a line; where something stands across a gutter, both are one."""
    cells: list[str] = []
    at = behind = 0
    for start, end in gutters:
        behind += 1
        if line[start:end].strip(" "):
            continue
        cells += [_plain(line[at:end]), *[""] * (behind - 1)]
        at, behind = end, 0
    return [*cells, _plain(line[at:]), *[""] * behind]


def _plain(cell: str) -> str:
    return cell.replace(_SECOND, "").strip()
