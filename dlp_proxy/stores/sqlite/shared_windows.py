"""Exact distinct counts in sliding windows, kept in the store's own file: all proxies of a machine see one total."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from dlp_proxy.model.totals import Observation, Ring, Series, Totals
from dlp_proxy.stores.sqlite.shared_rings import SharedRings, touch

KEPT_AT_LEAST: Final = 1000
"""Identities kept for each series however low its limits are, so that a limit raised later still finds them."""

_SLACK: Final = 8
"""One part in so many over the bound is let stand, so that not every observation has to tidy up."""


class SharedWindows:
    """Implements `pipeline.Memory` inside one transaction of the store.

    The transaction is what makes it exact: while it is open no other proxy adds to a window, so two messages never
    see the same total. For a limit of at least N only the latest N identities of a series can ever matter; the older
    ones are dropped (`Observation.keep`), so what a person can make the store hold is bounded by policy, not by them.

    Args:
        connection: in a transaction that began with ``BEGIN IMMEDIATE``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def observe(self, now: float, observations: Sequence[Observation]) -> Totals:
        """Add the identities and return each window's total with them, as of `now` (seconds since the epoch).

        A sighting is never put before the newest one of its series, so a clock that goes back frees nobody.
        """
        distinct: dict[tuple[Series, int], int] = {}
        rings: dict[tuple[Series, int, int], Ring] = {}
        for observation in observations:
            if observation.sharing is not None:
                rings |= SharedRings(self._connection).observe(now, observation, observation.sharing)
                continue
            number = self._add(observation, now) if observation.identities else self._number(observation.series)
            for seconds in observation.windows:
                distinct[observation.series, seconds] = self._total(number, now - seconds)
            if observation.identities and observation.keep:
                self._tidy(number, max(observation.keep, KEPT_AT_LEAST))
        return Totals(distinct, rings)

    def _add(self, observation: Observation, now: float) -> int:
        number, seen = touch(self._connection, observation.series, now)
        self._connection.executemany(
            "INSERT INTO sighting (series, identity, seen) VALUES (?, ?, ?)"
            " ON CONFLICT (series, identity) DO UPDATE SET seen = excluded.seen",
            [(number, identity, seen) for identity in observation.identities],
        )
        return number

    def _number(self, series: Series) -> int:
        found = self._connection.execute("SELECT number FROM series WHERE name = ? AND key = ?", series).fetchone()
        return int(found[0]) if found else 0

    def _total(self, number: int, oldest: float) -> int:
        return _one(self._connection, "SELECT count(*) FROM sighting WHERE series = ? AND seen > ?", (number, oldest))

    def _tidy(self, number: int, keep: int) -> None:
        held = _one(self._connection, "SELECT count(*) FROM sighting WHERE series = ?", (number,))
        if held > keep + keep // _SLACK:
            self._connection.execute(
                "DELETE FROM sighting WHERE series = ?1 AND identity IN"
                " (SELECT identity FROM sighting WHERE series = ?1 ORDER BY seen LIMIT ?2)",
                (number, held - keep),
            )


def forget_series(connection: sqlite3.Connection, before: float) -> int:
    """Drop the series in which nobody was seen since `before`, with their sightings. Return how many."""
    old = [number for (number,) in connection.execute("SELECT number FROM series WHERE newest < ?", (before,))]
    _drop(connection, old)
    return len(old)


def reset_series(connection: sqlite3.Connection, series: Sequence[Series]) -> int:
    """Forget everything that was counted in some series. Return how many identities that were."""
    wanted = "SELECT number FROM series WHERE name = ? AND key = ?"
    found = [number for one in series for (number,) in connection.execute(wanted, one)]
    return _drop(connection, found)


def _drop(connection: sqlite3.Connection, numbers: Sequence[int]) -> int:
    rows = [(number,) for number in numbers]
    dropped = connection.executemany("DELETE FROM sighting WHERE series = ?", rows).rowcount
    connection.executemany("DELETE FROM sent WHERE series = ?", rows)
    connection.executemany("DELETE FROM series WHERE number = ?", rows)
    return max(dropped, 0)


def _one(connection: sqlite3.Connection, query: str, values: tuple[float, ...]) -> int:
    (value,) = connection.execute(query, values).fetchone()
    return int(value)
