"""A file of passwords as Apache's htpasswd writes it: read whole, refused whole, checked slowly on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from passlib.hash import apr_md5_crypt, bcrypt, ldap_sha1, sha256_crypt, sha512_crypt

from dlp_proxy.proxy.known_files import KnownFileError, lines_of

_SCHEMES: Final[tuple[tuple[str, Any], ...]] = (
    ("bcrypt", bcrypt),
    ("apr1", apr_md5_crypt),
    ("sha512", sha512_crypt),
    ("sha256", sha256_crypt),
    ("sha1", ldap_sha1),
)
WITHOUT_SALT: Final = "sha1"
"""Two people with one password have one line; whoever gets the file looks it up in a table."""
LONGEST: Final = 1024
"""Bytes of a password that are looked at; bcrypt takes 72."""


class Passwords:
    """Users and what proves them. Immutable: a changed file is another object."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self._hashes = {user: (_scheme_of(kept), kept) for user, kept in hashes.items()}

    def __len__(self) -> int:
        return len(self._hashes)

    def __contains__(self, user: str) -> bool:
        return user in self._hashes

    @property
    def schemes(self) -> frozenset[str]:
        return frozenset(scheme for scheme, _ in self._hashes.values())

    def proves(self, user: str, password: str) -> bool:
        """Tell whether the password is the user's. Takes tens of milliseconds, and as long for a user there is not."""
        there = user in self._hashes
        if not there and not self._hashes:
            return False
        scheme, kept = self._hashes[user] if there else next(iter(self._hashes.values()))
        if not password or len(password.encode()) > LONGEST:
            return False
        try:
            right = bool(dict(_SCHEMES)[scheme].verify(password, kept))
        except ValueError:  # longer than the scheme takes, or a NUL in it
            return False
        return right and there


def read_passwords(path: Path) -> Passwords:
    """Read the file.

    Raises:
        KnownFileError: it cannot be read, or a line is no user with a hash that can be checked.
    """
    found: dict[str, str] = {}
    for number, line in lines_of(path):
        user, colon, kept = line.partition(":")
        if not colon or not user or not _scheme_of(kept):
            raise KnownFileError(f"{path}:{number}: must be USER:HASH with bcrypt, apr1, SHA or sha512; `htpasswd -B`")
        if user in found:
            raise KnownFileError(f"{path}:{number}: this user is there twice")
        found[user] = kept
    return Passwords(found)


def _scheme_of(kept: str) -> str:
    return next((name for name, scheme in _SCHEMES if scheme.identify(kept)), "")
