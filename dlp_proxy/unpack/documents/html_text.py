"""HTML as text: what a browser shows with its lines and tables, then what it does not show. Nothing is broken to it.

Read tag by tag in one pass (WHATWG HTML section 13.2.5 in outline): a quote that is never closed, a tag without an end
or a table in a table costs no more than its length.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.unpack.documents.flow import Flow
from dlp_proxy.unpack.documents.notable import is_spoken, says

_TAG: Final = re.compile(r"""<(/?)([A-Za-z][^\s/>"'<]{0,64})((?:[^<>"']++|"[^"<>]*+"|'[^'<>]*+')*+)>""")
_NAME: Final = re.compile(r"</?([A-Za-z][^\s/>]{0,64})")
_ATTRIBUTE: Final = re.compile(r"""([^\s=>/"']+)(?:\s{0,64}=\s{0,64}(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_VALUE: Final = re.compile(r"""[^>"']*""")
_ANY_TAG: Final = re.compile(r"<[^<>]*+>")

_RAW: Final = frozenset({"script", "style", "textarea", "title", "xmp", "pre", "listing", "noembed", "plaintext"})
_CODE: Final = frozenset({"script", "style"})
_LINES: Final = frozenset({
    "br", "p", "div", "address", "blockquote", "center", "dd", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "header", "legend", "main", "nav", "option", "select", "summary", "details", "body", "html", "head",
    "iframe", "object", "caption", "button", "label", "optgroup", "hgroup", "aside", "dialog",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "li", "article", "section", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table",
})  # fmt: skip
_CELLS: Final = frozenset({"td", "th"})
_FIELDS: Final = frozenset({"input", "param", "data", "meter", "progress"})
_DULL: Final = frozenset({
    "style", "class", "id", "d", "points", "transform", "viewbox", "integrity", "nonce", "for",
})  # fmt: skip
_INLINE_AT_MOST: Final = 400


class HtmlText:
    """One document. `read` fills `flow`, and `code` with what stands in scripts and styles."""

    def __init__(self, text: str) -> None:
        self.flow = Flow(blanks=True)
        self.code: list[str] = []
        self.texts: list[str] = []
        self._data = text
        self._aside: list[str] = []  # attributes' values, for the end of the line or cell they stand on
        self._no_more: set[str] = set()

    def read(self) -> Flow:
        data, at = self._data, 0
        while (start := data.find("<", at)) >= 0:
            if start > at:
                self._text(data[at:start])
            found = _TAG.match(data, start)
            if found:
                at = self._tag(found[2].lower(), found[3], found.end(), closing=bool(found[1]))
            elif data.startswith(("<!", "<?"), start):
                at = self._declaration(start)
            elif name := _NAME.match(data, start):
                at = self._loose_tag(name)
            else:
                self._text("<")
                at = start + 1
        self._text(data[at:])
        self._put_aside()
        return self.flow

    def _text(self, text: str) -> None:
        if "&" in text:
            text = html.unescape(text)
        self.flow.text(text.replace("\n", " ").replace("\r", " "))

    def _find(self, what: str, at: int) -> int:
        """Return where `what` comes next, -1 for nowhere; a search that failed once is not made again."""
        if what in self._no_more:
            return -1
        found = self._data.find(what, at)
        if found < 0:
            self._no_more.add(what)
        return found

    def _declaration(self, start: int) -> int:
        """Keep a comment, a CDATA section or a declaration, and return where it ends."""
        for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>")):
            if self._data.startswith(opening, start):
                end = self._find(closing, start + len(opening))
                inner = self._data[start + len(opening) : end if end >= 0 else len(self._data)].strip()
                if inner:
                    self.flow.beside.append(html.unescape(inner))
                return end + len(closing) if end >= 0 else len(self._data)
        end = self._find(">", start)
        end = len(self._data) if end < 0 else end + 1
        inner = self._data[start + 2 : end - 1]
        if not inner[:7].lower().startswith(("doctype", "xml")) or len(inner) > 200:
            self.flow.beside.append(inner)
        return end

    def _loose_tag(self, name: re.Match[str]) -> int:
        """Read a tag with angle brackets in its values, or without an end; return where it ends."""
        at, data = name.end(), self._data
        while True:
            found = _VALUE.match(data, at)
            at = found.end() if found else at
            if at >= len(data) or data[at] == ">":
                break
            closing = self._find(data[at], at + 1)
            at = closing + 1 if closing >= 0 else at + 1
        raw = data[name.end() : at]
        return self._tag(name[1].lower(), raw, min(at + 1, len(data)), closing=data[name.start() + 1] == "/")

    def _tag(self, name: str, raw: str, end: int, *, closing: bool) -> int:
        """Take one tag. Return where to read on."""
        name = name.rpartition(":")[2]
        if name == "table":
            self._put_aside()
            self.flow.end_line()
            if closing:
                self.flow.end_table()
            else:
                self.flow.start_table()
        elif name in _CELLS or name == "tr":
            self._cell(name, closing=closing)
        elif name in _LINES or name in _BLOCKS:
            self._end_line(name)
        if raw:
            self._attributes(name, raw)
        if closing or name not in _RAW or raw.endswith("/"):
            return end
        return self._raw(name, end)

    def _cell(self, name: str, *, closing: bool) -> None:
        if self.flow.in_cell:  # what a row says of itself waits for its first cell
            self._put_aside()
        if name == "tr":
            if closing:
                self.flow.end_row()
            else:
                self.flow.start_row()
        elif closing:
            self.flow.end_cell()
        else:
            self.flow.start_cell()

    def _end_line(self, name: str) -> None:
        self._put_aside()
        if name == "dt":
            self.flow.text("\n")
        elif name == "dd":
            self.flow.text(" ")
        elif name in _BLOCKS:
            self.flow.end_line()
            self.flow.text("\n")
        else:
            self.flow.end_line()

    def _raw(self, name: str, start: int) -> int:
        """Take an element whose content has no tags, or whose line ends count. Return where it ends."""
        closing = re.compile(rf"</{name}", re.IGNORECASE)
        found = None if closing.pattern in self._no_more else closing.search(self._data, start)
        if not found:
            self._no_more.add(closing.pattern)
            if name not in {"script", "plaintext", "style"}:
                return start
        end = found.start() if found else len(self._data)
        inner = self._data[start:end]
        if name in _CODE:
            if inner.strip():
                self.code.append(inner.strip())
            return end
        inner = html.unescape(_ANY_TAG.sub("", inner) if name in {"pre", "listing"} else inner)
        if "\n" in inner.strip() or len(inner) > _INLINE_AT_MOST:
            self.texts.append(inner.strip("\r\n"))
        else:
            self.flow.text(inner)
        return end

    def _attributes(self, name: str, raw: str) -> None:
        field = value_of_field = ""
        for key, value in _pairs(raw):
            low = key.lower()
            if low == "value" or (name == "option" and low == "label"):
                value_of_field = value
            elif low in {"name", "id", "placeholder", "aria-label"} and name in _FIELDS:
                field = field or value
            if low != "value" and ((low not in _DULL and is_spoken(low, value)) or says(value, dull=low in _DULL)):
                self._keep(value)
            if says(key, dull=False):
                self._keep(key)
        if value_of_field and name in _FIELDS:
            named = field and not self.flow.in_cell
            self.flow.text(f" {field}: {value_of_field}\n" if named else f" {value_of_field} ")
        elif value_of_field:
            self._keep(value_of_field)

    def _keep(self, value: str) -> None:
        if len(value) > _INLINE_AT_MOST:
            self.flow.beside.append(value)
        else:
            self._aside.append(value.replace("\n", " "))

    def _put_aside(self) -> None:
        if self._aside:
            self.flow.text(" " + " ".join(dict.fromkeys(self._aside)) + " ")
            self._aside.clear()


def _pairs(raw: str) -> Iterator[tuple[str, str]]:
    for key, double, single, bare in _ATTRIBUTE.findall(raw):
        value = double or single or bare
        yield key, html.unescape(value) if "&" in value else value
