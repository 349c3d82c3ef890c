"""Long gzip files, and bzip2, xz and zstd ones: unpacked as they are read, and what is in them read likewise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.gunzip import MAGIC, Gunzipped, header
from dlp_proxy.unpack.inflate import PIECE, Codec
from dlp_proxy.unpack.inflating import Inflating
from dlp_proxy.unpack.long import Long
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.percent import as_text
from dlp_proxy.unpack.tape import Played

NAME: Final = "gzip"

_MAGICS: Final[dict[bytes, Codec]] = {
    MAGIC: "deflate",
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_TRAILER: Final = 8
_HEADER_AT_MOST: Final = 128 * 1024


def accepts(content: Long) -> bool:
    return content.data is not None and _magic(content.data, 0) != b""


def read(content: Long, budget: Budget) -> Iterator[Part | Gap | Content | Long]:
    data = content.stretch
    stream = Members(data, budget)
    name = content.name.rpartition(".")[0] or "unpacked"
    yield content.inside(step(name), stream, name=name)
    while stream.read(PIECE):
        pass
    for text in stream.names:
        yield Part(Location("filename", content.location.steps), as_text(text))
    for note in stream.notes:
        yield from glance(Content(note, content.location / "gzip comment"))
    if stream.problem:
        yield Gap("too-large", content.location / step(name), f"a long compressed stream {stream.problem}; not read on")
    if stream.at < len(data):
        yield content.inside("after the compressed stream", data.inside(stream.at, len(data)))


class Members:
    """Every member of a compressed file as one tape.

    Attributes:
        at: offset of the first byte behind the members that were read.
        names: file names in their headers, raw.
        notes: comments and extra fields in their headers, raw.
        problem: what is broken, for people. Nothing is read beyond it.
        size: bytes that were unpacked so far.
    """

    def __init__(self, data: Mapped, budget: Budget) -> None:
        self._data = data
        self._budget = budget
        self._meter: Meter = budget.meter(len(data))
        self._stream: Inflating | None = None
        self._magic = b""
        self._start = 0
        self.at = 0
        self.size = 0
        self.names: list[bytes] = []
        self.notes: list[bytes] = []
        self.problem = ""

    def read(self, count: int) -> bytes:
        """Return the next bytes of what the members hold together.

        Raises:
            Exhausted: there is more than may be unpacked, or there are too many members.
        """
        pieces: list[bytes] = []
        while count and not self.problem and (stream := self._stream or self._next()):
            piece = stream.read(count)
            count -= len(piece)
            self.size += len(piece)
            pieces.append(piece)
            if count:
                self._end(stream)
        return b"".join(pieces)

    def _next(self) -> Inflating | None:
        self._magic = _magic(self._data, self.at)
        if not self._magic:
            self.problem = "" if self.at else "is none"
            return None
        self._budget.spend_member()
        self._start = self.at
        if self._magic == MAGIC:
            said = Gunzipped()
            size = header(self._data[self.at : self.at + _HEADER_AT_MOST], said)
            self.names += said.names
            self.notes += said.notes
            if size < 0:
                self.problem = "has a broken header"
                return None
            self._start += size
        self._stream = Inflating(_MAGICS[self._magic], Played(self._data, self._start), self._meter)
        return self._stream

    def _end(self, stream: Inflating) -> None:
        self._stream = None
        self.at = self._start + stream.taken
        self.problem = stream.problem
        if self._magic == MAGIC and not self.problem:
            trailer = self._data[self.at : self.at + _TRAILER]
            expected = stream.checksum.to_bytes(4, "little") + (stream.size & 0xFFFFFFFF).to_bytes(4, "little")
            if trailer != expected:
                self.problem = "has a wrong checksum"
            self.at += len(trailer)


def _magic(data: Mapped, at: int) -> bytes:
    head = data[at : at + 6]
    return next((magic for magic in _MAGICS if head.startswith(magic)), b"")
