"""The key of one event's evidence, in two shares: one for investigators, one for approvers.

key = s1 XOR s2. One share alone tells nothing about the key. Each is an age file (age-encryption.org/v1, X25519),
sealed to every key of one role: any one of them opens it, in ten years too, with the stock `age` program.

The shares of an event are a file of their own beside the sealed content. Without it nobody can open the content, here
or in any copy of it: deleting it is what forgets an event.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyrage

from dlp_proxy.sealing.cipher import KEY_BYTES, DamagedError
from dlp_proxy.sealing.people import ROLES, PublicKey, Role

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Wrapped:
    """One share as it lies on disk.

    Attributes:
        sealed_to: fingerprints of the keys that open it.
        share: an age file in its text form.
    """

    sealed_to: tuple[str, ...]
    share: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What it takes to open one event's evidence.

    Attributes:
        blob: SHA-256 of the sealed content, in hex; `size` its bytes.
        created: seconds since the epoch, UTC.
    """

    event: str
    blob: str
    size: int
    created: float
    by_role: dict[Role, Wrapped]

    def text(self) -> bytes:
        """Return the file's content: JSON with sorted keys, so that equal shares are equal bytes."""
        facts: dict[str, Any] = {
            "format": _FORMAT,
            "event": self.event,
            "blob": self.blob,
            "size": self.size,
            "created": self.created,
        }
        for role, one in self.by_role.items():
            facts[role] = {"sealed_to": list(one.sealed_to), "share": one.share}
        return json.dumps(facts, sort_keys=True, indent=1).encode() + b"\n"


def read_shares(text: bytes) -> Shares:
    """Read what `Shares.text` wrote.

    Raises:
        DamagedError: it is not that.
    """
    try:
        facts = json.loads(text)
        if facts["format"] != _FORMAT:
            raise DamagedError(f"the shares are of version {facts['format']}, which a newer dlp_proxy wrote")
        by_role: dict[Role, Wrapped] = {
            role: Wrapped(tuple(facts[role]["sealed_to"]), str(facts[role]["share"])) for role in ROLES
        }
        return Shares(str(facts["event"]), str(facts["blob"]), int(facts["size"]), float(facts["created"]), by_role)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError("the file of shares cannot be read: it was changed or cut") from error


def digest(text: bytes) -> str:
    """Return the SHA-256 of a file of shares, in hex: the event has it, so that nobody can put others in its place."""
    return hashlib.sha256(text).hexdigest()


def split(key: bytes) -> dict[Role, bytes]:
    """Return two shares of a key; either alone is as good as chance."""
    first = secrets.token_bytes(KEY_BYTES)
    return {"investigator": first, "approver": _xor(key, first)}


def join(first: bytes, second: bytes) -> bytes:
    """Return the key of two shares."""
    return _xor(first, second)


def wrap(event: str, role: Role, share: bytes, keys: Sequence[PublicKey]) -> Wrapped:
    """Seal a share to keys of a role; what it is a share of is inside with it."""
    facts = {"format": _FORMAT, "event": event, "role": role, "share": share.hex()}
    recipients = [pyrage.x25519.Recipient.from_str(one.recipient) for one in keys]
    text = pyrage.encrypt(json.dumps(facts).encode(), recipients, armored=True)
    return Wrapped(tuple(sorted(one.fingerprint for one in keys)), text.decode())


def unwrap(shares: Shares, role: Role, identities: Sequence[Any]) -> bytes | None:
    """Return a role's share; None when none of the identities is among those that it was sealed to.

    Raises:
        DamagedError: it opens, but is the share of another event or role.
    """
    facts = opened_by(shares.by_role[role].share, identities)
    if facts is None:
        return None
    if (facts.get("event"), facts.get("role")) != (shares.event, role):
        raise DamagedError(f"the {role}s' share is of another event: somebody replaced it")
    share = bytes.fromhex(facts["share"])
    if len(share) != KEY_BYTES:
        raise DamagedError(f"the {role}s' share is damaged")
    return share


def opened_by(text: str, identities: Sequence[Any]) -> dict[str, Any] | None:
    """Return the facts in an age file; None when none of the identities opens it.

    Raises:
        DamagedError: it opens, but what is in it is not ours.
    """
    try:
        plain = pyrage.decrypt(text.encode(), list(identities))
    except pyrage.DecryptError:
        return None
    try:
        facts = json.loads(plain)
    except ValueError as error:
        raise DamagedError("what was sealed to this key is not a share") from error
    if not isinstance(facts, dict):
        raise DamagedError("what was sealed to this key is not a share")
    return facts


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
