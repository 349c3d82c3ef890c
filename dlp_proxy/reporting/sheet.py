"""Tables for spreadsheets in which no cell is a formula (owasp.org/www-community/attacks/CSV_Injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from dlp_proxy.model.harmless import harmless

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for the machine's own code page."""


def cell(value: str | int) -> str:
    """Return a cell as text: what could begin a formula stands behind an apostrophe, control characters are shown."""
    if isinstance(value, int):
        return str(value)
    guarded = f"'{value}" if value.lstrip(" \u3000").startswith(_BEGINS_A_FORMULA) else value
    return harmless(guarded)


def sheet(heads: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a CSV file by RFC 4180, every cell quoted."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([cell(value) for value in row] for row in rows)
    return (_BOM + written.getvalue()).encode("utf-8", "replace")
