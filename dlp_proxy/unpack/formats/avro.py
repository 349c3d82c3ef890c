"""Avro object container files. Source: *Apache Avro 1.12 Specification*, object container files and binary encoding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import avro_values
from dlp_proxy.unpack.avro_values import Broken, Reader
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import render
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.inflate import Codec, inflate
from dlp_proxy.unpack.snappy import unsnap

NAME: Final = "avro"

_MAGIC: Final = b"Obj\x01"
_SYNC: Final = 16
_CODECS: Final[dict[str, Codec]] = {"deflate": "deflate", "bzip2": "bzip2", "xz": "xz", "zstandard": "zstd"}


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    meter = budget.meter(len(content.data))
    head = Reader(content.data, meter, len(_MAGIC))
    try:
        labels = dict(head.pairs())
        schema = avro_values.parse(labels.get("avro.schema", b""))
        codec = labels.get("avro.codec", b"null").decode("latin-1")
    except Broken:
        raise Mismatch from None
    file = _File(content, head.at, schema, codec, meter)
    yield from render(file.values(), content, meter)
    others = b"\n".join(value for name, value in labels.items() if not name.startswith("avro."))
    if others.strip():
        yield content.inside(others, "metadata")
    if file.problem:
        yield Gap(file.reason, content.location, file.problem)
        yield from strings(content)
    elif file.at < len(content.data):
        yield content.inside(content.data[file.at :], "after the Avro file")


class _File:
    """The blocks of one file. `at` is where reading ended, `problem` why it ended early."""

    def __init__(self, content: Content, start: int, schema: avro_values.Schema, codec: str, meter: Meter) -> None:
        self._data, self._schema, self._codec, self._meter = content.data, schema, codec, meter
        self._mark = content.data[start : start + _SYNC]
        self.at = start + _SYNC
        self.problem = ""
        self.reason: Any = "malformed"

    def values(self) -> Iterator[tuple[str, Any]]:
        number = 0
        while self.at < len(self._data):
            head = Reader(self._data, self._meter, self.at)
            try:
                count, size = head.long(), head.long()
            except Broken:
                self.problem = "an Avro file that is cut"
                return
            end = head.at + size
            if size < 0 or count < 0 or self._data[end : end + _SYNC] != self._mark:
                if number and size >= 0 and end < len(self._data):
                    return
                self.problem = "an Avro file with a broken block; the rest is read for strings"
                return
            block = self._unpacked(self._data[head.at : end])
            if block is None:
                return
            values = Reader(block, self._meter)
            try:
                for _ in range(count):
                    number += 1
                    yield f"row {number}", values.value(self._schema)
            except Broken:
                self.problem = "an Avro file with a broken value"
            self.at = end + _SYNC

    def _unpacked(self, block: bytes) -> bytes | None:
        if self._codec == "null":
            return block
        if self._codec == "snappy":
            plain = unsnap(block[:-4], self._meter)
            self.problem = "" if plain is not None else "an Avro file with a broken block"
            return plain
        if self._codec not in _CODECS:
            self.reason, self.problem = "unknown-format", "an Avro file with a codec that nothing here reads"
            return None
        result = inflate(_CODECS[self._codec], block, 0, self._meter)
        if result.exhausted:
            raise result.exhausted
        self.problem = f"a block of the Avro file {result.problem}" if result.problem else self.problem
        return result.data
