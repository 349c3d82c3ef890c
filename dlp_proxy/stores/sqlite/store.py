"""The embedded event store: one SQLite file, one thread that writes, many events in one commit."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, Final

from dlp_proxy.evidence.checkpoint import Checkpoint, Signer
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.model.totals import Series
from dlp_proxy.stores.ports import KeptPass, StoreError, TakenBackError
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.log import keep_node, origin_of
from dlp_proxy.stores.sqlite.shared_rings import forget_person
from dlp_proxy.stores.sqlite.shared_windows import SharedWindows, forget_series, reset_series
from dlp_proxy.stores.sqlite.turn import Turn
from dlp_proxy.stores.sqlite.window_clock import HOST, HostClock, WindowClock
from dlp_proxy.stores.sqlite.writing import Writing

_BATCH: Final = 256
_TOGETHER: Final = 0.05
"""Seconds that a write nobody waits for waits for others, which share its way to the disk."""
_LIGHT: Final = 0.005
"""The same for a light record, unless somebody is in a hurry."""
_SIGNED_EVERY: Final = 10_000
"""Entries of the log after which one more checkpoint is signed, beside those that the clock asks for."""


@dataclass(slots=True)
class _Write:
    apply: Callable[[Writing], Any]
    done: Future[Any] = field(default_factory=Future)


class _NotSettledError(Exception):
    """What a caller's own function raised inside a transaction: undone like any failure, and told to the caller."""


class SqliteStore:
    """Implements `stores.ports.EventStore` on one file.

    Writes wait in a queue for one thread that puts all that wait into one commit, so the cost of reaching the
    disk is shared and the caller's thread never touches it.
    """

    def __init__(
        self, path: Path, log_key: bytes = b"", key: str = "", node: str = "", *, host: HostClock = HOST
    ) -> None:
        """Open or make the file.

        Args:
            log_key: secret Ed25519 key that signs checkpoints of the log; without one it is chained and not signed.
            key: name of the key that fingerprints are made with.
            node: name of this machine in the log; the first one given stays.
            host: the machine's clocks, by which windows go.

        Raises:
            StoreError: it cannot be opened for writing.
        """
        try:
            self._turn = Turn(path)
        except OSError as error:
            raise StoreError(
                f"cannot open the event store {path}: {error}; check the file's owner and the disk"
            ) from error
        try:
            with self._turn:  # a new file turns to its write-ahead log for one at a time, and waits for nobody
                self._connection = open_for_writing(path)
        except StoreError:
            self._turn.close()
            raise
        self._key = key
        self._unsigned = 0
        self._to_scrub = False
        with self._turn, transaction(self._connection):
            self._clock = WindowClock(self._connection, host)
            self._clock.keep(self._connection)
            self._node = keep_node(self._connection, node)
        self._signer = Signer(origin_of(self._node), log_key) if log_key else None
        self._writes: deque[_Write] = deque()
        self._due = inf
        """When the thread was told to write, by the clock of the process."""
        self._wake: queue.SimpleQueue[float] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="event-store", daemon=True)
        self._thread.start()

    def settle[T](self, judge: Callable[[SharedWindows, float], tuple[T, Event | None]]) -> Future[tuple[T, str]]:
        def apply(writing: Writing) -> tuple[T, str] | TakenBackError:
            writing.connection.execute("SAVEPOINT judging")
            try:
                judged, event = judge(SharedWindows(writing.connection), self._clock.now())
            except TakenBackError as back:
                writing.connection.execute("ROLLBACK TO judging")
                return back
            except Exception as error:
                raise _NotSettledError from error
            finally:
                writing.connection.execute("RELEASE judging")
            return judged, writing.insert_event(event) if event else ""

        return self._submit(apply)

    def record(self, event: Event) -> Future[str]:
        return self._submit(lambda writing: writing.insert_event(event), can_wait=_LIGHT if event.light else 0.0)

    def hurry(self) -> None:
        self._wake_by(0.0)

    def outcome(self, outcome: Outcome) -> None:
        self._submit(lambda writing: writing.insert_outcome(outcome), can_wait=_TOGETHER)

    def log(self, *entries: Entry) -> Future[None]:
        """Append entries to the log; the future is done when they would survive a power cut."""

        def apply(writing: Writing) -> None:
            for entry in entries:
                writing.log.append(entry)

        return self._submit(apply)

    def write[T](self, apply: Callable[[Writing], T]) -> Future[T]:
        """Do what `apply` does in one transaction, for rooms that keep tables of their own beside these.

        It may be called again when a transaction could not be finished, so it must have no effect but on the store.
        """
        return self._submit(apply)

    def sign(self) -> Future[Checkpoint | None]:
        """Sign a checkpoint over all that is in the log. The result is None where nothing is new, or nobody signs."""
        return self._submit(self._sign)

    def scrub(self) -> Future[None]:
        """Take what was forgotten out of the write-ahead log too, as far as no reader is in the way."""

        def apply(_: Writing) -> None:
            self._to_scrub = True

        return self._submit(apply)

    @property
    def node(self) -> str:
        """Return the name of this machine in the log."""
        return self._node

    def writable(self) -> bool:
        try:
            self._submit(_probe).result(timeout=15)
        except (StoreError, TimeoutError):
            return False
        return True

    def keep_passes(self, passes: Sequence[KeptPass]) -> Future[None]:
        def apply(writing: Writing) -> None:
            connection = writing.connection
            connection.execute("DELETE FROM pass WHERE until < ?", (time.time(),))
            connection.executemany(
                "INSERT OR REPLACE INTO pass (user, site, about, until, token) VALUES (?, ?, ?, ?, ?)", passes
            )

        return self._submit(apply)

    def passes(self, user: str, site: str) -> Future[list[str]]:
        def apply(writing: Writing) -> list[str]:
            rows = writing.connection.execute("SELECT token FROM pass WHERE user = ? AND site = ?", (user, site))
            return [token for (token,) in rows]

        return self._submit(apply)

    def reset_windows(
        self, series: Sequence[Series], event: Event, sent: Sequence[tuple[Series, str]] = ()
    ) -> Future[int]:
        """Forget what was counted in some windows, and keep the event that says who did it and why.

        The future's result is how many identities were forgotten.

        Args:
            sent: (place, person): what that person sent there is forgotten, and what others sent stays.
        """

        def apply(writing: Writing) -> int:
            writing.insert_event(event)
            writing.log.append(Entry("reset", by=str(event.body.get("by", "")), of=event.uid))
            done = reset_series(writing.connection, series)
            return done + sum(forget_person(writing.connection, *one) for one in sent)

        return self._submit(apply)

    def forget_sightings(self, seconds: float) -> None:
        """Drop series in which nobody was seen for `seconds`: no window reaches back that far."""
        self._submit(lambda writing: forget_series(writing.connection, self._clock.now() - seconds))

    def waiting(self) -> int:
        """Return how many writes wait for their commit."""
        return len(self._writes)

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._wake.put(0.0)
        self._thread.join()
        self._connection.close()
        self._turn.close()

    def _submit(self, apply: Callable[[Writing], Any], *, can_wait: float = 0.0) -> Future[Any]:
        write = _Write(apply)
        # From here on it cannot be cancelled: a caller that gave up waiting must not undo or trip a record.
        write.done.set_running_or_notify_cancel()
        with self._lock:
            if self._closed:
                write.done.set_exception(StoreError("the event store is closed: the proxy is stopping"))
                return write.done
            self._writes.append(write)
        self._wake_by(time.monotonic() + can_wait if can_wait else 0.0)
        return write.done

    def _wake_by(self, until: float) -> None:
        """Have the thread write by then. Each time it wakes it takes the interpreter from the event loop."""
        with self._lock:
            earlier = until < self._due
            if earlier:
                self._due = until
        if earlier:
            self._wake.put(until)

    def _work(self) -> None:
        while True:
            until = self._wake.get()
            while (left := until - time.monotonic()) > 0:
                try:
                    until = min(until, self._wake.get(timeout=left))
                except queue.Empty:
                    break
            with self._lock:
                self._due = inf
                closed, writes = self._closed, [*self._writes]
            for start in range(0, len(writes), _BATCH):
                batch = writes[start : start + _BATCH]
                self._commit(batch)
                for _ in batch:
                    self._writes.popleft()
            if closed:
                return

    def _commit(self, batch: Sequence[_Write]) -> None:
        """Put a batch into one commit; when that fails, each of it alone, so that one bad write costs only itself."""
        try:
            results = self._transaction(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, each caller must hear it, and the thread must live
            if len(batch) > 1:
                for write in batch:
                    self._commit([write])
                return
            own = error.__cause__ if isinstance(error, _NotSettledError) else None
            batch[0].done.set_exception(own or StoreError(f"the event store did not take a write: {error}"))
            return
        if self._to_scrub:
            self._to_scrub = False
            self._scrub()
        for write, result in zip(batch, results, strict=True):
            if isinstance(result, TakenBackError):
                write.done.set_exception(result)
            else:
                write.done.set_result(result)

    def _transaction(self, batch: Sequence[_Write]) -> list[Any]:
        with self._turn, transaction(self._connection):
            writing = Writing(self._connection, time.time_ns() // 1_000_000, self._node, self._key)
            results = [write.apply(writing) for write in batch]
            self._unsigned += writing.log.appended
            if self._unsigned >= _SIGNED_EVERY:
                self._sign(writing)
            return results

    def _scrub(self) -> None:
        """Write the log of SQLite back and cut it off; not waiting for readers, as other writes wait for this."""
        self._connection.execute("PRAGMA busy_timeout=200")
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error:
            return  # the next one does it
        finally:
            self._connection.execute("PRAGMA busy_timeout=10000")

    def _sign(self, writing: Writing) -> Checkpoint | None:
        self._unsigned = 0
        return writing.log.sign(self._signer) if self._signer else None


def _probe(writing: Writing) -> None:
    writing.connection.execute("DELETE FROM probe")
    writing.connection.execute("INSERT INTO probe (at) VALUES (?)", (time.time(),))
