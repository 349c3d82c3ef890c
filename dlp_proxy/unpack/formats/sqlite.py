"""SQLite databases and their write-ahead logs: every table, and what is left of deleted rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import batched, chain
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import sql_names, sqlite_pages
from dlp_proxy.unpack.budget import Budget, Exhausted, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats import binary
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.rows import table
from dlp_proxy.unpack.sqlite_pages import Pages, Value

NAME: Final = "sqlite"

_SLACK: Final = 8
_TELLING: Final = 10_000_000
"""Smaller numbers name nobody."""
_HASHES: Final = 1 << 23
_BATCH: Final = 4096
_TEXTS: Final = frozenset({str, bytes})
_NUMBERS: Final = frozenset({int, float})
_RUN: Final = re.compile(r"[^\x00-\x1f\x7f\ufffd]{6,}")
"""Values of a deleted row stand side by side, so that a run is a row more often than not."""


type _Entry = tuple[Value, ...]


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
    schema = [(*values, None, None, None, None, None)[:5] for _, values in pages.rows(1)]
    yield from table(content.inside(content.data, "schema"), [], schema, meter)
    reached: Exhausted | None = None
    entries = sorted(schema, key=lambda entry: entry[0] != "table")  # what repeats tables, after them
    told = _Told() if entries and entries[-1][0] != "table" else None
    for entry in entries:
        try:
            yield from _entry(content, pages, entry, told, meter)
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
        yield from binary.strings(content)


class _Told:
    """Which values tables hold, by their hashes: of what is new, one in many is taken for known."""

    def __init__(self) -> None:
        self._known = np.zeros(_HASHES, np.bool_)

    def note(self, rows: Iterable[tuple[int, list[Value]]]) -> Iterator[tuple[int, list[Value]]]:
        """Yield rows of a table, and know their values from now on."""
        for some in batched(rows, _BATCH):
            self._known[self._places(chain.from_iterable(map(_telling, some)))] = True
            yield from some

    def others(self, rows: Iterable[tuple[int, list[Value]]]) -> Iterator[list[Value]]:
        """Yield the rows in which something is that no table holds."""
        for some in batched(rows, _BATCH):
            told = [_telling(row) for row in some]
            if self._known[self._places(chain.from_iterable(told))].all():
                continue
            yield from (values for values in told if not self._known[self._places(values)].all())

    def _places(self, values: Iterable[Value]) -> npt.NDArray[np.int64]:
        hashes = np.fromiter(map(crc32, map(_written, values)), np.int64)
        return hashes % _HASHES


def _written(value: Value) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def _telling(numbered: tuple[int, list[Value]]) -> list[Value]:
    """Return what in a row may be somebody's, also its number."""
    row, values = numbered
    return [
        value for value in (*values, row)
        if value.__class__ in _TEXTS or (value.__class__ in _NUMBERS and abs(value) >= _TELLING)  # type: ignore[arg-type]
    ]  # fmt: skip


def _entry(content: Content, pages: Pages, entry: _Entry, told: _Told | None, meter: Meter) -> Iterator[Part | Content]:
    """Yield the rows of what one row of the schema names: type, name, table, root page, SQL.

    An index repeats what its table holds, so that only what no table holds is read of one. What says that it is one may
    be anything: who may write the schema can name a table so.
    """
    kind, name, _, root, sql = entry
    if not isinstance(root, int) or root < 2:
        return
    if kind != "table":
        rows = pages.rows(root)
        where = content.inside(content.data, f'beside tables, "{step(str(name))}"')
        yield from table(where, [], told.others(rows) if told else map(_telling, rows), meter)
        return
    meter.budget.spend_member()
    made, key = sql_names.columns(sql if isinstance(sql, str) else "")
    stored = [column for column in made if column.is_stored]
    number = next((place for place, column in enumerate(stored) if column.is_row_number), -1)
    if isinstance(sql, str) and "WITHOUT" in sql.upper() and any(column.name in key for column in stored):
        stored.sort(key=lambda column: key.index(column.name) if column.name in key else len(key))
        number = -1
    where = content.inside(content.data, f'table "{step(str(name))}"')
    rows = pages.rows(root) if told is None else told.note(pages.rows(root))
    yield from table(where, [column.name for column in stored], _rows(rows, number), meter)


def _rows(rows: Iterable[tuple[int, list[Value]]], number: int) -> Iterator[list[Value]]:
    """Yield rows with their number in the column that has no value because it is that."""
    for row, values in rows:
        if 0 <= number < len(values) and values[number] is None:
            values[number] = row
        elif row >= _TELLING:
            values.append(row)
        yield values


def _loose(content: Content, pages: Pages, word: str, meter: Meter) -> Iterator[Part | Content]:
    """Yield rows of pages that belong to no table, then readable strings of all that is no row."""
    rows: list[list[Value]] = []
    strings: list[bytes] = []
    broken = pages.broken
    for number, page in sorted(pages.pages.items()):
        meter.budget.hurry()
        if number not in pages.seen:
            rows += _row_values(pages, number, page)
        strings.append(pages.left.get(number, b""))
    for page in pages.older:
        meter.budget.hurry()
        rows += _row_values(pages, 0, page)
        strings.append(pages.left.pop(0, b""))
    pages.broken = broken
    yield from table(content.inside(content.data, word), [], rows, meter)
    runs = _RUN.findall("\0".join([piece.decode(pages.encoding, "replace") for piece in strings]))
    if runs:
        yield Part(content.location / f"{word}, readable strings", "\n".join(runs))


def _row_values(pages: Pages, number: int, page: bytes) -> list[list[Value]]:
    return [[*values, row] if row >= _TELLING else values for row, values in pages.cells(number, page)]
