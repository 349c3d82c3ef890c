"""Bencode (BEP 3): what torrents and DHT messages are; texts say their length, so nothing separates them."""

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
from dlp_proxy.unpack.leaf import short_text

NAME: Final = "bencode"

_FIRST: Final = re.compile(rb"l?[dl](?:[0-9]{1,6}:|i-?[0-9]{1,18}e|[dl])")
_NUMBER: Final = re.compile(rb"i(-?[0-9]{1,18})e")
_TEXT: Final = re.compile(rb"([0-9]{1,9}):")
_DEEP: Final = 100


class _Broken(Exception):  # noqa: N818 - an answer about the data
    pass


def accepts(content: Content) -> bool:
    return _FIRST.match(content.data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    meter = budget.meter(len(content.data))
    try:
        value, end = _Reader(content.data, min(budget.limits.values, meter.room // VALUE)).value(0, 0)
    except _Broken:
        raise Mismatch from None
    except tree.TooMany:
        yield Gap("too-large", content.location, "more values than are laid out")
        raise Mismatch from None
    yield from render([(tree.ROOT, value)], content, meter)
    if end < len(content.data):
        yield content.inside(content.data[end:], "after the values")


class _Reader:
    """Reads values, as many as are laid out."""

    def __init__(self, data: bytes, most: int) -> None:
        self._data = data
        self._left = most

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        """Return the value that stands at `at`, and where it ends.

        Raises:
            _Broken: there is none.
            tree.TooMany: there are more than are laid out.
        """
        data = self._data
        self._left -= 1
        if self._left < 0:
            raise tree.TooMany
        if found := _TEXT.match(data, at):
            end = found.end() + int(found[1])
            if end > len(data):
                raise _Broken
            raw = data[found.end() : end]
            text = short_text(raw)
            return (raw if text is None else text), end
        if found := _NUMBER.match(data, at):
            return int(found[1]), found.end()
        if depth >= _DEEP or data[at : at + 1] not in (b"d", b"l"):
            raise _Broken
        items, end = self._items(at + 1, depth + 1)
        if data[at : at + 1] == b"l":
            return items, end
        if len(items) % 2 or not all(isinstance(name, str) for name in items[::2]):
            raise _Broken
        return Pairs(zip(items[::2], items[1::2], strict=True)), end

    def _items(self, at: int, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        while self._data[at : at + 1] != b"e":
            item, at = self.value(at, depth)
            items.append(item)
        return items, at + 1
