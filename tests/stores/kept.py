"""A store with a log of some length, for tests that read it, change it, or cut it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from dlp_proxy.evidence.checkpoint import Checkpoint, Signer, Verifier
from dlp_proxy.evidence.merkle import FIRST, leaf
from dlp_proxy.evidence.verify import Fault, LogReport
from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.stores.sqlite.log import origin_of
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.sqlite.verify import Contents, verify_contents, verify_entries

LOG_KEY: Final = b"k" * 32
NODE: Final = "node-1"
SIGNER: Final = Signer(origin_of(NODE), LOG_KEY)
VERIFIER: Final = Verifier(SIGNER.name, SIGNER.verifier.public)


def event(number: int, time: float = 1_764_000_000.0, *, light: bool = False) -> Event:
    phone = Identity("phone", number.to_bytes(16, "big"), counted=True, record=1, names=True)
    order = Identity("order-number", (number + 10_000_000).to_bytes(16, "big"), counted=False, record=1)
    return Event(
        uid=f"01TEST{number:020d}",
        time=time + number,
        user="li",
        site="pan.example",
        action="allow" if light else "block",
        would="allow" if light else "block",
        rule="" if light else "bulk",
        records=0 if light else 1,
        body={
            "identity": {"device": "pc-7", "address": "10.0.0.7", "groups": []},
            "request": {"bytes": 100 + number, "scheme": "https", "filenames": []},
            "coverage": {"inspected": "full"},
            "findings": {} if light else {"phone": 1, "order-number": 1},
        },
        identities=() if light else (phone, order),
        light=light,
    )


def open_store(path: Path) -> SqliteStore:
    return SqliteStore(path, LOG_KEY, "tk-test", NODE)


def fill(path: Path, events: Sequence[Event], *, sign_after: Sequence[int] = ()) -> None:
    """Keep events, each with its outcome, and sign after some of them; unsigned at the end."""
    store = open_store(path)
    for number, one in enumerate(events):
        store.record(one).result(30)
        store.outcome(Outcome(one.uid, one.time + 1, "allowed" if one.light else "blocked"))
        if number in sign_after:
            store.sign().result(30)
    store.log().result(30)
    store.close()


def log_report(path: Path, anchors: Sequence[Checkpoint] = ()) -> LogReport:
    with SqliteReader(path) as reader:
        return verify_entries(reader.connection, VERIFIER, anchors)


def contents(path: Path, processes: int = 0) -> Contents:
    with SqliteReader(path) as reader:
        return verify_contents(reader.connection, processes)


def first_fault(path: Path, anchors: Sequence[Checkpoint] = ()) -> Fault | None:
    return log_report(path, anchors).fault or contents(path).fault


def tampering(path: Path, *statements: str | Callable[[sqlite3.Connection], Any]) -> None:
    """Do what somebody who owns the file can do, who knows how it is made."""
    with closing(sqlite3.connect(path)) as connection:
        for one in statements:
            if callable(one):
                one(connection)
            else:
                connection.execute(one)
        connection.commit()


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the chain anew over the entries as they are now, so that every link fits."""
    before = FIRST
    for number, entry in connection.execute("SELECT number, entry FROM log ORDER BY number").fetchall():
        before = leaf(before, entry)
        connection.execute("UPDATE log SET hash = ? WHERE number = ?", (before, number))
