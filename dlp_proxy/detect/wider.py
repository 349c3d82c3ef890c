"""A pattern of the `regex` module as a wider one in Hyperscan's syntax: it matches wherever the pattern does, and more.

Read by the standard library's parser, node by node, so that nothing is handed on whose meaning differs; what the parser
does not know is not translated at all. Hyperscan gets bytes and knows no Unicode here: a character beyond ASCII is its
bytes in UTF-8 where a pattern names it, and any few bytes from 0x80 up where it stands for a class. So no table of
characters can be older than the other's, and no text is malformed.

What is dropped only widens: assertions (but for a set of characters at either end), that a back reference repeats the
very text of its group, and what lies further than `ROOMS` characters from the start of a match.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import regex

from dlp_proxy.detect.chars import ASCII, CATEGORIES, SURELY, Chars, byte_class, in_any_case, repeats

ROOMS: Final = (640, 48, 24)
"""Characters of a match that a wider pattern speaks of, counted from its start: the first that compiles is taken."""

_LONG: Final = 16
_LITTLE: Final = 3.0
"""What is longer and says less is anything: a large automaton would tell no more."""

_AT_THE_START: Final = 20.0

BEHIND: Final = 256
"""Characters before a match that it may speak of."""

_PARSER: Final = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - the only reader of patterns in the library
_LAST: Final = 0x10FFFF
_PLACEHOLDERS: Final = 0xF0000
"""Private-use characters from here on stand for what the library's parser does not read: properties, set operations."""
_PLAIN_QUANTIFIER: Final = re.compile(r"\{\d*,?\d*\}")
_JOINTS: Final = frozenset(b":\n\t")
_BREAKS: Final = frozenset(b"\t\r\n")
_STRUCTURE: Final = frozenset(b"\"':,[]{} \t\r\n")

CASE_STRAYS: Final = "\u0130\u0131\u017f\u212a"
"""Characters beyond ASCII that match i, s or k where case is ignored: a text with one of them is not to be gated."""


class Unreadable(Exception):  # noqa: N818 - a state, not an error: the pattern is gated in another way
    """The pattern cannot be translated."""


class Piece(NamedTuple):
    """A stretch of a wider pattern.

    Attributes:
        bits: how much it says at least: each character as many as halve 128 down to the ones that it may be.
        longest: most characters it may match.
        whole: nothing was cut off its end.
    """

    text: str
    bits: float = 0.0
    longest: int = 0
    whole: bool = True


def wider(pattern: str, flags: int, room: int) -> Piece:
    """Return the wider pattern of `pattern` as compiled by `regex` with `flags`.

    Raises:
        Unreadable: it cannot be told.
    """
    parsed = _Parsed(pattern, flags)
    return parsed.piece(tuple(parsed.tree), room)


def torn(pattern: str, flags: int, room: int) -> Piece:
    """Return a wider pattern for a text whose names and values a layout would bring together.

    In such a text a match may be torn apart where it crosses a joint; the longest stretch between joints is looked for.

    Raises:
        Unreadable: it cannot be told, or too little is left.
    """
    parsed = _Parsed(pattern, flags, torn=True)
    return parsed.longest_stretch(tuple(parsed.tree), room)


def width(pattern: str) -> int | None:
    """Return the most characters that a match of `pattern` has, or None when that cannot be told or has no end."""
    try:
        _, longest = _Parsed(pattern, 0).tree.getwidth()
    except Unreadable:
        return None
    return int(longest) if longest < 1 << 24 else None


class _Parsed:
    """One pattern, read."""

    def __init__(self, pattern: str, flags: int, *, torn: bool = False) -> None:
        self._torn = torn
        self._from_behind = False
        self._stand_ins: dict[int, str] = {}
        self._groups: dict[int, Piece] = {}
        self._torn_groups: dict[int, bool] = {}
        version_1 = bool(flags & regex.V1)
        while pattern.startswith(("(?V1)", "(?V0)")):
            version_1 = pattern.startswith("(?V1)")
            pattern = pattern[5:]
        if flags & (regex.REVERSE | regex.FULLCASE | regex.LOCALE):
            raise Unreadable
        self._version_1 = version_1
        plain = self._with_stand_ins(pattern)
        if "{" in _PLAIN_QUANTIFIER.sub("", self._outside_sets):
            raise Unreadable  # `regex` reads {e<=1} as fuzzy matching, the library as text
        kept = flags & (re.IGNORECASE | re.DOTALL | re.VERBOSE | re.MULTILINE)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                self.tree = _PARSER.parse(plain, kept)
        except (re.error, Warning, RecursionError, OverflowError) as error:
            raise Unreadable from error
        self._flags = int(self.tree.state.flags)
        if version_1 and self._flags & re.IGNORECASE:
            raise Unreadable  # full case-folding: one character may match two

    def _with_stand_ins(self, pattern: str) -> str:
        """Return `pattern` with a private-use character for each property and each set that only `regex` reads."""
        made: list[str] = []
        outside: list[str] = []
        at = 0
        while at < len(pattern):
            if pattern[at] == "[":
                end = self._end_of_set(pattern, at)
                text = pattern[at:end]
                strange = "[" in text[1:].replace("\\[", "") or "--" in text or "&&" in text or "||" in text
                strange = strange or "~~" in text or "\\p" in text or "\\P" in text
                made.append(self._stand_in(text) if strange else text)
                at = end
                continue
            if pattern[at] == "\\":
                end = at + 2
                if pattern[at + 1 : at + 2] in {"p", "P"}:
                    end = pattern.find("}", at) + 1 if pattern[at + 2 : at + 3] == "{" else at + 3
                    made.append(self._stand_in(pattern[at:end]))
                else:
                    made.append(pattern[at:end])
                at = end
                continue
            if _PLACEHOLDERS <= ord(pattern[at]) <= _LAST:
                raise Unreadable
            made.append(pattern[at])
            outside.append(pattern[at])
            at += 1
        self._outside_sets = "".join(outside)
        return "".join(made)

    def _end_of_set(self, pattern: str, at: int) -> int:
        depth = 0
        place = at
        first = True
        while place < len(pattern):
            character = pattern[place]
            if character == "\\":
                place += 2
                first = False
                continue
            if character == "[" and (depth == 0 or self._version_1):
                depth += 1
                place += 1
                if pattern[place : place + 1] == "^":
                    place += 1
                first = True
                continue
            if character == "]" and not first:
                depth -= 1
                if depth == 0:
                    return place + 1
            first = False
            place += 1
        raise Unreadable

    def _stand_in(self, text: str) -> str:
        code = _PLACEHOLDERS + len(self._stand_ins)
        self._stand_ins[code] = text
        return chr(code)

    def _of_stand_in(self, code: int, *, ignorecase: bool) -> Chars:
        """Return what a property or a set operation stands for: its ASCII members as `regex` says, and any others."""
        flags = (regex.V1 if self._version_1 else regex.V0) | (regex.IGNORECASE if ignorecase else 0)
        try:
            compiled = regex.compile(self._stand_ins[code], flags)
        except regex.error as error:
            raise Unreadable from error
        return Chars(frozenset(one for one in range(128) if compiled.fullmatch(chr(one))), many=True)

    # What a sequence of nodes comes to.

    def piece(self, items: Sequence[tuple[Any, Any]], room: int) -> Piece:
        """Return the piece for a sequence of nodes within `room` characters, with a border at either end."""
        items = list(items)
        before = after = ""
        flags = self._flags
        while items and len(items) == 1 and str(items[0][0]) == "SUBPATTERN" and not (items[0][1][1] or items[0][1][2]):
            items = list(items[0][1][3])
        if items and str(items[0][0]) == "ASSERT_NOT" and items[0][1][0] < 0:
            before = self._border(items[0][1][1], "^", flags)
        if items and str(items[-1][0]) == "ASSERT_NOT" and items[-1][1][0] > 0:
            after = self._border(items[-1][1][1], r"\z", flags)
        self._from_behind = False
        inner = self._sequence(items, room, flags, top=True)
        if self._from_behind:
            before = ""
        text = inner.text.removesuffix(_ANYTHING)
        if not inner.whole or text != inner.text:
            after = ""
        return inner._replace(text=before + text + after)

    def _border(self, items: Any, edge: str, flags: int) -> str:  # noqa: ANN401 - the parser's types
        """Return what may stand beside a match: a character that the assertion forbids is not there."""
        nodes = list(items)
        branches = nodes[0][1][1] if len(nodes) == 1 and str(nodes[0][0]) == "BRANCH" else [nodes]
        forbidden: set[int] = set()
        for branch in branches:
            if len(branch) == 1 and str(branch[0][0]) in {"LITERAL", "IN"}:
                forbidden |= self._surely(branch[0], flags)
        if self._torn:
            forbidden -= _STRUCTURE
        return f"(?:{edge}|{byte_class(ASCII - forbidden, high=True)})" if forbidden else ""

    def _surely(self, node: tuple[Any, Any], flags: int) -> set[int]:
        """Return ASCII characters that the node surely matches."""
        name, argument = str(node[0]), node[1]
        if name == "LITERAL":
            return {argument} if argument < 128 else set()
        if str(argument[0][0]) == "NEGATE":
            return set()
        sure: set[int] = set()
        for kind, value in argument:
            if str(kind) == "LITERAL" and value < 128:
                sure.add(value)
            elif str(kind) == "RANGE":
                sure |= set(range(value[0], min(value[1], 127) + 1))
            elif str(kind) == "CATEGORY":
                sure |= SURELY.get(str(value), frozenset())
        return sure

    def _sequence(self, items: Iterable[tuple[Any, Any]], room: int, flags: int, *, top: bool = False) -> Piece:
        so_far = Piece("")
        for node in items:
            behind = self._behind(node, flags) if top else so_far
            if behind.bits > so_far.bits:
                # What must stand before this place says more than what was matched on the way here.
                so_far = behind
                self._from_behind = True
                continue
            one = self._node(node, room - so_far.longest, flags)
            if one.longest > _LONG and one.bits < _LITTLE:
                one = one._replace(text=_ANYTHING if so_far.text else "", bits=0.0)
            if one.text == _ANYTHING and so_far.text.endswith(_ANYTHING):
                one = one._replace(text="")
            so_far = Piece(so_far.text + one.text, so_far.bits + one.bits, so_far.longest + one.longest, one.whole)
            if not one.whole:
                break
        return so_far

    def _behind(self, node: tuple[Any, Any], flags: int) -> Piece:
        """Return the piece for what a positive look behind asks for, or an empty one for other nodes."""
        if str(node[0]) != "ASSERT" or node[1][0] > 0:
            return Piece("")
        items = list(node[1][1])
        if self._torn and any(self._joins(one, flags) for one in items):
            return Piece("")
        piece = self._sequence(items, BEHIND, flags)
        return piece if piece.whole else Piece("")

    def _node(self, node: tuple[Any, Any], room: int, flags: int) -> Piece:
        name, argument = str(node[0]), node[1]
        if name == "AT" and not self._torn and str(argument) == "AT_BEGINNING_STRING":
            return Piece("^", _AT_THE_START)
        if name in {"AT", "ASSERT", "ASSERT_NOT", "FAILURE"}:
            return Piece("")
        chars = self._chars(node, flags)
        if chars is not None:
            return Piece(self._spaced(chars).one(), chars.bits(), 1) if room >= 1 else Piece("", whole=False)
        if name == "SUBPATTERN":
            group = self._group(argument[3], room, (flags | argument[1]) & ~argument[2])
            if argument[0] is not None:
                self._groups[argument[0]] = group
            return group
        if name == "ATOMIC_GROUP":
            return self._group(argument, room, flags)
        if name == "BRANCH":
            return self._branch([self._sequence(branch, room, flags) for branch in argument[1]])
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            return self._repeat(argument, room, flags)
        if name == "GROUPREF":
            group = self._groups.get(argument, Piece("", whole=False))
            return group if group.longest <= room else Piece("", whole=False)
        raise Unreadable

    def _group(self, items: Any, room: int, flags: int) -> Piece:  # noqa: ANN401 - the parser's types are its own
        inner = self._sequence(items, room, flags)
        return inner._replace(text=f"(?:{inner.text})")

    def _branch(self, pieces: Sequence[Piece]) -> Piece:
        return Piece(
            "(?:" + "|".join(dict.fromkeys(piece.text for piece in pieces)) + ")",
            min(piece.bits for piece in pieces),
            max(piece.longest for piece in pieces),
            whole=all(piece.whole for piece in pieces),
        )

    def _repeat(self, argument: Any, room: int, flags: int) -> Piece:  # noqa: ANN401 - same
        least, most, items = int(argument[0]), int(argument[1]), list(argument[2])
        if len(items) == 1:
            chars = self._chars(items[0], flags)
            if chars is not None:
                times = min(most, room)
                if times == 0:
                    return Piece("", whole=most == 0)
                text = self._spaced(chars).some(min(least, times), times)
                return Piece(text, chars.bits() * min(least, times), times, whole=most <= room)
        inner = self._sequence(items, room, flags)
        if not inner.whole or inner.longest > room or inner.longest == 0:
            return inner._replace(whole=False) if least else Piece("", whole=False)
        times = min(most, room // inner.longest)
        if times == 0:
            return Piece("", whole=most == 0)
        low = min(least, times)
        bounds = repeats(low, times) if (low, times) != (1, 1) else ""
        return Piece(f"(?:{inner.text}){bounds}", inner.bits * low, inner.longest * times, whole=times == most)

    # What a text that is not laid out holds of a match.

    def longest_stretch(self, items: Sequence[tuple[Any, Any]], room: int) -> Piece:
        """Return the piece that says most between two joints, outside of what may be missing."""
        best = Piece("")
        run: list[tuple[Any, Any]] = []
        for node in (*items, None):
            if node is not None and not self._joins(node, self._flags):
                run.append(node)
                continue
            for one in self._stretches(run, node, room):
                if one.bits > best.bits:
                    best = one
            run = []
        if not best.text:
            raise Unreadable
        return best

    def _stretches(self, run: list[tuple[Any, Any]], node: tuple[Any, Any] | None, room: int) -> Iterable[Piece]:
        if run:
            yield self.piece(run, room)
        if node is None:
            return
        name, argument = str(node[0]), node[1]
        try:
            if name == "SUBPATTERN" and not (argument[1] or argument[2]):
                yield self.longest_stretch(list(argument[3]), room)
            elif name == "ATOMIC_GROUP":
                yield self.longest_stretch(list(argument), room)
            elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and argument[0] >= 1:
                yield self.longest_stretch(list(argument[2]), room)
            elif name == "BRANCH":
                yield self._branch([self.longest_stretch(list(branch), room) for branch in argument[1]])
        except Unreadable:
            return

    def _joins(self, node: tuple[Any, Any], flags: int) -> bool:
        """Tell whether a match may cross a joint of a layout in this node: a colon or a line end."""
        name, argument = str(node[0]), node[1]
        if name in {"AT", "ASSERT", "ASSERT_NOT", "FAILURE"}:
            return False
        chars = self._chars(node, flags)
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
            torn |= self._joins(one, within)
        if name == "SUBPATTERN" and argument[0] is not None:
            self._torn_groups[argument[0]] = torn
        return torn

    # Sets of characters.

    def _chars(self, node: tuple[Any, Any], flags: int) -> Chars | None:
        """Return the characters that a node for one character may be, or None for other nodes."""
        name, argument = str(node[0]), node[1]
        ignorecase = bool(flags & re.IGNORECASE)
        if name == "LITERAL":
            return self._literal(argument, ignorecase=ignorecase)
        if name == "NOT_LITERAL":
            return Chars(ASCII if ignorecase else ASCII - {argument}, many=True)
        if name == "ANY":
            return Chars(ASCII if flags & re.DOTALL else ASCII - {10}, many=True)
        if name != "IN":
            return None
        if str(argument[0][0]) == "NEGATE":
            return self._but(argument[1:])
        every = Chars(frozenset())
        for kind, value in argument:
            every = every.union(self._member(str(kind), value, ignorecase=ignorecase))
        return every

    def _but(self, members: Sequence[tuple[Any, Any]]) -> Chars:
        """Return everything but the ASCII characters that a negated set surely names."""
        return Chars(ASCII - self._surely((_IN, members), 0), many=True) if members else Chars(ASCII, many=True)

    def _member(self, kind: str, value: Any, *, ignorecase: bool) -> Chars:  # noqa: ANN401 - the parser's types
        if kind == "LITERAL":
            return self._literal(value, ignorecase=ignorecase)
        if kind == "RANGE":
            first, last = value
            if first <= _LAST and last >= _PLACEHOLDERS and self._stand_ins:
                raise Unreadable
            plain = frozenset(range(first, min(last, 127) + 1))
            if ignorecase:
                plain |= frozenset(ord(chr(one).swapcase()) for one in plain)
            return Chars(plain, many=last > 127)
        if kind == "CATEGORY":
            return CATEGORIES[str(value)]
        raise Unreadable

    def _spaced(self, chars: Chars) -> Chars:
        """Return `chars` with the breaks that a layout writes as spaces."""
        return chars.union(Chars(_BREAKS)) if self._torn and 0x20 in chars.ascii else chars

    def _literal(self, code: int, *, ignorecase: bool) -> Chars:
        if code in self._stand_ins:
            return self._of_stand_in(code, ignorecase=ignorecase)
        character = chr(code)
        if code < 128:
            both = frozenset({code, ord(character.swapcase())}) if ignorecase else frozenset({code})
            return Chars(both)
        return in_any_case(code) if ignorecase else Chars(frozenset(), frozenset({code}))


_IN: Final = "IN"
_ANYTHING: Final = ".*"
