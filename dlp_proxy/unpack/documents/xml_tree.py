"""Any XML as a tree of named values, for `tree.Rendering`: elements with elements are objects, others are fields."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from dlp_proxy.unpack.documents.notable import says
from dlp_proxy.unpack.documents.xml_events import Events, Names

type Value = str | tuple[tuple[str, Value], ...] | list[Value]

_INLINE: Final = frozenset({"tspan", "textPath", "em", "strong", "span", "sub", "sup", "font"})
"""Elements that stand within words, in SVG and in documents: their text is their parent's."""
_PERHAPS: Final = frozenset({"a", "b", "i", "u", "r", "t"})
"""So are these, if their parent has words of its own."""
_KEY: Final = "key"
_OPEN_AT_MOST: Final = 10_000
"""Elements inside one another. Each takes some hundreds of bytes until it ends; far fewer are laid out."""
_PLACING: Final = 8
"""Characters of coordinates and colours."""


class _TooDeep(Exception):  # noqa: N818 - a limit that was reached is not an error
    pass


class XmlTree:
    """One document. `read` builds `top`; `events` says whether it could be read to its end.

    Attributes:
        top: name and value of the outermost element, None when there is none.
        beside: comments.
        elements: how many there were.
        too_many, too_deep: there are more than are kept, or inside one another; reading ended there.
    """

    def __init__(self, data: bytes, most: int) -> None:
        self.events = Events(data, self._start, self._end)
        self.events.text = self._text
        self.events.comment = self._comment
        self.top: tuple[str, Value] | None = None
        self.beside: list[str] = []
        self.elements = 0
        self.too_many = self.too_deep = False
        self._most = most
        self._names = Names()
        self._open: list[_Element] = []

    def read(self) -> None:
        try:
            for _ in self.events.feed():
                if self.elements > self._most:
                    self.too_many = True
                    break
        except _TooDeep:
            self.too_deep = True
        while self._open:
            self._end("")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1 + len(attributes)
        if len(self._open) > _OPEN_AT_MOST:
            raise _TooDeep
        names = self._names
        self._open.append(
            _Element(
                names[name],
                [(names[key], value) for key, value in attributes.items() if value and not _is_namespace(key, value)],
            )
        )

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)

    def _comment(self, text: str) -> None:
        if text.strip():
            self.beside.append(text.strip())

    def _end(self, _name: str) -> None:
        done = self._open.pop()
        text = "".join(done.pieces).strip()
        if not self._open:
            self.top = (done.name, done.value(text))
            return
        parent = self._open[-1]
        if done.children and not text:
            parent.children.append((done.name, done.value("")))
        elif self._is_inline(done.name, parent) and not any(isinstance(value, tuple) for _, value in done.children):
            # Its words are its parent's; what its attributes say stands beside them.
            parent.pieces.append("".join(done.pieces))
            parent.children += [(key, value) for key, value in done.children if len(value) > _PLACING]
        elif text or done.children:
            if parent.pieces and parent.pieces[-1].strip():
                parent.pieces.append(" ")
            parent.children.append((done.name, done.value(text)))

    @staticmethod
    def _is_inline(name: str, parent: _Element) -> bool:
        return name in _INLINE or (name in _PERHAPS and any(piece.strip() for piece in parent.pieces))


def _is_namespace(key: str, value: str) -> bool:
    return key.startswith("xmlns") and not says(value, dull=False)


class _Element:
    __slots__ = ("children", "name", "pieces")

    def __init__(self, name: str, attributes: list[tuple[str, Value]]) -> None:
        self.name = name
        self.children: list[tuple[str, Value]] = attributes
        self.pieces: list[str] = []

    def value(self, text: str) -> Value:
        """Return text alone as text; else an object, with neighbours of one name as a list."""
        if not self.children:
            return text
        pairs: list[tuple[str, Value]] = [("text", text)] if text else []
        for name, group in groupby(_keyed(self.children), key=_name):
            values = [value for _, value in group]
            pairs.append((name, values[0] if len(values) == 1 else values))
        return tuple(pairs)


def _keyed(children: list[tuple[str, Value]]) -> list[tuple[str, Value]]:
    """Return keys with their values for elements that are in turn a key and its value, as in Apple's property lists."""
    keys, values = children[::2], children[1::2]
    if len(keys) != len(values) or not all(name == _KEY for name, _ in keys) or any(name == _KEY for name, _ in values):
        return children
    return [(key if isinstance(key, str) else _KEY, value) for (_, key), (_, value) in zip(keys, values, strict=True)]


def _name(child: tuple[str, Value]) -> str:
    return child[0]
