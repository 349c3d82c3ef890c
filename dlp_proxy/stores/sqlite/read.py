"""Reading ``events.db``, for the store itself and for commands that open it read-only beside a running proxy."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from dlp_proxy.evidence.ocsf import event_of_record
from dlp_proxy.model.event import Outcome
from dlp_proxy.model.totals import Series
from dlp_proxy.stores.ports import IncidentRow, Kept
from dlp_proxy.stores.sqlite.connect import open_for_reading
from dlp_proxy.stores.sqlite.window_clock import WindowClock

_STRICTEST = "CASE action WHEN 'block' THEN 5 WHEN 'coach' THEN 4 WHEN 'redact' THEN 3 WHEN 'log' THEN 2 ELSE 1 END"


class SqliteReader:
    """A read-only view of a store's file, safe beside a running proxy."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            StoreError: there is none, or it is not ours.
        """
        self._connection = open_for_reading(path)

    @property
    def connection(self) -> sqlite3.Connection:
        """Return the connection, for rooms that ask more of the tables than is asked here."""
        return self._connection

    def events(self, *, incident: str = "", uid: str = "", light: bool = False) -> Iterator[Kept]:
        return read_events(self._connection, incident=incident, uid=uid, light=light)

    def named(self, identifier: str) -> list[Kept]:
        """Return the events of an incident, or the one event of that number; none where there is neither."""
        if identifier.startswith("inc-"):
            return list(self.events(incident=identifier))
        return list(self.events(uid=identifier)) if identifier else []

    def holding(self, incident: str, fingerprints: Collection[bytes]) -> int:
        """Return how many transfers of an incident hold a value with one of these fingerprints."""
        found: set[int] = set()
        for one in fingerprints:
            rows = self._connection.execute(
                "SELECT e.sequence FROM event e JOIN posting p ON p.event = e.sequence"
                " JOIN token t ON t.number = p.token WHERE e.incident = ? AND t.value = ?",
                (incident, one),
            )
            found.update(sequence for (sequence,) in rows)
        return len(found)

    def incidents(self, limit: int) -> Iterator[IncidentRow]:
        return read_incidents(self._connection, limit)

    def window_time(self) -> float:
        """Return the time that the windows go by, in seconds since the epoch."""
        return WindowClock(self._connection).now()

    def latest(self, name: str) -> Iterator[tuple[Series, list[float]]]:
        """Yield each series of that name with the times its identities were last seen, the latest first."""
        for number, key in self._connection.execute(
            "SELECT number, key FROM series WHERE name = ? ORDER BY key", (name,)
        ):
            seen = self._connection.execute("SELECT seen FROM sighting WHERE series = ? ORDER BY seen DESC", (number,))
            yield Series(name, key), [time for (time,) in seen]

    def sent(self, name: str) -> Iterator[tuple[Series, list[tuple[str, bytes, float]]]]:
        """Yield each series of people of that name with who sent which customer there, and when last."""
        for number, key in self._connection.execute(
            "SELECT number, key FROM series WHERE name = ? ORDER BY key", (name,)
        ):
            rows = self._connection.execute(
                "SELECT person, identity, seen FROM sent WHERE series = ? ORDER BY person, identity", (number,)
            )
            yield Series(name, key), rows.fetchall()

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def read_events(
    connection: sqlite3.Connection, *, incident: str = "", uid: str = "", light: bool = False
) -> Iterator[Kept]:
    """Yield events in the order they were recorded: all, those of an incident, or the one with `uid`.

    Light ones are among them when they are asked for, or when one is named.
    """
    rows = connection.execute(
        "SELECT e.sequence, e.incident, r.json, o.uid, o.time, o.disposition, o.released, o.status, o.fate"
        " FROM event e JOIN record r ON r.event = e.sequence LEFT JOIN outcome o ON o.uid = e.uid"
        " WHERE (?1 = '' OR e.incident = ?1) AND (?2 = '' OR e.uid = ?2) AND (?3 OR NOT e.light OR ?2 <> '')"
        " ORDER BY e.sequence",
        (incident, uid, light),
    )
    for sequence, of, record, *done in rows:
        yield Kept(sequence, event_of_record(record), of, _outcome(done) if done[0] is not None else None)


def _outcome(row: Sequence[Any]) -> Outcome:
    uid, time, disposition, released, status, fate = row
    return Outcome(uid, time / 1000, disposition, released, status, fate == "aborted")


def read_incidents(connection: sqlite3.Connection, limit: int) -> Iterator[IncidentRow]:
    """Yield the newest incidents first, with what their events add up to.

    `records` counts different customers over the incident's events, or in its window where that holds more: a drip is
    as large as what was counted when it was stopped.
    """
    rows = connection.execute(
        "WITH newest AS (SELECT incident, max(sequence) AS last FROM event WHERE incident <> ''"  # noqa: S608 - a constant
        "  GROUP BY incident ORDER BY last DESC LIMIT ?)"
        f" SELECT i.id, i.user, i.rule, max({_STRICTEST}), min(e.time), max(e.time), count(*),"
        " max(max(e.records), (SELECT count(DISTINCT x.token) FROM event y"
        "  JOIN posting x ON x.event = y.sequence WHERE y.incident = i.id AND y.incident <> '' AND x.role & 1)),"
        " group_concat(DISTINCT e.site),"
        " (SELECT json_array(y.user, json_extract(r.json, '$.unmapped.dlp.kind'),"
        "  json_extract(r.json, '$.unmapped.dlp.people')) FROM event y JOIN record r ON r.event = y.sequence"
        "  WHERE y.sequence = n.last)"
        " FROM newest n JOIN incident i ON i.id = n.incident"
        " JOIN event e ON e.incident = i.id WHERE e.incident <> '' GROUP BY i.id ORDER BY n.last DESC",
        (limit,),
    )
    words = {5: "block", 4: "coach", 3: "redact", 2: "log"}
    for row in rows:
        user, kind, people = json.loads(row[9])
        yield IncidentRow(
            row[0],
            user,
            row[2],
            words.get(row[3], "counted"),
            row[4] / 1000,
            row[5] / 1000,
            row[6],
            row[7],
            tuple(row[8].split(",")),
            kind or "transfers",
            tuple(people or ()),
        )
