"""How the different customers add up from day to day: whether it was one evening or a hundred of them."""

from __future__ import annotations

import datetime as dt
from typing import Final

from dlp_proxy.incidents.scope import Scope
from dlp_proxy.reporting.markup import table, tag
from dlp_proxy.reporting.plots.plot import WIDTH, Plot, joined
from dlp_proxy.reporting.words import Words

_LEFT: Final = 70
_HEIGHT: Final = 200
_ROWS: Final = 400


def curve(scope: Scope, words: Words) -> Plot:
    days = list(scope.days)
    so_far, total = [], 0
    for day in days:
        total += scope.days[day].new
        so_far.append(total)
    top = max(total, 1)
    numbers = [dt.date.fromisoformat(day).toordinal() for day in days]
    first, span = numbers[0], max(numbers[-1] - numbers[0], 1)
    path, before = f"M{_LEFT} {_HEIGHT}", 0
    for number, customers in zip(numbers, so_far, strict=True):
        x = _LEFT + (number - first) * (WIDTH - _LEFT - 20) // span
        path += f"L{x} {_y(before, top)}L{x} {_y(customers, top)}"
        before = customers
    path += f"L{WIDTH - 20} {_y(total, top)}"
    parts = [
        tag("line", x1=_LEFT, y1=_HEIGHT, x2=WIDTH - 20, y2=_HEIGHT, class_="g"),
        tag("line", x1=_LEFT, y1=_y(total, top), x2=WIDTH - 20, y2=_y(total, top), class_="g"),
        tag("path", d=path, class_="line"),
        tag("text", total, x=_LEFT - 8, y=_y(total, top) + 4, class_="e"),
        tag("text", 0, x=_LEFT - 8, y=_HEIGHT + 4, class_="e"),
        tag("text", days[0], x=_LEFT, y=_HEIGHT + 18, class_="s"),
        tag("text", days[-1], x=WIDTH - 6, y=_HEIGHT + 18, class_="s e"),
    ]
    heads = ("day", "transfers", "records", "new", "so-far")
    rows: list[tuple[str | int, ...]] = [
        (day, scope.days[day].transfers, scope.days[day].records, scope.days[day].new, customers)
        for day, customers in zip(days[:_ROWS], so_far[:_ROWS], strict=True)
    ]
    written = table(words("curve"), tuple(words(one) for one in heads), rows)
    return Plot("curve", words("curve"), words("curve-desc"), joined(parts), _HEIGHT + 28, written)


def _y(customers: int, top: int) -> int:
    return _HEIGHT - customers * (_HEIGHT - 20) // top
