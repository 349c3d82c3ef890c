"""Where nobody may be proxied to: our own ports and addresses inside the house; else the proxy is a pivot (SSRF)."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

type Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAMES_NEVER: Final = frozenset({"mitm.it", "metadata.google.internal", "metadata.goog", "instance-data.ec2.internal"})
_METADATA: Final = frozenset(
    map(
        ipaddress.ip_address,
        (
            *(
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
            ),  # Alibaba; Azure, where it looks like the outside; Oracle
            *("fd00:ec2::254", "fd00:ec2::23", "fd00:ec2::253", "fd20:ce::254"),  # AWS: machines, pods, names; Google
        ),
    )
)
"""Services of clouds for their machines that are not among the addresses of the link, where most of them are."""
_NUMBERS: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)
_IPV4_INSIDE: Final = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
"""Where the last 32 bits are an IPv4 address: NAT64 (RFC 6052), translated (RFC 2765), compatible (RFC 4291)."""
_ANY_PORT: Final = 9
_ADDRESSES_CHANGE_SECONDS: Final = 10.0
"""So long it is remembered which addresses are this machine's."""
_GLOBAL: Final = ipaddress.IPv6Network("2000::/3")
"""All that IANA gives out for use in the world (RFC 3513, 4)."""


class DestinationRefusedError(OSError):
    """A connection that the destination rules do not allow. An `OSError`, so that mitmproxy treats it as failed."""

    MARK: Final = "destination refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"{self.MARK}: {reason}")


class DestinationRules:
    """Says why a host or an address must not be connected to; empty text means that it may."""

    def __init__(
        self,
        own_ports: Iterable[int],
        allow_private: Iterable[str] = (),
        resolve: Mapping[str, str] | None = None,
        upstream: tuple[str, int] | None = None,
    ) -> None:
        """Take what is allowed; with `upstream` all connections go through the proxy there, and to nowhere else."""
        self.upstream = upstream
        self.own_ports = frozenset(own_ports)
        self._allowed = tuple(map(ipaddress.ip_network, allow_private))
        self._resolve = {normal_host(name): _pinned(value) for name, value in (resolve or {}).items()}

    def pinned(self, host: str, port: int) -> tuple[str, int] | None:
        """Return the address and port that the settings' `resolve` gives for a name, or None."""
        found = self._resolve.get(normal_host(host))
        return None if found is None else (found[0], found[1] or port)

    def refuses(self, host: str, port: int) -> str:
        """Judge a destination by its spelling alone, without asking DNS."""
        host = normal_host(host)
        pinned = self.pinned(host, port)
        if pinned is not None:
            return self._own(ipaddress.ip_address(pinned[0]), pinned[1])
        if host in _NAMES_NEVER or not host:
            return "this name is not a destination"
        address = parse_ip(host)
        if address is not None:
            return self.refuses_address(address, port)
        if host == "localhost" or host.endswith(".localhost"):
            return self.refuses_address(ipaddress.ip_address("127.0.0.1"), port)
        return ""

    def refuses_address(self, address: Ip, port: int) -> str:
        """Judge the address that would really be connected to."""
        address = inner(address)
        if own := self._own(address, port):
            return own
        if address.is_multicast or address.is_unspecified:
            return "not the address of a host"
        if any(network.version == address.version and address in network for network in self._named(address)):
            return ""
        if not address.is_global or address in _METADATA or (address.version == 6 and address not in _GLOBAL):
            return "an address inside the organisation"
        return "an address of this machine" if is_local(address) else ""

    def _named(self, address: Ip) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """Networks that are allowed; services of clouds only when they are meant, not by what is around them."""
        if address in _METADATA:
            return [network for network in self._allowed if network.num_addresses == 1]
        if address.is_link_local:
            return [network for network in self._allowed if network.is_link_local]
        return self._allowed

    def _own(self, address: Ip, port: int) -> str:
        return "a port of the proxy itself" if port in self.own_ports and is_local(address) else ""


@lru_cache(maxsize=4096)
def normal_host(host: str) -> str:
    """Return a host in lower case, without trailing dot and brackets; names outside ASCII in their IDNA form."""
    host = host.strip().removeprefix("[").removesuffix("]").rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


@lru_cache(maxsize=4096)
def parse_ip(host: str) -> Ip | None:
    """Return the address that a host is a spelling of, also decimal, octal, hexadecimal and short forms, else None."""
    host = normal_host(host).partition("%")[0]
    try:
        return inner(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not _NUMBERS.fullmatch(host):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def inner(address: Ip) -> Ip:
    """Return the IPv4 address that an IPv6 one carries (mapped, 6to4, `_IPV4_INSIDE`), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in network for network in _IPV4_INSIDE) and int(address) > 1:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour or address


def is_local(address: Ip) -> bool:
    """Tell whether an address is one of this machine's: only then do packets to it come from itself."""
    if address.is_loopback or address.is_unspecified:
        return True
    return _is_own(address, int(time.monotonic() // _ADDRESSES_CHANGE_SECONDS))


@lru_cache(maxsize=4096)
def _is_own(address: Ip, _age: int) -> bool:
    """Ask the routes: binding says nothing where a machine may bind what it does not have (``ip_nonlocal_bind``)."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(address), _ANY_PORT))  # of UDP: nothing is sent
            return ipaddress.ip_address(probe.getsockname()[0]) == address
        except OSError:
            return False


def _pinned(value: str) -> tuple[str, int]:
    """Read ``ADDRESS`` or ``ADDRESS:PORT`` (IPv6 in brackets); port 0 keeps the one asked for."""
    host, colon, port = value.rpartition(":")
    if colon and port.isdigit() and (host.startswith("[") or ":" not in host):
        return str(ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))), int(port)
    return str(ipaddress.ip_address(value.removeprefix("[").removesuffix("]"))), 0
