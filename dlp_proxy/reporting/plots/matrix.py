"""Who sent to where, as a sorted field of numbers: it prints, it is read aloud, and it has no hairs."""

from __future__ import annotations

from collections import Counter
from typing import Final

from dlp_proxy.reporting.case import Shown
from dlp_proxy.reporting.edges import Edge
from dlp_proxy.reporting.markup import table, tag
from dlp_proxy.reporting.plots.plot import WIDTH, Plot, joined, short
from dlp_proxy.reporting.words import Words

_LEFT: Final = 190
_TOP: Final = 130
_LINE: Final = 28
_PEOPLE: Final = 25
_SITES: Final = 12
_SHADES: Final = 5
_ROWS: Final = 400


def matrix(edges: tuple[Edge, ...], words: Words, shown: Shown) -> Plot:
    weight: dict[tuple[str, str], int] = {(one.user, one.site): one.customers for one in edges}
    of_people, of_sites = Counter[str](), Counter[str]()
    for one in edges:
        of_people[one.user] += one.customers
        of_sites[one.site] += one.customers
    people, sites = _sorted(of_people), _sorted(of_sites)
    width = (WIDTH - _LEFT - 10) // max(min(len(sites), _SITES), 3)
    most = max(weight.values()) or 1
    parts = []
    for column, site in enumerate(sites[:_SITES]):
        x = _LEFT + column * width + width // 2
        parts.append(tag("text", short(site), x=x, y=_TOP - 8, transform=f"rotate(-35 {x} {_TOP - 8})", class_="s"))
    for line, user in enumerate(people[:_PEOPLE]):
        y = _TOP + line * _LINE
        parts.append(tag("text", short(shown(user)), x=_LEFT - 8, y=y + 18, class_="e"))
        for column, site in enumerate(sites[:_SITES]):
            customers = weight.get((user, site), 0)
            shade = -(-customers * _SHADES // most)
            x = _LEFT + column * width
            parts.append(tag("rect", x=x, y=y, width=width - 2, height=_LINE - 2, class_=f"f{shade}"))
            if customers:
                parts.append(tag("text", customers, x=x + width // 2, y=y + 18, class_=f"m t{shade}"))
    heads = ("person", "destination", "left", "possible", "blocked", "records", "transfers")
    rows: list[tuple[str | int, ...]] = [
        (shown(one.user), one.site, one.left, one.possible, one.blocked, one.records, one.transfers)
        for one in edges[:_ROWS]
    ]
    hidden = max(len(people) - _PEOPLE, 0) + max(len(sites) - _SITES, 0)
    says = words("matrix-desc") + (f" {words('not-shown', count=hidden)}" if hidden else "")
    written = table(words("matrix"), tuple(words(one) for one in heads), rows)
    if len(edges) > _ROWS:
        written = joined([written, tag("p", words("not-shown", count=len(edges) - _ROWS))])
    height = _TOP + min(len(people), _PEOPLE) * _LINE + 10
    return Plot("matrix", words("matrix"), says, joined(parts), height, written)


def _sorted(weights: Counter[str]) -> list[str]:
    return sorted(weights, key=lambda one: (-weights[one], one))
