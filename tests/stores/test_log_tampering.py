"""The tamper matrix: whatever somebody who owns the file does to it, the first fault is named, with its place."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.evidence.checkpoint import Checkpoint, Signer, checkpoint_of
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.evidence.merkle import AT_ONCE, FIRST
from dlp_proxy.evidence.stretch import read_stretch
from dlp_proxy.evidence.verify import LogReport, verify_stretches
from dlp_proxy.stores.sqlite import side_by_side
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.log import Log, keep_node, notes
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.verify import verify_contents, verify_entries
from tests.stores.kept import (
    NODE,
    SIGNER,
    VERIFIER,
    contents,
    event,
    fill,
    first_fault,
    log_report,
    rebuild,
    tampering,
)

type Change = str | Callable[[sqlite3.Connection], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of ten events: entries 1 to 22, checkpoints over 8 and 17."""
    path = tmp_path_factory.mktemp("log") / "events.db"
    fill(path, [event(number) for number in range(10)], sign_after=(3, 7))
    return path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "events.db"))


def outside(path: Path) -> Checkpoint:
    """Return the last checkpoint, as it would lie in somebody else's drawer."""
    with SqliteReader(path) as reader:
        return checkpoint_of(notes(reader.connection)[-1][1], VERIFIER)


def test_what_nobody_touched_is_whole(path: Path) -> None:
    assert first_fault(path) is None
    report = log_report(path, [outside(path)])
    assert (report.entries, report.checkpoints, report.signed, report.anchored) == (22, 2, 17, 17)


def say(connection: sqlite3.Connection, number: int, old: bytes, new: bytes) -> None:
    (entry,) = connection.execute("SELECT entry FROM log WHERE number = ?", (number,)).fetchone()
    assert old in entry
    connection.execute("UPDATE log SET entry = ? WHERE number = ?", (entry.replace(old, new, 1), number))


def put_in(connection: sqlite3.Connection, number: int, *, honest_number: bool) -> None:
    connection.execute("UPDATE log SET number = -number - 1 WHERE number >= ?", (number,))
    connection.execute("UPDATE log SET number = -number WHERE number < 0")
    entry = b'{"at":1764000000000,"by":"proxy","do":"view","n":%d,"of":""}' % number
    connection.execute("INSERT INTO log VALUES (?, ?, ?)", (number, entry, b"h" * 32))
    if honest_number:
        rebuild(connection)


def move_up(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("DELETE FROM log WHERE number = ?", (number,))
    connection.execute("UPDATE log SET number = number - 1 WHERE number > ?", (number,))


def swap(connection: sqlite3.Connection, one: int, other: int) -> None:
    for before, after in ((one, -1), (other, one), (-1, other)):
        connection.execute("UPDATE log SET number = ? WHERE number = ?", (after, before))


LOG: list[tuple[str, tuple[Change, ...], str, str, int]] = [
    ("flip a bit of an entry", (lambda c: say(c, 5, b'"by":"proxy"', b'"by":"prOxy"'),), "edited", "entry", 5),
    ("flip a bit of a hash", ("UPDATE log SET hash = zeroblob(32) WHERE number = 5",), "edited", "entry", 5),
    ("another time", (lambda c: say(c, 5, b'{"at":1', b'{"at":2'),), "edited", "entry", 5),
    ("no json", ("UPDATE log SET entry = x'00' WHERE number = 5",), "edited", "entry", 5),
    ("delete", ("DELETE FROM log WHERE number = 5",), "removed", "entry", 5),
    ("delete several", ("DELETE FROM log WHERE number BETWEEN 5 AND 7",), "removed", "entry", 5),
    ("delete the first", ("DELETE FROM log WHERE number = 1",), "removed", "entry", 1),
    ("delete and move up", (lambda c: move_up(c, 5),), "removed", "entry", 5),
    ("delete, move up and rebuild", (lambda c: move_up(c, 5), rebuild), "removed", "entry", 5),
    ("insert", (lambda c: put_in(c, 5, honest_number=False),), "inserted", "entry", 5),
    ("insert and rebuild", (lambda c: put_in(c, 5, honest_number=True),), "inserted", "entry", 5),
    ("reorder", (lambda c: swap(c, 5, 11),), "reordered", "entry", 5),
    ("reorder and rebuild", (lambda c: swap(c, 5, 11), rebuild), "reordered", "entry", 5),
    ("edit and rebuild", (lambda c: say(c, 5, b'"by":"proxy"', b'"by":"prOxy"'), rebuild), "rebuilt", "entry", 1),
    ("edit later and rebuild", (lambda c: say(c, 12, b'"sequence":6', b'"sequence":9'), rebuild),
        "rebuilt", "entry", 9),
    ("cut the end", ("DELETE FROM log WHERE number > 15",), "truncated", "entry", 16),
    ("cut the end back to a checkpoint", ("DELETE FROM log WHERE number > 8",), "truncated", "entry", 9),
    ("cut everything", ("DELETE FROM log",), "truncated", "entry", 1),
    ("take a checkpoint out", ("DELETE FROM checkpoint WHERE size = 17",), "removed", "checkpoint", 17),
    ("change a checkpoint", ("UPDATE checkpoint SET note = replace(note, '17', '16') WHERE size = 17",),
        "forged", "checkpoint", 17),
    ("a hole in the numbers", ("UPDATE log SET number = number + 100 WHERE number > 20",), "removed", "entry", 21),
    ("move a checkpoint", ("UPDATE checkpoint SET size = 16 WHERE size = 17",), "forged", "checkpoint", 16),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "kind", "where", "number"), [pytest.param(*one[1:], id=one[0]) for one in LOG])
def test_a_change_of_the_log_is_named_with_its_place(
    path: Path, changes: tuple[Change, ...], kind: str, where: str, number: int
) -> None:
    tampering(path, *changes)
    fault = first_fault(path)
    assert fault is not None
    assert (fault.kind, fault.where, fault.number) == (kind, where, number), fault.says


COPIED = "time, light, user, device, site, action, would, rule, records, bytes, coverage, incident"
FLIPPED = "CAST(replace(CAST(json AS TEXT), '10.0.0.7', '10.0.0.8') AS BLOB)"
EVENTS: list[tuple[str, str, str, str, int]] = [
    ("flip", f"UPDATE record SET json = {FLIPPED} WHERE event = 4", "edited", "event", 4),
    ("another salt", "UPDATE record SET salt = zeroblob(16) WHERE event = 4", "edited", "event", 4),
    ("somebody else in the index", "UPDATE event SET user = 'wu' WHERE sequence = 4", "edited", "event", 4),
    ("another action in the index", "UPDATE event SET action = 'allow' WHERE sequence = 4", "edited", "event", 4),
    ("delete", "DELETE FROM event WHERE sequence = 4", "removed", "event", 4),
    ("delete the record", "DELETE FROM record WHERE event = 4", "removed", "event", 4),
    ("delete the last", "DELETE FROM event WHERE sequence = 10", "removed", "event", 10),
    ("insert", f"INSERT INTO event SELECT 11, 'x', {COPIED} FROM event WHERE sequence = 4", "inserted", "event", 11),
    ("reorder", "UPDATE event SET sequence = iif(sequence = 4, -5, 4) WHERE sequence IN (4, 5)",
        "inserted", "event", -5),
    ("take a posting out", "DELETE FROM posting WHERE event = 4 AND role = 0", "edited", "event", 4),
    ("take all postings out", "DELETE FROM posting WHERE event = 4", "edited", "event", 4),
    ("another customer", "UPDATE token SET value = CAST('0123456789abcdef' AS BLOB) WHERE number = 7",
        "edited", "event", 4),
    ("not counted", "UPDATE posting SET role = 0 WHERE event = 4", "edited", "event", 4),
    ("another outcome", "UPDATE outcome SET fate = 'accepted' WHERE uid LIKE '%03'", "edited", "outcome", 8),
    ("no outcome", "DELETE FROM outcome WHERE uid LIKE '%03'", "removed", "outcome", 8),
    ("one more outcome", "INSERT INTO outcome VALUES ('x', 0, 'blocked', 0, 0, 'blocked')", "inserted", "outcome", 0),
]  # fmt: skip


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize(("change", "kind", "where", "number"), [pytest.param(*one[1:], id=one[0]) for one in EVENTS])
def test_a_change_of_what_is_kept_is_named_with_its_place(
    path: Path, change: str, kind: str, where: str, number: int, processes: int
) -> None:
    tampering(path, change)
    assert log_report(path).fault is None
    fault = contents(path, processes).fault
    assert fault is not None
    assert (fault.kind, fault.where, fault.number) == (kind, where, number), fault.says


def test_what_is_kept_is_counted_alike_by_one_process_and_by_several(path: Path) -> None:
    one, two, three, many = (contents(path, processes) for processes in (1, 2, 3, 40))
    assert (one.fault, one.events, one.postings, one.outcomes) == (None, 10, 20, 10)
    assert [two, three, many] == [one, one, one]


def test_what_is_purged_while_it_is_compared_is_no_fault(path: Path) -> None:
    with SqliteReader(path) as reader:
        reader.connection.execute("BEGIN")
        reader.connection.execute("SELECT count(*) FROM event").fetchone()
        tampering(path, *(f"DELETE FROM {table} WHERE event = 2" for table in ("posting", "record")))
        tampering(path, "DELETE FROM event WHERE sequence = 2")
        assert contents(path, 3).fault is not None
        assert verify_contents(reader.connection, 3).events == 10


def test_a_log_cut_with_its_checkpoints_is_only_seen_from_outside(path: Path) -> None:
    anchor = outside(path)
    cut = ("log WHERE number > 8", "checkpoint WHERE size > 8", "event WHERE sequence > 4", "posting WHERE event > 4",
        "outcome WHERE uid > '01TEST00000000000000000003'")  # fmt: skip
    tampering(path, *(f"DELETE FROM {one}" for one in cut))
    assert first_fault(path) is None
    fault = first_fault(path, [anchor])
    assert fault is not None
    assert (fault.kind, fault.number) == ("truncated", 9)


def test_a_log_made_anew_with_the_stolen_key_is_only_seen_from_outside(path: Path, tmp_path: Path) -> None:
    anchor = outside(path)
    other = tmp_path / "other.db"
    fill(other, [event(number + 50) for number in range(10)], sign_after=(3, 7))
    assert first_fault(other) is None
    fault = first_fault(other, [anchor])
    assert fault is not None
    assert (fault.kind, fault.where, fault.number) == ("rebuilt", "entry", 9)


def test_a_checkpoint_that_another_key_signed_is_forged(path: Path) -> None:
    note = Signer(VERIFIER.name, b"o" * 32).sign(Checkpoint(VERIFIER.name, 17, b"r" * 32, 1).text)
    tampering(path, lambda connection: connection.execute("UPDATE checkpoint SET note = ? WHERE size = 17", (note,)))
    fault = first_fault(path)
    assert fault is not None
    assert (fault.kind, fault.where, fault.number) == ("forged", "checkpoint", 17)


def test_a_checkpoint_of_another_log_is_forged_though_our_key_signed_it(path: Path) -> None:
    own = outside(path)
    note = SIGNER.sign(replace(own, origin="dlp_proxy/elsewhere/log").text)
    tampering(path, lambda connection: connection.execute("UPDATE checkpoint SET note = ? WHERE size = 17", (note,)))
    fault = first_fault(path)
    assert fault is not None
    assert (fault.kind, fault.where, fault.number) == ("forged", "checkpoint", 17)
    assert "17 entries of dlp_proxy/elsewhere/log" in fault.says


LONG = 3 * AT_ONCE + 500
"""Entries of a log that is read in three stretches, of one block each but for the last."""


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of nothing but signs of life, signed now and then, with a silence and a clock that went back."""
    path = tmp_path_factory.mktemp("log") / "events.db"
    times = {AT_ONCE: 400_000, 2 * AT_ONCE + 7: -5_000, 2 * AT_ONCE + 9: 900_000}
    with closing(open_for_writing(path)) as connection, transaction(connection):
        keep_node(connection, NODE)
        log = Log(connection, 1_764_000_000_000)
        log.append(Entry("start", more={"worker": "w2"}))
        for number in range(2, LONG):
            log.at += times.get(number, 1_000)
            log.append(Entry("heartbeat" if number % 50 else "stop", more={"worker": "w1"}))
            if number in {700, AT_ONCE, 2 * AT_ONCE + 1, LONG - 100}:
                log.sign(SIGNER)
    return path


def reports(path: Path) -> list[LogReport]:
    with SqliteReader(path) as reader:
        return [verify_entries(reader.connection, VERIFIER, processes=processes) for processes in (1, 2, 3)]


def test_a_log_read_in_stretches_is_read_as_in_one(long: Path) -> None:
    whole, *parted = reports(long)
    assert (whole.fault, whole.entries, whole.checkpoints) == (None, LONG + 3, 4)
    assert len(whole.blind) == 2
    assert len(whole.oddities) == 2  # the clock, and a proxy that never was heard of again
    assert parted == [whole, whole]


EDGES = (5, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE + 1, LONG - 150)
SPOILT: list[tuple[str, Callable[[int], tuple[Change, ...]]]] = [
    ("flip", lambda n: (lambda c: say(c, n, b'"do"', b'"dO"'),)),
    ("another hash", lambda n: (f"UPDATE log SET hash = zeroblob(32) WHERE number = {n}",)),
    ("untimed", lambda n: (lambda c: say(c, n, b'{"at":1', b'{"at":x'), rebuild)),
    ("delete", lambda n: (f"DELETE FROM log WHERE number = {n}",)),
    ("delete and move up", lambda n: (lambda c: move_up(c, n),)),
    ("edit and rebuild", lambda n: (lambda c: say(c, n, b'"by":"proxy"', b'"by":"prOxy"'), rebuild)),
    ("swap", lambda n: (lambda c: swap(c, n, n - 3 if n > 3 else n + 3),)),
    ("cut", lambda n: (f"DELETE FROM log WHERE number > {n}",)),
    ("before all", lambda _: ("UPDATE log SET number = -7 WHERE number = 900",)),
]


@pytest.mark.parametrize("change", [pytest.param(one, id=name) for name, one in SPOILT])
@pytest.mark.parametrize("number", EDGES)
def test_in_stretches_the_same_fault_is_found_at_the_same_place(
    long: Path, tmp_path: Path, number: int, change: Callable[[int], tuple[Change, ...]]
) -> None:
    path = Path(shutil.copy(long, tmp_path / "events.db"))
    tampering(path, *change(number))
    one, *others = [report.fault for report in reports(path)]
    assert one is not None
    assert others == [one, one]


def test_stretches_that_do_not_follow_each_other_are_a_fault(long: Path) -> None:
    with SqliteReader(long) as reader:
        rows = reader.connection.execute("SELECT number, entry, hash FROM log ORDER BY number").fetchall()
    first = read_stretch(rows[:AT_ONCE], 1, FIRST, ())
    second = read_stretch(rows[AT_ONCE:], AT_ONCE + 1, b"x" * 32, ())
    fault = verify_stretches([first, replace(second, broke=None)], (), VERIFIER, (), lambda *_: None).fault
    assert fault is not None
    assert (fault.kind, fault.number) == ("edited", AT_ONCE)


def test_what_a_process_that_died_should_have_read_is_read_all_the_same(
    long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reports(long)
    monkeypatch.setattr(side_by_side, "_work", lambda *_: None)
    assert reports(long) == whole
