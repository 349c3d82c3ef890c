"""Private keys: files that people keep, never the proxy. In the form of `age-keygen`, so that `age` opens them too."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyrage

from dlp_proxy.sealing.people import fingerprint_of
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import write_once

_SECRET: Final = "AGE-SECRET-KEY-1"  # noqa: S105 - how such a line begins
_LOCKED: Final = b"age-encryption.org/v1"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """A private key in memory. Its text form has the fingerprint alone."""

    secret: Any
    """What pyrage opens files with."""

    @property
    def recipient(self) -> str:
        """Return the public key."""
        return str(self.secret.to_public())

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.recipient)

    def __repr__(self) -> str:
        return f"Identity({self.fingerprint})"


def make_identity() -> Identity:
    return Identity(pyrage.x25519.Identity.generate())


def write_identity(path: Path, identity: Identity, passphrase: str = "") -> None:
    """Write a private key to a new file that only its owner may read, locked with a passphrase if there is one.

    Raises:
        StoreError: the file is there already, or cannot be written.
    """
    made = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = f"# created: {made}\n# public key: {identity.recipient}\n{identity.secret}\n".encode()
    if passphrase:
        text = pyrage.passphrase.encrypt(text, passphrase)
    try:
        written = write_once(path, text)
    except OSError as error:
        raise StoreError(f"cannot write the private key {path}: {error}") from error
    if not written:
        raise StoreError(f"there is a file {path} already: give another name with --out; no key is overwritten")


def read_identity(path: Path, passphrase: Callable[[], str]) -> Identity:
    """Read a private key; `passphrase` is asked for when it is locked.

    Raises:
        StoreError: it is none, others may read it, or the passphrase is wrong.
    """
    try:
        loose = path.stat().st_mode & 0o077
        text = path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read the private key {path}: {error.strerror}") from error
    if loose and os.name == "posix":
        raise StoreError(f"others may read the private key {path}: run `chmod 600 {path}` and think about a new key")
    if text.startswith(_LOCKED):
        try:
            text = pyrage.passphrase.decrypt(text, passphrase())
        except pyrage.DecryptError as error:
            raise StoreError(f"the passphrase does not open {path}") from error
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines()]
    secrets = [line for line in lines if line.startswith(_SECRET)]
    if len(secrets) != 1:
        raise StoreError(f"{path} must hold one line that begins with {_SECRET}, as `keys init` writes it")
    try:
        return Identity(pyrage.x25519.Identity.from_str(secrets[0]))
    except pyrage.IdentityError as error:
        raise StoreError(f"the private key in {path} is damaged: bring it back from your copy") from error
