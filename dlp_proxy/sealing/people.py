"""Whose keys evidence is sealed to: public keys with a name, a role and an end. No private key is ever here."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

import pyrage

from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import replace_file, write_once

type Role = Literal["investigator", "approver"]

ROLES: Final[tuple[Role, Role]] = ("investigator", "approver")
DAY: Final = 24 * 3600.0
SOON_DAYS: Final = 30
_LOOK_SECONDS: Final = 60.0
_SUFFIX: Final = ".json"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One person's key in one role.

    Attributes:
        recipient: ``age1...``.
        created: seconds since the epoch, UTC; so are `expires`, and `retired`, which is 0 while the key is in force.
        demo: made by ``dlp-proxy demo``, which keeps both roles' private keys in one place.
    """

    name: str
    role: Role
    recipient: str
    created: float
    expires: float
    retired: float = 0.0
    demo: bool = False

    @property
    def fingerprint(self) -> str:
        """Return what people compare and files name the key by: 24 hex digits of the SHA-256 of the public key."""
        return fingerprint_of(self.recipient)

    def state(self, now: float) -> Literal["in force", "retired", "expired"]:
        if self.retired:
            return "retired"
        return "expired" if self.expires <= now else "in force"


@dataclass(frozen=True, slots=True)
class People:
    """The keys of an installation."""

    keys: tuple[PublicKey, ...] = ()

    def in_force(self, role: Role, now: float) -> tuple[PublicKey, ...]:
        """Return the keys of a role that evidence is sealed to now. One that stands in both roles counts in none."""
        both = {one.recipient for one in self.keys if one.role != role}
        return tuple(
            one for one in self.keys if one.role == role and one.state(now) == "in force" and one.recipient not in both
        )

    def missing(self, now: float) -> tuple[Role, ...]:
        """Return the roles that nobody holds: without both, nobody could open evidence, and none is kept."""
        return tuple(role for role in ROLES if not self.in_force(role, now))

    def of(self, recipient: str, role: Role) -> PublicKey | None:
        return next((one for one in self.keys if (one.recipient, one.role) == (recipient, role)), None)

    def by_fingerprint(self, fingerprint: str) -> PublicKey | None:
        return next((one for one in self.keys if one.fingerprint == fingerprint), None)

    def in_both_roles(self, now: float) -> tuple[str, ...]:
        """Return the names of people, or fingerprints of keys, that could open evidence alone."""
        live = [one for one in self.keys if one.state(now) == "in force"]
        names = [{one.name.casefold() for one in live if one.role == role} for role in ROLES]
        keys = [{one.fingerprint for one in live if one.role == role} for role in ROLES]
        return tuple(sorted((names[0] & names[1]) | (keys[0] & keys[1])))

    def ending(self, now: float) -> tuple[PublicKey, ...]:
        """Return keys in force that end soon."""
        return tuple(one for one in self.keys if one.state(now) == "in force" and one.expires - now < SOON_DAYS * DAY)


class PeopleFolder:
    """The keys on disk, one file each. A running proxy sees a new one with the next thing it seals."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, float] = (-1, 0.0)
        self._people = People()

    def people(self) -> People:
        """Return the keys as they are now.

        Raises:
            StoreError: a file is damaged.
        """
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            return People()
        except OSError as error:
            raise StoreError(f"cannot read the keys in {self._folder}: {error}") from error
        if changed != self._seen[0] or time.monotonic() - self._seen[1] > _LOOK_SECONDS:
            self._people = People(tuple(sorted(self._read(), key=lambda one: (one.role, one.name, one.created))))
            self._seen = (changed, time.monotonic())
        return self._people

    def check(self, key: PublicKey) -> None:
        """Refuse a key that may not come into force.

        Raises:
            StoreError: it is none, it is known already, or its person holds the other role.
        """
        check_recipient(key.recipient)
        for one in self.people().keys:
            if one.recipient == key.recipient:
                raise StoreError(f"the key {key.fingerprint} is there already, as {one.role} {one.name}")
            if one.role != key.role and one.name.casefold() == key.name.casefold() and not one.retired:
                raise StoreError(f"{key.name} is {one.role} already: who held both roles could open evidence alone")

    def add(self, key: PublicKey) -> None:
        """Take a key into force.

        Raises:
            StoreError: it may not come into force, or cannot be written.
        """
        self.check(key)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_once(self._path(key), _text(key))
        except OSError as error:
            raise StoreError(f"cannot write the key to {self._folder}: {error}") from error

    def retire(self, key: PublicKey, now: float) -> None:
        """Seal nothing to a key any more; what was sealed to it stays so.

        Raises:
            StoreError: it cannot be written.
        """
        try:
            replace_file(self._path(key), _text(replace(key, retired=now)))
        except OSError as error:
            raise StoreError(f"cannot write the key to {self._folder}: {error}") from error

    def _path(self, key: PublicKey) -> Path:
        return self._folder / f"{key.role}-{key.fingerprint}{_SUFFIX}"

    def _read(self) -> Iterator[PublicKey]:
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            try:
                facts = json.loads(path.read_text(encoding="utf-8"))
                key = PublicKey(**facts)
                check_recipient(key.recipient)
                fits = key.role in ROLES and path == self._path(key)
            except FileNotFoundError:
                continue
            except (OSError, ValueError, TypeError, AttributeError) as error:
                raise StoreError(f"the key file {path} is damaged: register the key again") from error
            if not fits:
                raise StoreError(f"the key file {path} is not of the key that its name says: somebody changed it")
            yield key


def fingerprint_of(recipient: str) -> str:
    return hashlib.sha256(recipient.encode()).hexdigest()[:24]


def check_recipient(recipient: str) -> None:
    """Refuse what is no public key.

    Raises:
        StoreError: it is none.
    """
    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise StoreError(
            f"`{recipient[:80]}` is no public key: it begins with age1 and comes from `keys init`"
        ) from error


def _text(key: PublicKey) -> bytes:
    return json.dumps(asdict(key), ensure_ascii=False, indent=1).encode() + os.linesep.encode()
