"""Syslog (RFC 5424) over TLS (RFC 5425), TCP (RFC 6587, counted octets) or UDP (RFC 5426).

Syslog has no receipt. Over TCP and TLS a batch counts as taken when the receiver's machine has acknowledged every
byte and the connection stands; over UDP when it was sent.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import ssl
import struct
import termios
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from dlp_proxy.forward.carriers.carrier import NotTakenError
from dlp_proxy.forward.carriers.tls import context
from dlp_proxy.forward.target import Target, TargetError

_SECONDS: Final = 10.0
_PRIORITY: Final = 13 * 8 + 4
"""Facility 13 (log audit), severity 4 (warning)."""
_UDP_BYTES: Final = 65_000


class Syslog:
    """One connection to a syslog receiver, opened when it is needed."""

    def __init__(self, target: Target, node: str) -> None:
        self._target = target
        self._head = f"{_header_field(node)} dlp_proxy {os.getpid()} event -"
        self._socket: socket.socket | None = None

    def send(self, lines: Sequence[str]) -> None:
        datagrams = self._target.scheme == "syslog+udp"
        try:
            wire = self._socket = self._socket or self._connect()
            messages = [self._message(line) for line in lines]
            if datagrams:
                for message in messages:
                    wire.send(message[:_UDP_BYTES])
                return
            _must_stand(wire)
            wire.sendall(b"".join(b"%d %s" % (len(message), message) for message in messages))
            _until_acknowledged(wire)
            _must_stand(wire)
        except (OSError, NotTakenError, TargetError) as error:
            self.close()
            raise NotTakenError(f"{self._target}: {error}") from error

    def reach(self) -> None:
        try:
            self._socket = self._socket or self._connect()
        except (OSError, TargetError) as error:
            raise NotTakenError(f"{self._target}: {error}") from error

    def close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None

    def _message(self, line: str) -> bytes:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return f"<{_PRIORITY}>1 {now} {self._head} \ufeff{line}".encode()

    def _connect(self) -> socket.socket:
        target = self._target
        if target.scheme == "syslog+udp":
            family, kind, protocol, _, address = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_DGRAM)[0]
            wire = socket.socket(family, kind, protocol)
            wire.connect(address)
            return wire
        wire = socket.create_connection((target.host, target.port), timeout=_SECONDS)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if target.scheme == "syslog+tls":
            return context(target).wrap_socket(wire, server_hostname=target.host)
        return wire


def _header_field(text: str) -> str:
    """Return a HOSTNAME of RFC 5424: printable ASCII without spaces, at most 255."""
    return "".join(one for one in text if "!" <= one <= "~")[:255] or "-"


def _must_stand(wire: socket.socket) -> None:
    """Raise where the receiver has hung up: what it did not read before would be lost without a word."""
    wire.settimeout(0)
    try:
        if wire.recv(1) == b"":
            raise NotTakenError("the receiver closed the connection")
    except (BlockingIOError, ssl.SSLWantReadError):
        pass
    finally:
        wire.settimeout(_SECONDS)


def _until_acknowledged(wire: socket.socket) -> None:
    deadline = time.monotonic() + _SECONDS
    while struct.unpack("i", fcntl.ioctl(wire.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0]:
        if time.monotonic() > deadline:
            raise NotTakenError("the receiver acknowledges nothing")
        time.sleep(0.005)
