"""SQLite databases and their write-ahead logs: every table, and what is left of deleted rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import sql_names, sqlite_pages
from dlp_proxy.unpack.budget import Budget, Exhausted, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.rows import table
from dlp_proxy.unpack.sqlite_pages import Pages, Value

NAME: Final = "sqlite"

_SLACK: Final = 8
_RUN: Final = re.compile(r"[^\x00-\x1f\x7f\ufffd]{6,}")
"""Values of a deleted row stand side by side, so that a run is a row more often than not."""


def accepts(content: Content) -> bool:
    return content.data.startswith(sqlite_pages.MAGIC) or content.data[:4] in sqlite_pages.WAL_MAGIC


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    pages = sqlite_pages.database(content.data)
    meter = budget.meter(len(content.data))
    if pages is None:
        logged = sqlite_pages.log(content.data)
        if logged is None:
            raise Mismatch
        yield from _loose(content, logged, "log", meter)
        return
    schema = [values for _, values in pages.rows(1)]
    reached: Exhausted | None = None
    for values in schema:
        try:
            yield from _entry(content, pages, values, meter)
        except Exhausted as limit:
            if limit.whole:
                raise
            reached = limit
    if reached:
        raise reached
    yield from _loose(content, pages, "unused pages", meter)
    if len(rest := content.data[sqlite_pages.end_of(content.data) :]) >= _SLACK:
        yield content.inside(rest, "after the database")
    if pages.broken:
        yield Gap("malformed", content.location, "a database with broken pages; what could be read was read")


def _entry(content: Content, pages: Pages, values: list[Value], meter: Meter) -> Iterator[Part | Content]:
    """Yield the rows of what one row of the schema names: type, name, table, root page, SQL."""
    kind, name, _, root, sql = (*values, None, None, None, None, None)[:5]
    if not isinstance(root, int) or root < 2:
        return
    if kind != "table":
        pages.mark(root)
        return
    meter.budget.spend_member()
    made, key = sql_names.columns(sql if isinstance(sql, str) else "")
    stored = [column for column in made if column.is_stored]
    number = next((place for place, column in enumerate(stored) if column.is_row_number), -1)
    if isinstance(sql, str) and "WITHOUT" in sql.upper() and any(column.name in key for column in stored):
        stored.sort(key=lambda column: key.index(column.name) if column.name in key else len(key))
        number = -1
    where = content.inside(content.data, f'table "{step(str(name))}"')
    yield from table(where, [column.name for column in stored], _rows(pages, root, number), meter)


def _rows(pages: Pages, root: int, number: int) -> Iterator[list[Value]]:
    for row, values in pages.rows(root):
        if 0 <= number < len(values) and values[number] is None:
            values[number] = row
        yield values


def _loose(content: Content, pages: Pages, word: str, meter: Meter) -> Iterator[Part | Content]:
    """Yield rows of pages that belong to no table, then readable strings of all that is no row."""
    rows: list[list[Value]] = []
    strings: list[bytes] = []
    broken = pages.broken
    for number, page in sorted(pages.pages.items()):
        if number in pages.seen:
            strings.append(pages.unused(number, page))
            continue
        found = [values for _, values in pages.cells(number, page)]
        rows += found
        strings.append(pages.unused(number, page) if found else page.strip(b"\0"))
    pages.broken = broken
    yield from table(content.inside(content.data, word), [], rows, meter)
    runs = _RUN.findall("\0".join([piece.decode(pages.encoding, "replace") for piece in strings]))
    if runs:
        yield Part(content.location / f"{word}, readable strings", "\n".join(runs))
