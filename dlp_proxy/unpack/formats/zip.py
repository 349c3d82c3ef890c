"""zip archives (PKWARE APPNOTE 6.3), read as a run of records rather than by the directory's word.

Whatever lies between records is looked at too; members that only the directory knows are read last.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Exhausted, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.inflate import Codec, Inflated, inflate
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.zip_records import Entry, Member, descriptor, directory, next_record, parse_member

NAME: Final = "zip"

_STORED: Final = 0
_CODECS: Final[dict[int, Codec]] = {8: "deflate", 12: "bzip2", 93: "zstd"}
_EXTRA: Final = 64  # bytes of extra fields that programs write themselves
_REREAD: Final = 4  # times its size that members within members may be read again
_SLACK: Final = 8  # bytes between records that are not worth a look


def accepts(content: Content) -> bool:
    """Look for a first record anywhere: programs find an archive behind a picture or a script, so do we."""
    return b"PK" in content.data and next_record(content.data, 0) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    yield from _Archive(content, budget).records()


class _Archive:
    """One pass over one archive."""

    def __init__(self, content: Content, budget: Budget) -> None:
        self._content, self._data, self._budget = content, content.data, budget
        self._meter: Meter = budget.meter(len(content.data))
        self._entries: dict[int, Entry] = directory(content.data)
        self._seen: set[int] = set()
        self._names: set[str] = set()
        self._end = 0

    def records(self) -> Iterator[Part | Gap | Content]:
        """Yield what every record holds, and what lies between them."""
        at, complete, records = 0, False, 0
        while (found := next_record(self._data, at)) is not None:
            yield from self._slack(at, found.start)
            if isinstance(found, Member):
                yield from self._member(found)
                at = self._end
            else:
                records += 1
                if records > len(self._seen) + 1:
                    self._budget.spend_member()
                complete = complete or found.kind == "end"
                at = found.end
                yield from self._said(found.name, found.note)
        yield from self._slack(at, len(self._data))
        reread = 0
        for offset in sorted(self._entries.keys() - self._seen):
            if hidden := parse_member(self._data, offset):
                yield from self._member(hidden)
                reread += self._end - hidden.start
                if reread > _REREAD * len(self._data):
                    raise Exhausted("too-large", "its members lie over each other", whole=False)
        if not complete:
            yield Gap("malformed", self._content.location, "the archive has no end record: cut, or made by hand")

    def _said(self, name: str, note: bytes) -> Iterator[Part | Content]:
        if name and name not in self._names:
            yield self._filename(name)
        if note:
            yield self._content.inside(note, "comment")

    def _filename(self, name: str) -> Part:
        return Part(Location("filename", self._content.location.steps), name)

    def _slack(self, start: int, end: int) -> Iterator[Content]:
        if end - start >= _SLACK:
            where = "between the members" if start else "before the archive"
            if end == len(self._data):
                where = "after the archive"
            yield self._content.inside(self._data[start:end], where)

    def _member(self, member: Member) -> Iterator[Part | Gap | Content]:
        self._budget.spend_member()
        self._seen.add(member.start)
        entry = self._entries.get(member.start)
        self._names.add(member.name)
        yield self._filename(member.name)
        where = self._content.location / step(member.name)
        if len(member.extra) >= _EXTRA:
            yield from glance(Content(member.extra, where / "extra field"))
        if member.encrypted or (entry and entry.encrypted):
            self._end = self._skip(member, entry)
            yield Gap("encrypted", where, "locked with a password")
            return
        result = self._unpack(member, entry)
        if result is None:
            self._end = self._skip(member, entry)
            yield Gap("unknown-format", where, f"nothing here reads zip method {member.method}")
            return
        yield Content(result.data, where, member.name)
        if result.exhausted:
            raise result.exhausted
        self._end, problem = self._check(member, entry, result)
        if problem:
            yield Gap("malformed", where, f"the archive's member {problem}")

    def _unpack(self, member: Member, entry: Entry | None) -> Inflated | None:
        if member.method in _CODECS:
            return inflate(_CODECS[member.method], self._data, member.body, self._meter)
        if member.method != _STORED:
            return None
        end = self._skip(member, entry)
        cut = "ends too early" if end - member.body < member.packed else ""
        return Inflated(self._data[member.body : end], end, cut)

    def _skip(self, member: Member, entry: Entry | None) -> int:
        """Return where a member's bytes end, by the sizes in its header or the directory, else by the next record."""
        packed = member.packed or (entry.packed if entry else 0)
        if not packed and member.streamed:
            following = next_record(self._data, member.body)
            return following.start if following else len(self._data)
        return min(member.body + packed, len(self._data))

    def _check(self, member: Member, entry: Entry | None, result: Inflated) -> tuple[int, str]:
        """Return where the record really ends, and what is wrong with what was declared of it."""
        if result.problem:
            return result.end, result.problem
        checksum = zlib.crc32(result.data)
        trailing = descriptor(self._data, result.end, checksum) if member.streamed else 0
        end = result.end + trailing
        declared = [] if member.streamed else [(member.checksum, member.size)]
        declared += [(entry.checksum, entry.size)] if entry else []
        if any(size != len(result.data) for _, size in declared):
            return end, "has another size than it says"
        if any(value != checksum for value, _ in declared):
            return end, "has a wrong checksum"
        return end, ""
