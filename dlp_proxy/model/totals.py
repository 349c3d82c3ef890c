"""What windows are asked and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Series(NamedTuple):
    """One row of memory: whose identities are counted together.

    Attributes:
        name: from the rule's name, what it finds and by whom it counts; a changed number keeps it.
        key: whose total: a user, a site, or a pair, as one text.
    """

    name: str
    key: str


class Observation(NamedTuple):
    """Identities seen now for one series, and the windows (seconds) whose totals are wanted."""

    series: Series
    identities: tuple[bytes, ...]
    windows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Different identities in a window, this message included: (series, seconds) -> number."""

    distinct: Mapping[tuple[Series, int], int] = field(default_factory=dict)
