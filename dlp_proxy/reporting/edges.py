"""Who sent how many different customers to where, and to whose account there."""

from __future__ import annotations

from collections import Counter
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


@dataclass(frozen=True, slots=True)
class Filled:
    """One account at a destination; customers each under the furthest they came there.

    Attributes:
        account: its token.
        people: who sent there -> different customers, most first.
    """

    site: str
    account: int
    people: tuple[tuple[str, int], ...]
    left: int
    possible: int
    blocked: int
    transfers: int


def edges_of(some: Iterable[Transfer]) -> tuple[Edge, ...]:
    """Return the pairs, those with most customers first."""
    sent: dict[tuple[str, str], list[Transfer]] = {}
    for one in some:
        sent.setdefault((one.user, one.site), []).append(one)
    found = (
        Edge(user, site, *_furthest(own), sum(len(one.customers) for one in own), len(own))
        for (user, site), own in sent.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.customers, one.user, one.site)))


def filled_by(some: Iterable[Transfer]) -> tuple[Filled, ...]:
    """Return the accounts that messages told of, those that most people filled first."""
    sent: dict[tuple[str, int], list[Transfer]] = {}
    for one in some:
        if one.account:
            sent.setdefault((one.site, one.account), []).append(one)
    found = [Filled(site, account, _people(own), *_furthest(own), len(own)) for (site, account), own in sent.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.people), -one.left - one.possible, one.site, one.account)))


def _people(some: Iterable[Transfer]) -> tuple[tuple[str, int], ...]:
    sent: dict[str, set[int]] = {}
    for one in some:
        sent.setdefault(one.user, set()).update(one.customers)
    return tuple(sorted(((user, len(own)) for user, own in sent.items()), key=lambda one: (-one[1], one[0])))


def _furthest(some: Iterable[Transfer]) -> tuple[int, int, int]:
    """Return how many customers left, may have left, and were blocked."""
    furthest: dict[int, Reached] = {}
    for one in some:
        for token in one.customers:
            furthest[token] = max(furthest.get(token, one.reached), one.reached)
    count = Counter(furthest.values())
    return count[Reached.LEFT], count[Reached.POSSIBLE], count[Reached.BLOCKED]
