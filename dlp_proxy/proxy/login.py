"""Logging in at the proxy with name and password (Basic, RFC 7617), without waiting in the event loop.

A password is checked in a thread, once: then a keyed digest of it is remembered for some minutes. Neither the password
nor anything it could be guessed from by who does not hold this process's key is kept, logged or put on a flow.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Literal

from dlp_proxy.proxy.backoff import Backoff
from dlp_proxy.proxy.passwords import Passwords

_REMEMBERED_SECONDS: Final = 300.0
_REMEMBERED: Final = 50_000
_TRIES_OF_ONE: Final = 5
"""Wrong passwords for one user from one address before there is a wait."""
_TRIES_OF_ADDRESS: Final = 20
"""Wrong log-ins from one address: whoever tries one password on many users. Higher, as addresses are shared."""
_WAITING: Final = 64
_THREADS: Final = 2


@dataclass(frozen=True, slots=True)
class LogIn:
    """What became of an attempt. `user` is empty unless it is a user of ours; what else was typed may be a password."""

    result: Literal["in", "missing", "malformed", "wrong", "wait", "busy"]
    user: str = ""
    seconds: float = 0.0
    groups: tuple[str, ...] = ()


class LogInDesk:
    """Checks credentials against the passwords in force."""

    def __init__(
        self,
        passwords: Passwords,
        clock: Callable[[], float] = time.monotonic,
        directory: Callable[[str, str], tuple[str, ...] | None] | None = None,
    ) -> None:
        self._passwords = passwords
        self._clock = clock
        self._directory = directory
        self._key = secrets.token_bytes(32)
        self._proved: OrderedDict[bytes, tuple[float, tuple[str, ...]]] = OrderedDict()
        self._checking: dict[bytes, asyncio.Future[tuple[str, ...] | None]] = {}
        self._of_one = Backoff(_TRIES_OF_ONE, clock)
        self._of_address = Backoff(_TRIES_OF_ADDRESS, clock)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="log-in")

    def use(self, passwords: Passwords) -> None:
        """Take a changed file into force: everybody is checked again."""
        self._passwords = passwords
        self._proved.clear()
        self._checking.clear()

    def knows(self, user: str) -> bool:
        """Tell whether a user who was proved once may still be one; of the directory's it is not known."""
        return user in self._passwords or self._directory is not None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def check(self, address: str, fields: list[bytes]) -> LogIn:
        """Return what the Proxy-Authorization fields of a request from an address prove."""
        if not fields:
            return LogIn("missing")
        read = _read(fields[0]) if len(fields) == 1 else None
        if read is None:
            return LogIn("malformed")
        typed, password = read
        user = typed if typed in self._passwords else ""
        one = (address, self._digest(typed, ""))
        if wait := max(self._of_one.wait(one), self._of_address.wait(address)):
            return LogIn("wait", user, wait)
        digest = self._digest(typed, password)
        if (groups := self._remembered(digest)) is not None:
            return LogIn("in", typed, groups=groups)
        if (checking := self._checking.get(digest)) is None:
            if len(self._checking) >= _WAITING:
                return LogIn("busy", user)
            self._of_one.begin(one)
            self._of_address.begin(address)
            checking = asyncio.ensure_future(self._prove(typed, password, digest, one))
            self._checking[digest] = checking
        groups = await asyncio.shield(checking)
        return LogIn("wrong", user) if groups is None else LogIn("in", typed, groups=groups)

    async def _prove(self, user: str, password: str, digest: bytes, one: tuple[str, bytes]) -> tuple[str, ...] | None:
        passwords = self._passwords
        try:
            loop = asyncio.get_running_loop()
            groups = await loop.run_in_executor(self._threads, self._try, passwords, user, password)
        finally:
            self._checking.pop(digest, None)
        if groups is not None:
            self._of_one.succeeded(one, clears=True)
            self._of_address.succeeded(one[0], clears=False)
            if passwords is self._passwords:
                self._proved[digest] = (self._clock() + _REMEMBERED_SECONDS, groups)
                while len(self._proved) > _REMEMBERED:
                    self._proved.popitem(last=False)
        return groups

    def _try(self, passwords: Passwords, user: str, password: str) -> tuple[str, ...] | None:
        """Return the directory's groups of the user who is proved, in a thread; the file comes first."""
        if self._directory is not None and user not in passwords:
            return self._directory(user, password)
        return () if passwords.proves(user, password) else None

    def _remembered(self, digest: bytes) -> tuple[str, ...] | None:
        until, groups = self._proved.get(digest, (0.0, ()))
        if until > self._clock():
            return groups
        self._proved.pop(digest, None)
        return None

    def _digest(self, user: str, password: str) -> bytes:
        return hmac.digest(self._key, f"{len(user)}:{user}:{password}".encode(), hashlib.sha256)


def _read(field: bytes) -> tuple[str, str] | None:
    """Return user and password of a Basic field; the first colon is between them, a password may hold more."""
    scheme, _, coded = field.strip().partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        plain = base64.b64decode(coded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text = plain.decode("latin-1")  # what browsers sent before RFC 7617
    user, colon, password = text.partition(":")
    return (user, password) if colon and user else None
