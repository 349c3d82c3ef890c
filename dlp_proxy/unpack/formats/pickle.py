"""Python pickles: texts and numbers in the lists, tuples and dicts they stand in. Nothing is ever unpickled.

The opcodes are read by `pickletools`, which calls nothing; a call in the pickle becomes the list of its arguments.
"""

from __future__ import annotations

import pickletools
import re
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import offsets, tree
from dlp_proxy.unpack.budget import Budget, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import NODE, Pairs, render
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.leaf import digits, short_text

NAME: Final = "pickle"

_BINARY: Final = re.compile(rb"\x80[\x02-\x05]")
_TEXT: Final = re.compile(
    rb"\((?:lp|dp|tp)\d*\n|\((?:c\w|V|S')|c[\w.]{1,80}\n\w{1,80}\n|[\]}](?:q.)?\(|[\]}]q.", re.DOTALL
)
_MARK: Final = object()
_LISTS: Final = {"EMPTY_LIST", "LIST", "EMPTY_TUPLE", "TUPLE", "EMPTY_SET", "FROZENSET"}
_FEW: Final = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_PAIRED: Final = {"REDUCE", "NEWOBJ", "BUILD"}
_CONSTANTS: Final = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}


def accepts(content: Content) -> bool:
    data = content.data
    return bool(_BINARY.match(data) or _TEXT.match(data)) and b"." in data[-64:]


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    meter = budget.meter(len(content.data))
    machine = _Machine(meter)
    end, number, values = 0, 0, []
    try:
        while end < len(content.data):
            size = machine.run(content.data[end:])
            number += 1
            values.append((f"pickle {number}", machine.result()))
            end += size
            if not content.data.startswith((b"\x80", b"(", b"]", b"}"), end):
                break
    except (ValueError, IndexError, KeyError, TypeError, OverflowError):
        if not _BINARY.match(content.data):
            raise Mismatch from None
        if not values:
            yield Gap("malformed", content.location, "a pickle that is cut or broken")
            yield from strings(content)
            return
    yield from render(values if len(values) > 1 else [(tree.ROOT, values[0][1])], content, meter)
    values.clear()
    machine.forget()
    if end < len(content.data):
        yield content.inside(content.data[end:], "after the pickle")


class _Machine:
    """A stack on which nothing happens but lists."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._charged = 0
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._lost: list[Any] = []
        self._before = b""
        """The bytes before these: columns of Arrow are pickled as offsets, then the texts."""

    def run(self, data: bytes) -> int:
        """Run one pickle; return where it ends.

        Raises:
            ValueError: it is none.
            Exhausted: it makes more than may be laid out.
        """
        end = 0
        for opcode, argument, place in pickletools.genops(data):
            if not self._meter.room:
                raise self._meter.overrun()
            self._charge(2 * NODE)
            self._step(opcode.name, argument)
            end = (place or 0) + 1
        return end

    def _charge(self, size: int) -> None:
        self._meter.charge(size)
        self._charged += size

    def forget(self) -> None:
        """Say that nothing of what was made is needed any more: a package has a thousand pickles, one at a time."""
        self._meter.give_back(self._charged)
        self._charged = 0

    def result(self) -> Any:  # noqa: ANN401 - any value
        """Return what the pickle made, with what it dropped on the way; and forget it."""
        made = [value for value in [*self._stack, *self._lost] if value is not _MARK]
        self._stack, self._memo, self._lost = [], {}, []
        return made[0] if len(made) == 1 else made

    def _step(self, name: str, argument: Any) -> None:  # noqa: ANN401, C901, PLR0912 - one branch for each kind
        stack = self._stack
        if name in {"PROTO", "FRAME", "STOP", "NEXT_BUFFER", "READONLY_BUFFER"}:
            return
        if name == "MARK":
            stack.append(_MARK)
        elif name in {"MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"}:
            self._memo[len(self._memo) if name == "MEMOIZE" else argument] = stack[-1]
        elif name in {"GET", "BINGET", "LONG_BINGET"}:
            kept = self._memo[argument]
            stack.append(kept if isinstance(kept, str | int | float | bytes) else None)  # shown where it was made
        elif name == "POP":
            self._lost.append(stack.pop())
        elif name == "POP_MARK":
            self._lost += self._popped()
        elif name == "DUP":
            stack.append(None)
        elif name in {"EMPTY_DICT", "DICT"}:
            stack.append(_pairs(self._popped()) if name == "DICT" else Pairs())
        elif name in _LISTS:
            stack.append([] if name.startswith("EMPTY") else self._popped())
        elif name in _FEW:
            stack[-_FEW[name] :] = [stack[-_FEW[name] :]]
        elif name in {"APPEND", "APPENDS", "ADDITEMS"}:
            _extend(stack, [stack.pop()] if name == "APPEND" else self._popped())
        elif name in {"SETITEM", "SETITEMS"}:
            items = stack[-2:] if name == "SETITEM" else self._popped()
            if name == "SETITEM":
                del stack[-2:]
            _extend(stack, _pairs(items))
        elif name in _PAIRED:
            argument = stack.pop()
            stack[-1] = _both(stack[-1], argument)
        elif name == "NEWOBJ_EX":
            named, plain = stack.pop(), stack.pop()
            stack[-1] = [stack[-1], plain, named]
        elif name == "STACK_GLOBAL":
            stack[-2:] = [None]
        elif name in {"OBJ", "INST"}:
            stack.append(self._popped())
        elif name == "BINPERSID":
            pass
        elif name in {"GLOBAL", "EXT1", "EXT2", "EXT4", "PERSID"}:
            stack.append(None)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        else:
            stack.append(self._value(argument))

    def _value(self, argument: Any) -> Any:  # noqa: ANN401 - any value
        if not isinstance(argument, bytes | bytearray):
            return argument
        value, before = bytes(argument), self._before
        self._before = value
        texts = offsets.cut(before, value) if before else None
        if texts is not None:
            self._charge(NODE * len(texts))
            return texts
        text = short_text(value)
        return value if text is None else text

    def _popped(self) -> list[Any]:
        """Return what stands above the last mark, and take both away."""
        place = len(self._stack) - 1
        while self._stack[place] is not _MARK:
            place -= 1
            if place < 0:
                raise ValueError
        items = self._stack[place + 1 :]
        del self._stack[place:]
        return items


def _both(made: Any, argument: Any) -> Any:  # noqa: ANN401 - any value
    """Return an object with its arguments or its state; what says nothing is left out."""
    if made in (None, [], ()):
        return _from_pairs(argument)
    if argument in (None, [], ()):
        return made
    if isinstance(made, list) and made and made[0] is _CALLED:
        return [*made, argument]
    return [_CALLED, made, argument]


_CALLED: Final = None


def _from_pairs(argument: Any) -> Any:  # noqa: ANN401 - any value
    """Return the arguments of a call; one list of (name, value) pairs is what ordered dicts are called with."""
    only = argument[0] if isinstance(argument, list) and len(argument) == 1 else None
    if not isinstance(only, list) or len(only) < 2:
        return argument
    if not all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in only):
        return argument
    return Pairs([(name, value) for name, value in only])


def _extend(stack: list[Any], items: list[Any]) -> None:
    top = stack[-1]
    if isinstance(items, Pairs) and top == []:
        stack[-1] = items  # what a call made is a mapping after all
    elif isinstance(top, Pairs) and not isinstance(items, Pairs):
        top.extend(("", one) for one in items)  # appended to a mapping: only damage does that
    elif isinstance(top, list):
        top.extend(items)
    else:
        stack[-1] = [top, items]


def _pairs(items: list[Any]) -> Pairs:
    names = [_name(name) for name in items[::2]]
    more = [name for name in items[::2] if isinstance(name, list) and name]
    return Pairs([*zip(names, items[1::2], strict=False), *(("key", one) for one in more)])


def _name(value: object) -> str:
    if isinstance(value, int):
        return digits(value)
    return str(value) if isinstance(value, str | float) else ""
