"""Who sent how many different customers to where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dlp_proxy.incidents.transfers import Reached, Transfer


@dataclass(frozen=True, slots=True)
class Edge:
    """One person and one destination; customers each under the furthest they came there."""

    user: str
    site: str
    left: int
    possible: int
    blocked: int
    records: int
    transfers: int

    @property
    def customers(self) -> int:
        return self.left + self.possible + self.blocked


def edges_of(some: Iterable[Transfer]) -> tuple[Edge, ...]:
    """Return the pairs, those with most customers first."""
    furthest: dict[tuple[str, str], dict[int, Reached]] = {}
    records: dict[tuple[str, str], list[int]] = {}
    for one in some:
        pair = (one.user, one.site)
        own = furthest.setdefault(pair, {})
        records.setdefault(pair, []).append(len(one.customers))
        for token in one.customers:
            own[token] = max(own.get(token, one.reached), one.reached)
    found = []
    for (user, site), own in furthest.items():
        left, possible, blocked = (
            sum(reached is wanted for reached in own.values())
            for wanted in (Reached.LEFT, Reached.POSSIBLE, Reached.BLOCKED)
        )
        sizes = records[user, site]
        found.append(Edge(user, site, left, possible, blocked, sum(sizes), len(sizes)))
    return tuple(sorted(found, key=lambda one: (-one.customers, one.user, one.site)))
