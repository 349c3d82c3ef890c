"""A pattern of the `regex` module as a tree of nodes, and the characters that its nodes may match.

Read by the standard library's parser, which says what each node means; what only `regex` reads (properties, operations
on sets) is put aside before, and asked of `regex` itself. What neither way can be told is not read at all.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any, Final

import regex

from dlp_proxy.detect.chars import ASCII, CATEGORIES, HAN, SURELY, Chars, in_any_case

type Node = tuple[Any, Any]
"""The parser's own: an operator and its argument."""

_PARSER: Final = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - the only reader of patterns in the library
_LAST: Final = 0x10FFFF
_PLACEHOLDERS: Final = 0xF0000
"""Private-use characters from here on stand for what the library's parser does not read: properties, set operations."""
_NAMED_GROUP: Final = re.compile(r"\(\?P<(\w+)>([^()\\]*)\)")
_PLAIN_QUANTIFIER: Final = re.compile(r"\{\d*,?\d*\}")
_ANY_CASE: Final = re.compile(r"\(\?[a-zA-Z]*i")
_IN: Final = "IN"
_IGNORECASE: Final = int(re.IGNORECASE)
_DOTALL: Final = int(re.DOTALL)


class Unreadable(Exception):  # noqa: N818 - a state, not an error: the pattern is gated in another way
    """The pattern cannot be translated."""


def width(pattern: str) -> int | None:
    """Return the most characters that a match of `pattern` has, or None when that cannot be told or has no end."""
    try:
        _, longest = Tree(pattern, 0).nodes.getwidth()
    except Unreadable:
        return None
    return int(longest) if longest < 1 << 24 else None


class Tree:
    """One pattern, read.

    Attributes:
        nodes: the parser's tree.
        flags: what holds for the whole pattern.
    """

    def __init__(self, pattern: str, flags: int) -> None:
        self._stand_ins: dict[int, str] = {}
        version_1 = bool(flags & regex.V1)
        while pattern.startswith(("(?V1)", "(?V0)")):
            version_1 = pattern.startswith("(?V1)")
            pattern = pattern[5:]
        if flags & (regex.REVERSE | regex.FULLCASE | regex.LOCALE):
            raise Unreadable
        self._version_1 = version_1
        plain = self._with_stand_ins(_with_own_names(pattern))
        if "{" in _PLAIN_QUANTIFIER.sub("", self._outside_sets):
            raise Unreadable  # `regex` reads {e<=1} as fuzzy matching, the library as text
        kept = flags & (re.IGNORECASE | re.DOTALL | re.VERBOSE | re.MULTILINE)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                self.nodes = _PARSER.parse(plain, kept)
        except (re.error, Warning, RecursionError, OverflowError) as error:
            raise Unreadable from error
        self.flags = int(self.nodes.state.flags)
        if version_1 and (self.flags & re.IGNORECASE or _ANY_CASE.search(plain)):
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

    def chars(self, node: Node, flags: int) -> Chars | None:
        """Return the characters that a node for one character may be, or None for other nodes."""
        name, argument = str(node[0]), node[1]
        ignorecase = bool(flags & _IGNORECASE)
        if name == "LITERAL":
            return self._literal(argument, ignorecase=ignorecase)
        if name == "NOT_LITERAL":
            return Chars(ASCII if ignorecase else ASCII - {argument}, many=True)
        if name == "ANY":
            return Chars(ASCII if flags & _DOTALL else ASCII - {10}, many=True)
        if name != "IN":
            return None
        if str(argument[0][0]) == "NEGATE":
            return self._but(argument[1:])
        every = Chars(frozenset())
        for kind, value in argument:
            every = every.union(self._member(str(kind), value, ignorecase=ignorecase))
        return every

    def _but(self, members: Sequence[Node]) -> Chars:
        """Return everything but the ASCII characters that a negated set surely names."""
        return Chars(ASCII - self.surely((_IN, members), 0), many=True) if members else Chars(ASCII, many=True)

    def _member(self, kind: str, value: Any, *, ignorecase: bool) -> Chars:  # noqa: ANN401 - the parser's types
        if kind == "LITERAL":
            return self._literal(value, ignorecase=ignorecase)
        if kind == "RANGE":
            first, last = value
            if first <= _LAST and last >= _PLACEHOLDERS and self._stand_ins:
                raise Unreadable
            plain = frozenset(range(first, min(last, 127) + 1))
            is_han = HAN.start <= first <= last < HAN.stop
            if ignorecase:
                plain |= frozenset(ord(chr(one).swapcase()) for one in plain)
            return Chars(plain, many=last > 127 and not is_han, han=is_han)
        if kind == "CATEGORY":
            return CATEGORIES[str(value)]
        raise Unreadable

    def _literal(self, code: int, *, ignorecase: bool) -> Chars:
        if code in self._stand_ins:
            return self._of_stand_in(code, ignorecase=ignorecase)
        character = chr(code)
        if code < 128:
            both = frozenset({code, ord(character.swapcase())}) if ignorecase else frozenset({code})
            return Chars(both)
        return in_any_case(code) if ignorecase else Chars(frozenset(), frozenset({code}))

    def surely(self, node: Node, flags: int) -> set[int]:
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


def _with_own_names(pattern: str) -> str:
    """Return `pattern` without groups of one name, which only `regex` allows: a reference is any of them."""
    groups = _NAMED_GROUP.findall(pattern)
    for name in {name for name, _ in groups}:
        bodies = [body for other, body in groups if other == name]
        if len(bodies) > 1:
            pattern = pattern.replace(f"(?P<{name}>", "(?:").replace(f"(?P={name})", f"(?:{'|'.join(bodies)})")
    return pattern
