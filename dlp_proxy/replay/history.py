"""Events of a store with the fingerprints that each brought, in the order in which they were decided."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dlp_proxy.evidence.ocsf import event_of_record
from dlp_proxy.incidents.event_of import BODY, NO_VALUES
from dlp_proxy.model.event import Event, Identity


@dataclass(frozen=True, slots=True)
class Past:
    """One event as it is replayed.

    Attributes:
        sequence: its number, which is the order of decisions on this machine.
        logged: when it was written, in milliseconds since the epoch.
        digest: SHA-256 of its record, in hexadecimal: what the log commits to.
    """

    sequence: int
    event: Event
    identities: tuple[Identity, ...]
    logged: int
    digest: str
    incident: str = ""

    @property
    def counted(self) -> frozenset[bytes]:
        """Return the fingerprints that the first reason counted as customers."""
        return frozenset(one.fingerprint for one in self.identities if one.counted)

    @property
    def customers(self) -> frozenset[bytes]:
        """Return who is concerned: what names a record, and where no record was asked for, what was counted."""
        named = frozenset(one.fingerprint for one in self.identities if one.names)
        return named or self.counted

    @property
    def identities_found(self) -> bool:
        """Tell whether any value was found in it."""
        return any(one.kind not in NO_VALUES for one in self.identities)

    @property
    def body(self) -> str:
        """Return the fingerprint of the body as a whole, in hexadecimal; empty for one too short to have it."""
        return next((one.fingerprint.hex() for one in self.identities if one.kind == BODY), "")


def past_events(
    connection: sqlite3.Connection,
    *,
    after: int = 0,
    start: float = 0.0,
    end: float = float("inf"),
    only: Container[int] | None = None,
) -> Iterator[Past]:
    """Yield events by sequence.

    Args:
        after: only those with a higher sequence.
        start: only those from this time on, in seconds since the epoch; `end` is the first moment that is too late.
        only: sequences; None for all.
    """
    rows = connection.execute(
        "SELECT e.sequence, e.incident, r.json FROM event e JOIN record r ON r.event = e.sequence"
        " WHERE e.sequence > ? AND e.time >= ? AND e.time < ? ORDER BY e.sequence",
        (after, round(start * 1000), 2**62 if end == float("inf") else round(end * 1000)),
    )
    for sequence, incident, record in rows:
        if only is not None and sequence not in only:
            continue
        yield Past(
            sequence,
            event_of_record(record),
            _identities(connection, sequence),
            _logged(json.loads(record)),
            sha256(record).hexdigest(),
            incident,
        )


def _identities(connection: sqlite3.Connection, sequence: int) -> tuple[Identity, ...]:
    rows = connection.execute(
        "SELECT t.kind, t.value, p.role, p.record FROM posting p JOIN token t ON t.number = p.token"
        " WHERE p.event = ? ORDER BY t.value, p.record",
        (sequence,),
    )
    return tuple(Identity(kind, value, bool(role & 1), record, bool(role & 2)) for kind, value, role, record in rows)


def _logged(record: dict[str, Any]) -> int:
    return int(record["metadata"]["logged_time"])
