"""Which events have evidence, and where entries about it go: for the commands about evidence."""

from __future__ import annotations

import getpass
from collections.abc import Iterator

from dlp_proxy.sealing.audit import Audit, LogAudit
from dlp_proxy.sealing.check import Held
from dlp_proxy.sealing.pointer import pointer_of
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir


def audit_of(state: StateDir) -> Audit:
    return LogAudit(state)


def held_in(state: StateDir, event: str = "") -> Iterator[Held]:
    """Yield the events for which evidence was to be kept: all, or the one with that number."""
    with SqliteReader(state.events) as reader:
        for kept in reader.events(uid=event, light=True):
            if pointer := pointer_of(kept.event.body.get("evidence")):
                yield Held(kept.event.uid, kept.event.time, pointer)


def account() -> str:
    """Return who runs this, as the operating system names them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
