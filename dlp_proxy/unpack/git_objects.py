"""Objects of a git pack, with deltas applied. Source: git's documentation, *gitformat-pack*."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.inflate import inflate

KINDS: Final = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_OFFSET_DELTA, _NAME_DELTA = 6, 7
_HASH: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One object. `kind` is ``delta`` when what it changes is not in the pack: then only what it adds is known."""

    kind: str
    data: bytes
    name: str


@dataclass(slots=True)
class Pack:
    """One pass over one pack.

    Attributes:
        end: offset after the last object that was read.
        problem: what is broken, for people.
        exhausted: to be raised when all was passed on.
    """

    data: bytes
    end: int
    meter: Meter
    problem: str = ""
    exhausted: Exhausted | None = None
    _at: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    _named: dict[bytes, tuple[str, bytes]] = field(default_factory=dict)

    def objects(self, count: int) -> Iterator[Found]:
        """Yield the objects in their order; deltas whose base comes later at the end."""
        waiting: list[tuple[int, int | bytes, bytes]] = []
        for _ in range(count):
            start = self.end
            read = self._object()
            if read is None:
                break
            kind, base, content = read
            if kind in KINDS:
                yield self._keep(start, KINDS[kind], content)
            elif (found := self._applied(start, base, content)) is not None:
                yield found
            elif not self.exhausted:
                waiting.append((start, base, content))
            if self.exhausted:
                return
        yield from self._late(waiting)

    def _late(self, waiting: list[tuple[int, int | bytes, bytes]]) -> Iterator[Found]:
        progress = True
        while waiting and progress and not self.exhausted:
            progress, still = False, []
            for start, base, content in waiting:
                found = self._applied(start, base, content) if not self.exhausted else None
                if found is None:
                    still.append((start, base, content))
                else:
                    progress = True
                    yield found
            waiting = still
        for _, _, content in waiting:
            yield Found("delta", added(content), "")

    def _object(self) -> tuple[int, int | bytes, bytes] | None:
        start = self.end
        try:
            kind, at = self._kind(start)
            base: int | bytes = 0
            if kind == _OFFSET_DELTA:
                distance, at = self._distance(at)
                base = start - distance
            elif kind == _NAME_DELTA:
                base = self.data[at : at + _HASH]
                at += _HASH
        except IndexError:
            kind = 0
        if kind not in KINDS and kind not in {_OFFSET_DELTA, _NAME_DELTA}:
            self.problem = "a git pack that is cut or broken"
            return None
        result = inflate("zlib", self.data, at, self.meter)
        self.exhausted = result.exhausted
        self.end = result.end
        if result.problem:
            self.problem = "a git pack with a broken object"
            return (kind, base, result.data) if result.data and kind in KINDS else None
        return kind, base, result.data

    def _kind(self, at: int) -> tuple[int, int]:
        """Return the kind of the object at `at`, and where its size, which is not believed, ends."""
        kind = self.data[at] >> 4 & 7
        while self.data[at] & 0x80:
            at += 1
        return kind, at + 1

    def _distance(self, at: int) -> tuple[int, int]:
        byte = self.data[at]
        distance = byte & 0x7F
        while byte & 0x80:
            at += 1
            byte = self.data[at]
            distance = (distance + 1) << 7 | byte & 0x7F
        return distance, at + 1

    def _applied(self, start: int, base: int | bytes, delta: bytes) -> Found | None:
        known = self._at.get(base) if isinstance(base, int) else self._named.get(base)
        if known is None:
            return None
        kind, source = known
        try:
            made = apply(source, delta, self.meter)
        except Exhausted as reached:
            self.exhausted = reached
            return None
        return self._keep(start, kind, made)

    def _keep(self, start: int, kind: str, data: bytes) -> Found:
        name = hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).digest()
        self._at[start] = self._named[name] = (kind, data)
        return Found(kind, data, name.hex())


def apply(source: bytes, delta: bytes, meter: Meter) -> bytes:
    """Return what a delta makes of `source`; copies beyond its end give what is there.

    Raises:
        Exhausted: it makes more than may be unpacked.
    """
    out = bytearray()
    for piece in _instructions(delta):
        part = piece if isinstance(piece, bytes) else source[piece[0] : piece[0] + piece[1]]
        if len(part) > meter.room:
            raise meter.overrun()
        meter.charge(len(part))
        out += part
    return bytes(out)


def added(delta: bytes) -> bytes:
    """Return the bytes that a delta brings itself, a line for each stretch."""
    return b"".join([piece if isinstance(piece, bytes) else b"\n" for piece in _instructions(delta)])


def _instructions(delta: bytes) -> Iterator[bytes | tuple[int, int]]:
    at = 0
    for _ in range(2):  # the sizes, which are not believed
        while at < len(delta) and delta[at] & 0x80:
            at += 1
        at += 1
    while at < len(delta):
        code = delta[at]
        at += 1
        if not code & 0x80:
            yield delta[at : at + code]
            at += code
            continue
        offset = size = 0
        for bit in range(7):
            if code >> bit & 1 and at < len(delta):
                if bit < 4:
                    offset |= delta[at] << 8 * bit
                else:
                    size |= delta[at] << 8 * (bit - 4)
                at += 1
        yield offset, size or 0x10000


def tree_names(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield (object's name in hex, file name) of a tree."""
    at = 0
    while (blank := data.find(b" ", at)) >= 0 and (end := data.find(b"\0", blank)) >= 0:
        yield data[end + 1 : end + 1 + _HASH].hex(), data[blank + 1 : end].decode(errors="replace")
        at = end + 1 + _HASH
