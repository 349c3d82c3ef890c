"""The story as a state folder, written the way the proxy writes it."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from typing import Any, Final

from dlp_proxy.detect.normalise import normalise
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.evidence.checkpoint import Signer
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.model.event import ACCOUNT, Event, Identity, Outcome, account_name
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.log import keep_node, origin_of
from dlp_proxy.stores.sqlite.writing import Writing
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.unpack.account import normal_account
from tests.story.world import CLOSES, HOUR, NAT, OPENS, Send, World

NODE: Final = "story"
_SPECS: Final = {spec.name: spec for spec in STANDARD}
_STATUS: Final = {"accepted": 200, "refused": 502}


def phone(customer: int) -> str:
    return f"138{customer:08d}"


def order(customer: int) -> str:
    return f"260601-{customer:015d}"


def write(world: World, state: StateDir) -> None:
    """Write the company's quarter into a new state folder."""
    state.make()
    key = KeyedFingerprint(state.key())
    signer = Signer(origin_of(NODE), state.key_of_log())
    with closing(open_for_writing(state.events)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA secure_delete=OFF")
        with transaction(connection):
            keep_node(connection, NODE)
        sends = iter(world.sends)
        waiting = next(sends, None)
        number = 0
        for day in world.workdays:
            with transaction(connection):
                writing = Writing(connection, day, NODE, key.name)
                for at, verb in _life(world, day):
                    while waiting is not None and waiting.time <= at:
                        number += 1
                        _send(writing, waiting, number, world, key)
                        waiting = next(sends, None)
                    writing.log.at = at
                    writing.log.append(Entry(verb, more={"worker": "w1", "process": 1}))
                writing.log.sign(signer)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _life(world: World, day: int) -> list[tuple[int, str]]:
    """Return the proxy's signs of life on a day."""
    first, last = day + OPENS * HOUR, day + CLOSES * HOUR
    beats = ((at, "heartbeat") for at in range(first + 60_000, last, 60_000))
    alive = [one for one in beats if not world.blind[0] < one[0] < world.blind[1]]
    return list(chain([(first, "start")], alive, [(last, "stop")]))


def _send(writing: Writing, one: Send, number: int, world: World, key: KeyedFingerprint) -> None:
    writing.log.at = one.time
    event = _event(one, number, world, key)
    writing.insert_event(event)
    if one.fate:
        blocked, aborted = one.fate == "blocked", one.fate == "aborted"
        writing.insert_outcome(
            Outcome(
                event.uid,
                event.time,
                "blocked" if blocked else "allowed",
                0 if blocked else event.body["request"]["bytes"],
                _STATUS.get(one.fate, 0),
                aborted=aborted,
            )
        )


def _event(one: Send, number: int, world: World, key: KeyedFingerprint) -> Event:
    action = "block" if one.fate == "blocked" else "counted" if one.customers else "allow"
    count = len(one.customers)
    return Event(
        uid=f"01STORY{number:019d}",
        time=one.time / 1000,
        user=one.user,
        site=one.site,
        action=action,
        would=action,
        rule="bulk-orders" if action == "block" else "",
        records=count,
        body=_with_account(_body(one, world), one, key),
        identities=tuple(
            identity
            for place, customer in enumerate(one.customers, 1)
            for identity in (
                Identity("phone", _token(key, "std/phone-cn", phone(customer)), counted=True, record=place, names=True),
                Identity("order-number", _token(key, "std/order-number", order(customer)), counted=False, record=place),
            )
        )
        + ((Identity(ACCOUNT, _account(key, one), counted=False),) if one.account else ()),
        light=not one.customers,
    )


def _token(key: KeyedFingerprint, detector: str, value: str) -> bytes:
    spec = _SPECS[detector]
    return key(spec.kind, normalise(value, spec.normalise))


def _account(key: KeyedFingerprint, one: Send) -> bytes:
    return key(ACCOUNT, normal_account(one.account))


def _with_account(body: dict[str, Any], one: Send, key: KeyedFingerprint) -> dict[str, Any]:
    if one.account:
        masked = Sensitive(one.account).masked
        body["request"]["account"] = {"name": account_name(_account(key, one).hex()), "by": "basic", "masked": masked}
    return body


def _body(one: Send, world: World) -> dict[str, Any]:
    shared, count = one.user == NAT, len(one.customers)
    reason = {
        "policy": "orders", "rule": "bulk-orders", "action": "block", "effective": "block", "mode": "enforce",
        "severity": "high", "count": count, "limit": "50 customers a request", "totals": {}, "what": {},
        "exception": None, "notify": [], "settled": None, "answer": None,
    }  # fmt: skip
    gaps = [] if one.coverage == "full" else [{"reason": "encrypted", "location": "a.zip", "detail": "", "bytes": 900}]
    return {
        "identity": {
            "method": "address" if shared else "password",
            "strength": "none" if shared else "medium",
            "address": NAT if shared else "10.0.0.7",
            "device": "",
            "groups": [] if shared else [world.staff[one.user]],
            "shared": shared,
            "via": "",
        },
        "request": {
            "channel": "http", "method": "POST", "scheme": "https", "path": "/up", "http_version": "HTTP/1.1",
            "client_port": 40000, "bytes": 500 + 90 * count, "content": "text/csv", "filenames": [],
        },
        "coverage": {
            "inspected": one.coverage, "whole": one.coverage == "full", "at_least": False, "parts": 1,
            "bytes": 500 + 90 * count, "expanded_bytes": 500 + 90 * count, "skipped_bytes": 900 * len(gaps),
            "formats": {"csv": 1}, "detectors": ["std/order-number", "std/phone-cn"], "gaps": gaps,
        },
        "findings": {"order-number": count, "phone": count} if count else {},
        "examples": [],
        "reasons": [reason] if one.fate == "blocked" else [],
        "error": None,
        "policy": "sha256:story",
        "engine": "story",
    }  # fmt: skip
