"""Who did what with evidence and keys: every step leaves an entry in the log, also the refused and the failed ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, Protocol

from dlp_proxy.evidence.entry import Entry as Logged
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir

_VERBS: Final = ("reveal", "key", "evidence")
_WRITE_SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One step.

    Attributes:
        kind: such as ``reveal.opened``.
        actor: who, by the name and the key that they proved to have, or by the account of the machine.
        subject: the event or the key it is about.
    """

    time: float
    kind: str
    actor: str
    subject: str
    detail: dict[str, Any]


class Audit(Protocol):
    """Where entries go."""

    def append(self, kind: str, actor: str, subject: str, detail: Mapping[str, Any]) -> None:
        """Keep an entry, on disk, before it returns.

        Raises:
            StoreError: it cannot be kept; then the step must not be done.
        """
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield all entries in the order they were kept.

        Raises:
            StoreError: they cannot be read.
        """
        ...


class LogAudit:
    """Entries in the chained log of the event store, beside a running proxy."""

    def __init__(self, state: StateDir) -> None:
        self._state = state

    def append(self, kind: str, actor: str, subject: str, detail: Mapping[str, Any]) -> None:
        verb, _, what = kind.partition(".")
        # One key for all detail: readers of the log lean on the order of its own keys.
        entry = Logged(verb, by=actor, of=subject, more={"what": what, "with": dict(detail)})
        try:
            store = SqliteStore(self._state.events, self._state.key_of_log(), KeyedFingerprint(self._state.key()).name)
            with closing(store):
                store.log(entry).result(_WRITE_SECONDS)
        except (StoreError, TimeoutError) as error:
            raise StoreError(f"cannot keep an entry in the log, so this is not done: {error}") from error

    def entries(self) -> Iterator[Entry]:
        if not self._state.events.exists():
            return
        with SqliteReader(self._state.events) as reader:
            rows = reader.connection.execute(
                "SELECT entry FROM log WHERE instr(entry, ?) OR instr(entry, ?) OR instr(entry, ?) ORDER BY number",
                [f'"do":"{verb}"'.encode() for verb in _VERBS],
            ).fetchall()
        for (text,) in rows:
            facts = json.loads(text)
            if facts["do"] in _VERBS:
                kind = f"{facts['do']}.{facts.get('what', '')}"
                yield Entry(facts["at"] / 1000, kind, facts["by"], facts["of"], facts.get("with", {}))
