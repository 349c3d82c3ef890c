"""MessagePack values, one or many behind each other. Source: msgpack.org, *spec.md*."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgpack

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import Pairs, render
from dlp_proxy.unpack.leaf import short_text
from dlp_proxy.unpack.tree import ROOT

NAME: Final = "msgpack"

_FIRST: Final = frozenset([*range(0x81, 0x90), *range(0x91, 0xA0), 0xDC, 0xDD, 0xDE, 0xDF])
_LEAST: Final = 8
_MOST_READ: Final = 0.9  # of the data: less is chance
_OFTEN: Final = 256
_BROKEN: Final = (ValueError, msgpack.UnpackException)


def accepts(content: Content) -> bool:
    """Maps and arrays only: a number may be any byte."""
    return len(content.data) >= _LEAST and content.data[0] in _FIRST


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    values, end = _values(content.data, budget)
    if end < _MOST_READ * len(content.data) or not any(map(_has_text, values[:16])):
        raise Mismatch
    yield from render(_labelled(values), content, budget.meter(len(content.data)))
    if end < len(content.data):
        yield Gap("malformed", content.location, "MessagePack that is cut or broken at its end")
        yield content.inside(content.data[end:], "after the MessagePack")


def _labelled(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values, each let go of as it is laid out: many small ones take several times the memory of the data."""
    number, label = 0, "" if len(values) > 1 else ROOT
    values.reverse()
    while values:
        number += 1
        yield label or f"message {number}", values.pop()


def _values(data: bytes, budget: Budget | None = None) -> tuple[list[Any], int]:
    """Return the maps and arrays from the beginning on, and where they end.

    Raises:
        Exhausted: the time for unpacking is gone.
    """
    unpacker = msgpack.Unpacker(
        raw=True,
        strict_map_key=False,
        object_pairs_hook=_object,
        ext_hook=_extension,
        timestamp=1,
        max_buffer_size=len(data),
    )
    unpacker.feed(data)
    values: list[Any] = []
    end = 0
    try:
        while end < len(data) and data[end] in _FIRST:
            values.append(unpacker.unpack())
            end = unpacker.tell()
            if budget is not None and len(values) % _OFTEN == 0:
                budget.hurry()
    except _BROKEN:
        pass
    return values, end


def _object(pairs: list[tuple[Any, Any]]) -> Pairs:
    return Pairs([(_name(name), value) for name, value in pairs])


def _name(name: Any) -> str:  # noqa: ANN401 - any value may be a key
    if isinstance(name, bytes):
        return short_text(name) or name.decode("latin-1")
    return str(name)


def _extension(_code: int, data: bytes) -> Any:  # noqa: ANN401 - any value
    """Return what an extension holds when that is MessagePack again, else its bytes."""
    values, end = _values(data) if data and data[0] in _FIRST else ([], 0)
    return values if values and end == len(data) else data


def _has_text(value: Any) -> bool:  # noqa: ANN401 - any value
    if isinstance(value, Pairs):
        return bool(value)
    if isinstance(value, list):
        return any(_has_text(one) or isinstance(one, bytes) for one in value[:64])
    return False
