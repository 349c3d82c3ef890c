"""Who sends: what a source address tells about a person, and what better proof makes of it."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from dlp_proxy.model.message import Principal, Strength
from dlp_proxy.proxy.devices import Network
from dlp_proxy.proxy.known import Known
from dlp_proxy.proxy.leases import device_at


class AddressBook:
    """Finds the principal of a source address, or of a user who was proved to be there.

    An address is weak knowledge: the device's user, else the address itself. A name that several people use is weak
    however it was proved, and the principal says so.
    """

    def __init__(self, known: Known, shared_users: Iterable[str] = (), shared_addresses: Iterable[str] = ()) -> None:
        self._known = known
        self._shared_users = frozenset(shared_users)
        self._shared_addresses = networks_of(shared_addresses)

    def use(self, known: Known) -> None:
        self._known = known

    def principal(self, address: str, via: str = "") -> Principal:
        """Return who an address stands for; `via` is the front proxy that named it."""
        now = time.time()
        address = canonical(address)
        device = device_at(self._known.leases, address, now) or address
        shared = within(address, self._shared_addresses)
        owner = self._known.devices.find(address, now)
        if owner is None:
            return Principal(address, "address", "none", address, (), device, shared=shared, via=via)
        return Principal(
            owner.user,
            "device-map",
            "weak",
            address,
            self._known.groups.get(owner.user, ()),
            device,
            shared=shared or owner.shared or owner.user in self._shared_users,
            via=via,
        )

    def proved(
        self, user: str, how: tuple[str, Strength], address: str, via: str = "", groups: tuple[str, ...] = ()
    ) -> Principal:
        """Return a user who was proved at an address; `how` is the method and its strength, `groups` what it told."""
        method, strength = how
        shared = user in self._shared_users
        return replace(
            self.principal(address, via),
            user=user,
            method=method,
            strength="weak" if shared else strength,
            groups=tuple(sorted({*groups, *self._known.groups.get(user, ())})),
            shared=shared,
        )


@lru_cache(maxsize=4096)
def canonical(address: str) -> str:
    """Return one spelling for an IP address: no zone, IPv4 mapped into IPv6 as IPv4. Other text comes back as it is."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(one) for one in texts)


def within(address: str, networks: tuple[Network, ...]) -> bool:
    """Tell whether an address, in its canonical spelling, is in one of the networks."""
    if not networks:
        return False
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in one for one in networks)
