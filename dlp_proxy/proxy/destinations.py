"""Where nobody may be proxied to: our own ports and addresses inside the house; else the proxy is a pivot (SSRF)."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

type Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAMES_NEVER: Final = frozenset({"mitm.it", "metadata.google.internal", "metadata.goog", "instance-data.ec2.internal"})
_METADATA: Final = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")))
_NUMBERS: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+)){0,3}", re.IGNORECASE)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address inside
_EVERYTHING: Final = 0


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
        return "" if address.is_global else "an address inside the organisation"

    def _named(self, address: Ip) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """Networks that are allowed; metadata services only when their network is named, not by "everything"."""
        if address in _METADATA:
            return [network for network in self._allowed if network.prefixlen != _EVERYTHING]
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
    """Return the IPv4 address that an IPv6 one carries (mapped, NAT64, 6to4), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour or address


def is_local(address: Ip) -> bool:
    """Tell whether an address is one of this machine's. Only a local address can be bound."""
    if address.is_loopback or address.is_unspecified:
        return True
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True


def _pinned(value: str) -> tuple[str, int]:
    """Read ``ADDRESS`` or ``ADDRESS:PORT`` (IPv6 in brackets); port 0 keeps the one asked for."""
    host, colon, port = value.rpartition(":")
    if colon and port.isdigit() and (host.startswith("[") or ":" not in host):
        return str(ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))), int(port)
    return str(ipaddress.ip_address(value.removeprefix("[").removesuffix("]"))), 0
