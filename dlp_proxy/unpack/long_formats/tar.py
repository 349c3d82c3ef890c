"""Long tar archives (POSIX.1-1988, pax, GNU), also as they come out of a compressed stream: file after file.

Read block by block, and not by the library, which stops at the end: what stands behind it, or in the padding of the
blocks, is looked at too.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.long import Long
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.percent import as_text
from dlp_proxy.unpack.tape import Bounded, Played, Rewound, Tape
from dlp_proxy.unpack.tar_records import BLOCK, Header, decoded, parse_header, pax_records

NAME: Final = "tar"

_SAID_AT_MOST: Final = 1 << 20
_LONG_NAME, _LONG_LINK, _PAX = "L", "K", frozenset("xXg")
_NO_CONTENT: Final = frozenset("123456")
"""Links, devices, folders and pipes: their sizes say nothing."""
_OF_NO_INTEREST: Final = frozenset({b"path", b"size", b"mtime", b"atime", b"ctime", b"uid", b"gid"})


def accepts(content: Long) -> bool:
    """Look for a first header whose checksum is right: only that makes a block a header."""
    return parse_header(content.head, 0) is not None


def read(content: Long, budget: Budget) -> Iterator[Part | Gap | Content | Long]:
    tape = content.tape
    said = _Said()
    while block := tape.read(BLOCK):
        if not block.strip(b"\0"):
            continue  # the end, or one of several: an archive may stand behind another
        header = parse_header(block, 0)
        if header is None:
            yield content.inside("after the archive", Rewound(block, tape))
            return
        size = header.size
        if header.kind in {_LONG_NAME, _LONG_LINK, *_PAX} and size <= _SAID_AT_MOST:
            said.add(header.kind, tape.read(size))
        else:
            budget.spend_member()
            size = 0 if header.kind in _NO_CONTENT else size if said.size is None else said.size
            said.size = size
            yield from _member(content, header, said, tape, budget)
            said = _Said()
        padding = tape.read(-size % BLOCK)
        if padding.strip(b"\0"):
            yield from glance(Content(padding, content.location / "padding"))


def _member(
    content: Long, header: Header, said: _Said, tape: Tape, budget: Budget
) -> Iterator[Part | Gap | Content | Long]:
    name, size = said.name or decoded(header.name), said.size or 0
    for written in filter(None, (name, decoded(header.link), *said.others)):
        yield Part(Location("filename", content.location.steps), written)
    if size <= budget.limits.long_bytes:
        yield Content(data := tape.read(size), content.location / step(name), name)
        cut = len(data) < size
    else:
        cut = yield from _long_member(content, step(name), name, size, tape)
    if cut:
        yield Gap("malformed", content.location / step(name), "the archive ends in the middle of it")


def _long_member(content: Long, where: str, name: str, size: int, tape: Tape) -> Generator[Long, None, bool]:
    """Yield a long file: a stretch where the archive is one, else a tape. Return whether the archive ends in it."""
    if content.data is not None and isinstance(tape, Played):
        start, tape.at = tape.at, tape.at + size
        yield content.inside(where, content.data.inside(start, start + size), name=name)
        return tape.at > len(content.data)
    file = Bounded(tape, size)
    yield content.inside(where, file, name=name)
    return file.skip()


class _Said:
    """What records before a header say of the next file."""

    def __init__(self) -> None:
        self.name = ""
        self.size: int | None = None
        self.others: list[str] = []

    def add(self, kind: str, data: bytes) -> None:
        if kind == _LONG_NAME:
            self.name = decoded(data.rstrip(b"\0"))
        elif kind == _LONG_LINK:
            self.others.append(decoded(data.rstrip(b"\0")))
        else:
            for key, value in pax_records(data).items():
                if key == b"path":
                    self.name = decoded(value)
                elif key == b"size" and value.isdigit() and len(value) < 16:
                    self.size = int(value)
                elif key not in _OF_NO_INTEREST and value:
                    self.others.append(as_text(value))
