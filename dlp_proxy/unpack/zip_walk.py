"""The walk over a zip archive's records, which short archives and long ones share.

Local headers are walked in the order they stand; whatever lies between records is looked at too; members that only the
directory knows are read last. How a member's bytes are taken is for the readers to say.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import private
from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.inflate import Codec
from dlp_proxy.unpack.mapped import Bytes
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.zip_records import Entry, Member, directory, next_record, parse_member

STORED: Final = 0
CODECS: Final[dict[int, Codec]] = {8: "deflate", 12: "bzip2", 93: "zstd"}
LZMA: Final = 14
DEFLATE_64: Final = 9
"""What Windows makes of files over 2 GiB."""
PPMD: Final = 98
_EXTRA: Final = 64  # bytes of extra fields that programs write themselves
_REREAD: Final = 4  # times its size that members within members may be read again
_SLACK: Final = 8  # bytes between records that are not worth a look


class Walk[Piece](ABC):
    """One pass over one archive. `Piece` is what a stretch of it is given on as."""

    def __init__(self, data: Bytes, location: Location, budget: Budget) -> None:
        self._bytes, self._location, self._budget = data, location, budget
        self._meter = budget.meter(len(data))
        self._entries: dict[int, Entry] = directory(data)
        self._seen: set[int] = set()
        self._names: set[str] = set()
        self._end = 0

    @abstractmethod
    def stretch(self, start: int, end: int, where: str, name: str = "") -> Piece:
        """Return bytes that stand in the archive as they are, known to people by `where`."""

    @abstractmethod
    def held(self, member: Member, entry: Entry | None) -> Iterator[Gap | Content | Piece]:
        """Yield what a member holds, and say in `_end` where its record ends.

        Raises:
            Exhausted: it holds more than may be unpacked.
        """

    def is_open(self, member: Member, entry: Entry | None) -> bool:
        """Tell whether a member that is said to be locked is not."""
        return False

    def records(self, at: int = 0) -> Iterator[Part | Gap | Content | Piece]:
        """Yield what every record from `at` on holds, and what lies between them.

        Raises:
            Exhausted: there is more than may be unpacked; what was before it was yielded.
        """
        complete, records = False, 0
        while (found := next_record(self._bytes, at)) is not None:
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
                if found.name and found.name not in self._names:
                    yield self._filename(found.name)
                if found.note:
                    yield Content(found.note, self._location / "comment")
        yield from self._slack(at, len(self._bytes))
        yield from self._hidden()
        if not complete:
            yield Gap("malformed", self._location, "the archive has no end record: cut, or made by hand")

    def where(self, member: Member) -> Location:
        return self._location / step(member.name)

    def skip(self, member: Member, entry: Entry | None) -> int:
        """Return where a member's bytes end, by the sizes in its header or the directory, else by the next record."""
        packed = member.packed or (entry.packed if entry else 0)
        if not packed and member.streamed:
            following = next_record(self._bytes, member.body)
            return following.start if following else len(self._bytes)
        return min(member.body + packed, len(self._bytes))

    def _hidden(self) -> Iterator[Part | Gap | Content | Piece]:
        """Yield members that only the directory knows."""
        reread = 0
        for offset in sorted(self._entries.keys() - self._seen):
            if hidden := parse_member(self._bytes, offset):
                yield from self._member(hidden)
                reread += self._end - hidden.start
                if reread > _REREAD * len(self._bytes):
                    raise Exhausted("too-large", "its members lie over each other", whole=False)

    def _filename(self, name: str) -> Part:
        return Part(Location("filename", self._location.steps), name)

    def _slack(self, start: int, end: int) -> Iterator[Piece]:
        if end - start >= _SLACK:
            where = "between the members" if start else "before the archive"
            yield self.stretch(start, end, "after the archive" if end == len(self._bytes) else where)

    def _member(self, member: Member) -> Iterator[Part | Gap | Content | Piece]:
        self._budget.spend_member()
        self._seen.add(member.start)
        entry = self._entries.get(member.start)
        self._names.add(member.name)
        yield self._filename(member.name)
        if len(member.extra) >= _EXTRA:
            where = self.where(member) / "extra field"
            packed = [one for raw in _fields(member.extra) for one in private.held(Content(raw, where))]
            yield from packed or glance(Content(member.extra, where))
        if (member.encrypted or (entry and entry.encrypted)) and not self.is_open(member, entry):
            self._end = self.skip(member, entry)
            yield Gap("encrypted", self.where(member), "locked with a password")
            return
        yield from self.held(member, entry)


def declared(member: Member, entry: Entry | None) -> list[tuple[int, int]]:
    """Return what headers say of the checksum and the size of a member."""
    said = [] if member.streamed else [(member.checksum, member.size)]
    return [*said, (entry.checksum, entry.size)] if entry else said


def _fields(extra: bytes) -> list[bytes]:
    """Return what the extra fields of a record hold (APPNOTE 4.5.1); nothing where they do not follow the form."""
    found: list[bytes] = []
    at = 0
    while at + 4 <= len(extra):
        size = int.from_bytes(extra[at + 2 : at + 4], "little")
        found.append(extra[at + 4 : at + 4 + size])
        at += 4 + size
    return [field for field in found if len(field) >= _EXTRA] if at == len(extra) else []
