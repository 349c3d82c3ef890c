"""A YAML document as nodes that know their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from dlp_proxy.policy.problem import Place

type Plain = str | int | float | bool | None

REFUSED: Final = "*"
"""The `quote` of a value the reader has already complained about: nobody says a second thing about it."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. `text` is what was written, `value` what it means; `quote` is ``'``, ``"``, ``|``, ``>`` or empty.

    A column inside the text is found with `inside`.
    """

    place: Place
    text: str
    value: Plain
    quote: str = ""

    def inside(self, position: int, width: int = 1) -> Place:
        """Return the place of the character at `position` of the text, when it stands on one line."""
        if self.quote in {"|", ">", '"'} or "\n" in self.text:
            return self.place
        shift = position
        if self.quote == "'":
            shift += 1 + self.text[:position].count("'")
        return Place(self.place.path, self.place.line, self.place.column + shift, width)


class Entry(NamedTuple):
    """A key and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Map:
    place: Place
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Seq:
    place: Place
    items: tuple[Node, ...]


type Node = Scalar | Map | Seq


def shape(node: Node) -> str:
    """Return what a node is, in words for messages."""
    if isinstance(node, Map):
        return "a block of keys"
    if isinstance(node, Seq):
        return "a list"
    if node.value is None:
        return "empty"
    if isinstance(node.value, bool):
        return "true or false"
    return "a number" if isinstance(node.value, int | float) else "text"
