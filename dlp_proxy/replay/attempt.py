"""What the windows of another policy count: every attempt, or only what that policy lets go."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Literal

from dlp_proxy.pipeline import Judgement, Memory, trips_of
from dlp_proxy.replay.fates import STOPPING

type Feed = Literal["actual", "counterfactual"]
"""What was attempted, as windows count in a proxy; or what would have left under the other policy."""


class Attempt:
    """Takes back what a transfer brought to the windows when it was stopped, where only what left counts."""

    def __init__(self, connection: sqlite3.Connection, windows: Memory, feed: Feed) -> None:
        """Take what it works with; `windows` are kept by `connection`."""
        self._connection = connection
        self._windows = windows
        self._feed = feed

    def of(self, judge: Callable[[], Judgement], now: float) -> Judgement:
        """Return what `judge` says."""
        if self._feed == "actual":
            return judge()
        self._connection.execute("SAVEPOINT attempt")
        judgement = judge()
        stopped = judgement.verdict.action in STOPPING
        if stopped:
            self._connection.execute("ROLLBACK TO attempt")
        self._connection.execute("RELEASE attempt")
        if stopped and (trips := trips_of(judgement)):
            self._windows.observe(now, trips)  # that a rule acted is true, though nothing left
        return judgement
