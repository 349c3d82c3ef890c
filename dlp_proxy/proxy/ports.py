"""What this room needs of the others. `wiring` fulfils it; tests put fakes in its place."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from dlp_proxy.model.event import Outcome
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.message import Message, Principal
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.verdict import Answer, Question, Verdict


class Judgement(Protocol):
    """What `pipeline.judge` returns."""

    @property
    def message(self) -> Message: ...

    @property
    def inspection(self) -> Inspection: ...

    @property
    def verdict(self) -> Verdict: ...

    @property
    def worth_an_event(self) -> bool: ...

    @property
    def redacted(self) -> Redacted | None: ...

    @property
    def questions(self) -> Sequence[Question]: ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """Answer of the store: the event is durable. `incident` is its number for people, empty if there is none.

    `kept` tells that there is an event, which waits for its outcome. `durable` is set for a light record, of an upload
    in which nothing was found: it is on its way to the disk, and the answer to the upload waits for it.
    """

    incident: str = ""
    kept: bool = False
    durable: Future[str] | None = None


async def no_wait(_: Future[str]) -> None:
    """Do without waiting, where there are no light records."""


@dataclass(frozen=True, slots=True)
class Unopened:
    """A connection that is passed on unopened, at its beginning or at its end.

    Attributes:
        uid: of this event; `began` that of its beginning, where it ends.
        ends: whether it is over; `sent`, `received` and `seconds` are what it came to.
        entry: name of the entry of the bypass file, with its `owner`, `reason` and `expires` as written.
    """

    uid: str
    time: float
    principal: Principal
    site: str
    client_port: int
    entry: str
    owner: str
    reason: str
    expires: str
    ends: bool = False
    sent: int = 0
    received: int = 0
    seconds: float = 0.0
    began: str = ""


async def no_bypass(_: Unopened) -> None:
    """Refuse, where nobody records it: no record, no release."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of the staircase that other rooms do.

    Attributes:
        inspect: unpack and detect; never raises for content, may for our own errors.
        look_ahead: inspects a message whose body is still on its way; None where it must be inspected when it is here.
        judge: match, windows, decide, and record: all of it or nothing, and durable before it returns.
        by_exception_policy: the judgement of a message that a step failed on; the text names step and kind of error.
        record: makes the event of such a judgement durable before it returns; raises when it could not.
        outcome: what became of a recorded transfer; never blocks, never raises.
        answer: makes what a person answered durable before it returns.
        mask: a text that a person wrote, with the values masked that are found in it.
        kept: returns when a light record is durable (`Recorded.durable`); raises when it could not be made so.
        unopened: makes the event of a connection that is passed on unopened durable before it returns.
    """

    inspect: Callable[[Message], Awaitable[Inspection]]
    judge: Callable[[Message, Inspection], Awaitable[tuple[Judgement, Recorded]]]
    by_exception_policy: Callable[[Message, str], Judgement]
    record: Callable[[Judgement], Awaitable[Recorded]]
    outcome: Callable[[Outcome], None]
    answer: Callable[[Sequence[Answer]], Awaitable[None]]
    mask: Callable[[str], str]
    look_ahead: Callable[[Message], Awaitable[Inspection | None]] | None = None
    kept: Callable[[Future[str]], Awaitable[None]] = no_wait
    unopened: Callable[[Unopened], Awaitable[None]] = no_bypass


@dataclass(frozen=True, slots=True)
class LdapSettings:
    """Where the directory is, and how it is asked.

    Attributes:
        url: ``ldaps://host`` or ``ldap://host``; the latter without TLS.
        account: DN that may search, with `secret`; empty for an anonymous search.
        people: base of users; `name`: the attribute that people type, such as ``uid`` or ``sAMAccountName``.
        groups: base of groups, whose ``member`` is the user's DN and whose ``cn`` is the name; empty for no groups.
    """

    url: str
    people: str
    account: str = ""
    secret: str = field(default="", repr=False)
    name: str = "uid"
    groups: str = ""


@dataclass(frozen=True, slots=True)
class CertificateSettings:
    """How client certificates prove who connects.

    Attributes:
        authority: PEM file of the CAs whose certificates do.
        revoked: PEM file of their revocation lists; None for none. When one has run out, nobody is let in.
        required: whether a connection without one is refused.
        name: where in it the user stands: ``cn``, ``email`` or ``upn``.
        front_proxies: names in certificates of front proxies, whose identity header is believed.
    """

    authority: Path
    revoked: Path | None = None
    required: bool = True
    name: Literal["cn", "email", "upn"] = "cn"
    front_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhoSettings:
    """How it is found out who sends.

    Attributes:
        htpasswd: file of users and passwords; None where nobody logs in.
        ldap: directory that proves users who are not in that file; None for none.
        login: whether a request without a log-in is refused.
        groups_file: groups of users, as Apache's AuthGroupFile.
        device_map: address -> user; `device_map_file`: a file of these, with networks and times.
        dhcp_leases: lease file of a DHCP server, for names of devices.
        bypass_file: destinations that are passed on unopened; here because it names people and changes as they do.
        shared_users: names that several people use; `shared_addresses`: networks behind which several are.
        proxy_protocol_from: networks of front proxies whose connections begin with a PROXY head, always.
        identity_header: name of a field in which a front proxy names the user; empty for none.
        identity_header_from: networks of the front proxies that are believed.
        certificates: client certificates on the proxy's own port; None where none are asked for.
    """

    htpasswd: Path | None = None
    ldap: LdapSettings | None = None
    login: Literal["required", "optional"] = "required"
    groups_file: Path | None = None
    device_map: Mapping[str, str] = field(default_factory=dict)
    device_map_file: Path | None = None
    dhcp_leases: Path | None = None
    bypass_file: Path | None = None
    shared_users: tuple[str, ...] = ()
    shared_addresses: tuple[str, ...] = ()
    proxy_protocol_from: tuple[str, ...] = ()
    identity_header: str = ""
    identity_header_from: tuple[str, ...] = ()
    certificates: CertificateSettings | None = None


@dataclass(frozen=True, slots=True)
class Upstream:
    """The proxy that everything goes through.

    Attributes:
        login: ``user:password`` for it; empty for none.
    """

    scheme: Literal["http", "https"]
    host: str
    port: int
    login: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """How the proxy listens and what it refuses.

    Attributes:
        listen_host: address to listen on; port 0 takes a free one.
        own_ports: ports of this installation beside `listen_port` that nobody may be proxied to.
        ca_folder: holds `mitmproxy-ca.pem`, made by `dlp-proxy ca init`; a missing file stops the start.
        allow_private: networks in CIDR form that may be reached although they are not public.
        resolve: host name -> ``ADDRESS`` or ``ADDRESS:PORT`` to connect to instead of asking DNS.
        upstream_ca: PEM file of CAs to trust beside the usual ones.
        ssl_insecure: no verification of destinations; needs `insecure_confirmed` too.
        who: how it is found out who sends.
        transparent: connections are redirected here by the firewall; clients know of no proxy.
        upstream: the proxy that all connections go through; None where destinations are connected to.
        tenant_headers: host, or ``*.`` and the end of hosts -> header -> value, set on requests to them in TLS.
        ca_passphrase: of the CA's key; empty where it has none.
        raw_tcp: (host, port) of destinations to which a connection may speak anything; it is judged piece by piece.
        on_error: what happens to a message when our own steps fail.
        record_seconds: time for a record to become durable; after it the exception policy decides.
        help_contact: whom the block page tells people to ask.
        answer_key: signs what a page that asks sends back; all proxies of an installation have the same.
        spool_bytes: bytes of request bodies that are held in files at once, in the folder ``spool`` beside the CA's.
    """

    ca_folder: Path
    listen_host: str = "127.0.0.1"
    listen_port: int = 8080
    own_ports: frozenset[int] = frozenset()
    allow_private: tuple[str, ...] = ()
    resolve: Mapping[str, str] = field(default_factory=dict)
    who: WhoSettings = WhoSettings()
    upstream_ca: Path | None = None
    ssl_insecure: bool = False
    insecure_confirmed: bool = False
    transparent: bool = False
    upstream: Upstream | None = None
    tenant_headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ca_passphrase: str = field(default="", repr=False)
    raw_tcp: tuple[tuple[str, int], ...] = ()
    on_error: Literal["block", "allow"] = "block"
    record_seconds: float = 15.0
    linger_seconds: float = 30.0
    help_contact: str = ""
    answer_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    spool_bytes: int = 4 * 1024**3
    limits: Limits = LIMITS
