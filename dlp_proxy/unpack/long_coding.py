"""Content-Encoding of a long body, taken off as it is read. See `coding` for short ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.unpack.aws_chunks import CHUNK
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.coding import PLAIN
from dlp_proxy.unpack.inflate import PIECE, Codec
from dlp_proxy.unpack.inflating import Inflating
from dlp_proxy.unpack.long import Long, long
from dlp_proxy.unpack.long_formats.gzip import Members
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.tape import Played

_HEAD_AT_MOST: Final = 512


def peel(content: Long, header: str, budget: Budget) -> Iterator[Long | Gap]:
    """Yield what is to be read instead of `content`, then what stands behind the coded body."""
    names = [name for raw in header.lower().split(",") if (name := raw.strip()) not in PLAIN]
    data = content.data
    if not names or data is None:
        yield content
        return
    if len(names) > 1:
        yield Gap("too-large", content.location, "so long a body is read under one Content-Encoding, not under more")
        yield content
        return
    stream = _stream(names[0], data, budget)
    if stream is None:
        yield Gap("unknown-format", content.location, "a Content-Encoding that nothing here reads")
        yield content
        return
    yield long(stream, content.location, content.name, content.label)
    made = _drain(stream)
    if stream.problem and not made:
        yield Gap("malformed", content.location, "the body is not what its Content-Encoding says")
        yield content
    elif stream.problem:
        yield Gap("too-large", content.location, f"a long coded body {stream.problem}; not read on")
    elif stream.at < len(data):
        yield content.inside("after the coded body", data.inside(stream.at, len(data)))


def _drain(stream: Members | _Coded | _Chunks) -> int:
    while stream.read(PIECE):
        pass
    return stream.size


def _stream(name: str, data: Mapped, budget: Budget) -> Members | _Coded | _Chunks | None:
    head = data[:2]
    if name in {"gzip", "x-gzip", "zstd"}:
        return Members(data, budget)
    if name == "deflate":
        # RFC 9110 says zlib, but some senders leave its two bytes out.
        wrapped = len(head) > 1 and head[0] & 15 == 8 and int.from_bytes(head) % 31 == 0
        return _Coded("zlib" if wrapped else "deflate", data, budget)
    if name == "br":
        return _Coded("br", data, budget)
    return _Chunks(data) if name == "aws-chunked" else None


class _Coded(Inflating):
    """One compressed stream from the first byte of a body on."""

    def __init__(self, codec: Codec, data: Mapped, budget: Budget) -> None:
        super().__init__(codec, Played(data), budget.meter(len(data)))

    @property
    def at(self) -> int:
        return self.taken


class _Chunks:
    """Amazon's own chunks (`aws_chunks`). Attributes as those of `Members`."""

    def __init__(self, data: Mapped) -> None:
        self._data = data
        self._left = 0
        self.at = 0
        self.size = 0
        self.problem = ""

    def read(self, count: int) -> bytes:
        pieces: list[bytes] = []
        while count and (self._left or self._next()):
            piece = self._data[self.at : self.at + min(count, self._left)]
            if not piece:
                self.problem, self._left = "ends too early", 0
                break
            self.at += len(piece)
            self._left -= len(piece)
            self.size += len(piece)
            count -= len(piece)
            pieces.append(piece)
            if not self._left and self._data[self.at : self.at + 2] == b"\r\n":
                self.at += 2
        return b"".join(pieces)

    def _next(self) -> bool:
        head = CHUNK.match(self._data[self.at : self.at + _HEAD_AT_MOST])
        if self.problem or self.at >= len(self._data):
            return False
        if head is None:
            self.problem = "is broken"
            return False
        self._left = int(head[1], 16)
        self.at = self.at + head.end() if self._left else len(self._data)
        return self._left > 0
