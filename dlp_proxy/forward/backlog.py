"""What a receiver has not got yet: the events behind its cursor. The store is the queue; nothing is written twice."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import structlog

from dlp_proxy.forward.target import Target
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import replace_file

_WAIT_FOR_OUTCOME_MS: Final = 60_000
"""An event waits this long for what became of its transfer; then it is sent without."""
_BEFORE_MS: Final = 600_000
"""Of two events the later may have been kept first: so far back a store that is not the one before is sent again."""
_CHOSEN: Final = {
    "alerts": "e.action NOT IN ('allow', 'counted')",
    "findings": "NOT e.light",
    "all": "TRUE",
}

_log = structlog.get_logger("dlp_proxy.forward")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one receiver is.

    Attributes:
        sequence: the last event that it has, or that it does not want.
        uid: of that event, by which it is known that the store is still the same one; empty before the first.
        time: of that event, in milliseconds since the epoch.
        sent: events that it took, in all.
        refused: numbers of events that it refused for good, the latest hundred.
        waiting: events that it still has to get, at the last look.
        oldest: seconds since the epoch of the oldest of them; None where none waits.
        error: why the last try failed; empty when it did not.
        at: when this was written.
    """

    sequence: int
    sent: int = 0
    refused: tuple[int, ...] = ()
    waiting: int = 0
    oldest: float | None = None
    error: str = ""
    at: float = 0.0
    uid: str = ""
    time: int = 0


class Backlog:
    """The events behind the cursor of one target.

    Args:
        folder: of the cursors, in the state folder.
        events: the store's file.
        since: where there is no cursor yet, the first events sent are those of this time, in seconds since the epoch.

    Raises:
        StoreError: the cursor, or the store, cannot be read.
    """

    def __init__(self, target: Target, folder: Path, events: Path, since: float) -> None:
        self._target, self._events = target, events
        self._file = folder / f"{target.name}.json"
        kept = read_cursor(self._file)
        self.cursor = kept or Cursor(0)
        if kept is None:
            with SqliteReader(self._events) as reader:
                self._go_to(reader.connection, round(since * 1000))

    def next(self, most: int) -> list[tuple[int, dict[str, Any]]]:
        """Return the next events, numbers and OCSF objects, in order; empty while none is ready."""
        now = round(time.time() * 1000)
        found = []
        with SqliteReader(self._events) as reader:
            self._must_be_the_same(reader.connection)
            rows = reader.connection.execute(  # the choice is a constant
                "SELECT e.sequence, e.time, r.json, o.time, o.disposition, o.released, o.status, o.fate"  # noqa: S608
                " FROM event e JOIN record r ON r.event = e.sequence LEFT JOIN outcome o ON o.uid = e.uid"
                f" WHERE e.sequence > ? AND {self._chosen}"
                " ORDER BY e.sequence LIMIT ?",
                (self.cursor.sequence, most),
            )
            for sequence, at, record, *outcome in rows:
                if outcome[0] is None and 0 <= now - at < _WAIT_FOR_OUTCOME_MS:
                    break
                found.append((sequence, _with_outcome(json.loads(record), outcome)))
        return found

    def look(self, error: str = "") -> Cursor:
        """Return the cursor with what waits behind it, and keep it. An unreadable store is an error of it, not ours."""
        waiting, oldest = self.cursor.waiting, None
        try:
            with SqliteReader(self._events) as reader:
                waiting, oldest = reader.connection.execute(
                    f"SELECT count(*), min(e.time) FROM event e WHERE e.sequence > ? AND {self._chosen}",  # noqa: S608 - a constant
                    (self.cursor.sequence,),
                ).fetchone()
        except (StoreError, sqlite3.Error) as cannot:
            error = error or str(cannot)
        told = replace(self.cursor, waiting=waiting, oldest=None if oldest is None else oldest / 1000, error=error)
        self.keep(told)
        return told

    def keep(self, cursor: Cursor) -> None:
        """Put the cursor where it outlives a power cut."""
        self.cursor = replace(cursor, at=time.time())
        replace_file(self._file, json.dumps(asdict(self.cursor)).encode())

    @property
    def _chosen(self) -> str:
        return _CHOSEN[self._target.send]

    def _must_be_the_same(self, connection: sqlite3.Connection) -> None:
        """Go back where the store is not the one of the cursor: a backup, or one begun anew, gives numbers again."""
        cursor = self.cursor
        if not cursor.sequence:
            return
        here = connection.execute("SELECT uid, time FROM event WHERE sequence = ?", (cursor.sequence,)).fetchone()
        if here is None:
            (given,) = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence").fetchone()
            same = given >= cursor.sequence  # it was forgotten
        else:
            same = cursor.uid in {"", here[0]}
        if not same:
            _log.warning(
                "the store is another one than before: what may be new in it is sent", target=self._target.name
            )
            self._go_to(connection, (cursor.time or round(cursor.at * 1000)) - _BEFORE_MS)
        elif here is not None and not cursor.uid:  # written by an earlier version
            self.keep(replace(cursor, uid=here[0], time=here[1]))

    def _go_to(self, connection: sqlite3.Connection, time_ms: int) -> None:
        """Put the cursor before the first event of a time or later."""
        row = connection.execute(
            "SELECT sequence, uid, time FROM event"
            " WHERE sequence < coalesce((SELECT min(sequence) FROM event WHERE time >= ?), 9223372036854775807)"
            " ORDER BY sequence DESC LIMIT 1",
            (time_ms,),
        ).fetchone()
        sequence, uid, at = row or (0, "", 0)
        self.keep(replace(self.cursor, sequence=sequence, uid=uid, time=at))


def read_cursor(file: Path) -> Cursor | None:
    """Return a kept cursor; None where there is none.

    Raises:
        StoreError: the file is damaged, or cannot be read.
    """
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        known = {one.name: kept[one.name] for one in fields(Cursor) if one.name in kept}
        return Cursor(**{**known, "refused": tuple(kept["refused"])})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read {file}: {error.strerror}; it must be the proxy's user's") from error
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"{file} is damaged: nothing goes to this receiver. Restore it, or delete it: "
            "then it gets the events from the next start on"
        ) from error


def read_cursors(folder: Path) -> Iterator[tuple[str, Cursor | None]]:
    """Yield the name and the cursor of each receiver that was ever sent to; None for one that cannot be read."""
    for file in sorted(folder.glob("*.json")):
        try:
            yield file.stem, read_cursor(file)
        except StoreError:
            yield file.stem, None


def _with_outcome(event: dict[str, Any], row: list[Any]) -> dict[str, Any]:
    if row[0] is not None:
        at, disposition, released, status, fate = row
        event["unmapped"]["dlp"]["outcome"] = {
            "time": at, "disposition": disposition, "released_bytes": released, "status": status, "fate": fate,
        }  # fmt: skip
    return event
