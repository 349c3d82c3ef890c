"""Evidence that goes by itself: what is older than bodies are kept, and what no event points to any more."""

from __future__ import annotations

import contextlib
import math
import time
from typing import Final

from dlp_proxy.evidence.entry import Entry
from dlp_proxy.sealing.check import PURGED
from dlp_proxy.sealing.cipher import DamagedError
from dlp_proxy.sealing.people import DAY
from dlp_proxy.sealing.shares import read_shares
from dlp_proxy.sealing.vault import Vault, shares_of, shares_path
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.sqlite.writing import Writing
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.stores.uid import ALPHABET

YOUNG_SECONDS: Final = 3600.0
"""What is younger is left alone: its event may be about to be written."""
_WRITE_SECONDS: Final = 60


def forget_strays(state: StateDir, store: SqliteStore) -> int:
    """Forget the evidence of events that are gone, and return of how many. Only after retention forgot some.

    Raises:
        StoreError: the store did not answer, or something could not be deleted.
    """
    vault, count = Vault(state), 0
    for event in _gone(list(shares_of(state)), store):
        path = shares_path(state, event)
        with contextlib.suppress(OSError, DamagedError):
            if time.time() - path.stat().st_mtime >= YOUNG_SECONDS:
                count += vault.forget(event, read_shares(path.read_bytes()).blob)
    return count


def forget_old(state: StateDir, store: SqliteStore, days: int) -> int:
    """Forget evidence of events older than `days`, but for those that are held; each has an entry first. 0 days: none.

    Raises:
        StoreError: the entries could not be kept, or something could not be deleted.
    """
    before = (time.time() - days * DAY) * 1000
    old = [event for event in shares_of(state) if days and _time_of(event) < before]
    if not old:
        return 0

    def enter(writing: Writing) -> list[str]:
        held = "SELECT 1 FROM event JOIN hold ON hold.event = event.sequence WHERE uid = ? AND (until = 0 OR until > ?)"
        due = [one for one in old if writing.connection.execute(held, (one, time.time() * 1000)).fetchone() is None]
        verb, _, what = PURGED.partition(".")
        for one in due:
            told = {"what": what, "with": {"reason": f"older than {days} days"}}
            writing.log.append(Entry(verb, of=one, more=told))
        return due

    vault, count = Vault(state), 0
    for event in store.write(enter).result(_WRITE_SECONDS):
        with contextlib.suppress(OSError, DamagedError):
            count += vault.forget(event, read_shares(shares_path(state, event).read_bytes()).blob)
    return count


def _time_of(event: str) -> float:
    """Return when an event was, in milliseconds since the epoch, as its number begins; infinite for other names."""
    digits = [ALPHABET.find(one) for one in event[:10]]
    return math.inf if len(digits) < 10 or -1 in digits else sum(one << 5 * at for at, one in enumerate(digits[::-1]))


def _gone(events: list[str], store: SqliteStore) -> list[str]:
    def ask(writing: Writing) -> list[str]:
        known = "SELECT 1 FROM event WHERE uid = ?"
        return [one for one in events if writing.connection.execute(known, (one,)).fetchone() is None]

    return store.write(ask).result(_WRITE_SECONDS)
