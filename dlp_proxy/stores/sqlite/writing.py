"""What a write may do inside its transaction: the tables, the log, and the windows, all of it or nothing."""

from __future__ import annotations

import sqlite3
from typing import Final, Literal

from dlp_proxy.evidence.entry import Entry, commitment, salt
from dlp_proxy.evidence.ocsf import record_of, role
from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.stores.sqlite.log import Log

_GROUPING_SECONDS: Final = 24 * 3600
"""An incident takes up further events of the same person and rule that follow within this time."""


class Writing:
    """One transaction of the store.

    Attributes:
        connection: for tables of rooms above; whatever they change is one commit with what they log.
        log: appends entries.
        node: name of this machine in the log.
        key: name of the key that fingerprints are made with.
    """

    def __init__(self, connection: sqlite3.Connection, at: int, node: str, key: str) -> None:
        self.connection = connection
        self.log = Log(connection, at)
        self.node = node
        self.key = key
        self._sequence = 0

    def insert_event(
        self, event: Event, verb: Literal["seen", "adopted"] = "seen", number: int = 0, incident: str | None = None
    ) -> str:
        """Keep an event with its postings and its entry in the log, and return its incident.

        Args:
            number: its sequence, where it has one already, and `incident` likewise.
        """
        sequence = number or self._next_sequence()
        if incident is None:
            incident = self._incident_of(event)
        record = record_of(event, sequence, self.log.at, self.node, self.key)
        salted = salt()
        body = event.body
        self.connection.execute(
            "INSERT INTO event (sequence, uid, time, light, user, device, site, action, would, rule, records, bytes,"
            " coverage, incident) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                sequence,
                event.uid,
                round(event.time * 1000),
                event.light,
                event.user,
                (body.get("identity") or {}).get("device", ""),
                event.site,
                event.action,
                event.would,
                event.rule,
                event.records,
                (body.get("request") or {}).get("bytes", 0),
                (body.get("coverage") or {}).get("inspected", ""),
                incident,
            ),
        )
        self.connection.execute("INSERT INTO record (event, json, salt) VALUES (?, ?, ?)", (sequence, record, salted))
        self._sequence = sequence
        if event.identities:
            self._post(sequence, event.identities)
        self.log.append(Entry(verb, of=event.uid, more={"sequence": sequence, "commit": commitment(salted, record)}))
        for other in event.also:
            self.insert_event(other)
        return incident

    def insert_outcome(self, outcome: Outcome) -> None:
        """Keep what became of a transfer; the first report stands."""
        done = self.connection.execute(
            "INSERT OR IGNORE INTO outcome (uid, time, disposition, released, status, fate) VALUES (?, ?, ?, ?, ?, ?)",
            (
                outcome.uid,
                round(outcome.time * 1000),
                outcome.disposition,
                outcome.released_bytes,
                outcome.status,
                outcome.fate,
            ),
        )
        if done.rowcount:
            told = {"disposition": outcome.disposition, "fate": outcome.fate, "sent": outcome.released_bytes}
            when = round(outcome.time * 1000)
            self.log.append(Entry("outcome", of=outcome.uid, more={**told, "status": outcome.status, "time": when}))

    def _next_sequence(self) -> int:
        if not self._sequence:
            row = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
            self._sequence = int(row[0]) if row else 0
        return self._sequence + 1

    def _post(self, sequence: int, identities: tuple[Identity, ...]) -> None:
        self.connection.executemany(
            "INSERT OR IGNORE INTO token (value, kind, key) VALUES (?, ?, ?)",
            [(one.fingerprint, one.kind, self.key) for one in identities],
        )
        self.connection.executemany(
            "INSERT OR IGNORE INTO posting (event, token, record, role)"
            " SELECT ?1, number, ?3, ?4 FROM token WHERE value = ?2",
            [(sequence, one.fingerprint, one.record, role(one)) for one in identities],
        )

    def _incident_of(self, event: Event) -> str:
        """Return the incident an event belongs to, opening one when it is the first; none for what is under limits."""
        if event.action in {"allow", "counted"}:
            return ""
        whose = event.group or event.user
        row = self.connection.execute(
            "SELECT id FROM incident WHERE user = ? AND rule = ? AND last >= ? ORDER BY last DESC LIMIT 1",
            (whose, event.rule, event.time - _GROUPING_SECONDS),
        ).fetchone()
        if row is None:
            incident = f"inc-{event.uid[-8:].lower()}"
            self.connection.execute(
                "INSERT INTO incident (id, user, rule, opened, last) VALUES (?, ?, ?, ?, ?)",
                (incident, whose, event.rule, event.time, event.time),
            )
            return incident
        self.connection.execute("UPDATE incident SET last = max(last, ?) WHERE id = ?", (event.time, row[0]))
        return str(row[0])
