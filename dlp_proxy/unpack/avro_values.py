"""Values in Avro's binary encoding, by their schema; counted, since an array of nothing costs no bytes.

Source: *Apache Avro 1.12 Specification*, complex types and binary encoding.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Meter
from dlp_proxy.unpack.document import NODE, Pairs
from dlp_proxy.unpack.leaf import short_text

_EPOCH: Final = dt.date(1970, 1, 1)
_VARINT: Final = 10


class Broken(Exception):  # noqa: N818 - an answer about the data
    """The data is no such value."""


@dataclass(slots=True)
class Schema:
    """A type. `inner` holds the types of fields, branches, items or values."""

    kind: str
    logical: str = ""
    names: list[str] = field(default_factory=list)
    inner: list[Schema] = field(default_factory=list)
    size: int = 0
    scale: int = 0


def parse(raw: bytes) -> Schema:
    """Return the schema that JSON text declares.

    Raises:
        Broken: it is none.
    """
    try:
        return _schema(json.loads(raw), {}, 0)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise Broken from error


_PRIMITIVE: Final = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}


def _schema(given: Any, named: dict[str, Schema], depth: int) -> Schema:  # noqa: ANN401 - JSON
    if depth > tree.NESTING:
        raise Broken
    if isinstance(given, list):
        return Schema("union", inner=[_schema(one, named, depth + 1) for one in given])
    if isinstance(given, str):
        return Schema(given) if given in _PRIMITIVE else named[given.rpartition(".")[2]]
    kind = given["type"]
    if not isinstance(kind, str):
        return _schema(kind, named, depth + 1)
    made = Schema(kind, given.get("logicalType", ""), size=int(given.get("size", 0)), scale=int(given.get("scale", 0)))
    if name := given.get("name"):
        named[name.rpartition(".")[2]] = made
    if kind in {"record", "error"}:
        made.names = [str(one["name"]) for one in given["fields"]]
        made.inner = [_schema(one["type"], named, depth + 1) for one in given["fields"]]
    elif kind == "enum":
        made.names = [str(one) for one in given["symbols"]]
    elif kind in {"array", "map"}:
        made.inner = [_schema(given["items" if kind == "array" else "values"], named, depth + 1)]
    elif kind not in _PRIMITIVE and kind != "fixed":
        return named[kind.rpartition(".")[2]]
    return made


class Reader:
    """Reads values one after the other from `at`."""

    def __init__(self, data: bytes, meter: Meter, at: int = 0) -> None:
        self.at = at
        self._data = data
        self._meter = meter

    def long(self) -> int:
        """Return a zigzag number."""
        value = shift = 0
        for _ in range(_VARINT):
            if self.at >= len(self._data):
                break
            byte = self._data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)
        raise Broken

    def run(self) -> bytes:
        """Return bytes behind their length."""
        return self._take(self.long())

    def pairs(self) -> Iterator[tuple[str, bytes]]:
        """Yield a map from text to bytes."""
        for _ in self._items():
            yield self.run().decode(errors="replace"), self.run()

    def value(self, schema: Schema, depth: int = 0) -> Any:  # noqa: ANN401 - any value
        """Return one value.

        Raises:
            Broken: the data is no such value.
            tree.TooDeep: it is nested deeper than is followed.
            Exhausted: it is larger than may be unpacked.
        """
        if depth > tree.NESTING:
            raise tree.TooDeep
        if schema.kind in {"record", "error"}:
            self._charge()
            return Pairs(
                [(name, self.value(inner, depth + 1)) for name, inner in zip(schema.names, schema.inner, strict=True)]
            )
        if schema.kind == "union":
            return self.value(self._branch(schema.inner), depth + 1)
        if schema.kind == "array":
            return [self.value(schema.inner[0], depth + 1) for _ in self._items()]
        if schema.kind == "map":
            return Pairs([(self._text(), self.value(schema.inner[0], depth + 1)) for _ in self._items()])
        if schema.kind == "enum":
            return self._branch(schema.names)
        if schema.kind == "fixed":
            return _meant(schema, self._take(schema.size))
        return _meant(schema, _READERS[schema.kind](self))

    def _branch[Item](self, items: list[Item]) -> Item:
        place = self.long()
        if not 0 <= place < len(items):
            raise Broken
        return items[place]

    def _items(self) -> Iterator[int]:
        while count := self.long():
            if count < 0:
                count = -count
                self.long()
            for number in range(count):
                self._charge()
                yield number

    def _charge(self) -> None:
        if not self._meter.room:
            raise self._meter.overrun()
        self._meter.charge(NODE)

    def _text(self) -> str:
        return self.run().decode(errors="replace")

    def _take(self, size: int) -> bytes:
        end = self.at + size
        if size < 0 or end > len(self._data):
            raise Broken
        taken = self._data[self.at : end]
        self.at = end
        return taken

    def _float(self, form: str, size: int) -> float:
        value: float = struct.unpack(form, self._take(size))[0]
        return value


_READERS: Final[dict[str, Callable[[Reader], Any]]] = {
    "null": lambda _: None,
    "boolean": lambda reader: reader._take(1) != b"\0",  # noqa: SLF001 - one file
    "int": Reader.long,
    "long": Reader.long,
    "float": lambda reader: reader._float("<f", 4),  # noqa: SLF001
    "double": lambda reader: reader._float("<d", 8),  # noqa: SLF001
    "bytes": Reader.run,
    "string": lambda reader: _string(reader.run()),
}


def _string(raw: bytes) -> str | bytes:
    text = short_text(raw)
    return raw if text is None else text


def _meant(schema: Schema, value: Any) -> Any:  # noqa: ANN401 - any value
    """Return what a value of a logical type means to people; the others as they are."""
    if schema.logical == "decimal" and isinstance(value, bytes):
        whole = int.from_bytes(value, signed=True)
        return whole if not schema.scale else f"{whole / 10**schema.scale:.{min(schema.scale, 20)}f}"
    if schema.logical == "date" and isinstance(value, int) and abs(value) < 1_000_000:
        return _EPOCH + dt.timedelta(value) if -700_000 < value < 2_900_000 else value
    return value
