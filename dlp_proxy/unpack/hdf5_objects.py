"""What an HDF5 file is made of: groups, datasets, chunks and heaps.

Source: The HDF Group, *HDF5 File Format Specification*, version 3.0, sections II to IV. Dense groups (fractal heaps)
and the chunk indexes of version 4 but for a single chunk are not followed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.unpack.budget import Meter
from dlp_proxy.unpack.hdf5_types import Broken, Kind, kind_of
from dlp_proxy.unpack.inflate import inflate
from dlp_proxy.unpack.leftover import Leftover

MAGIC: Final = b"\x89HDF\r\n\x1a\n"
_NOWHERE: Final = (1 << 64) - 1
_SPACE, _LINK, _TYPE, _LAYOUT, _FILTERS, _ATTRIBUTE, _CONTINUED, _TABLE = 1, 6, 3, 8, 11, 12, 16, 17
_LINKS, _ATTRIBUTES = 2, 21
_DEFLATE, _SHUFFLE, _CHECKSUM = 1, 2, 3
_MESSAGES_AT_MOST: Final = 20_000
_VISITED_AT_MOST: Final = 100_000
"""Links and chunks of a file."""
_FILTERS_AT_MOST: Final = 32
_NAME_AT_MOST: Final = 4096
_AGAIN: Final = 4
"""Times the size of the file that its headers may be together: they may lie over each other."""


@dataclass(slots=True)
class Object:
    """A group or a dataset, by what its header says.

    Attributes:
        attributes: name, type and values of each.
        elsewhere: some of its links or attributes are in heaps, which are not followed.
    """

    links: list[tuple[str, int]] = field(default_factory=list)
    dims: tuple[int, ...] | None = None
    kind: Kind | None = None
    layout: bytes = b""
    filters: list[tuple[int, Sequence[int]]] = field(default_factory=list)
    attributes: list[tuple[str, Kind, bytes]] = field(default_factory=list)
    elsewhere: bool = False


class File:
    """One file. Every method raises `Broken`, `struct.error` or `IndexError` where it is broken.

    Attributes:
        root: where the header of the first group is.
        end: where the file says that it ends.
        left: headers, and what is in no dataset and no heap that is referred to.
    """

    def __init__(self, data: bytes, meter: Meter) -> None:
        self.data = data
        self.left = Leftover(data)
        self._meter = meter
        self._heaped = self._headed = self._visited = 0
        self._heaps: dict[int, dict[int, tuple[int, int]]] = {}
        version = data[8]
        if version < 2:
            self.root, self.end = self._address((64, 68)[version]), self._address((40, 44)[version])
        elif version < 4:
            self.root, self.end = self._address(36), self._address(28)
        else:
            raise Broken
        if (data[13:15] if version < 2 else data[9:11]) != b"\x08\x08":
            raise Broken

    def _address(self, at: int) -> int:
        (value,) = struct.unpack_from("<Q", self.data, at)
        return int(value)

    def object(self, at: int) -> Object:
        """Return the group or dataset whose header is there."""
        made = Object()
        for kind, start, size in self._messages(at):
            body = self.data[start : start + size]
            if kind == _SPACE:
                made.dims = _dims(body)
            elif kind == _TYPE:
                made.kind = kind_of(body, 0)[0]
            elif kind == _LAYOUT:
                made.layout = body
            elif kind == _FILTERS:
                made.filters = _filters(body)
            elif kind == _LINK:
                made.links += _link(body)
            elif kind == _TABLE:
                tree, heap = struct.unpack_from("<QQ", body)
                made.links += self._entries(tree, self._address(heap + 24), set())
            elif kind == _ATTRIBUTE:
                made.attributes.append(_attribute(body))
            elif kind in {_LINKS, _ATTRIBUTES}:
                made.elsewhere |= _is_elsewhere(body, 8 if kind == _LINKS else 2)
        return made

    def _messages(self, at: int) -> Iterator[tuple[int, int, int]]:
        data = self.data
        modern = data[at : at + 4] == b"OHDR"
        if modern:
            flags = data[at + 5]
            start = at + 6 + (16 if flags & 32 else 0) + (4 if flags & 16 else 0)
            width = 1 << (flags & 3)
            size = int.from_bytes(data[start : start + width], "little")
            blocks = [(start + width, size)]
            head = 6 if flags & 4 else 4
        elif data[at] == 1:
            blocks = [(at + 16, struct.unpack_from("<I", data, at + 8)[0])]
            head = 8
        else:
            raise Broken
        told = 0
        while blocks:
            place, size = blocks.pop(0)
            end = min(place + size, len(data))
            while place + head <= end:
                told += 1
                if modern:
                    kind, length = data[place], int.from_bytes(data[place + 1 : place + 3], "little")
                else:
                    kind, length = struct.unpack_from("<HH", data, place)
                place += head
                self._headed += length
                if told > _MESSAGES_AT_MOST or self._headed > _AGAIN * len(data):
                    raise Broken
                if kind == _CONTINUED:
                    there, more = struct.unpack_from("<QQ", data, place)
                    blocks.append((there + 4, more - 8) if modern else (there, more))
                else:
                    yield kind, place, length
                place += length

    def _entries(self, at: int, heap: int, seen: set[int]) -> Iterator[tuple[str, int]]:
        """Yield name and header of what a group's tree holds."""
        if at in seen:
            return
        seen.add(at)
        data = self.data
        count = struct.unpack_from("<H", data, at + 6)[0]
        self._visit(count)
        if data[at : at + 4] == b"SNOD":
            for place in range(at + 8, at + 8 + 40 * count, 40):
                name, header = struct.unpack_from("<QQ", data, place)
                begin = heap + name
                yield data[begin : data.index(b"\0", begin, begin + _NAME_AT_MOST)].decode(errors="replace"), header
        elif data[at : at + 4] == b"TREE":
            for number in range(count):
                yield from self._entries(self._address(at + 32 + 16 * number), heap, seen)

    def _visit(self, count: int) -> None:
        """Count children of a node before they are looked at: nodes may lie over each other.

        Raises:
            Broken: there are more than are followed.
        """
        self._visited += count
        if self._visited > _VISITED_AT_MOST:
            raise Broken

    def pieces(self, made: Object) -> Iterator[tuple[bytes, int]]:
        """Yield the bytes of a dataset as they are kept, unpacked, with the elements of a row of each."""
        body, dims, kind = made.layout, made.dims, made.kind
        if not body or dims is None or kind is None:
            return
        width = dims[-1] if len(dims) > 1 else 1
        version, form = body[0], body[1]
        if version not in {3, 4}:
            raise Broken
        if form == 0:
            yield body[4 : 4 + int.from_bytes(body[2:4], "little")], width
        elif form == 1:
            start, size = struct.unpack_from("<QQ", body, 2)
            if start != _NOWHERE:
                self.left.take(start, start + size)
                yield self.data[start : start + size], width
        elif form == 2 and version == 3:
            rank = body[2]
            (tree,) = struct.unpack_from("<Q", body, 3)
            sizes = struct.unpack_from(f"<{rank}I", body, 11)
            width = sizes[-2] if rank > 2 else 1
            for _, start, size in sorted(self._chunks(tree, rank, set())):
                yield self._unpacked(start, size, made), width
        elif form == 2 and body[2] & 2:
            rank, each = body[3], body[4]
            at = 5 + rank * each
            if body[at] != 1:
                raise Broken
            size, _, start = struct.unpack_from("<QIQ", body, at + 1)
            yield self._unpacked(start, size, made), width
        else:
            raise Broken

    def _chunks(self, at: int, rank: int, seen: set[int]) -> Iterator[tuple[tuple[int, ...], int, int]]:
        data = self.data
        if at == _NOWHERE or at in seen:
            return
        seen.add(at)
        if data[at : at + 4] != b"TREE":
            raise Broken
        level, count = data[at + 5], struct.unpack_from("<H", data, at + 6)[0]
        self._visit(count)
        step = 8 + 8 * rank + 8
        for place in range(at + 24, at + 24 + count * step, step):
            child = self._address(place + step - 8)
            if level:
                yield from self._chunks(child, rank, seen)
            else:
                size, _, *offsets = struct.unpack_from(f"<II{rank}Q", data, place)
                yield tuple(offsets), child, size

    def _unpacked(self, start: int, size: int, made: Object) -> bytes:
        packed = self.data[start : start + size]
        end, raw = start + size, packed
        for number, values in reversed(made.filters):
            if number == _CHECKSUM:
                raw = raw[:-4]
            elif number == _DEFLATE:
                result = inflate("zlib", raw, 0, self._meter)
                if result.exhausted:
                    raise result.exhausted
                if result.problem:
                    raise Broken
                if raw is packed:
                    end = start + result.end  # what stands behind the stream is no part of it
                raw = result.data
            elif number == _SHUFFLE and values:
                raw = _unshuffled(raw, values[0])
            else:
                raise Broken
        self.left.take(start, end)
        return raw

    def kept(self, raw: bytes) -> bytes:
        """Return what an element of varying length refers to in a heap."""
        count, at, index = struct.unpack("<IQI", raw)
        if not count or at in {0, _NOWHERE}:
            return b""
        if at not in self._heaps:
            self._heaps[at] = self._heap(at)
        start, end = self._heaps[at].get(index, (0, 0))
        self.left.take(start, end)
        return self.data[start:end]

    def _heap(self, at: int) -> dict[int, tuple[int, int]]:
        """Return where each thing of a heap begins and ends."""
        data = self.data
        if data[at : at + 4] != b"GCOL":
            raise Broken
        end = min(at + self._address(at + 8), len(data))
        self._heaped += end - at
        if self._heaped > len(data):
            raise Broken
        place, held = at + 16, dict[int, tuple[int, int]]()
        while place + 16 <= end:
            index, size = struct.unpack_from("<H", data, place)[0], self._address(place + 8)
            if not index:
                break
            if place + 16 + size > end:
                raise Broken
            held[index] = place + 16, place + 16 + size
            place += 16 + size + -size % 8
        return held


def _unshuffled(raw: bytes, size: int) -> bytes:
    """Return elements whose first bytes stand together, then their second ones, each in one piece again."""
    count = len(raw) // size if size else 0
    if count < 2:
        return raw
    out = bytearray(raw)
    if size <= count:
        for place in range(size):
            out[place : count * size : size] = raw[place * count : (place + 1) * count]
    else:  # few elements that are long: one by one
        for place in range(count):
            out[place * size : (place + 1) * size] = raw[place : count * size : count]
    return bytes(out)


def _dims(body: bytes) -> tuple[int, ...]:
    rank = body[1]
    return struct.unpack_from(f"<{rank}Q", body, 8 if body[0] == 1 else 4)


def _filters(body: bytes) -> list[tuple[int, Sequence[int]]]:
    found: list[tuple[int, Sequence[int]]] = []
    at = 8 if body[0] == 1 else 2
    if body[1] > _FILTERS_AT_MOST:
        raise Broken
    for _ in range(body[1]):
        number, size = struct.unpack_from("<HH", body, at)
        if body[0] > 1 and number < 256:
            at, size, name = at - 2, 0, 0
        else:
            name = size
        _, count = struct.unpack_from("<HH", body, at + 4)
        at += 8 + name
        found.append((number, struct.unpack_from(f"<{count}I", body, at)))
        at += 4 * count + (4 if body[0] == 1 and count % 2 else 0)
    if len({number for number, _ in found}) < len(found):
        raise Broken
    return found


def _link(body: bytes) -> list[tuple[str, int]]:
    flags, at = body[1], 2
    is_hard = not flags & 8 or body[2] == 0
    at += bool(flags & 8) + (8 if flags & 4 else 0) + bool(flags & 16)
    width = 1 << (flags & 3)
    size = int.from_bytes(body[at : at + width], "little")
    at += width
    name = body[at : at + size].decode(errors="replace")
    return [(name, struct.unpack_from("<Q", body, at + size)[0])] if is_hard else []


def _is_elsewhere(body: bytes, width: int) -> bool:
    """Tell whether links or attributes are in a heap; before its place there may be a number of so many bytes."""
    at = 2 + (width if body[1] & 1 else 0)
    return bool(struct.unpack_from("<Q", body, at)[0] != _NOWHERE)


def _attribute(body: bytes) -> tuple[str, Kind, bytes]:
    """Return name, type and values of an attribute."""
    version = body[0]
    name, kind, space = struct.unpack_from("<HHH", body, 2)
    at = 9 if version == 3 else 8
    pad = 8 if version == 1 else 1
    text = body[at : at + name].partition(b"\0")[0].decode(errors="replace")
    at += name + -name % pad
    made = kind_of(body, at)[0]
    return text, made, body[at + kind + -kind % pad + space + -space % pad :]
