"""What is left of a pattern in a text whose names and values a layout would bring together.

A layout writes a document as lines, a name, a colon and a value each. A match in it may cross a joint, a colon or a
line end; in the document as it stands anything may be there. So the text holds what lies between two joints, and no
more can be said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.chars import Chars
from dlp_proxy.detect.pattern_tree import Node
from dlp_proxy.detect.wider import LITTLE, Piece, Wider

_JOINTS: Final = frozenset(b":\n\t")
_BREAKS: Final = frozenset(b"\t\r\n")
_STRUCTURE: Final = frozenset(b"\"':,[]{} \t\r\n")
_NOTHING: Final = Piece("")


def torn(pattern: str, flags: int, room: int) -> list[list[Piece]]:
    """Return what a text holds in which `pattern` would match if its names and values were laid out.

    In such a text a match may be torn apart where it crosses a joint. The text holds all pieces of one of the lists.

    Raises:
        Unreadable: it cannot be told.
    """
    read = _Torn(pattern, flags)
    return [read.stretches(items, room) for items in read.parts(tuple(read.nodes))]


class _Torn(Wider):
    """A pattern for a text that is not laid out."""

    never_forbidden = _STRUCTURE
    at_the_start = _NOTHING

    def __init__(self, pattern: str, flags: int) -> None:
        super().__init__(pattern, flags)
        self._torn_groups: dict[int, bool] = {}

    def stretches(self, items: Sequence[Node], room: int) -> list[Piece]:
        """Return the pieces between joints, outside of what may be missing, that say anything."""
        found: list[Piece] = []
        run: list[Node] = []
        for node in (*items, None):
            if node is not None and not self.joins(node, self.flags):
                run.append(node)
                continue
            if run:
                found.append(self.piece(run, room))
            if node is not None:
                found += self._inner_stretches(node, room)
            run = []
        return [piece for piece in found if piece.text and piece.bits >= LITTLE]

    def _inner_stretches(self, node: Node, room: int) -> list[Piece]:
        """Return the pieces that every match of a torn node holds."""
        name, argument = str(node[0]), node[1]
        if name == "SUBPATTERN" and not (argument[1] or argument[2]):
            return self.stretches(list(argument[3]), room)
        if name == "ATOMIC_GROUP":
            return self.stretches(list(argument), room)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and argument[0] >= 1:
            return self.stretches(list(argument[2]), room)
        if name == "BRANCH":
            best = [max(self.stretches(list(branch), room), key=_bits, default=_NOTHING) for branch in argument[1]]
            return [self.branch(best)] if all(piece.text for piece in best) else []
        return []

    def joins(self, node: Node, flags: int) -> bool:
        """Tell whether a match may cross a joint of a layout in this node: a colon or a line end."""
        name, argument = str(node[0]), node[1]
        if name in {"AT", "ASSERT", "ASSERT_NOT", "FAILURE"}:
            return False
        chars = self.chars(node, flags)
        if chars is not None:
            return bool(chars.ascii & _JOINTS)
        if name == "GROUPREF":
            return self._torn_groups.get(argument, True)
        if name == "SUBPATTERN":
            inside, within = [argument[3]], (flags | argument[1]) & ~argument[2]
        elif name == "ATOMIC_GROUP":
            inside, within = [argument], flags
        elif name == "BRANCH":
            inside, within = argument[1], flags
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            inside, within = [argument[2]], flags
        else:
            return True
        torn = False
        for one in (one for items in inside for one in items):
            torn |= self.joins(one, within)
        if name == "SUBPATTERN" and argument[0] is not None:
            self._torn_groups[argument[0]] = torn
        return torn

    def spaced(self, chars: Chars) -> Chars:
        """Return `chars` with the breaks that a layout writes as spaces."""
        return chars.union(Chars(_BREAKS)) if 0x20 in chars.ascii else chars


def _bits(piece: Piece) -> float:
    return piece.bits
