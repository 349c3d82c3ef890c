"""Taking over the events of a store of shape 3, which had no log: they are written anew, as what they are."""

from __future__ import annotations

import json
import sqlite3
import time
from typing import Any, Final

from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.stores.sqlite.writing import Writing

ADOPTED: Final = 3
"""The shape whose events are taken over."""


def adopt(connection: sqlite3.Connection) -> None:
    """Write the events, fingerprints and outcomes of the earlier tables into those of today, and drop the former.

    Their numbers and incidents stay. Their entries in the log say ``adopted``: the chain vouches for them from now on
    and not from when they happened.
    """
    writing = Writing(connection, time.time_ns() // 1_000_000, "unnamed", "")
    rows = connection.execute(
        "SELECT sequence, uid, time, user, site, action, would, rule, records, incident, body FROM earlier_event"
        " ORDER BY sequence"
    )
    for sequence, uid, at, user, site, action, would, rule, records, incident, body in rows:
        found = connection.execute(
            "SELECT kind, fingerprint, counted FROM earlier_identity WHERE sequence = ?", (sequence,)
        )
        identities = tuple(Identity(kind, value, bool(counted)) for kind, value, counted in found)
        event = Event(uid, at, user, site, action, would, rule, records, _whole(json.loads(body)), identities)
        writing.insert_event(event, "adopted", sequence, incident)
    done = connection.execute("SELECT uid, time, disposition, released, status FROM earlier_outcome ORDER BY time, uid")
    for row in done:
        writing.insert_outcome(Outcome(*row))
    for table in ("earlier_identity", "earlier_outcome", "earlier_event"):
        connection.execute(f"DROP TABLE {table}")


def _whole(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a body without fractions, which today's have none of: times were in seconds with them."""
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) else value
