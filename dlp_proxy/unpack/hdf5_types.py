"""The types of HDF5: numbers, texts, arrays, and compounds of them.

Source: The HDF Group, *HDF5 File Format Specification*, version 3.0, section IV.A.2.d.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

ARRAY: Final = 10
"""The number of the class of arrays."""
_MEMBERS_AT_MOST: Final = 2_000
_PROPERTIES: Final = {0: 4, 1: 12, 2: 2, 4: 4}
"""Bytes behind the size of a type, by its class: numbers, times, bits."""
_DEEP: Final = 32


class Broken(Exception):  # noqa: N818 - an answer about the data
    """What is referred to is not there, or not followed."""


@dataclass(slots=True)
class Kind:
    """A type: the number of its class, its bytes, and what it is made of.

    Attributes:
        fields: name, offset and type of each member of a compound.
        base: what the elements are of an array, or of a list of varying length.
    """

    number: int
    size: int
    order: str = "<"
    is_signed: bool = False
    is_text: bool = False
    fields: list[tuple[str, int, Kind]] = field(default_factory=list)
    base: Kind | None = None

    @property
    def cells(self) -> int:
        """Return how many values one element has."""
        return self.repeats * max(1, sum(inner.cells for _, _, inner in self.fields))

    @property
    def repeats(self) -> int:
        """Return how many elements an array has; 1 for what is none."""
        return self.size // self.base.size if self.number == ARRAY and self.base and self.base.size else 1

    @property
    def names(self) -> list[str]:
        """Return a name for each value of a compound; those of an array have one with their number."""
        return [
            f"{name} {number}" if inner.repeats > 1 else name
            for name, _, inner in self.fields
            for number in range(1, min(inner.repeats, _MEMBERS_AT_MOST) + 1)
        ]


def kind_of(body: bytes, at: int, depth: int = 0) -> tuple[Kind, int]:
    """Return a type, and where it ends."""
    if depth > _DEEP:
        raise Broken
    number, version = body[at] & 15, body[at] >> 4
    bits = int.from_bytes(body[at + 1 : at + 4], "little")
    (size,) = struct.unpack_from("<I", body, at + 4)
    made = Kind(number, size, ">" if bits & 1 else "<", bool(bits & 8))
    at += 8
    if number in _PROPERTIES:
        at += _PROPERTIES[number]
    elif number == 5:
        at += bits & 255
    elif number == 6:
        at = _take_members(made, bits & 0xFFFF, version, (body, at), depth)
    elif number == 8:
        made.base, at = kind_of(body, at, depth + 1)
        for _ in range(bits & 0xFFFF):
            _, at = _name(body, at, version)
        at += (bits & 0xFFFF) * size
    elif number == 9:
        made.base, at = kind_of(body, at, depth + 1)
        made.is_text = bits & 15 == 1
    elif number == ARRAY:
        rank = body[at]
        at += 1 + (3 if version < 3 else 0) + 4 * rank * (2 if version < 3 else 1)
        made.base, at = kind_of(body, at, depth + 1)
    return made, at


def _take_members(made: Kind, count: int, version: int, begin: tuple[bytes, int], depth: int) -> int:
    """Take the members of a compound, of which none may lie over another. Return where they end."""
    body, at = begin
    if count > _MEMBERS_AT_MOST:
        raise Broken
    width = 4 if version < 3 else (made.size.bit_length() + 7) // 8
    for _ in range(count):
        name, at = _name(body, at, version)
        offset = int.from_bytes(body[at : at + width], "little")
        inner, at = kind_of(body, at + width + (28 if version == 1 else 0), depth + 1)
        made.fields.append((name, offset, inner))
        if offset + inner.size > made.size:
            raise Broken
    if sum(inner.size for _, _, inner in made.fields) > made.size:
        raise Broken
    return at


def _name(body: bytes, at: int, version: int) -> tuple[str, int]:
    """Return the name of a member, and where it ends: it is padded in the older versions."""
    end = body.index(b"\0", at)
    size = end + 1 - at
    return body[at:end].decode(errors="replace"), end + 1 if version >= 3 else at + size + -size % 8
