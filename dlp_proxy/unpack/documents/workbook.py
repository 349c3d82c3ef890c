"""A workbook out of its package (ECMA-376 part 1, 12.3): sheets with their strings, names and dates.

Parts are known by their outermost element, not by the names they are stored under.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents import biff12
from dlp_proxy.unpack.documents.cells import Row, builtin_date, is_date
from dlp_proxy.unpack.documents.notable import notable
from dlp_proxy.unpack.documents.pivot_cache import PivotCaches
from dlp_proxy.unpack.documents.plain_rows import take_strings
from dlp_proxy.unpack.documents.sheet_xml import SheetReader
from dlp_proxy.unpack.documents.xml_events import Events, Names, Stop, root
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.sheet import Sheet

_SHEETS: Final = frozenset({"worksheet", "externalLink", "dialogsheet", "macrosheet"})
_ITEMS_AT_MOST: Final = 4_000_000
_HEAVY: Final = 4  # a row with its unit and its cells takes as much room as so many values
_LEAST: Final = 2


class Workbook:
    """Takes members of a package; `parts` gives what the sheets show and what they do not."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sheets: list[Content] = []
        self._caches = PivotCaches()
        self._strings: list[str] = []
        self._used = bytearray()
        self._dates: set[str] = set()
        self._binary_dates: frozenset[int] = frozenset()
        self._targets: dict[str, dict[str, str]] = {}
        self._books: list[tuple[str, list[tuple[str, str]]]] = []
        self._gaps: list[Gap] = []
        self._beside: list[str] = []

    def take(self, member: Content) -> bool:
        """Keep a member that sheets are made of. Return False for one to be read by itself."""
        if biff12.is_part(member.data):
            return self._take_binary(member)
        kind = root(member.data)
        if kind in _SHEETS:
            self._sheets.append(member)
        elif kind == "sst":
            self._read_strings(member)
        elif kind == "styleSheet":
            self._read_styles(member)
        elif kind in {"pivotCacheDefinition", "pivotCacheRecords"}:
            self._caches.take(member, kind)
        elif kind == "workbook":
            self._read_names(member)
            return False
        elif kind == "Relationships":
            self._read_targets(member)
            return False
        else:
            return False
        return True

    def parts(self, location: Location) -> Iterator[Part | Gap | Content]:
        """Yield every sheet, whoever may see it, then strings that no cell shows."""
        yield from self._gaps
        names = self._names()
        while self._sheets:
            yield from self._sheet(self._sheets.pop(0), names, location)
        yield from self._caches.parts(location)
        unseen = [text for text, used in zip(self._strings, self._used, strict=True) if not used and text]
        if unseen:
            yield Content("\n".join(unseen).encode(errors="replace"), location / "strings that no cell shows")
        if self._beside:
            yield Content("\n".join(self._beside).encode(errors="replace"), location / "not shown")

    def _sheet(self, member: Content, names: Mapping[str, str], location: Location) -> Iterator[Part | Gap | Content]:
        name = names.get(member.name.lower(), "")
        where = location / step(f'sheet "{name}"' if name else member.name or "sheet")
        reader: SheetReader | biff12.SheetReader
        data = member.data[: self._limits.whole_bytes]
        if biff12.is_part(data):
            reader = biff12.SheetReader(data, self._strings, self._used, self._binary_dates)
        else:
            reader = SheetReader(data, self._strings, self._used, frozenset(self._dates))
        is_cut = len(data) < len(member.data)
        del data, member  # tens of megabytes, which the reader lets go of when it has them in rows
        rows = _Counted(reader.rows(), self._limits.values // _HEAVY)
        yield from Sheet(rows).parts(where)
        if reader.beside:
            yield Content("\n".join(reader.beside).encode(errors="replace"), where / "not shown")
        if rows.left or is_cut:
            yield Gap("too-large", where, "a sheet with more rows than are laid out")
        elif stop := reader.events.stop:
            yield from stopped(stop, reader.events.data, where, "the sheet")

    def _take_binary(self, member: Content) -> bool:
        kind = biff12.kind(member.data)
        if kind == "sheet":
            self._sheets.append(member)
        elif kind == "strings":
            self._keep(list(biff12.strings(member.data)))
        elif kind == "styles":
            self._binary_dates = biff12.dates(member.data)
            self._beside += biff12.texts(member.data)
        elif kind == "book":
            names, others = biff12.names(member.data)
            self._books.append((member.name, names))
            self._beside += others
        else:
            self._beside += biff12.texts(member.data)
        return True

    def _keep(self, strings: list[str]) -> None:
        """Keep shared strings; those of a second table are shown by no cell."""
        if self._strings:
            self._beside += strings
        else:
            self._strings = strings
            self._used = bytearray(len(strings))

    def _read_strings(self, member: Content) -> None:
        reader = _Strings(member.data)
        self._keep(reader.strings)
        self._beside += reader.beside
        self._tell(reader.events.stop, reader.events.data, member)

    def _read_styles(self, member: Content) -> None:
        formats: dict[str, bool] = {}
        cells: list[str] = []
        inside = False
        names = Names()

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            name = names[name]
            if name == "numFmt":
                code = attributes.get("formatCode", "")
                formats[attributes.get("numFmtId", "")] = is_date(code)
                if len(code) > 40 or not code.isascii():
                    self._beside.append(code)
            elif name in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
                inside = name == "cellXfs"
            elif name == "xf" and inside:
                cells.append(attributes.get("numFmtId", "0"))
            else:
                self._beside.extend(notable(attributes.items()))

        events = Events(member.data, start)
        for _ in events.feed():
            pass
        for place, number in enumerate(cells):
            if formats.get(number, number.isdigit() and len(number) < 4 and builtin_date(int(number))):
                self._dates.add(str(place))
        self._tell(events.stop, events.data, member)

    def _read_names(self, member: Content) -> None:
        found: list[tuple[str, str]] = []
        names = Names()

        def start(name: str, attributes: dict[str, str]) -> None:
            if names[name] == "sheet":
                local = {names[key]: value for key, value in attributes.items()}
                found.append((local.get("id", ""), local.get("name", "")))

        for _ in Events(member.data, start).feed():
            pass
        self._books.append((member.name, found))

    def _names(self) -> dict[str, str]:
        """Return the names of sheets by those of their parts."""
        named: dict[str, str] = {}
        for member, names in self._books:
            folder, file = posixpath.split(member.lower().replace("\\", "/"))
            targets = self._targets.get(posixpath.join(folder, "_rels", f"{file}.rels"), {})
            for relation, name in names:
                if target := targets.get(relation):
                    named[posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")] = name
        return named

    def _read_targets(self, member: Content) -> None:
        found: dict[str, str] = {}
        names = Names()

        def start(name: str, attributes: dict[str, str]) -> None:
            if names[name] == "Relationship":
                found[attributes.get("Id", "")] = attributes.get("Target", "").lower()

        for _ in Events(member.data, start).feed():
            pass
        self._targets[member.name.lower().replace("\\", "/")] = found

    def _tell(self, stop: Stop | None, data: bytes | bytearray, member: Content) -> None:
        if stop:
            self._gaps += [one for one in stopped(stop, data, member.location, "the part") if isinstance(one, Gap)]


def stopped(stop: Stop, data: bytes | bytearray, where: Location, what: str) -> Iterator[Gap | Content]:
    """Yield the gap for a document that was not read to its end, and what follows its broken place."""
    yield Gap(stop.reason, where, f"{what}: {stop.detail}")
    if stop.at and len(rest := data[stop.at :]) > _LEAST:
        yield Content(bytes(rest), where / "after the broken place")


class _Counted:
    """Rows up to a number. `left` says that there were more."""

    def __init__(self, rows: Iterator[Row], most: int) -> None:
        self._rows, self._most = rows, most
        self.left = False

    def __iter__(self) -> Iterator[Row]:
        for count, row in enumerate(self._rows):
            if count >= self._most:
                self.left = True
                return
            yield row


class _Strings:
    """The table of shared strings (18.4.9): runs joined; readings of characters beside."""

    def __init__(self, data: bytes) -> None:
        self.strings, data = take_strings(data)
        self.beside: list[str] = []
        self._pieces: list[str] = []
        self._first = True
        self._reading = False
        self._current = ""
        self._names = Names()
        self.events = Events(data, self._start)
        self.events.text = self._pieces.append
        for _ in self.events.feed():
            if len(self.strings) > _ITEMS_AT_MOST:
                break
        self._end()

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        name = self._names[name]
        if name == "si":
            self._end()
            self._first = False
        elif name == "rPh" and not self._reading:
            self._current = "".join(self._pieces)
            self._pieces.clear()
            self._reading = True

    def _end(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if self._reading:
            if text.strip():
                self.beside.append(text.strip())
            text, self._current, self._reading = self._current, "", False
        if not self._first:
            self.strings.append(text.strip("\n"))
