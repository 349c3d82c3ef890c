"""What a receiver has not got yet: the events behind its cursor. The store is the queue; nothing is written twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from dlp_proxy.forward.target import Target
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import replace_file

_WAIT_FOR_OUTCOME_MS: Final = 60_000
"""An event waits this long for what became of its transfer; then it is sent without."""
_CHOSEN: Final = {
    "alerts": "e.action NOT IN ('allow', 'counted')",
    "findings": "NOT e.light",
    "all": "TRUE",
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far one receiver is.

    Attributes:
        sequence: the last event that it has, or that it does not want.
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


class Backlog:
    """The events behind the cursor of one target.

    Args:
        folder: of the cursors, in the state folder.
        events: the store's file.
    """

    def __init__(self, target: Target, folder: Path, events: Path) -> None:
        self._target, self._events = target, events
        self._file = folder / f"{target.name}.json"
        kept = read_cursor(self._file)
        self.cursor = kept or Cursor(self._newest())
        if kept is None:
            self.keep(self.cursor)

    def next(self, most: int) -> list[tuple[int, dict[str, Any]]]:
        """Return the next events, numbers and OCSF objects, in order; empty while none is ready."""
        now = round(time.time() * 1000)
        found = []
        with SqliteReader(self._events) as reader:
            rows = reader.connection.execute(  # the choice is a constant
                "SELECT e.sequence, e.time, r.json, o.time, o.disposition, o.released, o.status, o.fate"  # noqa: S608
                " FROM event e JOIN record r ON r.event = e.sequence LEFT JOIN outcome o ON o.uid = e.uid"
                f" WHERE e.sequence > ? AND {self._chosen}"
                " ORDER BY e.sequence LIMIT ?",
                (self.cursor.sequence, most),
            )
            for sequence, at, record, *outcome in rows:
                if outcome[0] is None and now - at < _WAIT_FOR_OUTCOME_MS:
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
        except StoreError as cannot:
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

    def _newest(self) -> int:
        with SqliteReader(self._events) as reader:
            (newest,) = reader.connection.execute("SELECT coalesce(max(sequence), 0) FROM event").fetchone()
        return int(newest)


def read_cursor(file: Path) -> Cursor | None:
    """Return a kept cursor; None where there is none."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Cursor(**{**kept, "refused": tuple(kept["refused"])})


def read_cursors(folder: Path) -> Iterator[tuple[str, Cursor]]:
    """Yield the name and the cursor of each receiver that was ever sent to."""
    for file in sorted(folder.glob("*.json")):
        if (cursor := read_cursor(file)) is not None:
            yield file.stem, cursor


def _with_outcome(event: dict[str, Any], row: list[Any]) -> dict[str, Any]:
    if row[0] is not None:
        at, disposition, released, status, fate = row
        event["unmapped"]["dlp"]["outcome"] = {
            "time": at, "disposition": disposition, "released_bytes": released, "status": status, "fate": fate,
        }  # fmt: skip
    return event
