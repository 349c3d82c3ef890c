"""The state folder: where things are, who may read them, and the keys of this installation."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dlp_proxy.model.message import Fingerprint
from dlp_proxy.stores.ports import StoreError

_KEY_BYTES: Final = 32
_FINGERPRINT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class StateDir:
    """Paths below ``--state``."""

    path: Path

    @property
    def ca(self) -> Path:
        return self.path / "ca"

    @property
    def events(self) -> Path:
        return self.path / "events.db"

    @property
    def policies(self) -> Path:
        return self.path / "policies"

    @property
    def gates(self) -> Path:
        return self.path / "gates"

    @property
    def fingerprint_key(self) -> Path:
        return self.path / "keys" / "fingerprint.key"

    def make(self) -> None:
        """Make the folder and those below it, for their owner alone.

        Raises:
            StoreError: it cannot be made, or others may read it.
        """
        try:
            for folder in (self.path, self.ca, self.fingerprint_key.parent, self.policies, self.path / "blobs"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot make the state folder {self.path}: {error}; give --state a writable place"
            ) from error
        loose = stat.S_IMODE(self.path.stat().st_mode) & 0o077
        if loose:
            raise StoreError(f"others may enter the state folder {self.path}: run `chmod 700 {self.path}`")

    def key(self) -> bytes:
        """Return the fingerprint key, making it on first use.

        Raises:
            StoreError: it cannot be made or read, or is damaged; without it old and new counts do not meet.
        """
        path = self.fingerprint_key
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_once(path, secrets.token_bytes(_KEY_BYTES))
            key = path.read_bytes()
        except OSError as error:
            raise StoreError(f"cannot use the fingerprint key {path}: {error}") from error
        if len(key) != _KEY_BYTES:
            raise StoreError(
                f"the fingerprint key {path} is damaged: restore it from your backup, or remove it and lose the counts"
            )
        return key


def write_once(path: Path, content: bytes) -> bool:
    """Write a private file unless it is there, so that two starting at once end with one content, on disk.

    Returns whether this call wrote it.
    """
    if path.exists():
        return False
    waiting = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(waiting, path)
        except FileExistsError:
            return False
    finally:
        waiting.unlink()
    return True


@dataclass(frozen=True, slots=True)
class KeyedFingerprint:
    """HMAC-SHA-256 (RFC 2104) of kind and normalised value, cut to 16 bytes: equal values meet, and only here.

    Without the key a phone number's hash is the number: there are few enough to try them all.
    """

    secret: bytes

    def __call__(self, kind: str, value: str) -> bytes:
        return hmac.digest(self.secret, f"{kind}\0{value}".encode(errors="surrogatepass"), hashlib.sha256)[
            :_FINGERPRINT_BYTES
        ]

    def __repr__(self) -> str:
        return "KeyedFingerprint(...)"


def passing_fingerprint() -> Fingerprint:
    """Return a fingerprint under a key that ends with this process, for commands that keep nothing."""
    return KeyedFingerprint(secrets.token_bytes(_KEY_BYTES))
