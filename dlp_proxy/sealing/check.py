"""Is the evidence on disk still what the events say it was? Needs no key: only hashes are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from dlp_proxy.sealing.audit import Audit
from dlp_proxy.sealing.cipher import DamagedError
from dlp_proxy.sealing.pointer import Pointer
from dlp_proxy.sealing.shares import digest, read_shares
from dlp_proxy.sealing.vault import blob_path, blobs_of, shares_of, shares_path
from dlp_proxy.stores.state_dir import StateDir

PURGED: Final = "evidence.purged"
"""Kind of the entry that says that evidence was deleted on purpose."""


class Held(NamedTuple):
    """An event that points to evidence. `time` is seconds since the epoch, UTC."""

    event: str
    time: float
    pointer: Pointer


class Fault(NamedTuple):
    """Something that is not as it was. `place` is a path below the state folder."""

    event: str
    place: str
    says: str


@dataclass(slots=True)
class Checked:
    """What a check came to.

    Attributes:
        whole: events whose evidence is what it was.
        purged: events whose evidence was deleted, with an entry that says so.
        not_kept: events for which none could be kept.
        stray: files that no event points to: a proxy was stopped before their event came to be, or somebody put them.
    """

    whole: int = 0
    purged: int = 0
    not_kept: int = 0
    faults: list[Fault] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)


def check(state: StateDir, held: Iterable[Held], audit: Audit) -> Checked:
    """Compare every sealed content and every file of shares with what its event says of it."""
    purged = {entry.subject for entry in audit.entries() if entry.kind == PURGED}
    found = Checked()
    events, blobs = set[str](), set[str]()
    for one in held:
        if one.pointer.kept == "none":
            found.not_kept += 1
            continue
        events.add(one.event)
        blobs.add(one.pointer.blob)
        faults = list(_faults(state, one))
        if faults and one.event in purged and all(fault.says == _GONE for fault in faults):
            found.purged += 1
        elif faults:
            found.faults += faults
        else:
            found.whole += 1
    found.stray += [_below(state, blob_path(state, blob)) for blob, _ in blobs_of(state) if blob not in blobs]
    found.stray += [_below(state, shares_path(state, event)) for event in shares_of(state) if event not in events]
    return found


_GONE: Final = "is gone"


def _faults(state: StateDir, one: Held) -> Iterator[Fault]:
    path = shares_path(state, one.event)
    if says := _of_shares(path, one):
        yield Fault(one.event, _below(state, path), says)
    path = blob_path(state, one.pointer.blob)
    if says := _of_blob(path, one.pointer):
        yield Fault(one.event, _below(state, path), says)


def _of_shares(path: Path, one: Held) -> str:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return _GONE
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if digest(text) == one.pointer.shares:
        return ""
    try:
        shares = read_shares(text)
    except DamagedError:
        return "was changed or cut: it cannot be read"
    if shares.event != one.event:
        return f"is of another event: {shares.event}"
    return "was changed or replaced: it is not the one that the event names"


def _of_blob(path: Path, pointer: Pointer) -> str:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
    except FileNotFoundError:
        return _GONE
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if found == pointer.blob:
        return ""
    if size != pointer.size:
        return f"has {size} bytes and not {pointer.size}: it was {'cut' if size < pointer.size else 'changed'}"
    return "was changed: its SHA-256 is not its name"


def one_check(state: StateDir, held: Held) -> str:
    """Return what is wrong with one event's evidence; nothing when it is what it was."""
    faults = list(_faults(state, held))
    return "; ".join(f"{fault.place} {fault.says}" for fault in faults)


def _below(state: StateDir, path: Path) -> str:
    return str(path.relative_to(state.path))
