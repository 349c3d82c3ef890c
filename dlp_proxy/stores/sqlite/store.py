"""The embedded event store: one SQLite file, one thread that writes, many events in one commit."""

from __future__ import annotations

import json
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.connect import open_for_writing
from dlp_proxy.windows.windows import Sighting

_BATCH: Final = 256
_GROUPING_SECONDS: Final = 24 * 3600
"""An incident takes up further events of the same person and rule that follow within this time."""


@dataclass(slots=True)
class _Write:
    apply: Callable[[sqlite3.Connection], str]
    done: Future[str] = field(default_factory=Future)


class SqliteStore:
    """Implements `stores.ports.EventStore` on one file.

    Writes wait in a queue for one thread that puts all that wait into one commit, so the cost of reaching the
    disk is shared and the caller's thread never touches it.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the file.

        Raises:
            StoreError: it cannot be opened for writing.
        """
        self._connection = open_for_writing(path)
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="event-store", daemon=True)
        self._thread.start()

    def record(self, event: Event, sightings: Sequence[Sighting]) -> Future[str]:
        return self._submit(lambda connection: _insert_event(connection, event, sightings))

    def outcome(self, outcome: Outcome) -> None:
        self._submit(lambda connection: _insert_outcome(connection, outcome))

    def writable(self) -> bool:
        try:
            self._submit(_probe).result(timeout=15)
        except (StoreError, TimeoutError):
            return False
        return True

    def forget_sightings(self, before: float) -> None:
        """Drop sightings last seen before `before`: no window reaches back that far."""
        self._submit(lambda connection: _forget(connection, before))

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _submit(self, apply: Callable[[sqlite3.Connection], str]) -> Future[str]:
        write = _Write(apply)
        # From here on it cannot be cancelled: a caller that gave up waiting must not undo or trip a record.
        write.done.set_running_or_notify_cancel()
        if self._closed:
            write.done.set_exception(StoreError("the event store is closed: the proxy is stopping"))
        else:
            self._queue.put(write)
        return write.done

    def _work(self) -> None:
        stopping = False
        while not stopping:
            first = self._queue.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < _BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    stopping = True
                    break
                batch.append(following)
            self._commit(batch)

    def _commit(self, batch: Sequence[_Write]) -> None:
        """Put a batch into one commit; when that fails, each of it alone, so that one bad write costs only itself."""
        try:
            results = self._transaction(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, each caller must hear it, and the thread must live
            if len(batch) > 1:
                for write in batch:
                    self._commit([write])
                return
            batch[0].done.set_exception(StoreError(f"the event store did not take a write: {error}"))
            return
        for write, result in zip(batch, results, strict=True):
            write.done.set_result(result)

    def _transaction(self, batch: Sequence[_Write]) -> list[str]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            results = [write.apply(self._connection) for write in batch]
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return results


def _insert_event(connection: sqlite3.Connection, event: Event, sightings: Sequence[Sighting]) -> str:
    incident = _incident_of(connection, event)
    cursor = connection.execute(
        "INSERT INTO event (uid, time, user, site, action, would, rule, records, incident, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            event.uid,
            event.time,
            event.user,
            event.site,
            event.action,
            event.would,
            event.rule,
            event.records,
            incident,
            json.dumps(event.body, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        ),
    )
    sequence = cursor.lastrowid
    connection.executemany(
        "INSERT OR IGNORE INTO identity (sequence, kind, fingerprint, counted) VALUES (?, ?, ?, ?)",
        [(sequence, one.kind, one.fingerprint, int(one.counted)) for one in event.identities],
    )
    connection.executemany(
        "INSERT INTO sighting (series, key, identity, seen) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (series, key, identity) DO UPDATE SET seen = max(seen, excluded.seen)",
        [(one.series.name, one.series.key, one.identity, one.seen) for one in sightings],
    )
    return incident


def _incident_of(connection: sqlite3.Connection, event: Event) -> str:
    """Return the incident an event belongs to, opening one when it is the first; none for what stayed under limits."""
    if event.action in {"allow", "counted"}:
        return ""
    row = connection.execute(
        "SELECT id FROM incident WHERE user = ? AND rule = ? AND last >= ? ORDER BY last DESC LIMIT 1",
        (event.user, event.rule, event.time - _GROUPING_SECONDS),
    ).fetchone()
    if row is None:
        incident = f"inc-{event.uid[-8:].lower()}"
        connection.execute(
            "INSERT INTO incident (id, user, rule, opened, last) VALUES (?, ?, ?, ?, ?)",
            (incident, event.user, event.rule, event.time, event.time),
        )
        return incident
    connection.execute("UPDATE incident SET last = max(last, ?) WHERE id = ?", (event.time, row[0]))
    return str(row[0])


def _insert_outcome(connection: sqlite3.Connection, outcome: Outcome) -> str:
    connection.execute(
        "INSERT OR REPLACE INTO outcome (uid, time, disposition, released, status) VALUES (?, ?, ?, ?, ?)",
        (outcome.uid, outcome.time, outcome.disposition, outcome.released_bytes, outcome.status),
    )
    return ""


def _forget(connection: sqlite3.Connection, before: float) -> str:
    connection.execute("DELETE FROM sighting WHERE seen < ?", (before,))
    return ""


def _probe(connection: sqlite3.Connection) -> str:
    connection.execute("DELETE FROM probe")
    connection.execute("INSERT INTO probe (at) VALUES (?)", (time.time(),))
    return ""
