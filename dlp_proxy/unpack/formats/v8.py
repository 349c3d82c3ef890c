"""Values as V8 serialises them: Node's ``v8.serialize``, and what browsers keep in IndexedDB.

Source: v8/v8, *src/objects/value-serializer.cc*, versions from 9 on; a browser writes its own before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import VALUE, Pairs, render
from dlp_proxy.unpack.leaf import digits

NAME: Final = "v8"

_VERSIONS: Final = range(9, 32)
_DEEP: Final = 100
_PLAIN: Final[dict[int, Any]] = {
    ord("_"): None, ord("0"): None, ord("-"): None, ord("T"): True, ord("F"): False, ord("y"): True, ord("x"): False,
}  # fmt: skip
_ENDS: Final = {ord("o"): ord("{"), ord("A"): ord("$"), ord("a"): ord("@"), ord(";"): ord(":"), ord("'"): ord(",")}
_DOUBLES: Final = frozenset(b"NDn")


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    data = content.data
    return len(data) > 3 and data[0] == 0xFF and data[1] in _VERSIONS and (data[2] in b"oAa;'\"cS" or data[2] == 0xFF)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    meter = budget.meter(len(content.data))
    walk = _Walk(content.data, min(budget.limits.values, meter.room // VALUE))
    try:
        value = walk.whole()
    except (_Broken, struct.error, IndexError, RecursionError):
        raise Mismatch from None
    except tree.TooMany:
        yield Gap("too-large", content.location, "more values than are laid out")
        raise Mismatch from None
    yield from render([(tree.ROOT, value)], content, meter)
    if walk.at < len(content.data):
        yield content.inside(content.data[walk.at :], "after the value")


class _Walk:
    """One pass over one value, and as many in it as are laid out."""

    def __init__(self, data: bytes, most: int) -> None:
        self.at = 0
        self._data = data
        self._left = most

    def whole(self) -> Any:  # noqa: ANN401 - any value
        while self._data[self.at] == 0xFF:  # a browser's version stands before V8's own
            self.at += 2
        return self._value(0)

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise _Broken

    def _bytes(self, size: int) -> bytes:
        if self.at + size > len(self._data):
            raise _Broken
        self.at += size
        return self._data[self.at - size : self.at]

    def _tag(self) -> int:
        while self._data[self.at] == 0:
            self.at += 1
        self.at += 1
        return self._data[self.at - 1]

    def _value(self, depth: int) -> Any:  # noqa: ANN401, C901, PLR0912 - one branch for each kind
        if depth > _DEEP:
            raise _Broken
        self._left -= 1
        if self._left < 0:
            raise tree.TooMany
        tag = self._tag()
        if tag in _PLAIN:
            return _PLAIN[tag]
        if tag in _ENDS:
            return self._branch(tag, depth)
        if tag in _DOUBLES:
            return struct.unpack("<d", self._bytes(8))[0]
        match chr(tag):
            case "I":
                raw = self._varint()
                return raw >> 1 ^ -(raw & 1)
            case "U":
                return self._varint()
            case '"':
                return self._bytes(self._varint()).decode("latin-1")
            case "c":
                return self._bytes(self._varint()).decode("utf-16-le", "replace")
            case "S":
                return self._bytes(self._varint()).decode(errors="replace")
            case "s":
                return self._value(depth + 1)
            case "Z" | "z":
                bits = self._varint()
                number = int.from_bytes(self._bytes(bits >> 1), "little")
                return -number if bits & 1 else number
            case "R":
                pattern = self._value(depth + 1)
                self._varint()
                return pattern
            case "B":
                return self._bytes(self._varint())
            case "^":
                self._varint()
                return None
        raise _Broken

    def _branch(self, tag: int, depth: int) -> Any:  # noqa: ANN401 - an object or a list
        end = _ENDS[tag]
        items: list[Any] = []
        if tag == ord("A"):
            count = self._varint()
            if count > len(self._data):
                raise _Broken
            items = [self._value(depth + 1) for _ in range(count)]
        elif tag == ord("a"):
            self._varint()
        found = Pairs()
        while not self._ended(end):
            name = self._value(depth + 1)
            if tag == ord("'"):
                items.append(name)
                continue
            found.append((_name(name), self._value(depth + 1)))
        for _ in range(2 if tag in b"Aa" else 1):
            self._varint()
        return [*items, found] if items and found else items or found

    def _ended(self, end: int) -> bool:
        while self._data[self.at] == 0:
            self.at += 1
        if self._data[self.at] != end:
            return False
        self.at += 1
        return True


def _name(value: object) -> str:
    if isinstance(value, int):
        return digits(value)
    return value if isinstance(value, str) else str(value) if isinstance(value, float) else "?"
