"""What this room needs of the others. `wiring` fulfils it; tests put fakes in its place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from dlp_proxy.model.event import Outcome
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Verdict


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


@dataclass(frozen=True, slots=True)
class Recorded:
    """Answer of the store: the event is durable. `incident` is its number for people, empty if there is none."""

    incident: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of the staircase that other rooms do.

    Attributes:
        inspect: unpack and detect; never raises for content, may for our own errors.
        judge: match, windows, decide.
        record: makes the event durable before it returns; raises when it could not.
        by_exception_policy: the judgement of a message that a step failed on; the text names step and kind of error.
        outcome: what became of a recorded transfer; never blocks, never raises.
    """

    inspect: Callable[[Message], Awaitable[Inspection]]
    judge: Callable[[Message, Inspection], Judgement]
    record: Callable[[Judgement], Awaitable[Recorded]]
    by_exception_policy: Callable[[Message, str], Judgement]
    outcome: Callable[[Outcome], None]


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
        on_error: what happens to a message when our own steps fail.
        record_seconds: time for a record to become durable; after it the exception policy decides.
        help_contact: whom the block page tells people to ask.
        spool_bytes: bytes of request bodies that are held in files at once, in the folder ``spool`` beside the CA's.
    """

    ca_folder: Path
    listen_host: str = "127.0.0.1"
    listen_port: int = 8080
    own_ports: frozenset[int] = frozenset()
    allow_private: tuple[str, ...] = ()
    resolve: Mapping[str, str] = field(default_factory=dict)
    device_map: Mapping[str, str] = field(default_factory=dict)
    upstream_ca: Path | None = None
    ssl_insecure: bool = False
    insecure_confirmed: bool = False
    on_error: Literal["block", "allow"] = "block"
    record_seconds: float = 15.0
    linger_seconds: float = 30.0
    help_contact: str = ""
    spool_bytes: int = 4 * 1024**3
    limits: Limits = LIMITS
