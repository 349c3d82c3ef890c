"""What is known of a case at one moment: its events as they were recorded, their scope, and who did what with it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dlp_proxy.incidents.accounts import account_names
from dlp_proxy.incidents.casebook import CASE, Op, Standing, ops, standings
from dlp_proxy.incidents.grouped import Grouped
from dlp_proxy.incidents.kept_grouping import kept_or_grouped
from dlp_proxy.incidents.named import events_named, events_of_members
from dlp_proxy.incidents.scope import Scope, scope
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import Transfer, transfers
from dlp_proxy.reporting.moment import Moment
from dlp_proxy.sealing.pointer import Pointer, pointer_of
from dlp_proxy.stores.ports import StoreError

_CUSTODY: Final = frozenset(
    {"export", "view", "search", "resolve", "reveal", "case", "mark", "hold", "release", "evidence", "purge"}
)
"""Verbs of the log that say what people did."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report says of one event; read off its record once.

    Attributes:
        known_by: method, strength, and whether several people share it.
        gaps: what was not looked at: reason and place.
        evidence: where it is, as the event says; None where none was to be kept.
    """

    user: str
    rule: str
    action: str
    policy: str
    engine: str
    known_by: tuple[str, str, bool]
    device: str
    gaps: tuple[str, ...]
    evidence: Pointer | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event byte by byte as the log commits to it: SHA-256 of `salt` and `json` is in the log."""

    sequence: int
    uid: str
    json: bytes
    salt: bytes
    facts: Facts


@dataclass(frozen=True, slots=True)
class Handled:
    """One step that somebody took, as an entry of the log; `before` is the hash of the entry before it.

    Attributes:
        did: verb and what of it, such as ``reveal approved``.
        why: the reason given, where one was.
    """

    number: int
    at: int
    who: str
    did: str
    of: str
    why: str
    before: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who sent, with how it is known that it was they: (method, strength, shared), each that occurs."""

    user: str
    known_by: tuple[tuple[str, str, bool], ...]
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """The facts that report and bundle are made of.

    Attributes:
        name: as asked for: a case, an incident, or one event.
        accounts: token of an account at a destination -> how it is shown.
        lost: members that are nothing any more: retention has deleted them, or they are grouped otherwise now.
        incidents: those in it that grouping knows, with why.
        steps: of the casebook, about the case and its members.
    """

    name: str
    moment: Moment
    sanctioned: tuple[str, ...]
    standing: Standing
    lost: tuple[str, ...]
    incidents: tuple[Grouped, ...]
    events: tuple[Recorded, ...]
    transfers: tuple[Transfer, ...]
    scope: Scope
    people: tuple[Person, ...]
    accounts: Mapping[int, str]
    steps: tuple[Op, ...]
    custody: tuple[Handled, ...]

    @property
    def policies(self) -> tuple[str, ...]:
        """Return the digests of the policy sets that judged."""
        return tuple(sorted({one.facts.policy for one in self.events} - {""}))


def case_of(connection: sqlite3.Connection, name: str, moment: Moment, sanctioned: Iterable[str] = ()) -> Case:
    """Gather a case, an incident or an event.

    Args:
        connection: one that sees nothing later than `moment`.
        sanctioned: destinations that customers' data is meant to go to, as grouping is told.

    Raises:
        UnknownNameError: there is nothing of that name.
        StoreError: there is nothing in it.
    """
    known = tuple(sorted(set(sanctioned)))
    standing = standings(connection).get(name, Standing())
    sequences, lost = _events(connection, name, standing, known)
    events = tuple(_recorded(connection, sequences))
    if not events:
        raise StoreError(f"{name} has no events in it at this checkpoint")
    names = {name, *standing.members, *(one.uid for one in events)}
    steps = tuple(one for one in ops(connection) if one.target in names)
    selection = Selection(events=sequences, newest=moment.newest)
    found = kept_or_grouped(connection, known)[0].found
    sent = tuple(transfers(connection, selection))
    return Case(
        name,
        moment,
        known,
        standing,
        lost,
        tuple(one for one in found if one.id in {name, *standing.members}),
        events,
        sent,
        scope(connection, selection),
        _people(events),
        account_names(connection, {one.account for one in sent if one.account}),
        steps,
        tuple(_custody(connection, names, {one.number: one for one in steps})),
    )


def _events(
    connection: sqlite3.Connection, name: str, standing: Standing, known: tuple[str, ...]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the sequences of what is there, and the members that are not: one of these must not hide the others."""
    if not name.startswith(CASE) or not standing.members:
        return events_named(connection, name, known), ()
    return events_of_members(connection, standing, known)


def _recorded(connection: sqlite3.Connection, sequences: Sequence[int]) -> Iterator[Recorded]:
    rows = connection.execute(
        "SELECT sequence, uid, r.json, salt FROM event JOIN record r ON r.event = sequence"
        " WHERE sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence",
        (json.dumps(sequences),),
    )
    for sequence, uid, record, salt in rows:
        yield Recorded(sequence, uid, record, salt, _facts(json.loads(record)["unmapped"]["dlp"]))


def _facts(body: Mapping[str, Any]) -> Facts:
    own, identity, coverage = body["event"], body.get("identity") or {}, body.get("coverage") or {}
    return Facts(
        own["user"],
        own["rule"],
        own["action"],
        str(body.get("policy") or ""),
        str(body.get("engine") or ""),
        (str(identity.get("method", "")), str(identity.get("strength", "")), bool(identity.get("shared"))),
        str(identity.get("device") or identity.get("address") or ""),
        tuple(f"{gap['reason']} {gap.get('location', '')}".strip() for gap in coverage.get("gaps") or ()),
        pointer_of(body.get("evidence")),
    )


def _people(events: Iterable[Recorded]) -> tuple[Person, ...]:
    known: dict[str, set[tuple[str, str, bool]]] = {}
    devices: dict[str, set[str]] = {}
    for one in events:
        known.setdefault(one.facts.user, set()).add(one.facts.known_by)
        devices.setdefault(one.facts.user, set()).add(one.facts.device)
    return tuple(
        Person(user, tuple(sorted(known[user])), tuple(sorted(devices[user] - {""}))) for user in sorted(known)
    )


def _custody(connection: sqlite3.Connection, names: set[str], steps: Mapping[int, Op]) -> Iterator[Handled]:
    before = bytes(32)
    for number, entry, hashed in connection.execute("SELECT number, entry, hash FROM log ORDER BY number"):
        verb = entry.partition(b'"do":"')[2].partition(b'"')[0].decode("ascii", "replace")
        if verb in _CUSTODY:
            facts = json.loads(entry)
            if facts["of"] in names:
                yield _handled(number, facts, before, hashed, steps)
        before = hashed


def _handled(number: int, facts: Mapping[str, Any], before: bytes, hashed: bytes, steps: Mapping[int, Op]) -> Handled:
    given = facts.get("with")
    detail: Mapping[str, Any] = given if isinstance(given, dict) else {}
    step = steps.get(detail.get("number", 0)) if facts["do"] in {"case", "mark"} else None
    what = str(facts.get("what") or detail.get("what") or "")
    if step is not None:
        what = f"{step.verb} {step.value}".strip()
    why = step.reason if step is not None else str(detail.get("reason") or facts.get("why") or "")
    did = f"{facts['do']} {what}".strip()
    return Handled(number, facts["at"], facts["by"], did, facts["of"], why, before, hashed)


type Shown = Callable[[str], str]
"""User -> how they are written: under their name or a pseudonym."""
