"""What the log says of a running proxy: that it began, lives, follows another policy, and ended in order."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Final

from dlp_proxy import __version__
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.wiring.versions import VERSIONS

BEAT_SECONDS: Final = 60
"""Between two signs of life; `evidence.verify` takes more than twice that for silence."""

_SIGN_EVERY: Final = 5
"""Beats between two checkpoints."""


class Heart:
    """One proxy's signs of life in the log.

    Attributes:
        worker: names this run of a proxy; several write one log.
        beats: how often it was said that it lives.
    """

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.worker = secrets.token_hex(4)
        self.beats = 0

    def start(self, policy: str, *, monitor: bool) -> None:
        self._log("start", {"policy": policy, "monitor": monitor, "engine": __version__, "versions": dict(VERSIONS)})
        self._store.sign()

    def beat(self) -> Future[None]:
        """Say that the proxy lives, and from time to time sign all that is in the log; done when that is durable."""
        said = self._log("heartbeat", {})
        self.beats += 1
        if self.beats % _SIGN_EVERY == 0:
            self._store.sign()
        return said

    def policy(self, digest: str) -> None:
        self._log("policy", {"policy": digest})

    def stop(self) -> None:
        self._log("stop", {})
        self._store.sign()

    def _log(self, verb: str, more: Mapping[str, Any]) -> Future[None]:
        return self._store.log(Entry(verb, more={"worker": self.worker, "process": os.getpid(), **more}))
