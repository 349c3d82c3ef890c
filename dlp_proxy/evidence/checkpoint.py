"""Signed checkpoints: how long the log was and its root, as notes that stock tools of transparency logs read.

A note by c2sp.org/signed-note, its text by c2sp.org/tlog-checkpoint, signed with Ed25519 (RFC 8032).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519: Final = b"\x01"
_ID_BYTES: Final = 4
_DASH: Final = "\N{EM DASH} "
_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


class NoteError(Exception):
    """A note that cannot be believed: it is malformed, or nobody known signed it. The text says which."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """Whom to believe: a key's name and its public half."""

    name: str
    public: bytes

    @property
    def identity(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Return it as c2sp.org/signed-note writes verifier keys: ``name+id+key``."""
        return f"{self.name}+{self.identity.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @property
    def der(self) -> bytes:
        """Return the public key as ``openssl pkey -pubin -outform DER`` writes it."""
        return Ed25519PublicKey.from_public_bytes(self.public).public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def pem(self) -> bytes:
        """Return the public key for ``openssl pkeyutl -verify``."""
        return Ed25519PublicKey.from_public_bytes(self.public).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that checkpoints are signed with."""

    name: str
    secret: bytes

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, _public(Ed25519PrivateKey.from_private_bytes(self.secret)))

    def sign(self, text: str) -> str:
        """Return the note of a text: the text, an empty line, and the signature."""
        signature = Ed25519PrivateKey.from_private_bytes(self.secret).sign(text.encode())
        signed = base64.b64encode(self.verifier.identity + signature).decode()
        return f"{text}\n{_DASH}{self.name} {signed}\n"

    def __repr__(self) -> str:
        return f"Signer({self.name})"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log as it was: `size` entries with `root` over them, at a time in milliseconds since the epoch."""

    origin: str
    size: int
    root: bytes
    at: int

    @property
    def text(self) -> str:
        at = dt.datetime.fromtimestamp(self.at // 1000, dt.UTC).replace(microsecond=self.at % 1000 * 1000)
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{at.strftime(_TIME)}\n"


def verifier_of(line: str) -> Verifier:
    """Read a verifier key.

    Raises:
        NoteError: it is none.
    """
    name, _, rest = line.strip().partition("+")
    identity, _, key = rest.partition("+")
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"`{line.strip()[:80]}` is no verifier key: name+id+key") from error
    found = Verifier(name, raw[1:])
    if raw[:1] != _ED25519 or len(raw) != 33 or found.identity.hex() != identity:
        raise NoteError(f"`{line.strip()[:80]}` is no verifier key: name+id+key")
    return found


def public_of(pem: bytes) -> bytes:
    """Return the 32 bytes of a public key in PEM.

    Raises:
        ValueError: it is no Ed25519 key.
    """
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("the log is signed with Ed25519")  # noqa: TRY004 - as for any other malformed key
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def checkpoint_of(note: str, verifier: Verifier) -> Checkpoint:
    """Return the checkpoint of a note that `verifier` signed.

    Raises:
        NoteError: it is malformed, or not signed by it.
    """
    text, found, signatures = note.rpartition("\n\n")
    text += "\n"
    if not found or not any(_signed(text, line, verifier) for line in signatures.splitlines()):
        raise NoteError(f"the checkpoint is not signed by {verifier.name}")
    try:
        origin, size, root, at, *_ = text.splitlines()
        when = dt.datetime.strptime(at, _TIME).replace(tzinfo=dt.UTC)
        milliseconds = int(when.replace(microsecond=0).timestamp()) * 1000 + when.microsecond // 1000
        return Checkpoint(origin, int(size), base64.b64decode(root, validate=True), milliseconds)
    except ValueError as error:
        raise NoteError("the checkpoint is signed but is no checkpoint of this log") from error


def _signed(text: str, line: str, verifier: Verifier) -> bool:
    dash, name, signed = line[: len(_DASH)], *line[len(_DASH) :].partition(" ")[::2]
    if dash != _DASH or name != verifier.name:
        return False
    try:
        raw = base64.b64decode(signed, validate=True)
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(raw[_ID_BYTES:], text.encode())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return raw[:_ID_BYTES] == verifier.identity


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
