"""What an operator watches of an installation as a whole: its disk, its store, its certificate, its receivers.

Asked when the metrics are, in the one process that has the operations port: nothing is added up twice.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

from dlp_proxy import __version__
from dlp_proxy.forward.backlog import read_cursors
from dlp_proxy.stores.authority import end_of_authority
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir

NAMES: Final = (
    "dlp_proxy_build",
    "dlp_proxy_ready",
    "dlp_proxy_state_free_bytes",
    "dlp_proxy_store_bytes",
    "dlp_proxy_window_series",
    "dlp_proxy_ca_ends_seconds",
    "dlp_proxy_forward_waiting",
    "dlp_proxy_forward_oldest_seconds",
    "dlp_proxy_forward_failing",
)
"""Names of what is told here, as dashboards and alerts use them."""
_SILENT_SECONDS: Final = 180.0
"""A receiver's forwarder writes down how far it is every few seconds, and each minute while its receiver is gone."""


class Watch:
    """A collector of prometheus_client.

    Attributes:
        ready: what `/readyz` says; set by who asks for the metrics, as it is asked for in other ways than they are.
    """

    def __init__(self, state: StateDir, receivers: Iterable[str] = ()) -> None:
        """Take the state folder, and the names of the receivers that the settings have now."""
        self._state = state
        self._receivers = tuple(receivers)
        self._began = time.time()
        self.ready = False

    def describe(self) -> Iterable[Metric]:
        """Say nothing before the start: the files are not there yet."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; what cannot be read is left out, so that an alert on its absence tells."""
        python = platform.python_version()
        yield InfoMetricFamily("dlp_proxy_build", "The program", value={"version": __version__, "python": python})
        yield _gauge("dlp_proxy_ready", "1 while /readyz says 200", float(self.ready))
        yield from self._disk()
        yield from self._store()
        try:
            ends = end_of_authority(self._state.ca).timestamp()
        except StoreError:
            pass
        else:
            yield _gauge("dlp_proxy_ca_ends_seconds", "When the inspection CA ends, Unix time", ends)
        yield from self._forwarding()

    def _disk(self) -> Iterator[Metric]:
        free = shutil.disk_usage(self._state.path).free
        yield _gauge("dlp_proxy_state_free_bytes", "Free bytes of the disk that holds the state folder", free)
        size = sum(_size(self._state.events.with_name(self._state.events.name + end)) for end in ("", "-wal"))
        yield _gauge("dlp_proxy_store_bytes", "Bytes of the event store", size)

    def _store(self) -> Iterator[Metric]:
        try:
            with SqliteReader(self._state.events) as reader:
                (series,) = reader.connection.execute("SELECT count(*) FROM series").fetchone()
        except (StoreError, sqlite3.Error):
            return
        yield _gauge("dlp_proxy_window_series", "People, devices and places that count towards a limit", series)

    def _forwarding(self) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("dlp_proxy_forward_waiting", "Events that a receiver has to get", labels=["target"])
        oldest = GaugeMetricFamily("dlp_proxy_forward_oldest_seconds", "Age of the oldest of them", labels=["target"])
        failing = GaugeMetricFamily("dlp_proxy_forward_failing", "1 while a receiver takes none", labels=["target"])
        kept = dict(read_cursors(self._state.forward))
        now = time.time()
        for name in self._receivers:
            cursor = kept.get(name)
            told = cursor.at if cursor else self._began
            waiting.add_metric([name], cursor.waiting if cursor else 0)
            oldest.add_metric([name], max(0.0, now - cursor.oldest) if cursor and cursor.oldest else 0.0)
            # A forwarder that is not there, or cannot write down how far it is, says nothing of an error.
            failing.add_metric([name], float(bool(cursor and cursor.error) or now - told > _SILENT_SECONDS))
        yield from (waiting, oldest, failing)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
