"""The state folder: where things are, who may read them, and the keys of this installation."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from dlp_proxy.evidence.checkpoint import Signer, public_of
from dlp_proxy.model.message import Fingerprint
from dlp_proxy.stores.owner import must_be_ours, name_of, others_things
from dlp_proxy.stores.ports import StoreError

_KEY_BYTES: Final = 32
_FINGERPRINT_BYTES: Final = 16
_BLOCK_BYTES: Final = 64
"""Of SHA-256."""


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
    def forward(self) -> Path:
        return self.path / "forward"

    @property
    def indexes(self) -> Path:
        return self.path / "indexes"

    @property
    def fingerprint_key(self) -> Path:
        return self.path / "keys" / "fingerprint.key"

    @property
    def index_key(self) -> Path:
        return self.path / "keys" / "index.key"

    @property
    def answer_key(self) -> Path:
        return self.path / "keys" / "answers.key"

    @property
    def people(self) -> Path:
        """Return the folder of the public keys that evidence is sealed to."""
        return self.path / "keys" / "people"

    @property
    def blobs(self) -> Path:
        return self.path / "blobs"

    @property
    def shares(self) -> Path:
        return self.path / "shares"

    @property
    def reveals(self) -> Path:
        return self.path / "reveals"

    @property
    def log_key(self) -> Path:
        return self.path / "keys" / "log.key"

    @property
    def log_public_key(self) -> Path:
        return self.path / "keys" / "log.pub.pem"

    def make(self) -> None:
        """Make the folder and those below it, for their owner alone.

        Raises:
            StoreError: it cannot be made, it or something in it is another user's, or others may read it.
        """
        must_be_ours(self.path)
        try:
            for folder in (self.path, self.ca, self.fingerprint_key.parent, self.policies, self.blobs, self.shares):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot make the state folder {self.path}: {error}; give --state a writable place"
            ) from error
        try:
            other = others_things(self.path)
        except OSError as error:
            raise StoreError(f"cannot look into the state folder {self.path}: {error}") from error
        if other is not None:
            whose, own = name_of(other.lstat().st_uid), name_of(os.geteuid())
            raise StoreError(f"{other} belongs to {whose}, not to {own}: `chown -R {os.geteuid()} {self.path}`")
        loose = stat.S_IMODE(self.path.stat().st_mode) & 0o077
        if loose:
            raise StoreError(f"others may enter the state folder {self.path}: run `chmod 700 {self.path}`")

    def key(self) -> bytes:
        """Return the fingerprint key, making it on first use.

        Raises:
            StoreError: it cannot be made or read, or is damaged; without it old and new counts do not meet.
        """
        return _key_at(self.fingerprint_key, "restore it from your backup, or remove it and lose the counts")

    def key_of_indexes(self) -> bytes:
        """Return the key that indexes of known values are made with, making it on first use.

        Raises:
            StoreError: it cannot be made or read, or is damaged.
        """
        return _key_at(self.index_key, "restore it from your backup, or remove it and build the indexes again")

    def key_of_answers(self) -> bytes:
        """Return the key that pages which ask, and the answers to them, are signed with, making it on first use.

        Raises:
            StoreError: it cannot be made or read, or is damaged.
        """
        return _key_at(self.answer_key, "restore it from your backup, or remove it: people are then asked again")

    def key_of_log(self) -> bytes:
        """Return the secret key that the log is signed with, making it, and the file of its public half, on first use.

        Raises:
            StoreError: it cannot be made or read, or is damaged.
        """
        secret = _key_at(self.log_key, "restore it from your backup; a new key makes a log that others cannot follow")
        write_once(self.log_public_key, Signer("", secret).verifier.pem)
        return secret

    def public_key_of_log(self) -> bytes:
        """Return the public key of the log, 32 bytes.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        try:
            return public_of(self.log_public_key.read_bytes())
        except (OSError, ValueError) as error:
            raise StoreError(f"there is no public key of the log at {self.log_public_key}: has a proxy run?") from error


def _key_at(path: Path, mend: str) -> bytes:
    must_be_ours(path.parent.parent)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(path, secrets.token_bytes(_KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot use the key {path}: {error}") from error
    if len(key) != _KEY_BYTES:
        raise StoreError(f"the key {path} is damaged: {mend}")
    return key


def write_once(path: Path, content: bytes) -> bool:
    """Write a private file unless it is there, so that two starting at once end with one content, on disk.

    Returns whether this call wrote it. Then its name outlives a power cut too: a key that is made anew afterwards would
    be another one.
    """
    if path.exists():
        return False
    waiting = _written_beside(path, content)
    try:
        os.link(waiting, path)
    except FileExistsError:
        return False
    finally:
        waiting.unlink()
    sync_folder(path.parent)
    return True


def _written_beside(path: Path, content: bytes) -> Path:
    waiting = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        waiting.unlink()
        raise
    return waiting


def replace_file(path: Path, content: bytes) -> None:
    """Write a private file in the place of what was there, by name too: a power cut leaves the old or the new, whole.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    waiting = _written_beside(path, content)
    try:
        waiting.replace(path)
    except OSError:
        waiting.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class KeyedFingerprint:
    """HMAC-SHA-256 (RFC 2104) of kind and normalised value, cut to 16 bytes: equal values meet, and only here.

    Without the key a phone number's hash is the number: there are few enough to try them all.
    """

    secret: bytes

    def __call__(self, kind: str, value: str) -> bytes:
        inner, outer = _begun(self.secret)
        within = inner.copy()
        within.update(f"{kind}\0{value}".encode(errors="surrogatepass"))
        around = outer.copy()
        around.update(within.digest())
        return around.digest()[:_FINGERPRINT_BYTES]

    @property
    def name(self) -> str:
        """Return what the key is called beside fingerprints made with it; nothing follows from it."""
        return f"tk-{self('key', 'name')[:4].hex()}"

    def __repr__(self) -> str:
        return "KeyedFingerprint(...)"


@lru_cache(maxsize=4)
def _begun(secret: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Return the two hashes of RFC 2104 with the key taken in: `hmac.digest` begins them anew for every value."""
    block = (secret if len(secret) <= _BLOCK_BYTES else hashlib.sha256(secret).digest()).ljust(_BLOCK_BYTES, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in block)), hashlib.sha256(bytes(byte ^ 0x5C for byte in block))


def passing_fingerprint() -> Fingerprint:
    """Return a fingerprint under a key that ends with this process, for commands that keep nothing."""
    return KeyedFingerprint(secrets.token_bytes(_KEY_BYTES))
