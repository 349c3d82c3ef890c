"""Sealed evidence on disk. Whoever writes here cannot read it back: only public keys are at hand.

    STATE/blobs/ab/<SHA-256 of the file>     the sealed content
    STATE/shares/<begin of the event's number>/<event>.json    its key, in two shares

Both are on disk, by name too, before `seal` returns, the content first. Nothing points to them until the event does;
what a killed proxy left between is nobody's evidence (`verify` calls it stray).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.sealing.cipher import KEY_BYTES, sealed, sealed_size
from dlp_proxy.sealing.content import CREDENTIALS, Content, content_of
from dlp_proxy.sealing.people import ROLES, PeopleFolder
from dlp_proxy.sealing.pointer import Pointer
from dlp_proxy.sealing.shares import Shares, digest, split, wrap
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir, replace_file, sync_folder

_TEMPORARY: Final = ".sealing-"
_OF_UID: Final = 4
"""Characters of an event's number that name its folder of shares: one for twelve days."""
_ROOM: Final = 64 * 1024 * 1024
"""Bytes of the disk that evidence leaves free: the events need them, and without events nothing goes out."""
_LEFT_SECONDS: Final = 3600.0
_ALLOWANCE: Final = 16 * 1024
"""Bytes for the shares of one event and for its folders."""


class NotKeptError(StoreError):
    """Evidence could not be kept; the text says why, without content."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept.

    Attributes:
        body_bytes: of one body; of a longer one its beginning and its end, half of that each.
        disk_bytes: of all sealed contents together.
        cut: headers whose values are left out, in lower case.
        room: bytes that stay free on the disk.
    """

    body_bytes: int = 64 * 1024 * 1024
    disk_bytes: int = 20 * 1024**3
    cut: tuple[str, ...] = CREDENTIALS
    room: int = _ROOM


class Vault:
    """Seals messages into the state folder. `seal` may be called by several threads."""

    def __init__(self, state: StateDir, bounds: Bounds = Bounds()) -> None:
        self._state = state
        self._bounds = bounds
        self._people = PeopleFolder(state.people)
        self._lock = threading.Lock()
        self.used = 0

    def prepare(self) -> None:
        """Clear away what a killed proxy was in the midst of writing, and count what is there.

        Raises:
            StoreError: the folder cannot be used.
        """
        try:
            for left in self._state.blobs.glob(f"{_TEMPORARY}*"):
                if _is_left(left):
                    left.unlink(missing_ok=True)
            there = {one.name for one in self._state.blobs.iterdir()}
            missing = [begin for begin in map("{:02x}".format, range(256)) if begin not in there]
            for begin in missing:
                (self._state.blobs / begin).mkdir(mode=0o700, exist_ok=True)
            if missing:
                sync_folder(self._state.blobs)
            self.count()
        except OSError as error:
            raise StoreError(f"cannot use the folder of evidence {self._state.blobs}: {error}") from error

    def count(self) -> None:
        """Count anew what is on disk: others seal there and purge too."""
        total = sum(size for _, size in blobs_of(self._state))
        with self._lock:
            self.used = total

    def says(self) -> str:
        """Return who can open what is sealed now, or why nothing is kept."""
        now = time.time()
        try:
            people = self._people.people()
        except StoreError as error:
            return f"not kept: {error}"
        if missing := people.missing(now):
            return _missing(missing)
        return "sealed to " + " and ".join(f"{len(people.in_force(role, now))} {role}s" for role in ROLES)

    @property
    def can(self) -> bool:
        """Tell whether there are keys to seal to."""
        try:
            return not self._people.people().missing(time.time())
        except StoreError:
            return False

    def seal(self, message: Message, abandoned: threading.Event) -> Pointer:
        """Seal a message, durably, and return what its event is to say of it.

        Args:
            abandoned: set by whoever no longer waits; then nothing is left.

        Raises:
            NotKeptError: it was not kept; nothing of it is left.
        """
        content = content_of(message, self._bounds.body_bytes, self._bounds.cut)
        size = sealed_size(content.size)
        self._reserve(size + _ALLOWANCE)
        try:
            pointer = self._seal(message.uid, content, abandoned)
        except BaseException as error:
            self._give_back(size + _ALLOWANCE)
            if isinstance(error, NotKeptError) or not isinstance(error, (OSError, StoreError)):
                raise
            raise NotKeptError(_why(error)) from error
        self._give_back(_ALLOWANCE)
        return pointer

    def forget(self, event: str, blob: str) -> bool:
        """Make an event's evidence unreadable for ever, then delete it; return whether there was any.

        The shares are overwritten before they are unlinked. Copies elsewhere, such as backups, are not reached: they
        must leave the folder of shares out, or age with it.

        Raises:
            StoreError: it cannot be deleted.
        """
        path, sealed_content = shares_path(self._state, event), blob_path(self._state, blob)
        found = path.exists() or sealed_content.exists()
        try:
            with contextlib.suppress(FileNotFoundError):
                with path.open("r+b") as file:
                    file.write(bytes(os.fstat(file.fileno()).st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
                sync_folder(path.parent)
            with contextlib.suppress(FileNotFoundError):
                size = sealed_content.stat().st_size
                sealed_content.unlink()
                sync_folder(sealed_content.parent)
                self._give_back(size)
        except OSError as error:
            raise StoreError(f"cannot delete the evidence of {event}: {error}") from error
        return found

    def _seal(self, event: str, content: Content, abandoned: threading.Event) -> Pointer:
        now = time.time()
        people = self._people.people()
        if missing := people.missing(now):
            raise NotKeptError(_missing(missing))
        key = secrets.token_bytes(KEY_BYTES)
        parts = split(key)
        keys = {role: people.in_force(role, now) for role in ROLES}
        wrapped = {role: wrap(event, role, parts[role], keys[role]) for role in ROLES}
        waiting = self._state.blobs / f"{_TEMPORARY}{os.getpid()}-{secrets.token_hex(8)}"
        path = None
        try:
            blob, size = _write(waiting, sealed(key, event, _while_wanted(content.pieces(), abandoned)))
            path = blob_path(self._state, blob)
            waiting.replace(path)
            sync_folder(path.parent)
            text = Shares(event, blob, size, now, wrapped).text()
            target = shares_path(self._state, event)
            _make_folder(target.parent)
            replace_file(target, text)
            _look_up(abandoned)
        except BaseException:
            waiting.unlink(missing_ok=True)
            if path is not None:
                path.unlink(missing_ok=True)
                shares_path(self._state, event).unlink(missing_ok=True)
            raise
        prints = tuple(one.fingerprint for role in ROLES for one in keys[role])
        return Pointer(content.kept, "", blob, digest(text), size, content.body_bytes, prints)

    def _reserve(self, count: int) -> None:
        try:
            free = shutil.disk_usage(self._state.blobs).free
        except OSError as error:
            raise NotKeptError(_why(error)) from error
        with self._lock:
            if self.used + count > self._bounds.disk_bytes:
                raise NotKeptError(
                    f"the {self._bounds.disk_bytes} bytes for evidence are used up: purge, or allow more"
                )
            if free - count < self._bounds.room:
                raise NotKeptError("the disk is almost full, and events need what is left")
            self.used += count

    def _give_back(self, count: int) -> None:
        with self._lock:
            self.used = max(0, self.used - count)


def blob_path(state: StateDir, blob: str) -> Path:
    return state.blobs / blob[:2] / blob


def shares_path(state: StateDir, event: str) -> Path:
    return state.shares / event[:_OF_UID] / f"{event}.json"


def blobs_of(state: StateDir) -> Iterator[tuple[str, int]]:
    """Yield the name and the size of every sealed content, also of ones that no event points to."""
    for path in sorted(state.blobs.glob("??/*")):
        with contextlib.suppress(FileNotFoundError):
            yield path.name, path.stat().st_size


def shares_of(state: StateDir) -> Iterator[str]:
    """Yield the event of every file of shares."""
    for path in sorted(state.shares.glob("*/*.json")):
        if not path.name.startswith("."):
            yield path.stem


def _is_left(path: Path) -> bool:
    """Tell whether a file that is being sealed has nobody any more who seals it: other proxies use this folder too."""
    number = path.name.removeprefix(_TEMPORARY).partition("-")[0]
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return True
    except PermissionError:
        return False
    try:
        return time.time() - path.stat().st_mtime > _LEFT_SECONDS
    except FileNotFoundError:
        return False


def _write(path: Path, pieces: Iterator[bytes]) -> tuple[str, int]:
    """Write pieces to a new file, on disk, and return its SHA-256 and its size."""
    hashed, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb", buffering=0) as file:
        for piece in pieces:
            view = memoryview(piece)
            hashed.update(view)
            size += len(view)
            while view:
                view = view[file.write(view) :]
        os.fsync(file.fileno())
    return hashed.hexdigest(), size


def _while_wanted(pieces: Iterator[bytes], abandoned: threading.Event) -> Iterator[bytes]:
    for piece in pieces:
        _look_up(abandoned)
        yield piece


def _look_up(abandoned: threading.Event) -> None:
    if abandoned.is_set():
        raise NotKeptError("nobody waited for it any more")


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def _missing(roles: tuple[str, ...]) -> str:
    return f"no {' and no '.join(roles)} has a key in force: `dlp-proxy keys init` makes one"


def _why(error: Exception) -> str:
    """Return why something was not kept, without a path."""
    return f"the disk said no: {error.strerror}" if isinstance(error, OSError) else str(error)
