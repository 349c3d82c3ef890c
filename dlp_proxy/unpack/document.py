"""Values that a binary format holds (objects, lists, texts, numbers) as parts, laid out as JSON is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.leaf import Aside, leaf

type Node = str | bool | list[Any] | tuple[tuple[str, Any], ...] | None


def render(values: Iterable[tuple[str, Any]], content: Content, meter: Meter) -> Iterator[Part | Gap | Content]:
    """Yield (label, value) pairs laid out, then the bytes among them.

    Args:
        values: may raise what `shape` raises, and `Exhausted`.

    Raises:
        Exhausted: there is more than may be laid out; what was before it was yielded.
    """
    rendering, aside, reached = tree.Rendering(content.location, meter.budget.limits), Aside(), None
    gap: Gap | None = None
    try:
        for label, value in values:
            shaper = Shaper(aside, meter)
            rendering.add(shaper.shape(value, 0), label)
    except Exhausted as limit:
        reached = limit
    except (tree.TooDeep, RecursionError):
        gap = Gap("too-deep", content.location, "values nested deeper than are followed; the rest is not laid out")
    except tree.TooMany:
        gap = Gap("too-large", content.location, "more values than are laid out")
    yield from rendering.finish()
    yield from aside.contents(content)
    if gap:
        yield gap
    if reached:
        raise reached


NODE: Final = 64
"""Bytes that a value is counted as beside its text: that much memory it takes at least, until it is laid out."""


VALUE: Final = 4 * NODE
"""Bytes that a value and its name take where a format is read as a tree of its own, before and while it is laid out."""


class Shaper:
    """Values of a library as the nodes that are laid out: mappings as pairs, leaves as text. Counts what it makes."""

    def __init__(self, aside: Aside, meter: Meter) -> None:
        self._aside = aside
        self._meter = meter

    def shape(self, value: Any, depth: int) -> Node:  # noqa: ANN401 - formats hold anything
        """Return `value` as a node.

        Raises:
            tree.TooDeep: it is nested deeper than is followed.
            Exhausted: it is larger than may be laid out, e.g. since it refers to one thing again and again.
        """
        if depth > tree.NESTING:
            raise tree.TooDeep
        if isinstance(value, Mapping):
            self._charge(NODE)
            return tuple(
                [(leaf(name, self._aside) or "?", self.shape(inner, depth + 1)) for name, inner in value.items()]
            )
        if isinstance(value, Pairs):
            self._charge(NODE)
            return tuple([(name, self.shape(inner, depth + 1)) for name, inner in value])
        if isinstance(value, list | tuple | set | frozenset):
            self._charge(NODE)
            return [self.shape(inner, depth + 1) for inner in value]
        if value is None or value is True or value is False:
            return value
        text = leaf(value, self._aside)
        self._charge(len(text) + NODE)
        return text

    def _charge(self, size: int) -> None:
        if size > self._meter.room:
            raise self._meter.overrun()
        self._meter.charge(size)


class Pairs(list[tuple[str, Any]]):
    """An object as (name, value) pairs, for formats in which a name may come twice."""
