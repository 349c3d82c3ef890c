"""WordprocessingML, DrawingML (ECMA-376) and OpenDocument as text: they name paragraphs, rows and cells nearly alike.

Runs of a paragraph are joined, so that a number cut over runs is whole. Hidden text is text.
"""

from __future__ import annotations

import re
from typing import Final

from dlp_proxy.unpack.documents.cells import shown
from dlp_proxy.unpack.documents.flow import Flow
from dlp_proxy.unpack.documents.notable import notable
from dlp_proxy.unpack.documents.xml_events import Events, Names

_PARAGRAPHS: Final = frozenset({"p", "h", "si", "comment", "cm"})
_TABLES: Final = frozenset({"tbl", "table"})
_ROWS: Final = frozenset({"tr", "table-row"})
_CELLS: Final = frozenset({"tc", "table-cell", "covered-table-cell"})
_BREAKS: Final = frozenset({"br", "cr", "line-break", "pPr", "annotation", "note"})
_TABS: Final = frozenset({"tab", "ptab"})
_PLACING: Final = frozenset({"posOffset", "align", "pctWidth", "pctHeight", "attrName"})
_DULL: Final = frozenset({
    "rFonts", "latin", "ea", "cs", "sym", "font", "lang", "lsdException", "style", "name", "tab", "lvlText",
    "numFmt", "family", "font-face", "text-properties", "pic", "text-style", "number-style", "date-style",
    "list-level-style-bullet",
})  # fmt: skip
_DIGIT: Final = re.compile(r"\d")
_VALUE: Final = "office:value"  # read with its cell
_REPEATS: Final = 256
_REMEMBERED: Final = 100_000


class Paragraphs:
    """Reads one part. `read` fills `flow`; `events` says whether it could be read to its end."""

    def __init__(self, data: bytes) -> None:
        self.flow = Flow()
        self.events = Events(data, self._start, self._end)
        self.events.text = self._text
        self.events.comment = self._comment
        self._names = Names()
        self._open: list[_Paragraph] = []
        self._loose: list[str] = []
        self._cells: list[dict[str, str]] = []
        self._placing = self._deleted = self._inserted = self._fallback = 0
        self._lines: set[str] = set()
        self._attributes: set[str] = set()

    def read(self) -> Flow:
        for _ in self.events.feed():
            pass
        while self._open:
            self._end_paragraph()
        self._end_loose("text")
        return self.flow

    def _text(self, text: str) -> None:
        if self._placing:
            return
        if "\n" in text:
            if not text.strip():
                return
            text = text.replace("\n", " ")
        if self._open:
            self._open[-1].add(text, deleted=self._deleted, inserted=self._inserted)
        else:
            self._loose.append(text)

    def _comment(self, text: str) -> None:
        self.flow.beside.append(text.strip())

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = self._names[name]
        if attributes:
            self._note(name, attributes)
        if self._loose:
            self._end_loose("text")
        if name in _PARAGRAPHS:
            self._open.append(_Paragraph())
        elif name in _TABS or name in _BREAKS:
            if self._open:
                self._open[-1].add(" " if name in _TABS else "\n", deleted=0, inserted=0)
        elif name == "s" and self._open:
            self._open[-1].add(" ", deleted=0, inserted=0)
        elif name == "noBreakHyphen" and self._open:
            self._open[-1].add("-", deleted=self._deleted, inserted=self._inserted)
        elif name in _CELLS:
            self.flow.start_cell()
            self._cells.append(attributes)
        elif name in _ROWS:
            self.flow.start_row()
        elif name in _TABLES:
            self.flow.start_table()
        else:
            self._enter(name, 1)

    def _end(self, name: str) -> None:
        name = self._names[name]
        if self._loose:
            self._end_loose(name)
        if name in _PARAGRAPHS:
            self._end_paragraph()
        elif name in _CELLS:
            self._end_cell()
        elif name in _ROWS:
            self.flow.end_row()
        elif name in _TABLES:
            self.flow.end_table()
        else:
            self._enter(name, -1)

    def _enter(self, name: str, step: int) -> None:
        """Go into, or out of, an element whose text is not read like other text."""
        if name in _PLACING:
            self._placing += step
        elif name in {"del", "moveFrom"}:
            self._deleted += step
        elif name in {"ins", "moveTo"}:
            self._inserted += step
        elif name == "Fallback":
            self._fallback += step

    def _note(self, name: str, attributes: dict[str, str]) -> None:
        said = attributes.items() if name not in _CELLS else [one for one in attributes.items() if one[0] != _VALUE]
        for line in notable(said, dull=name in _DULL):
            if line not in self._attributes and len(self._attributes) < _REMEMBERED:
                self._attributes.add(line)
                self.flow.beside.append(line)

    def _end_loose(self, name: str) -> None:
        """Write text that is in no paragraph as a named line: properties, names, values of charts."""
        text = "".join(self._loose).strip()
        self._loose.clear()
        if text:
            self.flow.line(text if name in {"text", "v", "t"} else f"{name}: {text}")

    def _end_paragraph(self) -> None:
        if not self._open:
            return
        paragraph = self._open.pop()
        text, before = paragraph.text(), paragraph.before()
        if self._fallback:
            # The same again for old programs, or something for them alone.
            if text and text not in self._lines:
                self.flow.beside.append(text)
        else:
            self.flow.line(text)
            if text and len(self._lines) < _REMEMBERED:
                self._lines.add(text)
        if before:
            self.flow.beside.append(before)

    def _end_cell(self) -> None:
        attributes = self._cells.pop() if self._cells else {}
        span = 1
        for name, value in attributes.items():
            local = self._names[name]
            if local == "number-columns-repeated" and value.isdigit() and len(value) < 6:
                span = int(value) if int(value) <= _REPEATS else 1
            elif local == "value" and not self.flow.shows(_DIGIT.findall(value)):
                self.flow.line(shown(value))
        self.flow.end_cell(span=span)


class _Paragraph:
    """The runs of one paragraph: as it is, and as it was before tracked changes."""

    def __init__(self) -> None:
        self._now: list[str] = []
        self._before: list[str] = []
        self._changed = False

    def add(self, text: str, *, deleted: int, inserted: int) -> None:
        if not deleted:
            self._now.append(text)
        if not inserted or deleted:
            self._before.append(text)
        self._changed = self._changed or bool(deleted)

    def text(self) -> str:
        return "".join(self._now)

    def before(self) -> str:
        """Return the paragraph with what was deleted, empty when nothing was."""
        return "".join(self._before) if self._changed else ""
