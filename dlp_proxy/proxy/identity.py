"""Who sends: what a source address tells about a person."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from dlp_proxy.model.message import Principal


class AddressBook:
    """Finds the principal of a source address: the mapped user, else the address itself.

    Both are weak knowledge, and the principal says so; stronger methods (proxy authentication, client
    certificates) come before this one when they exist.
    """

    def __init__(self, device_map: Mapping[str, str]) -> None:
        self._users = {canonical(address): user for address, user in device_map.items()}

    def principal(self, address: str) -> Principal:
        address = canonical(address)
        user = self._users.get(address)
        if user is None:
            return Principal(user=address, method="address", strength="none", address=address, device=address)
        return Principal(user=user, method="device-map", strength="weak", address=address, device=address)


def canonical(address: str) -> str:
    """Return one spelling for an IP address: no zone, IPv4 mapped into IPv6 as IPv4. Other text comes back as it is."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)
