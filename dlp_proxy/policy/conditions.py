"""Conditions of rules and exceptions: to whom, from whom, how, and what could not be read."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal
from urllib.parse import unquote

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message, Principal
from dlp_proxy.policy.schedules import Schedule

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

CONTAINERS: Final = ("zip", "gzip")
"""What `content: archive` stands for."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Hosts by name, below a name, and by address."""

    exact: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    def covers(self, host: str) -> bool:
        return host in self.exact or host.endswith(self.below) or _within(host, self.networks)

    def __or__(self, other: Hosts) -> Hosts:
        below = tuple(dict.fromkeys(self.below + other.below))
        return Hosts(self.exact | other.exact, below, self.networks + other.networks)


def hosts_of(patterns: Iterable[str], networks: Iterable[str] = ()) -> Hosts:
    """Return hosts from checked patterns: ``a.example``, or ``*.a.example`` for what is strictly below."""
    exact, below = [], []
    for pattern in patterns:
        if pattern.startswith("*."):
            below.append(pattern[1:])
        else:
            exact.append(pattern)
    return Hosts(frozenset(exact), tuple(below), tuple(ipaddress.ip_network(network) for network in networks))


@dataclass(frozen=True, slots=True)
class People:
    """Senders by user name, group, device or address."""

    users: tuple[re.Pattern[str], ...] = ()
    groups: frozenset[str] = frozenset()
    devices: tuple[re.Pattern[str], ...] = ()
    networks: tuple[Network, ...] = ()

    def covers(self, principal: Principal) -> bool:
        return (
            any(glob.fullmatch(principal.user) for glob in self.users)
            or not self.groups.isdisjoint(principal.groups)
            or any(glob.fullmatch(principal.device) for glob in self.devices)
            or _within(principal.address, self.networks)
        )

    def __or__(self, other: People) -> People:
        return People(
            self.users + other.users,
            self.groups | other.groups,
            self.devices + other.devices,
            self.networks + other.networks,
        )


@dataclass(frozen=True, slots=True)
class After:
    """A rule that acted on the same sender not long before.

    Attributes:
        series: name of the memory of when it acted.
        by: who the same sender is: ``user`` or ``device``.
        seconds: how long before.
    """

    series: str
    by: Literal["user", "device"]
    seconds: int


@dataclass(frozen=True, slots=True)
class When:
    """What must hold of a transfer. None stands for a condition that was not written."""

    to: Hosts | None = None
    not_to: Hosts | None = None
    people: People | None = None
    not_people: People | None = None
    methods: frozenset[str] = frozenset()
    paths: tuple[re.Pattern[str], ...] = ()
    contents: frozenset[str] = frozenset()
    size_at_least: int = 0
    size_at_most: int | None = None
    during: tuple[Schedule, ...] = ()
    not_during: tuple[Schedule, ...] = ()
    unreadable: frozenset[str] = frozenset()
    any_of: tuple[When, ...] = ()
    after: After | None = None
    """Is looked up among the totals, so `holds` does not ask it."""


@dataclass(frozen=True)
class Facts:
    """What conditions ask of one message, worked out once."""

    message: Message
    inspection: Inspection
    host: str = field(init=False)
    gaps: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "host", plain_host(self.message.destination.host))
        reasons = {gap.reason for gap in (*self.inspection.gaps, *self.message.gaps)}
        object.__setattr__(self, "gaps", frozenset(reasons))

    @cached_property
    def path(self) -> str:
        return plain_path(self.message.path)


def holds(when: When, facts: Facts) -> bool:
    """Tell whether every condition that was written holds."""
    message = facts.message
    if when.unreadable and when.unreadable.isdisjoint(facts.gaps):
        return False
    if when.methods and message.method.upper() not in when.methods:
        return False
    if when.to is not None and not when.to.covers(facts.host):
        return False
    if when.not_to is not None and when.not_to.covers(facts.host):
        return False
    if when.people is not None and not when.people.covers(message.principal):
        return False
    if when.not_people is not None and when.not_people.covers(message.principal):
        return False
    if when.paths and not any(glob.fullmatch(facts.path) for glob in when.paths):
        return False
    if not _hours_fit(when, message.time) or not _body_fits(when, facts.inspection):
        return False
    return not when.any_of or any(holds(one, facts) for one in when.any_of)


def spoken_of(when: When, facts: Facts) -> frozenset[str]:
    """Return the reasons of gaps that conditions which hold speak of."""
    found = when.unreadable
    for one in when.any_of:
        if one.unreadable and holds(one, facts):
            found |= one.unreadable
    return found


def _hours_fit(when: When, moment: float) -> bool:
    if when.during and not any(schedule.covers(moment) for schedule in when.during):
        return False
    return not any(schedule.covers(moment) for schedule in when.not_during)


def _body_fits(when: When, inspection: Inspection) -> bool:
    if when.contents and inspection.content not in when.contents:
        return False
    if inspection.bytes < when.size_at_least:
        return False
    return when.size_at_most is None or inspection.bytes <= when.size_at_most


def plain_host(host: str) -> str:
    """Return `host` as policies write hosts: lower case, no final dot, an address in its shortest form."""
    plain = host.lower().rstrip(".").strip("[]")
    if not plain.isascii():
        try:
            return plain.encode("idna").decode()
        except UnicodeError:
            return plain
    if ":" in plain:
        try:
            return str(ipaddress.ip_address(plain))
        except ValueError:
            return plain
    return plain


def plain_path(path: str) -> str:
    """Return a URL path percent-decoded, with ``.`` and ``..`` resolved (RFC 3986, 5.2.4), after decoding.

    Decoded first, so that ``/returns/%2e%2e/x`` is not taken for something below ``/returns``.
    """
    kept: list[str] = []
    steps = unquote(path).replace("\\", "/").split("/")
    for step in steps[1:] if steps[0] == "" else steps:
        if step == "..":
            if kept:
                kept.pop()
        elif step != ".":
            kept.append(step)
    if steps[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def glob(pattern: str, *, any_case: bool) -> re.Pattern[str]:
    """Return a pattern in which ``*`` is any text and ``?`` any character; nothing else is special."""
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in re.sub(r"\*+", "*", pattern))
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if any_case else re.NOFLAG))


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    if not networks:
        return False
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)
