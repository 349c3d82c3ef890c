"""SQL dumps: rows of INSERT and REPLACE, and the COPY blocks of pg_dump, below the names of their columns.

Everything else in the dump is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import sql_names
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import within_text
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.leaf import short_text
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.rows import Rows

NAME: Final = "sql"

_HEAD: Final = 256 * 1024
_NAME: Final = r"""((?:[\w$.]|"[^"\n]*"|`[^`\n]*`|\[[^\]\n]*\]){1,256})"""
_ROWS: Final = re.compile(
    r"(?im)\b(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OVERWRITE|OR\s+\w{5,8})\s+){0,3}"
    rf"""(?:INTO\s+(?:TABLE\s+)?|(?=["`\[])){_NAME}"""
    r"\s*(\([^()']{1,8192}\))?(?:\s*OVERRIDING\s+\w{1,32}\s+VALUE)?\s*VALUES?\s*(?=\()"
    rf"|^COPY\s+{_NAME}\s*(?:\(([^()\n]{{1,8192}})\))?\s*FROM\s+stdin[^;\n]*;\r?\n"
)
"""Where rows begin: table and columns of an INSERT, or those of a COPY."""

_CREATE: Final = re.compile(
    rf"(?i)\bCREATE\s+(?:\w{{1,32}}\s+){{0,3}}?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*(?=\()"
)
_COPY_END: Final = re.compile(r"(?m)^\\\.\r?$")
_NEXT: Final = re.compile(r"\s*,?\s*\(")
_VALUE: Final = re.compile(
    r"""\s*(?:(?:[NnEeBbXx]|_\w+\s*)?'((?:[^'\\]|''|\\.)*+)'|"((?:[^"\\]|""|\\.)*+)"|((?:[^'"(),]|\([^()]*\))*+))\s*([,)])""",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"''|\"\"|\\(.)", re.DOTALL)
_BYTES: Final = re.compile(r"(?:[Xx]'|0x|'\\{1,2}x)(?P<digits>(?:[0-9A-Fa-f]{2}){4,})'?")
"""A value that is bytes: of the standard (X'6162'), of MySQL and SQL Server (0x6162), of PostgreSQL ('\\x6162')."""
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "0": "", "b": "", "Z": "", "f": ""}
_WORDS: Final = ("VALUES", "values", "FROM stdin", "from stdin")
_CREATED_AT_MOST: Final = 1_000


def accepts(content: Content) -> bool:
    text = content.text
    if text is None:
        return False
    head = text[:_HEAD]
    if not any(word in head for word in _WORDS):
        return False
    return _ROWS.search(head) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    dump = _Dump(content.text or "", budget.limits.values)
    dump.run()
    if not dump.tables:
        raise Mismatch
    for (name, _), rows in dump.tables.items():
        yield from rows.parts(content.location / f'table "{step(name)}"')
    if dump.rest:
        yield Part(content.location / "statements", "\n".join(dump.rest))
    if dump.stopped:
        yield Gap("too-large", content.location, "a dump with more rows than are laid out; the rest is plain text")
    yield from within_text(content)


class _Dump:
    """One pass over one dump.

    Attributes:
        tables: by name and columns, in order.
        rest: text between the rows.
    """

    def __init__(self, text: str, most: int) -> None:
        self.tables: dict[tuple[str, tuple[str, ...]], Rows] = {}
        self.rest: list[str] = []
        self.stopped = False
        self._text = text
        self._most = most
        self._rows = 0
        self._created: dict[str, list[str]] = {}

    def run(self) -> None:
        at = kept = 0
        text = self._text
        self._read_creates()
        while not self.stopped:
            found = _ROWS.search(text, at)
            if found is None:
                break
            if piece := text[kept : found.start()].strip():
                self.rest.append(piece)
            at = kept = self._copied(found) if found[3] else self._inserted(found)
        if piece := text[kept:].strip():
            self.rest.append(piece)

    def _read_creates(self) -> None:
        for found in _CREATE.finditer(self._text):
            made, _ = sql_names.columns(self._text[found.end() : found.end() + 20_000])
            self._created.setdefault(_plain(found[1]), [column.name for column in made])
            if len(self._created) >= _CREATED_AT_MOST:
                break

    def _table(self, name: str, names: str | None) -> Rows:
        table = _plain(name)
        columns = sql_names.names(names.strip("() \t\r\n")) if names else []
        key = (table, tuple(columns or self._created.get(table, [])))
        if key not in self.tables:
            self.tables[key] = Rows(key[1])
        return self.tables[key]

    def _add(self, rows: Rows, cells: list[str]) -> bool:
        self._rows += 1
        self.stopped = self._rows > self._most
        rows.add(len(rows.units) + 1, cells)
        return not self.stopped

    def _inserted(self, found: re.Match[str]) -> int:
        """Read the rows behind VALUES; return where they end."""
        rows = self._table(found[1], found[2])
        at = end = found.end()
        while opening := _NEXT.match(self._text, at):
            cells: list[str] = []
            at = opening.end()
            while value := _VALUE.match(self._text, at):
                cells.append(_cell(value))
                at = value.end()
                if value[4] == ")":
                    break
            else:
                return max(end, opening.end() if not cells else end)
            end = at
            if not self._add(rows, cells):
                break
        return end

    def _copied(self, found: re.Match[str]) -> int:
        rows = self._table(found[3], found[4])
        stop = _COPY_END.search(self._text, found.end())
        end = stop.start() if stop else len(self._text)
        at = found.end()
        while at < end:
            stop_at = self._text.find("\n", at, end)
            line_end = end if stop_at < 0 else stop_at
            cells = self._text[at:line_end].rstrip("\r").split("\t")
            cells = ["" if cell == r"\N" else _unescaped(cell) for cell in cells]
            at = line_end + 1
            if not self._add(rows, cells):
                break
        return stop.end() if stop and at > end - 1 else min(at, len(self._text))


def _cell(value: re.Match[str]) -> str:
    quoted = value[1] if value[1] is not None else value[2]
    written = _BYTES.fullmatch(value[0].strip()[:-1].rstrip())
    if written is not None:
        said = short_text(bytes.fromhex(written["digits"]))
        if said is not None:
            return said
    if quoted is not None:
        return _unescaped(quoted)
    plain = (value[3] or "").strip()
    return "" if plain.upper() == "NULL" else plain


def _unescaped(text: str) -> str:
    if "\\" not in text and "''" not in text and '""' not in text:
        return text
    return _ESCAPE.sub(lambda found: _LETTERS.get(found[1], found[1]) if found[1] else found[0][0], text)


def _plain(name: str) -> str:
    return re.sub(r'["`\[\]]', "", name).rpartition(".")[2]
