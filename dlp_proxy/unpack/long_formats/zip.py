"""Long zip archives, read as a run of records as the short ones are, member by member over the mapped file.

A member that is stored is a stretch of the file; a compressed one is unpacked as it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap, GapReason
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.inflating import Inflating
from dlp_proxy.unpack.long import Long
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.tape import Played
from dlp_proxy.unpack.zip_records import MARK, Entry, Member, descriptor, next_record, shows_record
from dlp_proxy.unpack.zip_walk import CODECS, DEFLATE_64, LZMA, STORED, Walk, declared

NAME: Final = "zip"

_ENDS: Final = 64 * 1024
_NEAR: Final = 1024 * 1024
_LONGEST_RECORD: Final = 256 * 1024
"""Bytes of a record with its names and extra fields: no two of them have more than 64 KiB."""
_OF_DOCUMENTS: Final = (b"[Content_Types].xml", b"mimetypeapplication/")


def accepts(content: Long) -> bool:
    """Look for a first record near the beginning. An archive may stand behind a film too: `Before` finds it there."""
    return content.data is not None and next_record(content.data[:_NEAR], 0) is not None


def is_document(data: Mapped) -> bool:
    """Tell whether an archive is an Office or OpenDocument file, which is more than its members."""
    ends = data[:_ENDS] + data[max(0, len(data) - _ENDS) :]
    return any(name in ends for name in _OF_DOCUMENTS)


def read(content: Long, budget: Budget, start: int = 0) -> Iterator[Part | Gap | Content | Long]:
    """Read an archive. What is before `start` was read already."""
    yield from _Archive(content, content.stretch, budget).records(start)


class Before:
    """A tape of what stands before the first record of an archive, if there is one at all.

    Attributes:
        end: where the first record begins; -1 as long as none was seen.
    """

    def __init__(self, data: Mapped) -> None:
        self._data = data
        self._at = 0
        self.end = -1

    def read(self, count: int) -> bytes:
        if self.end >= 0:
            count = min(count, self.end - self._at)
        piece = self._data[self._at : self._at + count]
        if self.end < 0:
            ahead = self._data[self._at + count : self._at + count + _LONGEST_RECORD]
            if shows_record(piece) or shows_record(piece[-MARK:] + ahead):
                found = next_record(piece + ahead, 0)
                if found and found.start < count:
                    self.end, piece = self._at + found.start, piece[: found.start]
        self._at += len(piece)
        return piece


class _Archive(Walk[Content | Long]):
    """One pass over one archive."""

    def __init__(self, content: Long, data: Mapped, budget: Budget) -> None:
        super().__init__(data, content.location, budget)
        self._content, self._data = content, data

    def stretch(self, start: int, end: int, where: str, name: str = "") -> Content | Long:
        if end - start > self._budget.limits.long_bytes:
            return self._content.inside(where, self._data.inside(start, end), name=name)
        return Content(self._data[start:end], self._content.location / where, name)

    def held(self, member: Member, entry: Entry | None) -> Iterator[Gap | Content | Long]:
        if member.method in CODECS:
            yield from self._unpack(member, entry)
            return
        self._end = self.skip(member, entry)
        where = self.where(member)
        if member.method == STORED:
            yield self.stretch(member.body, self._end, step(member.name), member.name)
            if self._end - member.body < member.packed:
                yield Gap("malformed", where, "the archive's member ends too early")
            return
        reason: GapReason = "too-large" if member.method in {LZMA, DEFLATE_64} else "unknown-format"
        yield Gap(reason, where, f"nothing here reads zip method {member.method} in so long an archive")

    def _unpack(self, member: Member, entry: Entry | None) -> Iterator[Gap | Content | Long]:
        stream = Inflating(CODECS[member.method], Played(self._data, member.body), self._meter)
        yield self._content.inside(step(member.name), stream, name=member.name)
        stream.skip()
        self._end = member.body + stream.taken
        if stream.problem:
            problem = f"a compressed member of a long archive {stream.problem}; not read on"
            yield Gap("too-large", self.where(member), problem)
            return
        trailing = descriptor(self._data, self._end, stream.checksum) if member.streamed else 0
        self._end += trailing
        if any(one != (stream.checksum, stream.size) for one in declared(member, entry)):
            yield Gap("malformed", self.where(member), "the archive's member has another size or checksum than it says")
