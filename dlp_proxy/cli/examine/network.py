"""The network: who has our ports, and whether those are there that the proxy will talk to."""

from __future__ import annotations

import errno
import ipaddress
import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlsplit

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.forward.carriers.carrier import NotTakenError
from dlp_proxy.forward.carriers.syslog import Syslog
from dlp_proxy.forward.carriers.webhook import Webhook
from dlp_proxy.forward.target import TargetError
from dlp_proxy.setting_values import Address
from dlp_proxy.settings import Settings

_SECONDS: Final = 3.0


def network(settings: Settings) -> Iterator[Answer]:
    """Yield what is there."""
    ours = _runs(settings.operations)
    for name, address in (("proxy port", settings.listen), ("operations", settings.operations)):
        yield port(name, address, ours=ours)
    if not ipaddress.ip_address(settings.operations.host).is_loopback:
        says = f"{settings.operations} would show internals to others: take 127.0.0.1, and a proxy of yours in front"
        yield Answer("operations", "problem", says)
    if settings.mode == "transparent" and ipaddress.ip_address(settings.listen.host).is_loopback:
        says = f"{settings.listen}: what the firewall redirects does not come in on loopback: listen on 0.0.0.0"
        yield Answer("proxy port", "problem", says)
    if settings.listen.port == settings.operations.port != 0:
        yield Answer("operations", "problem", f"`listen` and `operations` are both {settings.listen.port}: change one")
    yield from _receivers(settings)
    if settings.ldap_url:
        yield _directory(settings.ldap_url)


def port(name: str, address: Address, *, ours: bool) -> Answer:
    """Say whether a port is free, or held by a proxy of ours."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((address.host, address.port))
        except OSError as error:
            if ours:
                return Answer(name, "fine", f"{address} is the running proxy's")
            why = "is not free" if error.errno == errno.EADDRINUSE else "cannot be listened on"
            return Answer(name, "problem", f"{address} {why} ({error.strerror}): {_mend(error.errno)}")
    alone = name == "proxy port" and ipaddress.ip_address(address.host).is_loopback
    return Answer(name, "fine", f"{address} is free" + "; on loopback: no other machine reaches it" * alone)


def _mend(number: int | None) -> str:
    if number == errno.EADDRNOTAVAIL:
        return "no interface has this address; `ip address` says what they have, 0.0.0.0 is all of them"
    if number in {errno.EACCES, errno.EPERM}:
        return "ports below 1024 are root's; take another, or give the unit CAP_NET_BIND_SERVICE"
    return "`ss -ltnp` says whose it is; stop that, or change it"


def _runs(operations: Address) -> bool:
    """Tell whether a proxy of ours answers there, ready or not; asked directly, whatever the environment says."""
    asking = HTTPConnection(operations.host, operations.port, timeout=_SECONDS)
    try:
        asking.request("GET", "/readyz")
        return "self_test" in json.load(asking.getresponse())
    except (OSError, ValueError, HTTPException):
        return False
    finally:
        asking.close()


def _receivers(settings: Settings) -> Iterator[Answer]:
    for one in settings.forward:
        name = f"forward {one.name}"
        try:
            carrier = (Webhook if one.scheme.startswith("http") else Syslog)(one, "doctor")
            carrier.reach()
            carrier.close()
        except (NotTakenError, TargetError) as error:
            yield Answer(name, "problem", f"{error}; events wait until it takes them: `dlp-proxy forward test`")
        else:
            yield Answer(name, "fine", f"{one} answers")


def _directory(url: str) -> Answer:
    parts = urlsplit(url)
    try:
        with socket.create_connection(
            (parts.hostname or "", parts.port or (636 if parts.scheme == "ldaps" else 389)), _SECONDS
        ):
            return Answer("directory", "fine", f"{url} answers")
    except OSError as error:
        return Answer("directory", "problem", f"{url} does not answer ({error}): nobody new can log in")
