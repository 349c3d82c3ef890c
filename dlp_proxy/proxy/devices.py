"""Whose device an address is, and when: the settings' map, and a file of addresses and networks."""

from __future__ import annotations

import csv
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any, Final

from dlp_proxy.proxy.known_files import KnownFileError, read_yaml, text_of

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_KEYS: Final = ("address", "user", "from", "until", "shared")
_YES: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Device:
    """An address or a network and its user.

    Attributes:
        since: the first second of it, since the epoch; `until`: the first second after it.
        shared: several people use it.
    """

    network: Network
    user: str
    since: float = -inf
    until: float = inf
    shared: bool = False


class DeviceMap:
    """Finds the device of an address; the narrowest network that holds it at the time wins."""

    def __init__(self, devices: Iterable[Device]) -> None:
        """Make the map.

        Raises:
            KnownFileError: two users have one network at one time.
        """
        self._tables: dict[tuple[int, int], dict[int, list[Device]]] = {}
        for one in devices:
            key = (one.network.version, one.network.prefixlen)
            self._tables.setdefault(key, {}).setdefault(int(one.network.network_address), []).append(one)
        self._lengths = {
            version: sorted((length for of, length in self._tables if of == version), reverse=True)
            for version in (4, 6)
        }
        for table in self._tables.values():
            for rivals in table.values():
                rivals.sort(key=lambda one: one.since)
                for first, second in pairwise(rivals):
                    if second.since < first.until:
                        raise KnownFileError(f"two users have {first.network} at one time")

    def __len__(self) -> int:
        return sum(len(rivals) for table in self._tables.values() for rivals in table.values())

    def find(self, address: str, now: float) -> Device | None:
        """Return the device of an address in its canonical spelling at a time; None when there is none."""
        if not self._tables:
            return None
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return None
        number, width = int(parsed), parsed.max_prefixlen
        for length in self._lengths[parsed.version]:
            base = number >> (width - length) << (width - length)
            for one in self._tables[parsed.version, length].get(base, ()):
                if one.since <= now < one.until:
                    return one
        return None


def devices_of(mapped: Mapping[str, str]) -> Iterator[Device]:
    """Yield the devices of the settings' map."""
    for address, user in mapped.items():
        yield Device(ipaddress.ip_network(address), user)


def read_devices(path: Path) -> list[Device]:
    """Read a file of devices: CSV with a header, or YAML with a list of maps, of the keys `_KEYS`.

    Raises:
        KnownFileError: it cannot be read, has an unknown key, or a value that cannot be used.
    """
    rows = _csv(path) if path.suffix.lower() == ".csv" else _yaml(path)
    return [_device(where, row) for where, row in rows]


def _csv(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = csv.DictReader(text_of(path).splitlines(), strict=True)
    try:
        for row in rows:
            where = f"{path}:{rows.line_num}"
            if None in row or None in row.values():
                raise KnownFileError(f"{where}: not as many cells as the header has")
            yield where, {name.strip(): cell.strip() for name, cell in row.items()}
    except csv.Error:
        raise KnownFileError(f"{path}:{rows.line_num}: is not CSV") from None


def _yaml(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    found = read_yaml(path)
    for number, row in enumerate(found or [], 1) if isinstance(found, list) or not found else [(1, None)]:
        if not isinstance(row, dict) or not all(isinstance(one, str) for pair in row.items() for one in pair):
            raise KnownFileError(f"{path}: device {number} must be a map such as {{address: 10.0.0.7, user: li.wei}}")
        yield f"{path}: device {number}", row


def _device(where: str, row: dict[str, Any]) -> Device:
    if unknown := sorted(set(row) - set(_KEYS)):
        raise KnownFileError(f"{where}: `{unknown[0]}` is not known; known: {', '.join(_KEYS)}")
    try:
        network = ipaddress.ip_network(row.get("address", ""))
    except ValueError:
        raise KnownFileError(f"{where}: `address` must be an IP address or a network such as 10.8.0.0/16") from None
    if not row.get("user"):
        raise KnownFileError(f"{where}: `user` is missing")
    shared = _YES.get(row.get("shared", "").lower())
    if shared is None:
        raise KnownFileError(f"{where}: `shared` must be true or false")
    since, until = (_time(where, name, row.get(name, "")) for name in ("from", "until"))
    since, until = -inf if since is None else since, inf if until is None else until
    if since >= until:
        raise KnownFileError(f"{where}: `from` is not before `until`")
    return Device(network, row["user"], since, until, shared)


def _time(where: str, name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise KnownFileError(f"{where}: `{name}` must be a time such as 2026-03-02T08:00+08:00") from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
