"""tar archives: v7, ustar, pax and GNU. Links and devices are named, never followed or made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.tar_records import BLOCK, Header, decoded, parse_header, pax_records

NAME: Final = "tar"

_LONG_NAME, _LONG_LINK, _PAX, _GLOBAL, _SPARSE = "L", "K", {"x", "X"}, "g", "S"
_USUAL: Final = frozenset(
    {b"path", b"linkpath", b"size", b"mtime", b"atime", b"ctime", b"uid", b"gid", b"uname", b"gname", b"hdrcharset"}
)
_PART_OF_ONE: Final = "M"


def accepts(content: Content) -> bool:
    return len(content.data) >= BLOCK and parse_header(content.data, 0) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    if not accepts(content):
        raise Mismatch
    yield from _Archive(content, budget).records()


class _Archive:
    """One pass over one archive. What earlier records say of the next file is kept until it comes."""

    def __init__(self, content: Content, budget: Budget) -> None:
        self._content, self._data, self._budget = content, content.data, budget
        self._name = self._link = b""
        self._size = -1

    def records(self) -> Iterator[Part | Gap | Content]:
        """Yield what every record holds, and whatever lies between and behind them."""
        at, skipped, ended = 0, 0, False
        while at + BLOCK <= len(self._data):
            header = parse_header(self._data, at)
            if header is None:
                ended = ended or not self._data.count(b"\0", at, at + BLOCK) < BLOCK
                at += BLOCK
                continue
            yield from self._between(skipped, at)
            end = self._end(header)
            yield from self._record(header, end)
            at = skipped = max(end + -end % BLOCK, header.body)
        yield from self._between(skipped, len(self._data))
        if not ended:
            yield Gap("malformed", self._content.location, "the tar archive has no end: cut, or one volume of several")

    def _end(self, header: Header) -> int:
        size = self._size if self._size >= 0 and header.kind not in _PAX | {_GLOBAL} else header.size
        return header.body if header.kind in "123456" else min(header.body + size, len(self._data))

    def _between(self, start: int, end: int) -> Iterator[Content]:
        piece = self._data[start:end].lstrip(b"\0") if start < end else b""
        if piece.endswith(bytes(BLOCK)):
            piece = piece.rstrip(b"\0")
        if piece:
            yield self._content.inside(piece, "between the members" if end < len(self._data) else "after the archive")

    def _record(self, header: Header, end: int) -> Iterator[Part | Gap | Content]:
        data = self._data[header.body : end]
        if header.kind == _LONG_NAME:
            self._name = data.rstrip(b"\0")
        elif header.kind == _LONG_LINK:
            self._link = data.rstrip(b"\0")
        elif header.kind in _PAX or header.kind == _GLOBAL:
            yield from self._said(header, data)
        else:
            yield from self._member(header, data, end)
            self._name = self._link = b""
            self._size = -1

    def _said(self, header: Header, data: bytes) -> Iterator[Part | Content]:
        records = pax_records(data)
        if header.kind != _GLOBAL:
            self._name = records.get(b"path", records.get(b"GNU.sparse.name", b""))
            self._link = records.get(b"linkpath", b"")
            size = records.get(b"size", b"")
            self._size = int(size) if size.isdigit() and len(size) < 20 else -1
        other = [value for name, value in records.items() if name not in _USUAL and not name.startswith(b"GNU.")]
        if not records and data.strip(b"\0"):
            other = [data]
        if other:
            yield self._content.inside(b"\n".join(other), "pax header")

    def _member(self, header: Header, data: bytes, end: int) -> Iterator[Part | Gap | Content]:
        self._budget.spend_member()
        name = decoded(self._name or header.name)
        yield Part(Location("filename", self._content.location.steps), name)
        if link := self._link or header.link:
            yield Part(Location("filename", self._content.location.steps), decoded(link))
        where = self._content.location / step(name)
        if header.kind == _SPARSE:
            data = self._data[header.body + self._maps(header) : end]
        if end == len(self._data):
            data = data.rstrip(b"\0")  # what a size that lies takes of the archive's end
        if data:
            yield Content(data, where, name)
        said = self._size if self._size >= 0 else header.size
        if header.kind not in "123456" and (header.kind == _PART_OF_ONE or end - header.body < said):
            yield Gap("malformed", where, "the archive's member ends too early, or goes on in another volume")

    def _maps(self, header: Header) -> int:
        """Return the size of the further maps of holes that stand before the bytes of a sparse file."""
        more, size = self._data[header.body - BLOCK + 482], 0
        while more and header.body + size + BLOCK <= len(self._data):
            more = self._data[header.body + size + 504]
            size += BLOCK
        return size
