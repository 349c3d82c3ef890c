"""zip archives (PKWARE APPNOTE 6.3), read as a run of records rather than by the directory's word."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import ppmd
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.inflate import Codec, Inflated, inflate
from dlp_proxy.unpack.zip_records import Entry, Member, descriptor, next_record
from dlp_proxy.unpack.zip_walk import CODECS, DEFLATE_64, LZMA, PPMD, STORED, Walk, declared

NAME: Final = "zip"

_LZMA_HEAD: Final = 9  # version, size of the properties, five of them
_NO_SIZE: Final = b"\xff" * 8


def accepts(content: Content) -> bool:
    """Look for a first record anywhere: programs find an archive behind a picture or a script, so do we."""
    return not content.ordinary and b"PK" in content.data and next_record(content.data, 0) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    yield from _Archive(content, budget).records()


class _Archive(Walk[Content]):
    """One pass over one archive."""

    def __init__(self, content: Content, budget: Budget) -> None:
        super().__init__(content.data, content.location, budget)
        self._data = content.data

    def stretch(self, start: int, end: int, where: str, name: str = "") -> Content:
        return Content(self._data[start:end], self._location / where, name)

    def held(self, member: Member, entry: Entry | None) -> Iterator[Gap | Content]:
        result = self._unpack(member, entry)
        where = self.where(member)
        if result is None:
            self._end = self.skip(member, entry)
            yield Gap("unknown-format", where, f"nothing here reads zip method {member.method}")
            return
        yield Content(result.data, where, member.name)
        if result.exhausted:
            raise result.exhausted
        self._end, problem = self._check(member, entry, result)
        if problem:
            yield Gap("malformed", where, f"the archive's member {problem}")

    def is_open(self, member: Member, entry: Entry | None) -> bool:
        """Try: what is enciphered never has the checksum of what it says."""
        if member.method not in {STORED, *CODECS} or not any(value for value, _ in declared(member, entry)):
            return False
        packed = self._data[member.body : self.skip(member, entry)]
        if member.method != STORED:
            result = inflate(CODECS[member.method], packed, 0, self._meter)
            packed = b"" if result.problem or result.exhausted else result.data
        return bool(packed) and zlib.crc32(packed) in {value for value, _ in declared(member, entry)}

    def _unpack(self, member: Member, entry: Entry | None) -> Inflated | None:
        if member.method in CODECS:
            return inflate(CODECS[member.method], self._data, member.body, self._meter)
        if member.method == LZMA:
            return self._lzma(member.body)
        end = self.skip(member, entry)
        if member.method == DEFLATE_64:
            return self._bounded("deflate64", member.body, end)
        if member.method == PPMD:
            self._budget.decoder()
            size = member.size or (entry.size if entry else 0)
            return ppmd.unpacked(self._data[member.body : end], end, size, self._meter)
        if member.method != STORED:
            return None
        cut = "ends too early" if end - member.body < member.packed else ""
        return Inflated(self._data[member.body : end], end, cut)

    def _bounded(self, codec: Codec, start: int, end: int) -> Inflated:
        """Inflate with a decoder that does not say where its stream ended."""
        self._budget.decoder()
        result = inflate(codec, self._data[start:end], 0, self._meter)
        return Inflated(result.data, end, result.problem, result.exhausted)

    def _lzma(self, at: int) -> Inflated:
        """Inflate LZMA under the head of a file of its own: a zip has another one (APPNOTE 5.8.8)."""
        stream = self._data[at + 4 : at + _LZMA_HEAD] + _NO_SIZE + self._data[at + _LZMA_HEAD :]
        result = inflate("lzma", stream, 0, self._meter)
        end = max(at, at + result.end + 4 - len(_NO_SIZE))
        return Inflated(result.data, end, result.problem, result.exhausted)

    def _check(self, member: Member, entry: Entry | None, result: Inflated) -> tuple[int, str]:
        """Return where the record really ends, and what is wrong with what was declared of it."""
        if result.problem:
            return result.end, result.problem
        checksum = zlib.crc32(result.data)
        trailing = descriptor(self._data, result.end, checksum) if member.streamed else 0
        end = result.end + trailing
        said = declared(member, entry)
        if any(size != len(result.data) for _, size in said):
            return end, "has another size than it says"
        if any(value != checksum for value, _ in said):
            return end, "has a wrong checksum"
        return end, ""
