"""From the name of an incident, a case or an event to the transfers in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from dlp_proxy.incidents.casebook import CASE, Standing, cases_in, standings
from dlp_proxy.incidents.grouped import VERSION, Grouped, Version
from dlp_proxy.incidents.kept_grouping import kept_or_grouped


class UnknownNameError(Exception):
    """There is nothing of that name."""


def events_named(connection: sqlite3.Connection, name: str, sanctioned: Iterable[str] = ()) -> tuple[int, ...]:
    """Return the sequences of the events of an incident, of a case with all its members, or of one event.

    Of a ring these are the transfers that made it one: a ring's own event is no transfer.

    Raises:
        UnknownNameError: there is nothing of that name; a case without members has none of its events.
    """
    if name.startswith(CASE):
        case = standings(connection).get(name)
        if case is None:
            raise UnknownNameError(f"there is no case {name}")
        there, lost = events_of_members(connection, case, sanctioned)
        if lost and not there:
            raise UnknownNameError(f"retention has forgotten all members of {name}: {', '.join(lost)}")
        return there
    if name.startswith("inc-"):
        some = _events(connection, "incident = ?", name)
    elif "-" in name:
        found = kept_or_grouped(connection, sanctioned)[0].found
        some = next((one.events for one in found if one.id == name), ())
    else:
        some = _events(connection, "uid = ?", name)
    if not some:
        grouping = " as it is grouped now, with these sanctioned destinations" * ("-" in name)
        raise UnknownNameError(f"there is no incident, case or event {name}{grouping}")
    return _opened(connection, some)


def events_of_members(
    connection: sqlite3.Connection, case: Standing, sanctioned: Iterable[str] = ()
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the sequences of the events of a case's members, and the members that are gone: these hide no other."""
    known, there, lost = tuple(sanctioned), set[int](), []
    marked = standings(connection)
    # Cases within it are opened here, each once: in a store of before they may hold each other.
    inner = {one for member in case.members for one in cases_in(marked, member)}
    members = {one: None for name in sorted(inner) for one in marked.get(name, Standing()).members}
    for member in (*case.members, *members):
        if member in inner:
            continue
        try:
            there.update(events_named(connection, member, known))
        except UnknownNameError:
            lost.append(member)
    return tuple(sorted(there)), tuple(dict.fromkeys(lost))


def lost_members(connection: sqlite3.Connection, name: str, sanctioned: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the members of a case whose events retention has forgotten; none for what is no case."""
    case = standings(connection).get(name) if name.startswith(CASE) else None
    return () if case is None else events_of_members(connection, case, sanctioned)[1]


def incident_named(
    connection: sqlite3.Connection, name: str, sanctioned: Iterable[str] = (), version: Version = VERSION
) -> Grouped | None:
    """Return an incident as a version of grouping has it; None for a case, an event, a ring."""
    found = kept_or_grouped(connection, sanctioned, version)[0].found
    return next((one for one in found if one.id == name), None)


def _events(connection: sqlite3.Connection, condition: str, name: str) -> tuple[int, ...]:
    rows = connection.execute(f"SELECT sequence FROM event WHERE {condition} ORDER BY sequence", (name,))  # noqa: S608 - constants
    return tuple(sequence for (sequence,) in rows)


def _opened(connection: sqlite3.Connection, some: tuple[int, ...]) -> tuple[int, ...]:
    """Return events with those of rings replaced by the transfers of their people that hold what they shared."""
    rings = connection.execute(
        "SELECT e.sequence, json_extract(r.json, '$.unmapped.dlp.people') FROM event e"
        " JOIN record r ON r.event = e.sequence WHERE e.coverage = ''"
        " AND e.sequence IN (SELECT value FROM json_each(?))"
        " AND json_extract(r.json, '$.unmapped.dlp.kind') = 'ring'",
        (json.dumps(some),),
    ).fetchall()
    opened = set(some)
    for sequence, people in rings:
        opened.discard(sequence)
        rows = connection.execute(
            "SELECT DISTINCT e.sequence FROM posting mine JOIN posting p ON p.token = mine.token"
            " JOIN event e ON e.sequence = p.event WHERE mine.event = ?1 AND e.coverage <> '' AND e.sequence < ?1"
            " AND e.user IN (SELECT value FROM json_each(?2))",
            (sequence, people or "[]"),
        )
        opened.update(one for (one,) in rows)
    return tuple(sorted(opened))
