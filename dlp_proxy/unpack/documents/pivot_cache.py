"""Caches of pivot tables (ECMA-376 part 1, 18.10): copies of the tables they were made from, often all that is left."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents.cells import Row, shown
from dlp_proxy.unpack.documents.xml_events import Events, Names
from dlp_proxy.unpack.sheet import Sheet

_VALUES = frozenset({"s", "n", "d", "b", "e", "m"})


class PivotCaches:
    """Definitions and records, put together by the numbers in their names, else in order."""

    def __init__(self) -> None:
        self._definitions: dict[str, Content] = {}
        self._records: dict[str, Content] = {}

    def take(self, member: Content, kind: str) -> None:
        digits = "".join(filter(str.isdigit, posixpath.basename(member.name)))
        kept = self._definitions if kind == "pivotCacheDefinition" else self._records
        kept[digits if digits not in kept else member.name] = member

    def parts(self, location: Location) -> Iterator[Part | Gap | Content]:
        """Yield each cache as a table; values that no record uses follow it."""
        for key in dict.fromkeys([*self._definitions, *self._records]):
            yield from self._cache(self._definitions.get(key), self._records.get(key), location / "pivot cache")

    def _cache(
        self, definition: Content | None, records: Content | None, where: Location
    ) -> Iterator[Part | Gap | Content]:
        fields = _Fields(definition.data if definition else b"")
        rows = _Records(records.data if records else b"", fields)
        table: list[Row] = [(1, fields.names)] if fields.names else []
        yield from Sheet([*table, *rows.rows()]).parts(where)
        loose = [item for items, used in zip(fields.items, fields.used, strict=True) for item in _unused(items, used)]
        if loose:
            yield Content("\n".join(loose).encode(errors="replace"), where / "items")
        for events in (fields.events, rows.events):
            if events.stop:
                yield Gap(events.stop.reason, where, f"the pivot cache: {events.stop.detail}")


def _unused(items: list[str], used: set[int]) -> Iterator[str]:
    return (item for place, item in enumerate(items) if place not in used and item)


class _Fields:
    """Names of the columns, and for each the values that records refer to by number."""

    def __init__(self, data: bytes) -> None:
        self.names: list[str] = []
        self.items: list[list[str]] = []
        self.used: list[set[int]] = []
        self._local = Names()
        self.events = Events(data, self._start)
        for _ in self.events.feed():
            pass

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = self._local[name]
        if name == "cacheField":
            self.names.append(attributes.get("name", ""))
            self.items.append([])
            self.used.append(set())
        elif name in _VALUES and self.items:
            self.items[-1].append(_value(name, attributes))


class _Records:
    def __init__(self, data: bytes, fields: _Fields) -> None:
        self._fields = fields
        self._row: list[str] = []
        self._done: list[Row] = []
        self._number = 1
        self._local = Names()
        self.events = Events(data, self._start)

    def rows(self) -> Iterator[Row]:
        for _ in self.events.feed():
            yield from self._done
            self._done.clear()
        self._end()
        yield from self._done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = self._local[name]
        if name == "r":
            self._end()
        elif name == "x":
            self._row.append(self._item(len(self._row), attributes.get("v", "")))
        elif name in _VALUES:
            self._row.append(_value(name, attributes))

    def _item(self, column: int, number: str) -> str:
        place = int(number) if number.isdigit() and len(number) < 9 else -1
        if column < len(self._fields.items) and 0 <= place < len(self._fields.items[column]):
            self._fields.used[column].add(place)
            return self._fields.items[column][place]
        return ""

    def _end(self) -> None:
        if self._row:
            self._number += 1
            self._done.append((self._number, self._row))
            self._row = []


def _value(name: str, attributes: dict[str, str]) -> str:
    value = attributes.get("v", "")
    return shown(value) if name == "n" else value
