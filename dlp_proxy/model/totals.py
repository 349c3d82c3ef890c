"""What windows are asked and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

BESIDE: Final = "\x1f"
"""Between the parts of a series' key: a user and a site."""

MOST_PEOPLE: Final = 25
"""People of a ring that are looked for; one with more is told as it is, with these."""

MOST_CUSTOMERS: Final = 1000
"""The latest customers of one person at one place that can link them to others; a memory keeps about so many."""


class Series(NamedTuple):
    """One row of memory: whose identities are counted together.

    Attributes:
        name: from the rule's name, what it finds and by whom it counts; a changed number keeps it.
        key: whose total: a user, a site, or a pair, as one text.
    """

    name: str
    key: str


class Sharing(NamedTuple):
    """Asks who sent the same: `person` sends now, and `least` customers in common link two people together."""

    person: str
    least: int


class Observation(NamedTuple):
    """Identities seen now for one series.

    Attributes:
        windows: the lengths, in seconds, whose totals are wanted.
        keep: how many of the latest identities can matter to a limit, so that a memory need not keep more; 0 for all.
        sharing: set where people are counted and not identities; the answer is a `Ring` too.
    """

    series: Series
    identities: tuple[bytes, ...]
    windows: tuple[int, ...]
    keep: int = 0
    sharing: Sharing | None = None


class Ring(NamedTuple):
    """People who are linked together by what they sent, directly or through each other, with one of them among them.

    Attributes:
        people: who, in order; one alone shares with nobody. Looked for up to `MOST_PEOPLE`.
        shared: customers that at least two of them sent, in order.
    """

    people: tuple[str, ...]
    shared: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What is in a window, this message included.

    Attributes:
        distinct: (series, seconds) -> different identities.
        rings: (series, seconds, customers in common that were asked for) -> the ring of whoever sends.
    """

    distinct: Mapping[tuple[Series, int], int] = field(default_factory=dict)
    rings: Mapping[tuple[Series, int, int], Ring] = field(default_factory=dict)


NOTHING_READ: Final = Totals()
