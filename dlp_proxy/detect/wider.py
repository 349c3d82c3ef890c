"""A pattern of the `regex` module as a wider one in Hyperscan's syntax: it matches wherever the pattern does, and more.

Read by the standard library's parser, node by node, so that nothing is handed on whose meaning differs; what the parser
does not know is not translated at all. Hyperscan gets bytes and knows no Unicode here: a character beyond ASCII is its
bytes in UTF-8 where a pattern names it, and any few bytes from 0x80 up where it stands for a class. So no table of
characters can be older than the other's, and no text is malformed.

What is dropped only widens: assertions (but for a set of characters at either end), that a back reference repeats the
very text of its group, and what lies further than `ROOMS` characters from the start of a match.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from dlp_proxy.detect.chars import ASCII, DIGITS, SURELY, Chars, byte_class, repeats
from dlp_proxy.detect.needs import NOTHING, Holding, Need, in_a_row
from dlp_proxy.detect.pattern_tree import Node, Unreadable

ROOMS: Final = (640, 48, 24)
"""Characters of a match that a wider pattern speaks of, counted from its start: the first that compiles is taken."""

LARGEST: Final = 6000
"""Characters of a wider pattern that compile; a longer one is cut in parts."""

LEAST_BITS: Final = 5.0
"""A wider pattern that says less matches nearly everywhere."""

_MOST_PARTS: Final = 40
_LONG: Final = 1500
LITTLE: Final = 3.0
"""What takes more characters to write and says less is anything: a large automaton would tell no more."""

_WIDE: Final = 4000
_FEWEST: Final = 4
"""Alternatives that take more than `_WIDE` characters to write and are all numbers are any so many digits."""

_CAPITALS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MANY: Final = 12
"""So many words of capitals, all as long, are any so many capitals."""

_LONGEST_COLUMN: Final = 32

_AT_THE_START: Final = 20.0
_NEWLINE: Final = 0x0A
_BEGINNING: Final = r"(?:^|\x0a)"
"""Where a text begins, also one of several that are looked at together, each on lines of its own (`quiet.py`)."""

BEHIND: Final = 256
"""Characters before a match that it may speak of."""

_WORD: Final = SURELY["CATEGORY_WORD"]
_ANYTHING: Final = ".*"


class Piece(NamedTuple):
    """A stretch of a wider pattern.

    Attributes:
        bits: how much it says at least: each character as many as halve 128 down to the ones that it may be.
        longest: most characters it may match.
        whole: nothing was cut off its end.
        need: what is best asked for before it, where somebody asked.
    """

    text: str
    bits: float = 0.0
    longest: int = 0
    whole: bool = True
    need: Need = NOTHING


def wider(pattern: str, flags: int, room: int) -> Piece:
    """Return the wider pattern of `pattern` as compiled by `regex` with `flags`.

    Raises:
        Unreadable: it cannot be told.
    """
    read = Wider(pattern, flags)
    return read.piece(tuple(read.nodes), room)


def in_parts(pattern: str, flags: int, room: int, largest: int = LARGEST) -> list[Piece]:
    """Return several wider patterns, of about `largest` characters, one of which matches wherever `pattern` does.

    Raises:
        Unreadable: it cannot be told.
    """
    read = Wider(pattern, flags)
    read.largest_part = largest
    return [read.piece(items, room) for items in read.parts(tuple(read.nodes))]


class Wider(Holding):
    """A pattern, and what its nodes come to.

    Attributes:
        largest_part: characters of a part; fewer and larger ones are faster while they compile.
    """

    largest_part: int = LARGEST

    def __init__(self, pattern: str, flags: int) -> None:
        super().__init__(pattern, flags)
        self._from_behind = False
        self._groups: dict[int, Piece] = {}
        self._sizes: dict[int, tuple[Node, int]] = {}

    def piece(self, items: Sequence[Node], room: int) -> Piece:
        """Return the piece for a sequence of nodes within `room` characters, with a border at either end."""
        items = list(items)
        before = after = ""
        flags = self.flags
        while items and len(items) == 1 and str(items[0][0]) == "SUBPATTERN" and not (items[0][1][1] or items[0][1][2]):
            items = list(items[0][1][3])
        if items and str(items[0][0]) == "ASSERT_NOT" and items[0][1][0] < 0:
            before = self._border(items[0][1][1], "^", flags)
        if len(items) > 1 and str(items[-1][1]) == "AT_BOUNDARY" and self._ends(items[:-1]) <= _WORD:
            after = rf"(?:\z|{byte_class(ASCII - _WORD, high=True)})"
        elif items and str(items[-1][0]) == "ASSERT_NOT" and items[-1][1][0] > 0:
            after = self._border(items[-1][1][1], r"\z", flags)
        self._from_behind = False
        inner = self.sequence(items, room, flags, top=True)
        if self._from_behind:
            before = ""
        text = inner.text.removesuffix(_ANYTHING)
        if not inner.whole or text != inner.text:
            after = ""
        return inner._replace(text=before + text + after)

    def _ends(self, items: Sequence[Node]) -> frozenset[int]:
        """Return the ASCII characters that a match of `items` may end with; all where that is not easily told."""
        ends: frozenset[int] = frozenset()
        for node in reversed(items):
            name, argument = str(node[0]), node[1]
            chars = self.chars(node, self.flags)
            if chars is not None:
                strange = chars.many or not all(chr(other).isalpha() for other in chars.others)
                return ASCII if strange else ends | chars.ascii
            if name == "BRANCH":
                inner = [self._ends(branch) for branch in argument[1]]
            elif name == "SUBPATTERN" and not (argument[1] or argument[2]):
                inner = [self._ends(argument[3])]
            elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
                inner = [self._ends(argument[2])]
            elif name in {"ASSERT", "ASSERT_NOT"}:
                continue
            else:
                return ASCII
            ends = ends.union(*inner)
            if self._node(node, ROOMS[0], self.flags).bits > 0:
                return ends
        return ASCII

    def _border(self, items: Any, edge: str, flags: int) -> str:  # noqa: ANN401 - the parser's types
        """Return what may stand beside a match: a character that the assertion forbids is not there."""
        nodes = list(items)
        branches = nodes[0][1][1] if len(nodes) == 1 and str(nodes[0][0]) == "BRANCH" else [nodes]
        forbidden: set[int] = set()
        for branch in branches:
            if len(branch) == 1 and str(branch[0][0]) in {"LITERAL", "IN"}:
                forbidden |= self.surely(branch[0], flags)
        forbidden -= {_NEWLINE}
        return f"(?:{edge}|{byte_class(ASCII - forbidden, high=True)})" if forbidden else ""

    def sequence(self, items: Iterable[Node], room: int, flags: int, *, top: bool = False) -> Piece:
        so_far = Piece("")
        for node in items:
            behind = self._behind(node, flags) if top else so_far
            if behind.bits > so_far.bits:
                # What must stand before this place says more than what was matched on the way here.
                so_far = behind
                self._from_behind = True
                continue
            one = self._node(node, room - so_far.longest, flags)
            if len(one.text) > _LONG and one.bits < LITTLE:
                one = one._replace(text=_ANYTHING if so_far.text else "", bits=0.0)
            if one.text == _ANYTHING and so_far.text.endswith(_ANYTHING):
                one = one._replace(text="")
            so_far = Piece(so_far.text + one.text, so_far.bits + one.bits, so_far.longest + one.longest, one.whole)
            if not one.whole:
                break
        return so_far

    def _behind(self, node: Node, flags: int) -> Piece:
        """Return the piece for what a positive look behind asks for, or an empty one for other nodes."""
        if str(node[0]) != "ASSERT" or node[1][0] > 0:
            return Piece("")
        items = list(node[1][1])
        piece = self.sequence(items, BEHIND, flags)
        return piece if piece.whole else Piece("")

    def _node(self, node: Node, room: int, flags: int) -> Piece:
        name, argument = str(node[0]), node[1]
        if name == "AT" and str(argument) == "AT_BEGINNING_STRING":
            return Piece(_BEGINNING, _AT_THE_START)
        if name in {"AT", "ASSERT", "ASSERT_NOT", "FAILURE"}:
            return Piece("")
        chars = self.chars(node, flags)
        if chars is not None:
            return Piece(chars.one(), chars.bits(), 1) if room >= 1 else Piece("", whole=False)
        if name == "SUBPATTERN":
            group = self._group(argument[3], room, (flags | argument[1]) & ~argument[2])
            if argument[0] is not None:
                self._groups[argument[0]] = group
            return group
        if name == "ATOMIC_GROUP":
            return self._group(argument, room, flags)
        if name == "BRANCH":
            return self._alternatives(node, room, flags)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            return self._repeat(argument, room, flags)
        if name == "GROUPREF":
            group = self._groups.get(argument, Piece("", whole=False))
            return group if group.longest <= room else Piece("", whole=False)
        raise Unreadable

    def _group(self, items: Any, room: int, flags: int) -> Piece:  # noqa: ANN401 - the parser's types are its own
        inner = self.sequence(items, room, flags)
        return inner._replace(text=f"(?:{inner.text})")

    def branch(self, pieces: Sequence[Piece]) -> Piece:
        return Piece(
            "(?:" + "|".join(dict.fromkeys(piece.text for piece in pieces)) + ")",
            min(piece.bits for piece in pieces),
            max(piece.longest for piece in pieces),
            whole=all(piece.whole for piece in pieces),
        )

    def _alternatives(self, node: Node, room: int, flags: int) -> Piece:
        """Return the piece for alternatives; a smaller one where each is a number or in capitals."""
        branches = node[1][1]
        columns = self._columns(branches, flags)
        every = frozenset().union(*(one.ascii for one in columns))
        if columns and len(columns) <= room and (every <= DIGITS or (every <= _CAPITALS and len(branches) >= _MANY)):
            text = "".join(one.one() for one in columns)
            return Piece(text, sum(one.bits() for one in columns), len(columns))
        pieces = [self.sequence(branch, room, flags) for branch in branches]
        if sum(len(piece.text) for piece in pieces) > _WIDE:
            held = self.held([node], room, flags)
            digits = held.digits.best
            if held.digits.pure and digits >= _FEWEST:
                return Piece(in_a_row(digits), Chars(DIGITS).bits() * digits, min(held.longest, room), whole=False)
        return self.branch(pieces)

    def _columns(self, branches: Sequence[Sequence[Node]], flags: int) -> list[Chars]:
        """Return what may stand at each place of any of `branches`; nothing where they differ in length."""
        merged: list[Chars] | None = None
        for branch in branches:
            column: list[Chars] = []
            for node in branch:
                argument = node[1]
                is_repeat = str(node[0]) == "MAX_REPEAT" and argument[0] == argument[1] <= _LONGEST_COLUMN
                chars = self.chars(argument[2][0] if is_repeat and len(argument[2]) == 1 else node, flags)
                if chars is None or not chars.plain:
                    return []
                column += [chars] * (int(argument[0]) if is_repeat else 1)
            if merged is not None and len(column) != len(merged):
                return []
            merged = column if merged is None else [one.union(two) for one, two in zip(merged, column, strict=True)]
        return merged or []

    def _repeat(self, argument: Any, room: int, flags: int) -> Piece:  # noqa: ANN401 - same
        least, most, items = int(argument[0]), int(argument[1]), list(argument[2])
        if len(items) == 1:
            chars = self.chars(items[0], flags)
            if chars is not None:
                times = min(most, room)
                if times == 0:
                    return Piece("", whole=most == 0)
                text = chars.some(min(least, times), times)
                return Piece(text, chars.bits() * min(least, times), times, whole=most <= room)
        inner = self.sequence(items, room, flags)
        if not inner.whole or inner.longest > room or inner.longest == 0:
            return inner._replace(whole=False) if least else Piece("", whole=False)
        times = min(most, room // inner.longest)
        if times == 0:
            return Piece("", whole=most == 0)
        low = min(least, times)
        bounds = repeats(low, times) if (low, times) != (1, 1) else ""
        return Piece(f"(?:{inner.text}){bounds}", inner.bits * low, inner.longest * times, whole=times == most)

    # A pattern as several.

    def parts(self, items: Sequence[Node]) -> list[list[Node]]:
        """Return sequences of nodes, none of them large as far as that can be, that together match what `items` do."""
        waiting: list[list[Node]] = [list(items)]
        done: list[list[Node]] = []
        while waiting:
            one = waiting.pop()
            is_large = len(waiting) + len(done) < _MOST_PARTS and self._size(one) > self.largest_part
            halves = self._halves(one) if is_large else [one]
            if len(halves) == 1:
                done.append(one)
            else:
                waiting += halves
        return done

    def _size(self, items: Iterable[Node]) -> int:
        total = 0
        for node in items:
            known = self._sizes.get(id(node))
            if known is None:
                # The node is kept, so that no other can have its identity.
                known = self._sizes[id(node)] = (node, len(self._node(node, ROOMS[0], self.flags).text))
            total += known[1]
        return total

    def _halves(self, items: list[Node]) -> list[list[Node]]:
        place = max(range(len(items)), key=lambda place: self._size([items[place]]))
        return [[*items[:place], *node, *items[place + 1 :]] for node in self._node_halves(items[place])]

    def _node_halves(self, node: Node) -> list[list[Node]]:
        name, argument = str(node[0]), node[1]
        if name == "BRANCH" and len(argument[1]) > 1:
            branches = sorted(argument[1], key=self._size)
            largest = list(branches.pop())
            if self._size(largest) > sum(map(self._size, branches)):
                return [[(node[0], (None, branches))], *self._halves(largest)]
            middle = len(argument[1]) // 2
            return [[(node[0], (None, some))] for some in (argument[1][:middle], argument[1][middle:])]
        if name == "SUBPATTERN":
            return [[(node[0], (*argument[:3], some))] for some in self._halves(list(argument[3]))]
        if name == "ATOMIC_GROUP":
            return [[(node[0], some)] for some in self._halves(list(argument))]
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and argument[1] == 1:
            missing: list[list[Node]] = [] if argument[0] else [[]]
            return [*missing, *([*some] for some in self._halves(list(argument[2])))]
        return [[node]]
