"""Comparing what lies in the store with what its log vouches for: events, their index, their postings, outcomes."""

from __future__ import annotations

import json
import re
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final, NamedTuple

from dlp_proxy.evidence.checkpoint import Checkpoint, Verifier
from dlp_proxy.evidence.entry import commitment
from dlp_proxy.evidence.ocsf import tokens_digest
from dlp_proxy.evidence.verify import Fault, LogReport, sizes_asked_for, verify_stretches
from dlp_proxy.model.event import Identity
from dlp_proxy.stores.sqlite.log import notes
from dlp_proxy.stores.sqlite.log_reading import last_of, stretches
from dlp_proxy.stores.sqlite.side_by_side import how_many, read_side_by_side

_WORTH: Final = 10_000
"""Entries of the log that are worth a process of their own: each is compared with rows of several tables."""
_LEAST: Final = -(2**63)

_SEEN: Final = re.compile(rb'"commit":"([0-9a-f]{64})","do":"(?:seen|adopted)".*"of":"([^"]*)","sequence":(\d+)}')


@dataclass(frozen=True, slots=True)
class Contents:
    """What was compared: `events` that are there, `forgotten` ones that the log says were purged."""

    fault: Fault | None = None
    events: int = 0
    forgotten: int = 0
    postings: int = 0
    outcomes: int = 0


class _FoundError(Exception):
    def __init__(self, kind: str, where: str, number: int, says: str) -> None:
        super().__init__(says)
        self.fault = Fault(kind, where, number, says)  # type: ignore[arg-type]


def verify_entries(
    connection: sqlite3.Connection, verifier: Verifier, anchors: Sequence[Checkpoint] = (), processes: int = 0
) -> LogReport:
    """Verify the log of a store, from its first entry to its last; with so many processes, or as many as are worth it.

    Where it is long, the process must have no other thread.
    """
    signed = notes(connection)

    def elsewhere(number: int, row: int) -> int | None:
        found = connection.execute(
            "SELECT number FROM log WHERE number <> ? AND instr(entry, ?) LIMIT 1", (row, b'"n":%d,"of":' % number)
        ).fetchone()
        return None if found is None else int(found[0])

    read = stretches(connection, sizes_asked_for(signed, anchors), processes)
    return verify_stretches(read, signed, verifier, anchors, elsewhere)


def verify_contents(connection: sqlite3.Connection, processes: int = 0) -> Contents:
    """Compare events, postings and outcomes with a log that was verified before; stop at the first fault.

    Args:
        connection: by which the store is seen as of one moment.
        processes: that compare at once; 0 for as many as there are cores and work for. Where there are several, this
            one must have no other thread.
    """
    asked = _pieces(connection, processes)
    pieces = list(read_side_by_side(connection, _compare, asked))
    for number, (one, again) in enumerate(zip(pieces, asked, strict=True)):
        # Another process saw the store a moment later: what has been purged since is no fault.
        if one.in_events or one.in_outcomes:
            pieces[number] = _compare(connection, again)
    faults = [one.in_events for one in pieces] + [one.in_outcomes for one in pieces]
    fault = next((one for one in faults if one is not None), None)
    outcomes = sum(one.outcomes for one in pieces)
    (there,) = connection.execute("SELECT count(*) FROM outcome").fetchone()
    if fault is None and there != outcomes:
        fault = Fault("inserted", "outcome", 0, "there are outcomes that are not in the log")
    if fault is not None:
        return Contents(fault)
    return Contents(
        events=sum(one.events for one in pieces),
        forgotten=sum(one.forgotten for one in pieces),
        postings=sum(one.postings for one in pieces),
        outcomes=outcomes,
    )


def purged(connection: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """Yield the stretches of sequences that were forgotten by retention, as the log says."""
    for (entry,) in connection.execute("SELECT entry FROM log WHERE instr(entry, ?)", (b'"do":"purge"',)):
        yield from ((first, last) for first, last in json.loads(entry).get("events", ()))


class _Piece(NamedTuple):
    """The entries of the log behind number `after` up to `last`; events behind sequence `above` up to `upto`."""

    after: int
    last: int
    above: int
    upto: int
    purged: list[tuple[int, int]]


@dataclass(slots=True)
class _Compared:
    """What came of a piece: the first fault in its events, or else in its outcomes, and how much was compared."""

    in_events: Fault | None = None
    in_outcomes: Fault | None = None
    events: int = 0
    forgotten: int = 0
    postings: int = 0
    outcomes: int = 0


def _pieces(connection: sqlite3.Connection, processes: int) -> list[_Piece]:
    """Return what is compared at once. Events have their sequences in the order in which the log has them."""
    last = last_of(connection)
    many = how_many(connection, last, _WORTH, processes)
    gone = list(purged(connection))
    ends = [(_LEAST, _LEAST)]
    for number in range(1, many):
        at = number * last // many
        ends.append((at, _sequence_before(connection, at)))
    ends.append((last, 2**63 - 1))
    return [_Piece(after, upto, above, least, gone) for (after, above), (upto, least) in pairwise(ends)]


def _sequence_before(connection: sqlite3.Connection, number: int) -> int:
    """Return the sequence of the last event that the log had at entry `number`."""
    logged = "SELECT entry FROM log WHERE number <= ? AND instr(entry, '\"commit\":') ORDER BY number DESC"
    for (entry,) in connection.execute(logged, (number,)):
        if found := _SEEN.search(entry):
            return int(found[3])
    return _LEAST


def _compare(connection: sqlite3.Connection, piece: _Piece) -> _Compared:
    done = _Compared()
    try:
        _events(connection, piece, done)
    except _FoundError as found:
        done.in_events = found.fault
        return done
    try:
        _outcomes(connection, piece, done)
    except _FoundError as found:
        done.in_outcomes = found.fault
    return done


def _events(connection: sqlite3.Connection, piece: _Piece, done: _Compared) -> None:
    postings = _Postings(connection, piece)
    gone = _Stretches(piece.purged)
    logged = connection.execute(
        "SELECT entry FROM log WHERE number > ? AND number <= ? AND instr(entry, '\"commit\":') ORDER BY number",
        (piece.after, piece.last),
    )
    kept = connection.execute(
        "SELECT sequence, uid, time, light, user, device, site, action, would, rule, records, bytes, coverage, json,"
        " salt FROM event LEFT JOIN record ON record.event = sequence WHERE sequence > ? AND sequence <= ?"
        " ORDER BY sequence",
        (piece.above, piece.upto),
    )
    row = next(kept, None)
    for (entry,) in logged:
        found = _SEEN.search(entry)
        if found is None:
            continue
        commit, uid, sequence = found[1].decode(), found[2].decode(), int(found[3])
        if row is not None and row[0] < sequence:
            raise _FoundError("inserted", "event", row[0], f"event {row[0]} is not in the log: it was put in")
        if row is None or row[0] != sequence:
            if sequence not in gone:
                raise _FoundError("removed", "event", sequence, f"event {sequence} ({uid}) is not there")
            done.forgotten += 1
            continue
        if row[-1] is None:
            raise _FoundError("removed", "event", sequence, f"the record of event {sequence} ({uid}) is not there")
        if commitment(row[-1], row[-2]) != commit:
            raise _FoundError("edited", "event", sequence, f"event {sequence} ({uid}) is not as it was written")
        kept_as = json.loads(row[-2])
        if _columns(kept_as) != row[1:-2]:
            says = f"event {sequence} ({uid}) stands in the index as something else than it is"
            raise _FoundError("edited", "event", sequence, says)
        postings.compare(sequence, kept_as["unmapped"]["dlp"]["tokens"]["digest"])
        done.events += 1
        row = next(kept, None)
    if row is not None:
        raise _FoundError("inserted", "event", row[0], f"event {row[0]} is not in the log: it was put in")
    done.postings = postings.count


def _columns(record: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what the index must say of a record."""
    body = record["unmapped"]["dlp"]
    own = body["event"]
    return (
        *(own["uid"], own["time"], int(own["light"]), own["user"]),
        (body.get("identity") or {}).get("device", ""),
        *(own["site"], own["action"], own["would"], own["rule"], own["records"]),
        (body.get("request") or {}).get("bytes", 0),
        (body.get("coverage") or {}).get("inspected", ""),
    )


class _Postings:
    """The postings of one event after the other, as they lie in the store, compared with the digests of records."""

    def __init__(self, connection: sqlite3.Connection, piece: _Piece) -> None:
        rows = connection.execute(
            "SELECT p.event, p.record, p.role, t.kind, t.value FROM posting p JOIN token t ON t.number = p.token"
            " WHERE p.event > ? AND p.event <= ? ORDER BY p.event",
            (piece.above, piece.upto),
        )
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)
        self.count = 0

    def compare(self, sequence: int, digest: str) -> None:
        """Compare an event's; events come in rising order."""
        identities: tuple[Identity, ...] = ()
        if self._next is not None and self._next[0] == sequence:
            identities = tuple(
                Identity(kind, value, bool(role & 1), record, bool(role & 2))
                for _, record, role, kind, value in self._next[1]
            )
            self._next = next(self._groups, None)
        if tokens_digest(identities) != digest:
            says = f"the postings of event {sequence} are not those that its record speaks of"
            raise _FoundError("edited", "event", sequence, says)
        self.count += len(identities)


def _outcomes(connection: sqlite3.Connection, piece: _Piece, done: _Compared) -> None:
    logged = connection.execute(
        'SELECT number, entry FROM log WHERE number > ? AND number <= ? AND instr(entry, \'"do":"outcome"\')'
        " ORDER BY number",
        (piece.after, piece.last),
    )
    for number, entry in logged:
        said = json.loads(entry)
        row = connection.execute(
            "SELECT disposition, fate, released, status, time FROM outcome WHERE uid = ?", (said["of"],)
        ).fetchone()
        if row is None:
            if connection.execute("SELECT 1 FROM event WHERE uid = ?", (said["of"],)).fetchone():
                raise _FoundError("removed", "outcome", number, f"the outcome of {said['of']} is not there")
        elif row != (said["disposition"], said["fate"], said["sent"], said["status"], said["time"]):
            raise _FoundError("edited", "outcome", number, f"the outcome of {said['of']} is not as it was written")
        else:
            done.outcomes += 1


class _Stretches:
    """Numbers in stretches, asked for in rising order or not."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._stretches = sorted(stretches)
        self._starts = [first for first, _ in self._stretches]

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._starts, number) - 1
        return at >= 0 and self._stretches[at][1] >= number
