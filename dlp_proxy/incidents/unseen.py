"""What could not be looked at: transfers that were not read whole, times without a proxy, events that are forgotten."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from dlp_proxy.incidents.blind import Blind, Why, blind_times, outside
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import IS_TRANSFER, Reached, reached_by
from dlp_proxy.stores.sqlite.verify import purged

_UNOPENED: Final = "passed on unopened"
"""Why nothing was read of a connection that an entry of the bypass file let through."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """The limits of an answer.

    Attributes:
        unread: reason -> transfers that were not blocked and not wholly read; one may have several reasons.
        transfers: how many these are, and `bytes` their size.
        blind: when no proxy gave a sign of life, in the time that was asked about, and what of this the log does not
            reach.
        forgotten: events of that time that retention has deleted.
    """

    unread: Mapping[str, int]
    transfers: int
    bytes: int
    blind: tuple[Blind, ...]
    forgotten: int

    @property
    def any(self) -> bool:
        """Tell whether there may be more than was found."""
        return bool(self.transfers or self.forgotten or self.blind_seconds or self.seconds("before"))

    @property
    def blind_seconds(self) -> int:
        """Return how long a proxy was silent that should not have been."""
        return self.seconds("silent")

    def seconds(self, why: Why) -> int:
        return sum(one.last - one.first for one in self.blind if one.why == why) // 1000

    def as_json(self) -> dict[str, Any]:
        return {
            "more_is_possible": self.any,
            "unread_transfers": self.transfers,
            "unread_bytes": self.bytes,
            "unread_because": dict(self.unread),
            "blind_seconds": self.blind_seconds,
            "unrecorded_seconds": self.seconds("before"),
            "blind": [asdict(one) for one in self.blind],
            "forgotten_events": self.forgotten,
        }


def unseen(connection: sqlite3.Connection, selection: Selection, since: int, until: int) -> Unseen:
    """Return what could not be looked at among the transfers of a selection.

    Args:
        since: from when on silence is looked for, in milliseconds since the epoch; 0: nothing was asked about.
        until: up to when.
    """
    condition, given = selection.where()
    rows = connection.execute(
        "SELECT e.sequence, e.action, e.bytes, o.fate, o.released FROM event e LEFT JOIN outcome o ON o.uid = e.uid"  # noqa: S608 - made of constants
        f" WHERE e.coverage IN ('partial', 'none') AND {condition}{IS_TRANSFER}",
        given,
    )
    some = [
        (sequence, size)
        for sequence, action, size, fate, released in rows
        if reached_by(action, fate or "", released or 0)[0] > Reached.BLOCKED
    ]
    blind = blind_times(connection, since, until) if since else []
    if selection.events is None:  # else the time is that of the events
        blind += outside(connection, selection.since, selection.until)
    reasons, ends = _reasons(connection, [sequence for sequence, _ in some])
    return Unseen(
        reasons,
        len(some) - ends,
        sum(size for _, size in some),
        tuple(sorted(blind, key=lambda one: one.first)),
        forgotten_in(connection, selection.since, selection.until),
    )


def forgotten_in(connection: sqlite3.Connection, since: int, until: int) -> int:
    """Return how many events between two times (0: open) retention has deleted, as the log says.

    Of a deleted event only its number is left: those between the last event before and the first one after count.
    """
    ends = "SELECT (SELECT count(*) FROM event), (SELECT seq FROM sqlite_sequence WHERE name = 'event')"
    there, newest = connection.execute(ends).fetchone()
    if there == newest:  # numbers are gap-free; the log need not be read through
        return 0
    stretches = list(purged(connection))
    low, high = 0, 0
    if since:
        (low,) = connection.execute("SELECT coalesce(max(sequence), 0) FROM event WHERE time < ?", (since,)).fetchone()
    if until:
        (high,) = connection.execute("SELECT min(sequence) FROM event WHERE time >= ?", (until,)).fetchone()
    return sum(max(min(last, (high or last + 1) - 1) - max(first, low + 1) + 1, 0) for first, last in stretches)


def _reasons(connection: sqlite3.Connection, sequences: list[int]) -> tuple[dict[str, int], int]:
    """Return why transfers were not read whole -> how many, and how many events are only the end of another.

    One may have several reasons. A connection that was passed on unopened has an event for its beginning and its end.
    """
    count: Counter[str] = Counter()
    ends = 0
    rows = connection.execute(
        "SELECT json_extract(json, '$.unmapped.dlp.coverage.gaps'), json_extract(json, '$.unmapped.dlp.kind'),"
        " json_extract(json, '$.unmapped.dlp.state') FROM record WHERE event IN (SELECT value FROM json_each(?))",
        (json.dumps(sequences),),
    )
    for gaps, kind, state in rows:
        if kind == "bypass":
            count[_UNOPENED] += state == "begins"
            ends += state == "ends"
        else:
            count.update({gap["reason"] for gap in json.loads(gaps or "[]")} or {"not said"})
    return dict(sorted(count.items())), ends
