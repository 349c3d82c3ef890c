"""Which device has an address now, out of the lease file of a DHCP server: dnsmasq's or ISC's."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Final, NamedTuple

from dlp_proxy.proxy.known_files import KnownFileError, text_of

_DNSMASQ: Final = re.compile(r"(\d+) [0-9A-Fa-f:-]+ ([0-9A-Fa-f.:]+) (\S+)(?: \S+)?")
_ISC: Final = re.compile(r"^lease ([0-9A-Fa-f.:]+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_ENDS: Final = re.compile(r"^\s*ends (?:(never)|\d (\d{4}/\d\d/\d\d \d\d:\d\d:\d\d));", re.MULTILINE)
_STATE: Final = re.compile(r"^\s*binding state (\w+);", re.MULTILINE)
_HOST: Final = re.compile(r'^\s*client-hostname "([^"]*)";', re.MULTILINE)
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62})")


class Lease(NamedTuple):
    """A device by the name it gave itself, and until when it has the address, in seconds since the epoch."""

    device: str
    until: float


type Leases = dict[str, Lease]


def device_at(leases: Leases, address: str, now: float) -> str:
    """Return the device that has the address, empty when none is known."""
    lease = leases.get(address)
    return lease.device if lease is not None and now < lease.until else ""


def read_leases(path: Path) -> Leases:
    """Read the file; devices without a name, or with one that is none, are left out.

    Raises:
        KnownFileError: it cannot be read, or is the file of neither server.
    """
    text = text_of(path)
    found: Leases = {}
    if _ISC.search(text):
        for address, body in _ISC.findall(text):
            _isc(found, address, body)
        return found
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(("#", "duid ")):
            continue
        parts = _DNSMASQ.fullmatch(line.strip())
        if parts is None or not _is_address(parts[2]):
            raise KnownFileError(f"{path}:{number}: neither a lease of dnsmasq nor of ISC's server")
        if _NAME.fullmatch(parts[3]):
            found[parts[2]] = Lease(parts[3], float(parts[1]) or inf)
    return found


def _isc(found: Leases, address: str, body: str) -> None:
    """Take a lease up; the last one in the file about an address is the one that holds."""
    found.pop(address, None)
    ends, state, host = _ENDS.search(body), _STATE.search(body), _HOST.search(body)
    if ends is None or host is None or (state and state[1] != "active") or not _NAME.fullmatch(host[1]):
        return
    until = inf if ends[1] else datetime.strptime(ends[2], "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
    found[address] = Lease(host[1], until)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
