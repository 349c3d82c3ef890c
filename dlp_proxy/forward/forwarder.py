"""Sends one receiver what it has not got, in order, again and again until it takes it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import structlog

from dlp_proxy.forward.backlog import Backlog, Cursor
from dlp_proxy.forward.carriers.carrier import Carrier, NotTakenError, RefusedError
from dlp_proxy.forward.formats.registry import FORMATS
from dlp_proxy.forward.target import Target
from dlp_proxy.stores.ports import StoreError

_log = structlog.get_logger("dlp_proxy.forward")

_BATCH: Final = 100
_LOOK_SECONDS: Final = 1.0
_FIRST_WAIT: Final = 1.0
_TELL_SECONDS: Final = 5.0
_LONGEST_WAIT: Final = 60.0
_KEPT_REFUSED: Final = 100


class Forwarder:
    """One receiver's thread of work. At least once: after a crash the last batch may come again, with the same ids."""

    def __init__(self, target: Target, backlog: Backlog, carrier: Carrier) -> None:
        self._target, self._backlog, self._carrier = target, backlog, carrier
        self._format = FORMATS[target.format]
        self._told = ""
        self._next_look = 0.0

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set. No error ends it: others go on beside it, and nothing would start it again."""
        wait = 0.0
        while not stop.wait(wait):
            sent, error = self._try()
            wait = min(_LONGEST_WAIT, max(_FIRST_WAIT, wait * 2)) if error else 0.0 if sent else _LOOK_SECONDS
            try:
                self._tell(error)
            except OSError as cannot:
                _log.error("how far a receiver is cannot be kept", target=self._target.name, error=str(cannot))
        self._carrier.close()

    def _try(self) -> tuple[int, str]:
        """Send one batch; return how many events it had, and why that failed."""
        try:
            return self.step(), ""
        except (NotTakenError, StoreError, OSError, sqlite3.Error) as error:
            return 0, str(error)
        except Exception as error:  # noqa: BLE001 - its text may quote an event
            return 0, f"failed: {type(error).__name__}"

    def step(self) -> int:
        """Send one batch, and return how many events it had.

        Raises:
            NotTakenError: the receiver did not take it.
            StoreError: the events cannot be read.
        """
        events = self._backlog.next(_BATCH)
        if events:
            try:
                self._send(events)
            except RefusedError:
                for event in events:
                    self._send_alone(event)
        return len(events)

    def _send(self, events: Sequence[tuple[int, dict[str, Any]]]) -> None:
        self._carrier.send([self._format(event) for _, event in events])
        cursor = self._backlog.cursor
        self._backlog.keep(replace(_behind(cursor, events[-1]), sent=cursor.sent + len(events)))

    def _send_alone(self, event: tuple[int, dict[str, Any]]) -> None:
        """Send one event of a refused batch; when it is the one, pass it over and say so: others wait behind it."""
        try:
            self._send([event])
        except RefusedError as error:
            _log.error(
                "event refused by its receiver, passed over",
                target=self._target.name,
                sequence=event[0],
                error=str(error),
            )
            cursor = self._backlog.cursor
            refused = (*cursor.refused, event[0])[-_KEPT_REFUSED:]
            self._backlog.keep(replace(_behind(cursor, event), refused=refused))

    def _tell(self, error: str) -> None:
        changed = bool(error) != bool(self._told)
        now = time.monotonic()
        if not changed and now < self._next_look:
            return
        self._next_look = now + _TELL_SECONDS
        waiting = self._backlog.look(error).waiting
        if changed and error:
            _log.error(
                "events wait: the receiver does not take them", target=self._target.name, error=error, waiting=waiting
            )
        elif changed:
            _log.info("the receiver takes events again", target=self._target.name, waiting=waiting)
        self._told = error


def _behind(cursor: Cursor, event: tuple[int, dict[str, Any]]) -> Cursor:
    """Return the cursor behind an event."""
    sequence, record = event
    return replace(cursor, sequence=sequence, uid=record["metadata"]["uid"], time=record["time"])
