"""Opening evidence takes two people: an investigator asks, an approver grants, the investigator opens.

    request   names the event, the investigator's key, the reason; carries the approvers' share as it is sealed
    grant     the approvers' share, opened by an approver and sealed anew to that one key
    open      the investigators' share by the investigator's own key, the approvers' by the grant

Request and grant are small texts that may travel by any channel: neither opens anything for anybody else. What is
granted (event, content, request as it was read, key, end) lies inside the sealed grant, so it cannot be edited. That a
grant has ended is kept by this program; the event and the person are kept by cryptography.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyrage

from dlp_proxy.model.sensitive import scrub
from dlp_proxy.sealing.cipher import KEY_BYTES, DamagedError
from dlp_proxy.sealing.identity import Identity
from dlp_proxy.sealing.people import People, PublicKey, fingerprint_of
from dlp_proxy.sealing.shares import Shares, Wrapped, join, opened_by, unwrap

_FORMAT: Final = 1
_REQUEST: Final = "dlp-proxy reveal request"
_GRANT: Final = "dlp-proxy reveal grant"
LONGEST_TEXT: Final = 256 * 1024
"""Bytes of a request or a grant; a longer one is none."""


class RefusedError(Exception):
    """A step that must not be done, or cannot. The text says why, for whoever asked."""


@dataclass(frozen=True, slots=True)
class Request:
    """What an investigator asks.

    Attributes:
        uid: the request's own number.
        requester: name in the register; `recipient` is the public key, to which a grant is sealed.
        shares: SHA-256 of the event's file of shares.
        share: the approvers' share as it is sealed, with `sealed_to`, the fingerprints of those who open it.
    """

    uid: str
    event: str
    blob: str
    shares: str
    requester: str
    recipient: str
    reason: str
    created: float
    share: str
    sealed_to: tuple[str, ...]

    def text(self) -> str:
        return json.dumps({"kind": _REQUEST, "format": _FORMAT, **asdict(self)}, ensure_ascii=True, indent=1) + "\n"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text().encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the requester's key."""
        return fingerprint_of(self.recipient)


@dataclass(frozen=True, slots=True)
class Grant:
    """An approver's answer as it lies on disk: what it grants is in `sealed` alone."""

    request: str
    approver: str
    sealed: str

    def text(self) -> str:
        return json.dumps({"kind": _GRANT, "format": _FORMAT, **asdict(self)}, ensure_ascii=True, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Granted:
    """What a grant says inside. `approver` is the fingerprint of the key; times are seconds since the epoch, UTC."""

    request: str
    request_digest: str
    event: str
    blob: str
    requester: str
    approver: str
    granted: float
    expires: float
    share: str


def read_request(text: str) -> Request:
    """Read a request.

    Raises:
        RefusedError: it is none.
    """
    facts = _facts(text, _REQUEST)
    try:
        return Request(**{**facts, "sealed_to": tuple(facts["sealed_to"])})
    except (KeyError, TypeError) as error:
        raise RefusedError("the request cannot be read: it was changed or cut on its way") from error


def read_grant(text: str) -> Grant:
    """Read a grant.

    Raises:
        RefusedError: it is none.
    """
    try:
        return Grant(**_facts(text, _GRANT))
    except TypeError as error:
        raise RefusedError("the grant cannot be read: it was changed or cut on its way") from error


def ask(  # noqa: PLR0917 - the parts of one request
    uid: str, shares: Shares, shares_digest: str, key: PublicKey, reason: str, now: float
) -> Request:
    """Return a request for an event's evidence.

    Raises:
        RefusedError: the key is no investigator's in force, or there is no reason.
    """
    if key.role != "investigator":
        raise RefusedError(f"{key.name} is {key.role}: only investigators ask")
    if (state := key.state(now)) != "in force":
        raise RefusedError(f"the key {key.fingerprint} of {key.name} is {state}")
    if not reason.strip():
        raise RefusedError("the reason is empty: say why, for whoever approves and for whoever reads the log later")
    theirs = shares.by_role["approver"]
    return Request(
        uid,
        shares.event,
        shares.blob,
        shares_digest,
        key.name,
        key.recipient,
        scrub(reason.strip()),
        now,
        theirs.share,
        theirs.sealed_to,
    )


def check_requester(request: Request, people: People, now: float) -> PublicKey:
    """Return the register's entry of whoever asks.

    Raises:
        RefusedError: the key is not in it as an investigator's in force, or under another name.
    """
    key = people.of(request.recipient, "investigator")
    if key is None:
        raise RefusedError(
            f"the request is for the key {request.fingerprint}, which is no investigator's here: do not grant it"
        )
    if key.name != request.requester:
        raise RefusedError(f"the request says {request.requester}, but the key {key.fingerprint} is {key.name}'s")
    if (state := key.state(now)) != "in force":
        raise RefusedError(f"the key {key.fingerprint} of {key.name} is {state}")
    return key


def approve(
    request: Request, identity: Identity, approver: PublicKey | None, now: float, seconds: float
) -> tuple[Grant, Granted]:
    """Seal the approvers' share to the one who asked, for the one event.

    Args:
        approver: the register's entry of `identity`; None where there is no register, away from the proxy.

    Raises:
        RefusedError: the identity is no approver's, or is the requester's own.
    """
    if identity.recipient == request.recipient:
        raise RefusedError("nobody approves their own request: it takes a second person")
    if approver is not None:
        if approver.role != "approver":
            raise RefusedError(f"{approver.name} is {approver.role}: only approvers grant")
        if approver.name.casefold() == request.requester.casefold():
            raise RefusedError(f"{approver.name} asked for this: it takes a second person")
        if approver.retired:
            raise RefusedError(f"the key {approver.fingerprint} of {approver.name} is retired")
    try:
        share = unwrap(_as_shares(request), "approver", [identity.secret])
    except DamagedError as error:
        raise RefusedError(str(error)) from error
    if share is None:
        raise RefusedError(
            f"the key {identity.fingerprint} does not open the approvers' share of this event; it was sealed to "
            + ", ".join(request.sealed_to)
        )
    granted = Granted(
        request.uid,
        request.digest,
        request.event,
        request.blob,
        request.fingerprint,
        identity.fingerprint,
        now,
        now + seconds,
        share.hex(),
    )
    to = pyrage.x25519.Recipient.from_str(request.recipient)
    sealed = pyrage.encrypt(json.dumps(asdict(granted)).encode(), [to], armored=True).decode()
    return Grant(request.uid, identity.fingerprint, sealed), granted


def read_granted(grant: Grant, request: Request, shares: Shares, identities: Sequence[Identity], now: float) -> Granted:
    """Return what a grant says, to the one it is for.

    Raises:
        RefusedError: it is for another person, event or request, or it has ended.
    """
    try:
        facts = opened_by(grant.sealed, [one.secret for one in identities])
        granted = Granted(**facts) if facts is not None else None
    except (DamagedError, TypeError) as error:
        raise RefusedError("the grant opens, but what is in it cannot be read") from error
    if granted is None:
        raise RefusedError("the grant is not for this key: it opens for the one who asked, and nobody else")
    if granted.requester not in {one.fingerprint for one in identities}:
        raise RefusedError("the grant names another key than the one that opens it")
    if (granted.event, granted.blob) != (shares.event, shares.blob):
        raise RefusedError(f"the grant is for the event {granted.event}, not for {shares.event}")
    if (granted.request, granted.request_digest) != (request.uid, request.digest):
        raise RefusedError("the grant is for another request, or the request was changed after it was approved")
    if now >= granted.expires:
        raise RefusedError("the grant has ended: ask again")
    return granted


def key_of(shares: Shares, granted: Granted, identities: Sequence[Identity]) -> bytes:
    """Return the key of an event's evidence.

    Raises:
        RefusedError: the investigators' share does not open by these identities, or a share is damaged.
    """
    try:
        own = unwrap(shares, "investigator", [one.secret for one in identities])
    except DamagedError as error:
        raise RefusedError(str(error)) from error
    if own is None:
        raise RefusedError(
            "none of these keys opens the investigators' share of this event; it was sealed to "
            + ", ".join(shares.by_role["investigator"].sealed_to)
            + ": give that key too, with another --identity"
        )
    theirs = bytes.fromhex(granted.share)
    if len(theirs) != KEY_BYTES:
        raise RefusedError("the grant's share is damaged")
    return join(own, theirs)


def _as_shares(request: Request) -> Shares:
    theirs = Wrapped(request.sealed_to, request.share)
    return Shares(request.event, request.blob, 0, 0.0, {"investigator": Wrapped((), ""), "approver": theirs})


def _facts(text: str, kind: str) -> dict[str, Any]:
    try:
        facts = json.loads(text) if len(text) <= LONGEST_TEXT else None
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict) or facts.pop("kind", "") != kind:
        raise RefusedError(f"this is no {kind.removeprefix('dlp-proxy ')}")
    if facts.pop("format", None) != _FORMAT:
        raise RefusedError(f"this {kind} is of another version than this program's")
    return facts
