"""What people do with incidents: states, cases, members, notes. Only ever added to, each with who and why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.evidence.entry import Entry, commitment, salt
from dlp_proxy.evidence.verify import Fault
from dlp_proxy.stores.sqlite.writing import Writing

NEW: Final = "new"

STATES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        NEW: ("triaged", "confirmed", "dismissed"),
        "triaged": ("confirmed", "dismissed"),
        "confirmed": ("contained", "handed-over", "closed", "dismissed"),
        "contained": ("handed-over", "closed"),
        "handed-over": ("closed",),
        "dismissed": ("triaged",),
        "closed": ("triaged",),
    }
)
"""State -> states that may follow. From the last two it is opened again, and the history stays."""

VERDICTS: Final = ("tp-malicious", "tp-negligent", "fp", "indeterminate")
"""What a closed incident was."""

VERBS: Final = ("open", "tip", "state", "verdict", "add", "remove", "note", "owner", "due", "until-grown")

CASE: Final = "case-"


@dataclass(frozen=True, slots=True)
class Op:
    """One step, as it was kept. `at` in milliseconds since the epoch."""

    number: int
    at: int
    actor: str
    target: str
    verb: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an incident or a case stands after all its steps.

    Attributes:
        members: incidents and events in it, in the order they were added; those removed are not.
        until_grown: customers from which on something dismissed is shown as new again; 0: never.
    """

    state: str = NEW
    title: str = ""
    tip: bool = False
    verdict: str = ""
    owner: str = ""
    due: str = ""
    members: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    until_grown: int = 0
    steps: tuple[Op, ...] = ()

    def seen_with(self, customers: int) -> Standing:
        """Return where it stands given how many customers there are: what has grown is new again."""
        grown = self.state == "dismissed" and 0 < self.until_grown <= customers
        return replace(self, state=NEW) if grown else self

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def mark(writing: Writing, actor: str, target: str, steps: Sequence[tuple[str, str]], reason: str) -> str:
    """Keep steps (verb, value) about an incident or a case, each with an entry in the log that commits to it.

    Returns why they cannot follow what is there, and then none is kept; else the empty text.
    """
    known = standings(writing.connection)
    before = known.get(target, Standing())
    if says := next((says for verb, value in steps if (says := _against(before, target, verb, value))), ""):
        return says
    if says := next((value for verb, value in steps if verb == "add" and target in cases_in(known, value)), ""):
        return f"{target} cannot hold {says}: {says} is it, or holds it"
    for verb, value in steps:
        _keep(writing, actor, target, verb, value, reason)
    return ""


def next_case(connection: sqlite3.Connection) -> str:
    """Return the name that the next case gets."""
    opened = {op.target for op in ops(connection) if op.verb in {"open", "tip"}}
    return f"{CASE}{len(opened) + 1}"


def standings(connection: sqlite3.Connection) -> dict[str, Standing]:
    """Return what was ever marked -> where it stands."""
    found: dict[str, Standing] = {}
    for op in ops(connection):
        found[op.target] = _after(found.get(op.target, Standing()), op)
    return found


def cases_in(known: Mapping[str, Standing], name: str) -> set[str]:
    """Return a case with all cases that are its members, directly or through each other."""
    found: set[str] = set()
    open_ends = {name}
    while open_ends:
        one = open_ends.pop()
        if one.startswith(CASE) and one not in found:
            found.add(one)
            open_ends.update(known.get(one, Standing()).members)
    return found


def ops(connection: sqlite3.Connection) -> Iterator[Op]:
    """Yield every step in order; none in a store that no program with casebooks has opened yet."""
    if not has_steps(connection):
        return
    rows = connection.execute("SELECT number, at, actor, target, verb, value, reason FROM case_op ORDER BY number")
    yield from (Op(*row) for row in rows)


def has_steps(connection: sqlite3.Connection) -> bool:
    """Tell whether a store has the table of steps: a program of before did not make it."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'case_op'").fetchone() is not None


def verify_steps(connection: sqlite3.Connection) -> Fault | None:
    """Compare steps with what a log that was verified before commits to; return the first that is not as it was."""
    rows = connection.execute(
        'SELECT entry FROM log WHERE instr(entry, \'"do":"case"\') OR instr(entry, \'"do":"mark"\') ORDER BY number'
    ).fetchall()
    logged = {facts["number"]: facts["digest"] for (entry,) in rows if (facts := json.loads(entry).get("with"))}
    salts = dict(connection.execute("SELECT number, salt FROM case_op")) if logged or has_steps(connection) else {}
    kept = {op.number: op for op in ops(connection)}
    for number in sorted({*logged, *kept}):
        if number not in kept:
            return Fault("removed", "step", number, f"step {number} of the casebook is not there")
        if number not in logged:
            return Fault("inserted", "step", number, f"step {number} of the casebook is not in the log: it was put in")
        if commitment(salts[number], _told(kept[number])) != logged[number]:
            return Fault("edited", "step", number, f"step {number} of the casebook is not as it was written")
    return None


def _against(before: Standing, target: str, verb: str, value: str) -> str:
    """Return what speaks against a step; the empty text where nothing does."""
    if verb not in VERBS:
        return f"`{verb}` is no step"
    if verb == "state" and value not in STATES[before.state]:
        return f"{target} is {before.state}: {', '.join(STATES[before.state])} may follow, not {value}"
    if verb in {"add", "remove"} and not target.startswith(CASE):
        return f"{target} is no case: only a case has members that can be added and removed"
    return f"{value} is not in {target}" if verb == "remove" and value not in before.members else ""


def _after(before: Standing, op: Op) -> Standing:
    match op.verb:
        case "open" | "tip":
            after = replace(before, title=op.value, tip=op.verb == "tip")
        case "state":
            after = replace(before, state=op.value, until_grown=0)
        case "add":
            after = replace(before, members=(*(one for one in before.members if one != op.value), op.value))
        case "remove":
            after = replace(before, members=tuple(one for one in before.members if one != op.value))
        case "note":
            after = replace(before, notes=(*before.notes, op.value))
        case "until-grown":
            after = replace(before, until_grown=int(op.value))
        case "verdict":
            after = replace(before, verdict=op.value)
        case "owner":
            after = replace(before, owner=op.value)
        case _:
            after = replace(before, due=op.value)
    return replace(after, steps=(*before.steps, op))


def _keep(  # noqa: PLR0917 - what a step is made of
    writing: Writing, actor: str, target: str, verb: str, value: str, reason: str
) -> Op:
    salted, at = salt(), writing.log.at
    cursor = writing.connection.execute(
        "INSERT INTO case_op (at, actor, target, verb, value, reason, salt) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (at, actor, target, verb, value, reason, salted),
    )
    op = Op(int(cursor.lastrowid or 0), at, actor, target, verb, value, reason)
    # Notes and reasons speak of people: the log holds a commitment to them, as of events.
    detail = {"number": op.number, "verb": verb, "digest": commitment(salted, _told(op))}
    writing.log.append(Entry("case" if target.startswith(CASE) else "mark", by=actor, of=target, more={"with": detail}))
    return op


def _told(op: Op) -> bytes:
    """Return the bytes of a step that the log commits to."""
    return canonical(asdict(op))
