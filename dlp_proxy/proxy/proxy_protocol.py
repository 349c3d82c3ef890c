"""The PROXY protocol, versions 1 and 2: the first bytes of a connection from a front proxy say whose it is.

Source: "The PROXY protocol, versions 1 & 2" (HAProxy). It is read from named front proxies only, and from these always:
a receiver that guesses can be told anything by anybody.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import struct
from typing import Final

_SIGNATURE: Final = b"\r\n\r\n\0\r\nQUIT\n"
_FIRST: Final = 12
_LINE: Final = 107
_V1: Final = re.compile(
    rb"PROXY (?:(UNKNOWN)(?: [\x21-\x7e ]*)?|(TCP[46]) ([0-9A-Fa-f.:]{2,39}) ([0-9A-Fa-f.:]{2,39}) "
    rb"(0|[1-9][0-9]{0,4}) (0|[1-9][0-9]{0,4}))\r\n"
)
_LONGEST: Final = 4096
"""Bytes of addresses and extensions in version 2; real ones are under a few hundred."""
_ADDRESSES: Final = {0x11: (4, "TCP4"), 0x21: (16, "TCP6")}


class ProxyProtocolError(Exception):
    """The connection does not begin as it must. The text says how, and quotes nothing."""


async def read_client(reader: asyncio.StreamReader) -> tuple[str, int] | None:
    """Read the head and return address and port of the client; None when the front proxy speaks for itself.

    Raises:
        ProxyProtocolError: it is no head of the protocol, or one for what is not TCP.
    """
    try:
        first = await reader.readexactly(_FIRST)
        return await (_version_2(reader) if first == _SIGNATURE else _version_1(reader, first))
    except asyncio.IncompleteReadError:
        raise ProxyProtocolError("the connection ended within the PROXY head") from None


async def _version_1(reader: asyncio.StreamReader, line: bytes) -> tuple[str, int] | None:
    if not line.startswith(b"PROXY "):
        raise ProxyProtocolError("no PROXY head from an address that must send one")
    while not line.endswith(b"\r\n"):
        if len(line) >= _LINE:
            raise ProxyProtocolError("the PROXY line does not end")
        line += await reader.readexactly(1)
    parts = _V1.fullmatch(line)
    if parts is None:
        raise ProxyProtocolError("the PROXY line is malformed")
    if parts[1]:
        return None
    version, source, port = (parts[2][-1:].decode(), parts[3].decode(), int(parts[5]))
    try:
        addresses = [ipaddress.ip_address(one) for one in (source, parts[4].decode())]
    except ValueError:
        raise ProxyProtocolError("the PROXY line has no addresses") from None
    if any(str(one.version) != version for one in addresses) or max(port, int(parts[6])) > 65535:
        raise ProxyProtocolError("the PROXY line contradicts itself")
    return str(addresses[0]), port


async def _version_2(reader: asyncio.StreamReader) -> tuple[str, int] | None:
    kind, family, length = struct.unpack("!BBH", await reader.readexactly(4))
    if kind >> 4 != 2 or kind & 15 > 1 or length > _LONGEST:
        raise ProxyProtocolError("the PROXY head is malformed")
    rest = await reader.readexactly(length)
    if kind & 15 == 0 or family == 0:  # LOCAL: a health check of the front proxy; UNSPEC: it does not know
        return None
    if family not in _ADDRESSES:
        raise ProxyProtocolError("the PROXY head is not about TCP")
    size, _ = _ADDRESSES[family]
    if length < 2 * size + 4:
        raise ProxyProtocolError("the PROXY head is malformed")
    return str(ipaddress.ip_address(rest[:size])), int.from_bytes(rest[2 * size : 2 * size + 2])
