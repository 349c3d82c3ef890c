"""Archives of PostgreSQL's ``pg_dump --format=custom``: each table as the statement that loads it, with its rows.

Source: PostgreSQL, `src/bin/pg_dump/pg_backup_archiver.c` and `pg_backup_custom.c`, archive versions 1.10 to 1.16.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.inflate import inflate
from dlp_proxy.unpack.naming import step

NAME: Final = "postgres_dump"

_MAGIC: Final = b"PGDMP"
_OLDEST, _NEWEST = (1, 10), (1, 16)
_CUSTOM: Final = 1
_SIZES: Final = frozenset({4, 8})
_ALGORITHM, _ACCESS_METHOD, _RELATION_KIND = (1, 15), (1, 14), (1, 16)
_GZIP: Final = 1
_TIMES: Final = 7
_DATA, _BLOBS = 1, 3
_ENTRIES_AT_MOST: Final = 200_000


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


class _Entry(NamedTuple):
    name: str
    statement: str


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC) and len(content.data) > 64


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    archive = _Archive(content.data)
    try:
        entries, definitions = archive.entries()
    except _Broken:
        raise Mismatch from None
    if definitions:
        yield content.inside("\n".join(definitions).encode(), "definitions", name="definitions.sql")
    meter = budget.meter(len(content.data))
    try:
        for number, packed in archive.blocks():
            budget.spend_member()
            entry = entries.get(number, _Entry("", ""))
            where = step(entry.name) if entry.name else f"block {number}"
            if archive.packs_with_others:
                yield content.inside(packed, where)
                continue
            rows = _rows(packed, meter, is_packed=archive.packs)
            statement = f"{entry.statement.rstrip()}\n".encode() if entry.statement.strip() else b""
            if len(statement) > meter.room:
                raise meter.overrun()
            meter.charge(len(statement))  # many blocks may say that they are of one table
            yield content.inside(statement + rows, where, name="rows.sql" if statement else "")
    except _Broken:
        yield Gap("malformed", content.location, "a dump of PostgreSQL that is cut or broken")


def _rows(packed: bytes, meter: Meter, *, is_packed: bool) -> bytes:
    if not is_packed:
        return packed
    result = inflate("zlib", packed, 0, meter)
    if result.exhausted:
        raise result.exhausted
    if result.problem and not result.data:
        raise _Broken
    return result.data


class _Archive:
    """Reads an archive from its beginning on.

    Attributes:
        packs: the blocks are zlib streams.
        packs_with_others: they are streams of LZ4 or Zstandard, which say so themselves.
    """

    def __init__(self, data: bytes) -> None:
        self.packs = True
        self.packs_with_others = False
        self._data = data
        self._at = len(_MAGIC)
        self._wide = 4

    def entries(self) -> tuple[dict[int, _Entry], list[str]]:
        """Return the tables by their number, and the statements that make them and all else.

        Raises:
            _Broken: it is of another version or form.
        """
        version = (self._byte(), self._byte())
        self._byte()
        self._wide, offset, form = self._byte(), self._byte(), self._byte()
        if not _OLDEST <= version <= _NEWEST or {self._wide, offset} - _SIZES or form != _CUSTOM:
            raise _Broken
        if version >= _ALGORITHM:
            algorithm = self._byte()
            self.packs, self.packs_with_others = algorithm == _GZIP, algorithm > _GZIP
        else:
            self.packs = self._number() != 0
        for _ in range(_TIMES):
            self._number()
        for _ in ("database", "version of the server", "version of the program"):
            self._text()
        return self._table(version, offset)

    def _table(self, version: tuple[int, int], offset: int) -> tuple[dict[int, _Entry], list[str]]:
        entries: dict[int, _Entry] = {}
        definitions: list[str] = []
        for _ in range(min(self._number(), _ENTRIES_AT_MOST)):
            number = self._number()
            self._number()
            _, _, name, _ = (self._text() for _ in ("table", "object", "tag", "kind"))
            self._number()
            definition, _, statement = (self._text() for _ in ("definition", "drop", "copy"))
            for _ in range(3 if version >= _ACCESS_METHOD else 2):
                self._text()
            if version >= _RELATION_KIND:
                self._number()
            for _ in ("owner", "with oids"):
                self._text()
            while self._text() is not None:
                pass
            self._at += 1 + offset
            entries[number] = _Entry(name or "", statement or "")
            if definition and definition.strip():
                definitions.append(definition.strip())
        return entries, definitions

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """Yield the number of the entry of each block, and its bytes.

        Raises:
            _Broken: the archive ends within one.
        """
        while self._at < len(self._data):
            kind, number = self._byte(), self._number()
            if kind == _DATA:
                yield number, self._block()
            elif kind == _BLOBS:
                while self._number():
                    yield number, self._block()
            else:
                raise _Broken

    def _block(self) -> bytes:
        pieces: list[bytes] = []
        while size := self._number():
            if not 0 < size <= len(self._data) - self._at:
                raise _Broken
            pieces.append(self._data[self._at : self._at + size])
            self._at += size
        return b"".join(pieces)

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise _Broken
        self._at += 1
        return self._data[self._at - 1]

    def _number(self) -> int:
        sign = self._byte()
        raw = self._data[self._at : self._at + self._wide]
        self._at += self._wide
        if len(raw) < self._wide:
            raise _Broken
        value = int.from_bytes(raw, "little")
        return -value if sign else value

    def _text(self) -> str | None:
        size = self._number()
        if size < 0:
            return None
        raw = self._data[self._at : self._at + size]
        if len(raw) < size:
            raise _Broken
        self._at += size
        return raw.decode(errors="replace")
