from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.model.totals import Series
from dlp_proxy.stores.ports import IncidentRow, Kept, StoreError, as_json
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.windows.windows import Sighting

SERIES = Series("bulk", "li")


def event(number: int, action: str = "block", user: str = "li", time: float = 1_000.0) -> Event:
    return Event(
        uid=f"01TEST{number:020d}",
        time=time,
        user=user,
        site="pan.example",
        action=action,
        would=action,
        rule="bulk" if action != "allow" else "",
        records=1,
        body={"note": "订单"},
        identities=(Identity("order", number.to_bytes(16, "big"), True), Identity("phone", b"p" * 16, False)),
    )


def events(path: Path) -> list[Kept]:
    with SqliteReader(path) as reader:
        return list(reader.events())


def incidents(path: Path) -> list[IncidentRow]:
    with SqliteReader(path) as reader:
        return list(reader.incidents(10))


def sightings(path: Path, since: float) -> list[Sighting]:
    with SqliteReader(path) as reader:
        return list(reader.sightings(since))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


def test_an_event_is_read_back_as_it_was_kept(store: SqliteStore, path: Path) -> None:
    incident = store.record(event(1), []).result(10)
    store.outcome(Outcome(event(1).uid, 1_001.0, "blocked", 0, 0))
    store.close()
    (kept,) = events(path)
    assert (kept.sequence, kept.incident) == (1, incident)
    assert kept.event == replace(event(1), identities=())
    assert kept.outcome == Outcome(event(1).uid, 1_001.0, "blocked")
    assert as_json(kept)["note"] == "订单"


def test_events_of_one_person_and_rule_within_a_day_are_one_incident(store: SqliteStore, path: Path) -> None:
    day = 24 * 3600
    first = store.record(event(1, time=0), []).result(10)
    assert store.record(event(2, time=day - 1), []).result(10) == first
    assert store.record(event(3, time=3 * day), []).result(10) != first
    assert store.record(event(4, user="zhang", time=5), []).result(10) not in {first, ""}
    rows = {row.incident: row for row in incidents(path)}
    assert len(rows) == 3
    assert (rows[first].events, rows[first].records) == (2, 2)


def test_what_stayed_under_every_limit_opens_no_incident(store: SqliteStore) -> None:
    assert store.record(event(1, action="counted"), []).result(10) == ""


def test_a_customer_sent_twice_is_one_customer_of_the_incident(store: SqliteStore, path: Path) -> None:
    store.record(event(1), []).result(10)
    store.record(replace(event(1), uid="01OTHER"), []).result(10)
    (row,) = incidents(path)
    assert (row.events, row.records) == (2, 1)


def test_sightings_come_back_with_their_last_time(store: SqliteStore, path: Path) -> None:
    store.record(event(1), [Sighting(SERIES, b"a" * 16, 5.0), Sighting(SERIES, b"b" * 16, 6.0)]).result(10)
    store.record(event(2), [Sighting(SERIES, b"a" * 16, 9.0)]).result(10)
    assert sightings(path, 0) == [Sighting(SERIES, b"b" * 16, 6.0), Sighting(SERIES, b"a" * 16, 9.0)]
    assert sightings(path, 7) == [Sighting(SERIES, b"a" * 16, 9.0)]


def test_one_bad_write_does_not_take_others_with_it(store: SqliteStore, path: Path) -> None:
    store.record(event(1), []).result(10)
    writes = [store.record(event(number), []) for number in (2, 1, 3)]
    assert writes[0].exception(10) is None
    assert isinstance(writes[1].exception(10), StoreError)
    assert writes[2].exception(10) is None
    assert [kept.sequence for kept in events(path)] == [1, 2, 3]


def test_many_threads_lose_nothing_and_leave_no_gap_in_the_numbers(store: SqliteStore, path: Path) -> None:
    def write(base: int) -> None:
        for number in range(50):
            store.record(event(base + number), []).result(30)

    threads = [threading.Thread(target=write, args=(base,)) for base in (1000, 2000, 3000, 4000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [kept.sequence for kept in events(path)] == list(range(1, 201))


def test_a_caller_that_gives_up_does_not_lose_the_record_or_stop_the_store(store: SqliteStore, path: Path) -> None:
    waiting = [store.record(event(number), []) for number in range(20)]
    assert [one.cancel() for one in waiting] == [False] * 20
    store.record(event(99), []).result(10)
    assert len(events(path)) == 21


def test_a_closed_store_refuses_instead_of_dropping(store: SqliteStore) -> None:
    store.close()
    assert isinstance(store.record(event(1), []).exception(10), StoreError)
    assert not store.writable()


def test_a_store_whose_file_cannot_grow_says_so(path: Path) -> None:
    store = SqliteStore(path)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count={pages}")
    errors = [store.record(event(number, time=number * 1e6), []).exception(10) for number in range(200)]
    assert any(isinstance(error, StoreError) and "full" in str(error) for error in errors)
    store.close()


def test_every_event_whose_record_was_answered_survives_kill_9(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.stores.test_sqlite_store import event, SqliteStore\n"
        "store = SqliteStore(Path(sys.argv[1]))\n"
        "for number in range(int(sys.argv[2]), 10**6):\n"
        "    store.record(event(number), []).result(10); print(number, flush=True)\n"
    )
    answered: list[int] = []
    for turn in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(path), str(turn * 100_000)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        for line in process.stdout:
            answered.append(int(line))
            if len(answered) % 40 == 0:
                break
        os.kill(process.pid, signal.SIGKILL)
        answered += [int(line) for line in process.stdout if line.endswith("\n")]
        process.stdout.close()
        process.wait()
    kept = {kept.event.uid for kept in events(path)}
    assert [number for number in answered if event(number).uid not in kept] == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(answered) >= 200


def test_a_file_of_a_newer_program_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(StoreError, match="shape 99"):
        SqliteStore(path)


def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"not a database, but somebody's evidence" * 100)
    with pytest.raises(StoreError, match="not a database"):
        SqliteStore(path)
    assert path.read_bytes().startswith(b"not a database")


def test_reading_where_no_proxy_ran_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="--state"):
        SqliteReader(tmp_path / "events.db")


def test_the_file_is_for_its_owner_alone(store: SqliteStore, path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0
