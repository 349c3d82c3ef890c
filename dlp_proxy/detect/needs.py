"""What every match of a pattern holds, said so cheaply that one tiny automaton asks it for all patterns at once.

A text without an at sign holds no e-mail address, one without eleven digits in a row no mobile number; so most of a
gate need not be asked. Counted is only what lies within the first characters of a match, for a block shows no more of
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from dlp_proxy.detect.chars import DIGITS, FOREIGN, Chars, is_foreign
from dlp_proxy.detect.pattern_tree import Node, Tree, Unreadable

JOINTS: Final = " -.()+/_~%—·（）"
"""What may stand between the digits of one number."""

LEVELS: Final = (11, 5)
"""Digits in a row that are asked for."""

RUN: Final = 15
"""Characters of the shortest run in which an encoding could hold a value."""

MASKS: Final = "*∗⁎✱×xX•●○◯◦∙·#_■□▇█◼◆※"
"""What digits are hidden behind: two of these side by side are asked for."""

RARE: Final = "@\\%*&<="
"""Characters that are asked for, the rarest first."""

_RUN_SIGNS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
_ASCII_JOINTS: Final = frozenset(ord(sign) for sign in JOINTS if sign.isascii())
_OTHER_JOINTS: Final = frozenset(ord(sign) for sign in JOINTS if not sign.isascii())
JOINT: Final = "(?:" + "|".join("".join(f"\\x{byte:02x}" for byte in sign.encode()) for sign in JOINTS) + ")"
_ENCODED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n")
_ASCII_MASKS: Final = frozenset(ord(sign) for sign in MASKS if sign.isascii())
_OTHER_MASKS: Final = frozenset(ord(sign) for sign in MASKS if not sign.isascii())
_TWO_MASKS: Final = "(?:" + "|".join("".join(f"\\x{byte:02x}" for byte in sign.encode()) for sign in MASKS) + "){2}"
_ENDLESS: Final = 1 << 20
_MOST_TIMES: Final = 40
_TWO: Final = 2


class Need(NamedTuple):
    """What is asked for: one thing of these, or nothing.

    Attributes:
        sign: a character.
        digits: so many digits with nothing but `JOINTS` between them.
        beyond: a character beyond ASCII.
        run: letters, digits and the signs of Base64, `RUN` of them with nothing between.
        masks: two of `MASKS` side by side.
        outside: a character that no line of Base64 has; every other text has one in its first words.
        foreign: a letter with an accent or of another script than Latin and Chinese, which Chinese text has not.
    """

    sign: str = ""
    digits: int = 0
    beyond: bool = False
    run: bool = False
    masks: bool = False
    outside: bool = False
    foreign: bool = False

    @property
    def pattern(self) -> str:
        """The pattern of bytes that asks for it; empty for what need not be asked of an automaton."""
        if self.sign:
            return f"\\x{ord(self.sign):02x}"
        if self.run:
            return f"[A-Za-z0-9+/_-]{{{RUN},}}"
        if self.masks:
            return _TWO_MASKS
        if self.foreign:
            return FOREIGN
        return in_a_row(self.digits) if self.digits else ""


def in_a_row(digits: int) -> str:
    """Return the pattern of bytes for so many digits with nothing but joints between them."""
    return rf"[0-9](?:{JOINT}*[0-9]){{{digits - 1}}}"


NOTHING: Final = Need()

OUTSIDE: Final = re.compile(rb"[^A-Za-z0-9+/=\r\n]")
"""What patterns need of which no match is Base64."""


class Row(NamedTuple):
    """How many signs of a sort every match of a node has in a row.

    Attributes:
        head: that it begins with.
        tail: that it ends with.
        best: anywhere.
        pure: it is nothing else, so that a row may go on through it.
    """

    head: int = 0
    tail: int = 0
    best: int = 0
    pure: bool = True

    def then(self, other: Row) -> Row:
        """Return the row of one node behind another."""
        return Row(
            head=self.head + other.head if self.pure else self.head,
            tail=self.tail + other.tail if other.pure else other.tail,
            best=max(self.best, other.best, self.tail + other.head),
            pure=self.pure and other.pure,
        )


_NO_ROW: Final = Row(pure=False)


class Held(NamedTuple):
    """What every match of a node holds.

    Attributes:
        digits: digits, with joints between.
        run: letters, digits and the signs of Base64.
        masks: signs that hide digits.
        outside: a character that Base64 does not have.
        signs: characters.
        beyond: something beyond ASCII.
        foreign: a letter that neither ASCII nor Chinese text has.
        longest: most characters that it may match.
        whole: nothing of it was left out.
    """

    digits: Row = Row()
    run: Row = Row()
    masks: Row = Row()
    outside: bool = False
    signs: frozenset[int] = frozenset()
    beyond: bool = False
    foreign: bool = False
    longest: int = 0
    whole: bool = True

    def then(self, other: Held) -> Held:
        """Return what one node holds behind another."""
        return Held(
            self.digits.then(other.digits),
            self.run.then(other.run),
            self.masks.then(other.masks),
            outside=self.outside or other.outside,
            signs=self.signs | other.signs,
            beyond=self.beyond or other.beyond,
            foreign=self.foreign or other.foreign,
            longest=self.longest + other.longest,
            whole=self.whole and other.whole,
        )


_UNKNOWN: Final = Held(_NO_ROW, _NO_ROW, _NO_ROW, whole=False)


def need(pattern: str, flags: int, room: int) -> Need:
    """Return what is best asked for before `pattern`, as compiled by `regex` with `flags`.

    Only what every match holds within its first `room` characters counts.
    """
    try:
        read = Holding(pattern, flags)
        return read.need(tuple(read.nodes), room, read.flags)
    except Unreadable:
        return NOTHING


def _best(held: Held) -> Need:
    rare, other = (next((sign for sign in some if ord(sign) in held.signs), "") for some in (RARE[:3], RARE[3:]))
    digits = next((level for level in LEVELS if level <= held.digits.best), 0)
    if rare:
        return Need(sign=rare)
    if held.run.best >= RUN and digits < LEVELS[0]:
        return Need(run=True)
    if digits:
        return Need(digits=digits)
    if held.masks.best >= _TWO:
        return Need(masks=True)
    if held.foreign:
        return Need(foreign=True)
    if held.beyond:
        return Need(beyond=True)
    return Need(sign=other) if other else Need(outside=held.outside)


class Holding(Tree):
    """A pattern, and what its nodes hold."""

    def __init__(self, pattern: str, flags: int) -> None:
        super().__init__(pattern, flags)
        self._held_groups: dict[int, Held] = {}

    def need(self, items: Iterable[Node], room: int, flags: int) -> Need:
        """Return what is best asked for before a sequence of nodes."""
        return _best(self.held(items, room, flags))

    def held(self, items: Iterable[Node], room: int, flags: int) -> Held:
        """Return what every match of a sequence of nodes holds in its first `room` characters."""
        so_far = Held()
        for node in items:
            one = self._held_by(node, room - so_far.longest, flags)
            so_far = so_far.then(one)
            if not one.whole:
                break
        return so_far

    def _held_by(self, node: Node, room: int, flags: int) -> Held:
        name, argument = str(node[0]), node[1]
        if name in {"AT", "ASSERT", "ASSERT_NOT", "FAILURE"}:
            return Held()
        chars = self.chars(node, flags)
        if chars is not None:
            return _of(chars, 1, 1, room)
        if name == "SUBPATTERN":
            group = self.held(argument[3], room, (flags | argument[1]) & ~argument[2])
            if argument[0] is not None:
                self._held_groups[argument[0]] = group
            return group
        if name == "ATOMIC_GROUP":
            return self.held(argument, room, flags)
        if name == "BRANCH":
            return _any([self.held(branch, room, flags) for branch in argument[1]])
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            return self._held_by_repeat(argument, room, flags)
        if name == "GROUPREF":
            group = self._held_groups.get(argument, _UNKNOWN)
            return group if group.longest <= room else _UNKNOWN
        raise Unreadable

    def _held_by_repeat(self, argument: Sequence[Any], room: int, flags: int) -> Held:
        least, most, items = int(argument[0]), min(int(argument[1]), _ENDLESS), list(argument[2])
        if len(items) == 1:
            chars = self.chars(items[0], flags)
            if chars is not None:
                return _of(chars, least, most, room)
        inner = self.held(items, room, flags)
        longest = inner.longest * most
        whole = inner.whole and longest <= room
        if not inner.whole or inner.longest * least > room:
            return inner._replace(whole=False) if least else _UNKNOWN
        held = Held(Row(pure=inner.digits.pure), Row(pure=inner.run.pure), Row(pure=inner.masks.pure))
        if least:
            held = inner
            for _ in range(min(least, _MOST_TIMES) - 1):
                held = held.then(inner)
        return held._replace(longest=longest, whole=whole)


def _of(chars: Chars, least: int, most: int, room: int) -> Held:
    """Return what `least` to `most` of `chars` hold."""
    if least > room:
        return _UNKNOWN
    plain = chars.plain
    in_run = least if plain and chars.ascii <= _RUN_SIGNS else -1
    joints = chars.ascii <= DIGITS | _ASCII_JOINTS and chars.others <= _OTHER_JOINTS and not (chars.many or chars.han)
    digits = least if plain and chars.ascii <= DIGITS else 0
    masks = chars.ascii <= _ASCII_MASKS and chars.others <= _OTHER_MASKS and not (chars.many or chars.han)
    return Held(
        Row(digits, digits, digits) if joints else _NO_ROW,
        Row(in_run, in_run, in_run) if in_run >= 0 else _NO_ROW,
        Row(least, least, least) if masks else _NO_ROW,
        outside=bool(least) and not chars.ascii & _ENCODED,
        signs=chars.ascii if plain and len(chars.ascii) == 1 and least else frozenset(),
        beyond=bool(least) and not chars.ascii,
        foreign=bool(least) and not chars.ascii and _is_foreign(chars),
        longest=most,
        whole=most <= room,
    )


def _is_foreign(chars: Chars) -> bool:
    if chars.many or chars.han:
        return chars.foreign and not chars.others
    return bool(chars.others) and all(map(is_foreign, chars.others))


def _any(each: Sequence[Held]) -> Held:
    return Held(
        _least([one.digits for one in each]),
        _least([one.run for one in each]),
        _least([one.masks for one in each]),
        outside=all(one.outside for one in each),
        signs=frozenset.intersection(*(one.signs for one in each)),
        beyond=all(one.beyond for one in each),
        foreign=all(one.foreign for one in each),
        longest=max(one.longest for one in each),
        whole=all(one.whole for one in each),
    )


def _least(rows: Sequence[Row]) -> Row:
    return Row(
        min(row.head for row in rows),
        min(row.tail for row in rows),
        min(row.best for row in rows),
        pure=all(row.pure for row in rows),
    )
