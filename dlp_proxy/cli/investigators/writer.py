"""Opening the store for a command that writes, beside a running proxy, and the name that goes into the log."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dlp_proxy.evidence.entry import PROXY
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir

WRITE_SECONDS: Final = 30
"""That a write may take beside a busy proxy."""


@contextmanager
def writer(state: Path) -> Iterator[SqliteStore]:
    """Open the store of a proxy that has run.

    Raises:
        StoreError: there is none, or it cannot be opened.
    """
    folder = StateDir(state)
    if not folder.events.exists():
        raise StoreError(f"there is no event store at {folder.events}: is --state the folder of a proxy that has run?")
    store = SqliteStore(folder.events, folder.key_of_log(), KeyedFingerprint(folder.key()).name)
    try:
        yield store
    finally:
        store.close()


def who() -> str:
    """Return the user of the operating system, as the log names them; never as it names a proxy."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        return "unnamed"
    return f"user {name}" if name == PROXY else name
