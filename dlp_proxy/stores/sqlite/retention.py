"""Forgetting events: record, salt and postings go, and the log keeps a commitment that says nothing any more."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dlp_proxy.evidence.entry import Entry
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.sqlite.writing import Writing

_AT_ONCE: Final = 2_000
"""Events that one transaction forgets, so that no proxy waits long for its turn."""
_WRITE_SECONDS: Final = 60
_DAY: Final = 24 * 3600 * 1000

_DUE: Final = (
    " FROM event e WHERE e.time < iif(e.light, ?1, ?2)"
    " AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.event = e.sequence AND (h.until = 0 OR h.until > ?3))"
)


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days events are kept, and light ones; 0 for ever."""

    days: int
    light_days: int

    def before(self, now: int) -> tuple[int, int]:
        """Return the times before which light events and others are due, in milliseconds since the epoch."""
        return tuple(now - days * _DAY if days else 0 for days in (self.light_days, self.days))  # type: ignore[return-value]


def due(store: SqliteStore, retention: Retention) -> int:
    """Return how many events would be forgotten now."""
    now = _now()

    def count(writing: Writing) -> int:
        (number,) = writing.connection.execute(f"SELECT count(*){_DUE}", (*retention.before(now), now)).fetchone()
        return int(number)

    return store.write(count).result(_WRITE_SECONDS)


def forget_due(store: SqliteStore, retention: Retention, by: str) -> list[int]:
    """Forget what is due, and say so in the log. Return the sequences of what is gone, for rooms that keep more of it.

    Raises:
        StoreError: it could not be written; what earlier transactions forgot is gone.
    """
    gone: list[int] = []
    now = _now()
    while some := store.write(lambda writing: _forget(writing, retention, now, by)).result(_WRITE_SECONDS):
        gone += some
    if gone:
        store.scrub().result(_WRITE_SECONDS)
    return gone


def hold(writing: Writing, events: Iterable[int], why: str, until: int, by: str) -> int:
    """Keep events beyond retention; `until` in milliseconds since the epoch; 0: until let go. Return how many."""
    kept = writing.connection.executemany(
        "INSERT OR REPLACE INTO hold (event, why, until) VALUES (?, ?, ?)", [(one, why, until) for one in events]
    ).rowcount
    writing.log.append(Entry("hold", by=by, of=why, more={"events": kept, "until": until}))
    return kept


def let_go(writing: Writing, why: str, by: str) -> int:
    """End a hold. Return how many events it kept; others may keep them still."""
    freed = writing.connection.execute("DELETE FROM hold WHERE why = ?", (why,)).rowcount
    writing.log.append(Entry("release", by=by, of=why, more={"events": freed}))
    return freed


def stretches(numbers: Sequence[int]) -> list[list[int]]:
    """Return ascending numbers as [first, last] pairs of those without a gap."""
    found: list[list[int]] = []
    for one in numbers:
        if found and found[-1][1] == one - 1:
            found[-1][1] = one
        else:
            found.append([one, one])
    return found


def _forget(writing: Writing, retention: Retention, now: int, by: str) -> list[int]:
    connection = writing.connection
    rows = connection.execute(
        f"SELECT e.sequence, e.uid, e.incident{_DUE} ORDER BY e.sequence LIMIT ?4",
        (*retention.before(now), now, _AT_ONCE),
    ).fetchall()
    if not rows:
        return []
    numbers = [(sequence,) for sequence, _, _ in rows]
    tokens = {
        token
        for number in numbers
        for (token,) in connection.execute("SELECT token FROM posting WHERE event = ?", number)
    }
    connection.executemany("DELETE FROM posting WHERE event = ?", numbers)
    connection.executemany(
        "DELETE FROM token WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM posting WHERE token = ?1)",
        [(token,) for token in tokens],
    )
    connection.executemany("DELETE FROM outcome WHERE uid = ?", [(uid,) for _, uid, _ in rows])
    connection.executemany("DELETE FROM hold WHERE event = ?", numbers)
    connection.executemany("DELETE FROM record WHERE event = ?", numbers)
    connection.executemany("DELETE FROM event WHERE sequence = ?", numbers)
    connection.executemany(
        "DELETE FROM incident WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM event WHERE incident = ?1)",
        [(incident,) for incident in {incident for _, _, incident in rows if incident}],
    )
    connection.execute("DELETE FROM grouped")  # what was worked out of them is worked out again without them
    gone = [sequence for (sequence,) in numbers]
    writing.log.append(Entry("purge", by=by, more={"events": stretches(gone), "forgotten": len(gone)}))
    return gone


def _now() -> int:
    return time.time_ns() // 1_000_000
