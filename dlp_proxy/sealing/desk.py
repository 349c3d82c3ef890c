"""The steps of a reveal as they are done on a state folder: checked, then entered in the audit, then done."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dlp_proxy.model.sensitive import scrub
from dlp_proxy.sealing.audit import Audit
from dlp_proxy.sealing.check import Held, one_check
from dlp_proxy.sealing.cipher import DamagedError, opened
from dlp_proxy.sealing.content import read_content
from dlp_proxy.sealing.identity import Identity
from dlp_proxy.sealing.people import People, PeopleFolder, PublicKey
from dlp_proxy.sealing.reveal import (
    LONGEST_TEXT,
    Grant,
    Granted,
    RefusedError,
    Request,
    approve,
    ask,
    check_requester,
    key_of,
    read_grant,
    read_granted,
    read_request,
)
from dlp_proxy.sealing.shares import Shares, digest, read_shares
from dlp_proxy.sealing.vault import blob_path, shares_path
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir, replace_file

_UID: Final = re.compile(r"rev-[0-9a-z]{12}")
_REQUEST, _GRANT, _DENIED = ".request", ".grant", ".denied"
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed, open.

    Attributes:
        head: request line, headers, who; which bytes of the body are there.
        body: the kept bytes of the body, as sent. All of it was authenticated before the first piece is given.
    """

    head: dict[str, Any]
    body: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request and what became of it: ``waiting``, ``granted`` or ``denied``, and how often it was opened."""

    request: Request
    state: str
    opened: int


class RevealDesk:
    """Where investigators and approvers meet. Every step is an entry before it is done; refused ones are too.

    Args:
        account: who runs this, as the operating system names them.
    """

    def __init__(self, state: StateDir, audit: Audit, account: str) -> None:
        self._state = state
        self._audit = audit
        self._account = account

    @property
    def people(self) -> People:
        return PeopleFolder(self._state.people).people()

    def request(self, held: Held, identity: Identity, reason: str) -> Request:
        """Ask for an event's evidence.

        Raises:
            RefusedError: it must not be asked so, or the evidence is not what it was.
            StoreError: it cannot be kept.
        """
        with self._told(identity, held.event, {"step": "request", "reason": scrub(reason)}):
            key = self._known(identity, "investigator")
            shares, text_digest = self._shares(held)
            one = ask(_new_uid(), shares, text_digest, key, reason, time.time())
            self._enter("reveal.requested", identity, one.event, {"request": one.uid, "reason": one.reason})
            self._keep(one.uid + _REQUEST, one.text())
            return one

    def find(self, name: str) -> Request:
        """Return a request by its number.

        Raises:
            RefusedError: there is none.
        """
        if not _UID.fullmatch(name):
            raise RefusedError(f"there is no request {name}")
        text = self._read(name + _REQUEST)
        if text is None:
            raise RefusedError(f"there is no request {name} in {self._state.reveals}")
        return read_request(text)

    def grant_of(self, request: Request) -> Grant:
        """Return the grant of a request.

        Raises:
            RefusedError: there is none, or it was denied.
        """
        if (text := self._read(request.uid + _DENIED)) is not None:
            facts = json.loads(text)
            raise RefusedError(f"the request {request.uid} was denied: {facts.get('reason', '')}")
        text = self._read(request.uid + _GRANT)
        if text is None:
            raise RefusedError(f"nobody has approved {request.uid} yet")
        return read_grant(text)

    def approve(self, request: Request, held: Held | None, identity: Identity, seconds: float) -> Grant:
        """Grant what was asked to the one who asked.

        Args:
            held: the event as this machine knows it; None where it does not.

        Raises:
            RefusedError: it must not be granted by this person, or the request is not what it should be.
            StoreError: it cannot be kept.
        """
        with self._told(identity, request.event, {"step": "approve", "request": request.uid}):
            approver = self._known(identity, "approver")
            check_requester(request, self.people, time.time())
            if held is None:
                raise RefusedError(f"there is no evidence of an event {request.event} here")
            if (held.pointer.blob, held.pointer.shares) != (request.blob, request.shares):
                raise RefusedError("the request is for other evidence than the event has: it was changed")
            grant, granted = approve(request, identity, approver, time.time(), seconds)
            self._enter("reveal.approved", identity, request.event, _facts(request, granted))
            self._keep(grant.request + _GRANT, grant.text())
            return grant

    def deny(self, request: Request, identity: Identity, reason: str) -> None:
        """Refuse what was asked.

        Raises:
            RefusedError: the identity is no approver's, or there is no reason.
            StoreError: it cannot be kept.
        """
        with self._told(identity, request.event, {"step": "deny", "request": request.uid}):
            self._known(identity, "approver")
            if not reason.strip():
                raise RefusedError("the reason is empty: say why, for whoever asked")
            self._enter(
                "reveal.denied", identity, request.event, {"request": request.uid, "reason": scrub(reason.strip())}
            )
            self._keep(request.uid + _DENIED, json.dumps({"reason": scrub(reason.strip())}))

    def open(
        self, request: Request, grant: Grant, held: Held, identities: Sequence[Identity], target: str = ""
    ) -> Opened:
        """Open an event's evidence.

        Args:
            identities: of the one who asked; earlier keys of theirs too, where the evidence is older than the key.
            target: where the body will go, for the entry.

        Raises:
            RefusedError: the grant, the person or the evidence is not the right one.
            DamagedError: the evidence opens, but is not what was sealed.
            StoreError: the entry cannot be kept.
        """
        own = next((one for one in identities if one.recipient == request.recipient), None)
        with self._told(own or identities[0], held.event, {"step": "open", "request": request.uid}):
            if own is None:
                raise RefusedError(f"the request {request.uid} is {request.requester}'s: only who asked may open")
            if request.event != held.event:
                raise RefusedError(f"the request is for the event {request.event}")
            people = self.people
            check_requester(request, people, time.time())
            shares, _ = self._shares(held)
            granted = read_granted(grant, request, shares, identities, time.time())
            self._check_approver(granted, people, request)
            key = key_of(shares, granted, identities)
            self._through(held, key)
            facts = _facts(request, granted)
            if not any(
                one.kind == "reveal.approved" and one.detail.get("request") == request.uid
                for one in self._audit.entries()
            ):
                self._audit.append(
                    "reveal.approved", _actor(granted.approver, people), held.event, {**facts, "away": True}
                )
            self._enter("reveal.opened", own, held.event, {**facts, "to": target or "terminal"})
            head, body = self._pieces(held, key)
            return Opened(head, body)

    def waiting(self) -> Iterator[Waiting]:
        """Yield all requests, the oldest first."""
        openings = [one.detail.get("request") for one in self._audit.entries() if one.kind == "reveal.opened"]
        found = [self.find(path.stem) for path in self._state.reveals.glob(f"rev-*{_REQUEST}")]
        for one in sorted(found, key=lambda each: each.created):
            state = "waiting"
            if self._read(one.uid + _DENIED) is not None:
                state = "denied"
            elif self._read(one.uid + _GRANT) is not None:
                state = "granted"
            yield Waiting(one, state, openings.count(one.uid))

    def _known(self, identity: Identity, role: str) -> PublicKey:
        key = self.people.by_fingerprint(identity.fingerprint)
        if key is None:
            raise RefusedError(
                f"the key {identity.fingerprint} is nobody's here: `dlp-proxy keys list` has those known"
            )
        if key.role != role:
            raise RefusedError(f"{key.name} is {key.role}: this takes an {role}")
        if (state := key.state(time.time())) != "in force":
            raise RefusedError(f"the key {key.fingerprint} of {key.name} is {state}")
        return key

    @staticmethod
    def _check_approver(granted: Granted, people: People, request: Request) -> None:
        approver = people.by_fingerprint(granted.approver)
        if approver is None or approver.role != "approver":
            raise RefusedError(f"the key {granted.approver} that granted this is no approver's here")
        if approver.name.casefold() == request.requester.casefold():
            raise RefusedError(f"{approver.name} granted their own request: it takes a second person")

    def _shares(self, held: Held) -> tuple[Shares, str]:
        if held.pointer.kept == "none":
            raise RefusedError(f"no evidence of this event was kept: {held.pointer.why}")
        if says := one_check(self._state, held):
            raise RefusedError(f"the evidence is not what the event says: {says}")
        text = shares_path(self._state, held.event).read_bytes()
        return read_shares(text), digest(text)

    def _through(self, held: Held, key: bytes) -> None:
        """Read all of it once: nothing may be shown of what does not open to its end."""
        _, body = self._pieces(held, key)
        for _ in body:
            pass

    def _pieces(self, held: Held, key: bytes) -> tuple[dict[str, Any], Iterator[bytes]]:
        head, body = read_content(_opened(blob_path(self._state, held.pointer.blob), key, held.event))
        if head.get("event") != held.event:
            raise DamagedError(f"the evidence opens, but says it is of the event {head.get('event')}")
        return head, body

    @contextlib.contextmanager
    def _told(self, identity: Identity, event: str, detail: Mapping[str, Any]) -> Iterator[None]:
        """Enter what is refused, and what fails, before it is told to the person."""
        try:
            yield
        except RefusedError as error:
            self._enter("reveal.refused", identity, event, {**detail, "why": str(error)})
            raise
        except DamagedError as error:
            self._enter("reveal.failed", identity, event, {**detail, "why": str(error)})
            raise

    def _enter(self, kind: str, identity: Identity, event: str, detail: Mapping[str, Any]) -> None:
        self._audit.append(kind, _actor(identity.fingerprint, self.people), event, {**detail, "account": self._account})

    def _keep(self, name: str, text: str) -> None:
        try:
            self._state.reveals.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._state.reveals / name, text.encode())
        except OSError as error:
            raise StoreError(f"cannot write to {self._state.reveals}: {error.strerror}") from error

    def _read(self, name: str) -> str | None:
        return read_text(self._state.reveals / name)


def read_text(path: Path) -> str | None:
    """Return a request or a grant; None where there is no such file.

    Raises:
        RefusedError: it cannot be read, or is too long to be one.
    """
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST_TEXT + 1)
        return text.decode("ascii")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"cannot read {path}: {type(error).__name__}") from error


def _opened(path: Path, key: bytes, event: str) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from opened(key, event, file)
    except OSError as error:
        raise DamagedError(f"the evidence cannot be read: {error.strerror}") from error


def _facts(request: Request, granted: Granted) -> dict[str, Any]:
    return {
        "request": request.uid,
        "reason": request.reason,
        "requester": f"{request.requester} ({granted.requester})",
        "approver": granted.approver,
        "granted": round(granted.granted * 1000),
        "expires": round(granted.expires * 1000),
    }


def _actor(fingerprint: str, people: People) -> str:
    key = people.by_fingerprint(fingerprint)
    return f"{key.name} ({fingerprint})" if key else f"unknown ({fingerprint})"


def _new_uid() -> str:
    return "rev-" + "".join(secrets.choice(_ALPHABET) for _ in range(12))
