"""The file of destinations that are passed on unopened: each entry with an owner, a reason and an end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dlp_proxy.model.message import Principal
from dlp_proxy.proxy.known_files import KnownFileError, read_yaml

_KEYS: Final = ("host", "port", "owner", "reason", "expires", "people")
_HOST: Final = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")
_MOST: Final = 1_000
"""Entries of a file; each is a label of a metric."""


@dataclass(frozen=True, slots=True)
class BypassEntry:
    """One entry of the file.

    Attributes:
        host: a name, or ``*.`` and the end of names below it.
        ends: the date from which it does not hold any more, as written; `expires` is its time.
        people: users and groups it is for; empty for all.
    """

    host: str
    port: int
    owner: str
    reason: str
    ends: str
    expires: float
    people: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    def names(self, host: str, port: int) -> bool:
        """Tell whether it is for a destination; a host is in its normal form."""
        if port != self.port:
            return False
        below = self.host.removeprefix("*")
        return host == self.host if below == self.host else host.endswith(below) and host != below

    def is_for(self, principal: Principal) -> bool:
        return not self.people or not self.people.isdisjoint((principal.user, *principal.groups))


def read_bypass(path: Path) -> tuple[BypassEntry, ...]:
    """Read the file of destinations that are passed on unopened.

    Raises:
        KnownFileError: it cannot be read, has an unknown key, or a value that cannot be used.
    """
    found = read_yaml(path)
    if not isinstance(found, list):
        if found:
            raise KnownFileError(f"{path}: must be a list of maps with {', '.join(_KEYS)}")
        found = []
    if len(found) > _MOST:
        raise KnownFileError(f"{path}: more than {_MOST} entries")
    entries = tuple(_entry(f"{path}: entry {number}", row) for number, row in enumerate(found, 1))
    seen: set[str] = set()
    for one in entries:
        if one.name in seen:
            raise KnownFileError(f"{path}: {one.name} is named twice; make it one entry")
        seen.add(one.name)
    return entries


def _entry(where: str, row: object) -> BypassEntry:
    if not isinstance(row, dict):
        raise KnownFileError(f"{where}: must be a map with {', '.join(_KEYS)}")
    if unknown := sorted(str(key) for key in set(row) - set(_KEYS)):
        raise KnownFileError(f"{where}: `{unknown[0]}` is not known; known: {', '.join(_KEYS)}")
    for key in _KEYS[:-1]:
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise KnownFileError(f"{where}: `{key}` is missing; an entry has {', '.join(_KEYS[:-1])}")
    host = row["host"].strip().lower()
    if not _HOST.fullmatch(host):
        raise KnownFileError(f"{where}: `host` must be a name such as api.example.com, or *.example.com: no address")
    if not row["port"].isdigit() or not 0 < int(row["port"]) <= 65535:
        raise KnownFileError(f"{where}: `port` must be a number such as 443")
    people = row.get("people", [])
    if not isinstance(people, list) or not all(isinstance(one, str) and one for one in people):
        raise KnownFileError(f"{where}: `people` must be a list of users and groups")
    if "people" in row and not people:
        raise KnownFileError(f"{where}: `people` is empty: name somebody, or leave it out for all")
    try:
        expires = datetime.strptime(row["expires"].strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise KnownFileError(f"{where}: `expires` must be a date such as 2027-03-01") from None
    return BypassEntry(
        host,
        int(row["port"]),
        row["owner"].strip(),
        row["reason"].strip(),
        row["expires"].strip(),
        expires.timestamp(),
        frozenset(people),
    )


def expired(entries: Iterable[BypassEntry], now: float) -> list[str]:
    """Return the names of entries that do not hold any more, with their dates."""
    return [f"{one.name} ({one.ends})" for one in entries if one.expires <= now]
