"""When who sent: a lane for each person, shape for what became of it, size for how many customers."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final

from dlp_proxy.incidents.transfers import Reached, Transfer
from dlp_proxy.reporting.case import Shown
from dlp_proxy.reporting.markup import Markup, table, tag
from dlp_proxy.reporting.plots.plot import WIDTH, Plot, joined, short
from dlp_proxy.reporting.words import Words

_LEFT: Final = 190
_LANE: Final = 34
_LANES: Final = 24
_ROWS: Final = 200
_STRETCHES: Final = 200
"""Stretches of time whose transfers of one person are one mark: more could not be told apart."""


def timeline(some: Sequence[Transfer], words: Words, shown: Shown) -> Plot:
    people = sorted({one.user for one in some})
    lanes = {user: number for number, user in enumerate(people[:_LANES])}
    first, last = min(one.time for one in some), max(one.time for one in some)
    span = max(last - first, 1)
    marks: dict[tuple[int, int, Reached], set[int]] = {}
    for one in some:
        if one.user in lanes:
            stretch = (one.time - first) * _STRETCHES // span
            marks.setdefault((lanes[one.user], stretch, one.reached), set()).update(one.customers)
    most = max(len(customers) for customers in marks.values()) or 1
    bottom = _LANE * len(lanes) + 10
    parts = [_lane(number, short(shown(user))) for user, number in lanes.items()]
    for (lane, stretch, reached), customers in sorted(marks.items()):
        x = _LEFT + 14 + stretch * (WIDTH - _LEFT - 34) // _STRETCHES
        parts.append(_mark(x, lane * _LANE + _LANE // 2, 3 + round(10 * sqrt(len(customers) / most)), reached))
    parts += [
        tag("text", words.time(first), x=_LEFT, y=bottom + 16, class_="s"),
        tag("text", words.time(last), x=WIDTH - 6, y=bottom + 16, class_="s e"),
    ]
    says = words("timeline-desc") + _rest(len(people) - len(lanes), words)
    return Plot("timeline", words("timeline"), says, joined(parts), bottom + 26, _table(some, words, shown))


def _lane(number: int, name: str) -> Markup:
    y = number * _LANE + _LANE // 2
    line = tag("line", x1=_LEFT, y1=y, x2=WIDTH - 6, y2=y, class_="g")
    return joined([line, tag("text", name, x=_LEFT - 8, y=y + 4, class_="e")])


def _mark(x: int, y: int, size: int, reached: Reached) -> Markup:
    if reached is Reached.LEFT:
        return tag("circle", cx=x, cy=y, r=size, class_="left")
    if reached is Reached.POSSIBLE:
        return tag("path", d=f"M{x - size} {y + size}L{x + size} {y + size}L{x} {y - size}Z", class_="possible")
    return tag("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, class_="blocked")


def _table(some: Sequence[Transfer], words: Words, shown: Shown) -> Markup:
    heads = ("time", "event", "person", "destination", "became", "customers", "bytes", "rule")
    rows: list[tuple[str | int, ...]] = [
        (
            *(words.time(one.time), one.uid, shown(one.user), one.site, words(one.reached.word)),
            *(len(set(one.customers)), one.bytes, one.rule),
        )
        for one in some[:_ROWS]
    ]
    written = table(words("timeline"), tuple(words(one) for one in heads), rows)
    rest = _rest(len(some) - _ROWS, words)
    return joined([written, tag("p", rest)]) if rest else written


def _rest(count: int, words: Words) -> str:
    return f" {words('not-shown', count=count)}" if count > 0 else ""
