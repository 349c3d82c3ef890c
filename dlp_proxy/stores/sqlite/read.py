"""Reading ``events.db``, for the store itself and for commands that open it read-only beside a running proxy."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.model.totals import Series
from dlp_proxy.stores.ports import IncidentRow, Kept
from dlp_proxy.stores.sqlite.connect import open_for_reading
from dlp_proxy.windows.windows import Sighting

_STRICTEST = "CASE action WHEN 'block' THEN 5 WHEN 'coach' THEN 4 WHEN 'redact' THEN 3 WHEN 'log' THEN 2 ELSE 1 END"


class SqliteReader:
    """A read-only view of a store's file, safe beside a running proxy."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            StoreError: there is none, or it is not ours.
        """
        self._connection = open_for_reading(path)

    def events(self, *, incident: str = "", uid: str = "") -> Iterator[Kept]:
        return read_events(self._connection, incident=incident, uid=uid)

    def incidents(self, limit: int) -> Iterator[IncidentRow]:
        return read_incidents(self._connection, limit)

    def sightings(self, since: float) -> Iterator[Sighting]:
        return read_sightings(self._connection, since)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def read_events(connection: sqlite3.Connection, *, incident: str = "", uid: str = "") -> Iterator[Kept]:
    """Yield events in the order they were recorded: all, those of an incident, or the one with `uid`."""
    rows = connection.execute(
        "SELECT e.sequence, e.uid, e.time, e.user, e.site, e.action, e.would, e.rule, e.records, e.incident, e.body,"
        " o.time, o.disposition, o.released, o.status FROM event e LEFT JOIN outcome o ON o.uid = e.uid"
        " WHERE (?1 = '' OR e.incident = ?1) AND (?2 = '' OR e.uid = ?2) ORDER BY e.sequence",
        (incident, uid),
    )
    for row in rows:
        event = Event(
            uid=row[1],
            time=row[2],
            user=row[3],
            site=row[4],
            action=row[5],
            would=row[6],
            rule=row[7],
            records=row[8],
            body=json.loads(row[10]),
        )
        outcome = None if row[12] is None else Outcome(row[1], row[11], row[12], row[13], row[14])
        yield Kept(row[0], event, row[9], outcome)


def read_incidents(connection: sqlite3.Connection, limit: int) -> Iterator[IncidentRow]:
    """Yield the newest incidents first, with what their events add up to.

    `records` counts different customers over the incident's events, or in its window where that holds more: a drip is
    as large as what was counted when it was stopped.
    """
    rows = connection.execute(
        f"SELECT i.id, i.user, i.rule, max({_STRICTEST}), min(e.time), max(e.time), count(*),"  # noqa: S608 - a constant
        " max(max(e.records), (SELECT count(DISTINCT x.fingerprint) FROM identity x"
        "  JOIN event y ON y.sequence = x.sequence WHERE y.incident = i.id AND x.counted)),"
        " group_concat(DISTINCT e.site) FROM incident i JOIN event e ON e.incident = i.id GROUP BY i.id"
        " ORDER BY max(e.sequence) DESC LIMIT ?",
        (limit,),
    )
    words = {5: "block", 4: "coach", 3: "redact", 2: "log"}
    for row in rows:
        yield IncidentRow(
            row[0],
            row[1],
            row[2],
            words.get(row[3], "counted"),
            row[4],
            row[5],
            row[6],
            row[7],
            tuple(row[8].split(",")),
        )


def read_sightings(connection: sqlite3.Connection, since: float) -> Iterator[Sighting]:
    """Yield the last sighting of each identity and series not older than `since`, oldest first."""
    rows = connection.execute(
        "SELECT series, key, identity, seen FROM sighting WHERE seen >= ? ORDER BY seen", (since,)
    )
    for name, key, identity, seen in rows:
        yield Sighting(Series(name, key), identity, seen)
