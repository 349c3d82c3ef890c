"""Who sent which customers where, kept in the store's own file: all proxies of a machine see one ring."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.totals import MOST_CUSTOMERS, Observation, Ring, Series, Sharing
from dlp_proxy.windows.ring import mark, people_around, told

_IN_COMMON: Final = (
    "SELECT other.person FROM sent mine JOIN sent other"
    " ON other.series = mine.series AND other.identity = mine.identity"
    " WHERE mine.series = ?1 AND mine.person = ?2 AND mine.seen > ?3 AND other.person <> ?2 AND other.seen > ?3"
)
"""Somebody else, once for each customer that both sent. Asked row by row, so it ends where enough is known."""


class SharedRings:
    """The part of `SharedWindows` that counts people; inside the same transaction.

    What a message costs is bounded by what is kept of its sender (about `MOST_CUSTOMERS` at a place), whatever else
    the store holds; one whose customers nobody else sent costs an index look-up for each of these.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def observe(self, now: float, observation: Observation, sharing: Sharing) -> dict[tuple[Series, int, int], Ring]:
        """Add what a person sent, and return for each window the ring they are in as of `now`."""
        series, person = observation.series, sharing.person
        number, seen = touch(self._connection, series, now)
        self._connection.executemany(
            "INSERT INTO sent (series, identity, person, seen) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (series, identity, person) DO UPDATE SET seen = excluded.seen",
            [(number, identity, person, seen) for identity in observation.identities],
        )
        self._tidy(number, person)
        return {
            (series, seconds, sharing.least): self.ring(number, person, sharing.least, now - seconds)
            for seconds in observation.windows
        }

    def ring(self, number: int, person: str, least: int, oldest: float) -> Ring:
        """Return the ring of somebody at a place, of what was sent after `oldest`."""

        def others(one: str) -> Iterator[str]:
            return (other for (other,) in self._connection.execute(_IN_COMMON, (number, one, oldest)))

        people = people_around(person, least, others)
        if len(people) == 1:
            return Ring(people)
        marks = ", ".join("?" * len(people))
        rows = self._connection.execute(
            f"SELECT identity FROM sent WHERE series = ? AND seen > ? AND person IN ({marks})"  # noqa: S608 - marks only
            " GROUP BY identity HAVING count(*) > 1 ORDER BY identity",
            (number, oldest, *people),
        )
        return Ring(people, tuple(identity for (identity,) in rows))

    def _tidy(self, number: int, person: str) -> None:
        (held,) = self._connection.execute(
            "SELECT count(*) FROM sent WHERE series = ? AND person = ?", (number, person)
        ).fetchone()
        if held > MOST_CUSTOMERS * 9 // 8:
            self._connection.execute(
                "DELETE FROM sent WHERE series = ?1 AND person = ?2 AND identity IN"
                " (SELECT identity FROM sent WHERE series = ?1 AND person = ?2 ORDER BY seen LIMIT ?3)",
                (number, person, held - MOST_CUSTOMERS),
            )


def touch(connection: sqlite3.Connection, series: Series, now: float) -> tuple[int, float]:
    """Return a series' number, and the time of what is seen in it now: never before what was seen already."""
    number, newest = connection.execute(
        "INSERT INTO series (name, key, newest) VALUES (?, ?, ?)"
        " ON CONFLICT (name, key) DO UPDATE SET newest = max(newest, excluded.newest) RETURNING number, newest",
        (*series, now),
    ).fetchone()
    return int(number), float(newest)


def forget_person(connection: sqlite3.Connection, series: Series, person: str) -> int:
    """Forget what a person sent to a place; what others sent stays. Return how many customers that were."""
    wanted = "SELECT number FROM series WHERE name = ? AND key = ?"
    connection.execute(
        f"DELETE FROM sighting WHERE series IN ({wanted}) AND identity = ?",  # noqa: S608 - a constant
        (*told(series), mark(person)),
    )
    return max(
        connection.execute(f"DELETE FROM sent WHERE series IN ({wanted}) AND person = ?", (*series, person)).rowcount,  # noqa: S608 - a constant
        0,
    )
