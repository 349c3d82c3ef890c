"""Taking turns at writing to one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from dlp_proxy.stores.owner import must_be_ours

try:
    import fcntl
except ImportError:  # not on Windows; SQLite's own lock does there, less fairly
    fcntl = None  # type: ignore[assignment]


class Turn:
    """A lock between processes that wakes the next one at once and ends with the process that holds it.

    SQLite's own lock is waited for by asking again after ever longer sleeps, up to a tenth of a second, and whoever
    asks at the right moment gets it. With several proxies on one store that would be the latency of every record.
    """

    def __init__(self, path: Path) -> None:
        """Open, or make, the file beside `path` that is locked.

        Raises:
            StoreError: the folder is another user's.
            OSError: the file cannot be opened.
        """
        must_be_ours(path.parent)
        self._handle = os.open(path.with_name(f"{path.name}.turn"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)

    def __enter__(self) -> Self:
        if fcntl:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        return self

    def __exit__(self, *error: object) -> None:
        if fcntl:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._handle)
