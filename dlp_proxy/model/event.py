"""One judged transfer, as it is kept: immutable, masked, and enough to tell what happened and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

type Disposition = Literal["blocked", "allowed", "logged", "self-test", "unknown"]


class Identity(NamedTuple):
    """A value's keyed fingerprint, its kind, and whether the event's first reason counted it as a customer."""

    kind: str
    fingerprint: bytes
    counted: bool


@dataclass(frozen=True, slots=True)
class Event:
    """What the store keeps of a transfer *before* its verdict is enforced.

    Attributes:
        uid: the message's uid; on the block page and in the ``X-DLP-Proxy`` header.
        time: seconds since the epoch, UTC.
        user: who, with `method` and `strength` of that knowledge in `body`.
        site: destination host and port.
        action: the verdict's action word; `would` the one without monitor mode.
        rule: the first reason's rule, or empty.
        records: different customers counted by the strictest rule.
        body: everything else, JSON-ready: method, path (masked), reasons, findings (masked), gaps, identity,
            policy digest, engine version, coverage. Never a plain value.
        identities: fingerprints of everything found, for scope and hunt.
    """

    uid: str
    time: float
    user: str
    site: str
    action: str
    would: str
    rule: str
    records: int
    body: dict[str, Any] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a transfer *after* its verdict: attempted, sent and accepted are three different things.

    Attributes:
        disposition: what was done.
        released_bytes: bytes of the body that went upstream.
        status: the destination's HTTP status, 0 when it never answered.
    """

    uid: str
    time: float
    disposition: Disposition
    released_bytes: int = 0
    status: int = 0
