"""Records of a flow file, told apart and read as far as they are needed.

mitmproxy writes typed netstrings: ``LENGTH:DATA`` and a byte for the type, one inside the other. To read a whole flow
takes longer than to judge a small one, and most of it says nothing about what was sent: certificates, answers. So a
value is only parsed when it is asked for, and what lies between is stepped over by its length.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from mmap import mmap
from typing import Any, Final

type Bytes = bytes | mmap
type Place = tuple[int, int, int]
"""Of a value: the byte that says its kind, where its data begin, and where they end; that byte stands there."""

_LONGEST: Final = 13
"""Digits of a length and the colon behind them, as mitmproxy takes them."""
_DICT, _LIST, _BYTES, _TEXT, _INT, _FLOAT, _BOOL, _NONE = b"}],;#^!~"


def records(data: Bytes, start: int = 0, stop: int | None = None) -> Iterator[Place]:
    """Yield where each record is, of those from `start` to `stop`.

    Raises:
        ValueError: it is no flow file, or it breaks off.
    """
    return _inside(data, start, len(data) if stop is None else stop)


def fields(data: Bytes, place: Place, wanted: Collection[str] | None = None) -> dict[str, Place]:
    """Return where the values of a dictionary are; of those `wanted`, which are looked for no further, or all.

    Raises:
        ValueError: there is none.
    """
    kind, start, end = place
    if kind != _DICT:
        raise ValueError("Invalid data format: no dictionary where one must be")
    inside = _inside(data, start, end)
    found: dict[str, Place] = {}
    for _, first, stop in inside:
        one = next(inside, None)
        if one is None:
            raise ValueError("Invalid data format: a name without a value")
        name = data[first:stop].decode("ascii", "surrogateescape")
        if wanted is None or name in wanted:
            found[name] = one
            if wanted is not None and len(found) == len(wanted):
                break
    return found


def value(data: Bytes, place: Place) -> Any:  # noqa: ANN401 - whatever was written
    """Return a value.

    Raises:
        ValueError: there is none.
    """
    kind, start, end = place
    if kind == _DICT:
        return {name: value(data, one) for name, one in fields(data, place).items()}
    if kind == _LIST:
        return [value(data, one) for one in _inside(data, start, end)]
    held = data[start:end]
    if kind == _BYTES:
        return held
    if kind == _TEXT:
        return held.decode()
    if kind == _NONE and not held:
        return None
    if kind == _INT:
        return int(held)
    if kind == _FLOAT:
        return float(held)
    if kind == _BOOL and held in {b"true", b"false"}:
        return held == b"true"
    raise ValueError("Invalid data format: a value of no known kind")


def _inside(data: Bytes, at: int, stop: int) -> Iterator[Place]:
    """Yield the values that stand one behind the other from `at` to `stop`."""
    find = data.find
    while at < stop:
        colon = find(b":", at, at + _LONGEST)
        digits = data[at:colon] if colon > at else b""
        if not digits.isdigit():
            raise ValueError("Invalid data format: a length is missing")
        end = colon + 1 + int(digits)
        if end >= stop:
            raise ValueError("Invalid data format: it breaks off")
        yield data[end], colon + 1, end
        at = end + 1
