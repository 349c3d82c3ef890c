"""One judged transfer, as it is kept: immutable, masked, and enough to tell what happened and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

type Disposition = Literal["blocked", "allowed", "logged", "self-test", "unknown"]
type Fate = Literal["blocked", "accepted", "refused", "unanswered", "aborted", "unknown"]


ACCOUNT: Final = "account"
"""Kind of the fingerprint of an account at a destination: no value of a customer."""
ACCOUNT_PREFIX: Final = "acc_"
_ACCOUNT_DIGITS: Final = 12


def account_name(token: str) -> str:
    """Return the name by which events tell of an account and people ask about it, of its token in hexadecimal."""
    return ACCOUNT_PREFIX + token[:_ACCOUNT_DIGITS]


class Identity(NamedTuple):
    """A value's keyed fingerprint in an event: its kind, and what it was there.

    Attributes:
        counted: the event's first reason counted it as a customer.
        record: number of the customer in the event whose record it stands in, from 1; 0 when in none's.
        names: it is what that record's customer is known by.
    """

    kind: str
    fingerprint: bytes
    counted: bool
    record: int = 0
    names: bool = False


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
        body: everything else, JSON-ready and without fractions: method, path (masked), reasons, findings (masked),
            gaps, identity, policy digest, engine versions, coverage, decision. Never a plain value.
        identities: fingerprints of everything found, for scope and hunt.
        light: nothing was found, missed or matched; kept so that it can be asked about later.
        group: whose incident it belongs to, where that is not one person's.
        also: events that this one brought about; they are kept with it or not at all.
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
    light: bool = False
    group: str = ""
    also: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a transfer *after* its verdict: attempted, sent and accepted are three different things.

    Attributes:
        disposition: what was done.
        released_bytes: bytes of the body that went upstream.
        status: the destination's HTTP status, 0 when it never answered.
        aborted: the connection ended before the exchange did.
    """

    uid: str
    time: float
    disposition: Disposition
    released_bytes: int = 0
    status: int = 0
    aborted: bool = False

    @property
    def fate(self) -> Fate:
        """Return how far it came.

        ``blocked``: nothing was let go. ``accepted``: the destination answered 2xx or 3xx. ``refused``: it answered
        otherwise, so it has the bytes and did not take them. ``unanswered``: bytes were sent, and the protocol has no
        answer. ``aborted``: bytes may have been sent, and no answer came. ``unknown``: the proxy cannot tell.
        """
        if self.disposition == "blocked":
            return "blocked"
        if self.disposition in {"self-test", "unknown"}:
            return "unknown"
        if self.status:
            return "accepted" if 200 <= self.status < 400 else "refused"
        return "aborted" if self.aborted else "unanswered"
