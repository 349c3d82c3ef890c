"""What PHP's `print_r` and `var_dump` print: arrays in arrays, a line for each value.

Source: PHP manual, *Variable handling functions*, `print_r` and `var_dump`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import VALUE, Pairs, render
from dlp_proxy.unpack.lines import lines_of

NAME: Final = "php_dump"

_HEAD: Final = 4096
_FEWEST: Final = 3
"""Values of a dump."""
_KIND_PRINTED: Final = r"(?:Array|[\w\\]{1,200} Object)"
_KIND_DUMPED: Final = r"(?:array\([0-9]{1,9}\)|object\([^()\s]{1,200}\)#[0-9]{1,9} \([0-9]{1,9}\))"
_PRINTED: Final = re.compile(rf"(?m)^(?:.*=> |[ \t]*){_KIND_PRINTED}\r?\n[ \t]*\(\r?$")
_DUMPED: Final = re.compile(rf"(?m)^[ \t]*{_KIND_DUMPED} \{{\r?$")
_WORDS: Final = ("Array", " Object", "array(", "object(")
_ENTRY: Final = re.compile(r"[ \t]*\[(?P<key>[^\n]{0,200}?)\] ?=>(?: (?P<value>.*))?")
_OPENS: Final = re.compile(rf"[ \t]*(?:\(|{_KIND_DUMPED} \{{)[ \t]*")
_CLOSES: Final = re.compile(r"[ \t]*[)}][ \t]*")
_SCALAR: Final = re.compile(r'(?:string\([0-9]{1,12}\) "(?P<text>.*?)"?|(?:int|float|bool)\((?P<other>.*)\)|NULL)')
_KIND: Final = re.compile(rf"{_KIND_PRINTED}[ \t]*")


def accepts(content: Content) -> bool:
    if b"=>" not in content.data[: 2 * _HEAD]:
        return False
    head = (content.text or "")[:_HEAD]
    if not any(word in head for word in _WORDS):
        return False
    return _PRINTED.search(head) is not None or _DUMPED.search(head) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    dump = _Dump()
    meter = budget.meter(len(content.data))
    most = min(budget.limits.values, meter.room // VALUE)
    for number, line in enumerate(lines_of(text, budget)):
        if number >= most:
            break
        dump.take(line)
    dump.end()
    if dump.values < _FEWEST:
        raise Mismatch
    if dump.is_too_deep:
        yield Gap("too-deep", content.location, "a dump nested deeper than is followed; read as plain text")
        raise Mismatch
    if number >= most:
        yield Gap("too-large", content.location, "a dump with more values than are laid out; read as plain text")
        raise Mismatch
    roots = dump.roots
    label = tree.ROOT if len(roots) == 1 else ""
    named = ((label or f"dump {place}", _shaped(root)) for place, root in enumerate(roots, 1))
    yield from render(named, content, meter)
    if dump.beside:
        yield content.inside("\n".join(dump.beside).encode(errors="replace"), "beside the dump")


class _Dump:
    """Takes the lines of a text one after the other.

    Attributes:
        roots: arrays that stand in no other.
        values: how many there are in them.
        beside: lines of no array.
        is_too_deep: some stand deeper than is followed.
    """

    def __init__(self) -> None:
        self.roots: list[Pairs] = []
        self.values = 0
        self.beside: list[str] = []
        self.is_too_deep = False
        self._open: list[Pairs] = []
        self._more: list[str] = []

    def take(self, line: str) -> None:
        if _OPENS.fullmatch(line):
            self.end()
            self._begin()
        elif self._open and _CLOSES.fullmatch(line):
            self.end()
            self._open.pop()
        elif self._open and (entry := _ENTRY.fullmatch(line)):
            self.end()
            self.values += 1
            self._open[-1].append((entry["key"].strip("\"'"), (entry["value"] or "").strip()))
        elif not (self._open and self._open[-1] and self._further(line)) and line.strip() and not _KIND.fullmatch(line):
            self.beside.append(line)

    def end(self) -> None:
        """Put together the lines of the value that is last."""
        if self._more:
            name, value = self._open[-1][-1]
            self._open[-1][-1] = (name, "\n".join([value, *self._more]))
            self._more = []

    def _begin(self) -> None:
        """Open an array: the value of the last entry, which said its kind at most; or one that stands alone."""
        made = Pairs()
        if not self._open:
            self.roots.append(made)
        elif len(self._open) > tree.NESTING:
            self.is_too_deep = True
        else:
            around = self._open[-1]
            name, said = around[-1] if around else ("", "")
            if isinstance(said, str) and (not said or _KIND.fullmatch(said)) and around:
                around[-1] = (name, made)
            else:
                around.append(("", made))
        self._open.append(made)

    def _further(self, line: str) -> bool:
        """Take what `var_dump` says of a value on its next line, or a further line of a text; False behind an array."""
        name, value = self._open[-1][-1]
        if not isinstance(value, str):
            return False
        scalar = _SCALAR.fullmatch(line.strip()) if not (value or self._more) else None
        if scalar:
            self._open[-1][-1] = (name, scalar["text"] or scalar["other"] or "")
        elif line.strip():
            self._more.append(line.strip())
        return True


def _shaped(node: Any) -> Any:  # noqa: ANN401 - arrays of anything
    """Return an array whose keys are its places as a list."""
    if not isinstance(node, Pairs):
        return node
    for place, (name, value) in enumerate(node):
        if isinstance(value, Pairs):
            node[place] = (name, _shaped(value))
    if node and all(name == str(place) for place, (name, _) in enumerate(node)):
        return [value for _, value in node]
    return node
