"""Rows of a worksheet, or shared strings, written the plain way that programs write them, taken out of its XML at once.

Nearly all of a large sheet is such rows. What is not (attributes in another order, entities, formulas, comments) stays
in the XML and is read by a parser: nothing is passed over, and this is only faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

type Cell = tuple[str, str, str, str, str]
"""Column's letters, style, type, stored value, text in place."""

_CELL: Final = (
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,5})")?(?: t="(s|n|b|str|inlineStr)")?'
    r"(?:/>|><v>([^<&]*+)</v></c>|><is><t(?: xml:space=\"preserve\")?>([^<&]*+)</t></is></c>)"
)
_CELLS: Final = re.compile(_CELL)
_ROW: Final = re.compile(
    r'<row r="(\d{1,7})"[ A-Za-z0-9:.="]*+>((?:' + re.sub(r"\((?!\?)", "(?:", _CELL) + r")++)</row>"
)
_END: Final = b"</row>"
_PIECE: Final = 1 << 20
_STRING: Final = re.compile(r'(?:<si><t(?: xml:space="preserve")?>[^<&]*+</t></si>)++')
_TEXT: Final = re.compile(r"<t[^>]*>([^<]*)</t>")


def take_rows(data: bytes, rest: bytearray) -> Iterator[list[tuple[int, list[Cell]]]]:
    """Yield the plain rows, some thousands at a time, and put the document without them into `rest`.

    What is no UTF-8 stays there as well.
    """
    at = 0
    while at < len(data):
        end = data.rfind(_END, at, at + _PIECE) + len(_END)
        if end < len(_END):
            end = data.find(_END, at) + len(_END)
        if end < len(_END):
            end = len(data)
        piece = data[at:end]
        at = end
        try:
            text = piece.decode()
        except UnicodeDecodeError:
            rest += piece
            continue
        rows: list[tuple[int, list[Cell]]] = []
        rest += _ROW.sub(lambda row, rows=rows: _take(row, rows), text).encode()  # type: ignore[misc]
        yield rows


def _take(row: re.Match[str], rows: list[tuple[int, list[Cell]]]) -> str:
    rows.append((int(row[1]), _CELLS.findall(row[2])))
    return ""


def take_strings(data: bytes) -> tuple[list[str], bytes]:
    """Return the shared strings that stand before the first that is not plain, and the document without them."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [], data
    found = _STRING.search(text)
    if not found or "<si" in text[: found.start()]:
        return [], data
    return _TEXT.findall(found[0]), (text[: found.start()] + text[found.end() :]).encode()
