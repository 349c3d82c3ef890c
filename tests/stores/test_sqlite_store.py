from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.model.totals import Observation, Series
from dlp_proxy.stores.ports import IncidentRow, Kept, KeptPass, SharedMemory, StoreError, as_json
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from tests.stores.earlier_shapes import SHAPE_1, SHAPE_2, SHAPE_3

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


def total_of(windows: SharedMemory, now: float, *identities: bytes) -> int:
    return windows.observe(now, [Observation(SERIES, identities, (60,))]).distinct[SERIES, 60]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


def test_an_event_is_read_back_as_it_was_kept(store: SqliteStore, path: Path) -> None:
    incident = store.record(event(1)).result(10)
    store.outcome(Outcome(event(1).uid, 1_001.0, "blocked", 0, 0))
    store.close()
    (kept,) = events(path)
    assert (kept.sequence, kept.incident) == (1, incident)
    assert kept.event == replace(event(1), identities=())
    assert kept.outcome == Outcome(event(1).uid, 1_001.0, "blocked")
    assert as_json(kept)["note"] == "订单"


def test_events_of_one_person_and_rule_within_a_day_are_one_incident(store: SqliteStore, path: Path) -> None:
    day = 24 * 3600
    first = store.record(event(1, time=0)).result(10)
    assert store.record(event(2, time=day - 1)).result(10) == first
    assert store.record(event(3, time=2 * day)).result(10) != first
    assert store.record(event(4, user="zhang", time=5)).result(10) not in {first, ""}
    rows = {row.incident: row for row in incidents(path)}
    assert len(rows) == 3
    assert (rows[first].events, rows[first].records) == (2, 2)


def test_what_stayed_under_every_limit_opens_no_incident(store: SqliteStore) -> None:
    assert store.record(event(1, action="counted")).result(10) == ""


def test_a_customer_sent_twice_is_one_customer_of_the_incident(store: SqliteStore, path: Path) -> None:
    store.record(event(1)).result(10)
    store.record(replace(event(1), uid="01OTHER")).result(10)
    (row,) = incidents(path)
    assert (row.events, row.records) == (2, 1)


def test_what_judging_raises_comes_back_as_it_was_and_leaves_nothing(store: SqliteStore, path: Path) -> None:
    def judge(windows: SharedMemory, now: float) -> tuple[str, Event | None]:
        windows.observe(now, [Observation(SERIES, (b"a" * 16,), (60,))])
        raise KeyError("13800138000")

    assert isinstance(store.settle(judge).exception(10), KeyError)
    assert store.settle(lambda windows, now: (total_of(windows, now), None)).result(10) == (0, "")
    assert events(path) == []


def test_windows_and_event_are_one_commit(store: SqliteStore, path: Path) -> None:
    def judge(windows: SharedMemory, now: float) -> tuple[int, Event | None]:
        return total_of(windows, now, b"a" * 16), event(1)

    assert store.settle(judge).result(10)[0] == 1
    assert isinstance(store.settle(judge).exception(10), StoreError)  # the event's number is taken
    assert store.settle(lambda windows, now: (total_of(windows, now, b"b" * 16), None)).result(10)[0] == 2
    assert len(events(path)) == 1


def test_one_bad_write_does_not_take_others_with_it(store: SqliteStore, path: Path) -> None:
    store.record(event(1)).result(10)
    writes = [store.record(event(number)) for number in (2, 1, 3)]
    assert writes[0].exception(10) is None
    assert isinstance(writes[1].exception(10), StoreError)
    assert writes[2].exception(10) is None
    assert [kept.sequence for kept in events(path)] == [1, 2, 3]


def test_many_threads_lose_nothing_and_leave_no_gap_in_the_numbers(store: SqliteStore, path: Path) -> None:
    def write(base: int) -> None:
        for number in range(50):
            store.record(event(base + number)).result(30)

    threads = [threading.Thread(target=write, args=(base,)) for base in (1000, 2000, 3000, 4000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [kept.sequence for kept in events(path)] == list(range(1, 201))


def test_a_caller_that_gives_up_does_not_lose_the_record_or_stop_the_store(store: SqliteStore, path: Path) -> None:
    waiting = [store.record(event(number)) for number in range(20)]
    assert [one.cancel() for one in waiting] == [False] * 20
    store.record(event(99)).result(10)
    assert len(events(path)) == 21


def test_a_closed_store_refuses_instead_of_dropping(store: SqliteStore) -> None:
    store.close()
    assert isinstance(store.record(event(1)).exception(10), StoreError)
    assert not store.writable()


def test_a_store_whose_file_cannot_grow_says_so(path: Path) -> None:
    store = SqliteStore(path)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count={pages}")
    errors = [store.record(event(number, time=number * 1e6)).exception(10) for number in range(200)]
    assert any(isinstance(error, StoreError) and "full" in str(error) for error in errors)
    store.close()


def test_every_event_whose_record_was_answered_survives_kill_9(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.stores.test_sqlite_store import event, SqliteStore\n"
        "store = SqliteStore(Path(sys.argv[1]))\n"
        "for number in range(int(sys.argv[2]), 10**6):\n"
        "    store.record(event(number)).result(10); print(number, flush=True)\n"
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


def test_a_file_of_shape_1_is_brought_up_to_date_with_its_totals(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SHAPE_1)
        rows = [("bulk", "li", bytes([number]) * 16, 1_000.0 + number) for number in range(3)]
        connection.executemany("INSERT INTO sighting VALUES (?, ?, ?, ?)", [*rows, ("bulk", "zhang", b"z" * 16, 5.0)])
        connection.commit()
    store = SqliteStore(path)
    assert store.settle(lambda windows, _: (total_of(windows, 1_010.0, b"n" * 16), None)).result(10)[0] == 4
    assert store.settle(lambda windows, _: (total_of(windows, 1_061.5), None)).result(10)[0] == 2
    store.close()


def test_a_file_of_shape_2_is_brought_up_to_date(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SHAPE_2)
    store = SqliteStore(path)
    assert store.passes("li", "a.example").result(10) == []
    store.close()


def test_events_of_a_file_of_shape_3_are_read_as_they_were_and_are_in_the_log_as_taken_over(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SHAPE_3)
        connection.execute("INSERT INTO incident VALUES ('inc-1', 'li', 'bulk', 1000.5, 1000.5)")
        body = '{"note": "订单", "identity": {"device": "pc-7"}, "reasons": [], "answer": {"at": 999.25}}'
        columns = "7, '01OLD', 1000.5, 'li', 'pan.example', 'block', 'block', 'bulk', 2, 'inc-1', ?"
        connection.execute(f"INSERT INTO event VALUES ({columns})", (body,))
        connection.execute("INSERT INTO identity VALUES (7, 'phone', ?, 1)", (b"p" * 16,))
        connection.execute("INSERT INTO outcome VALUES ('01OLD', 1001.0, 'blocked', 0, 0)")
        connection.commit()
    SqliteStore(path).close()
    (kept,) = events(path)
    assert (kept.sequence, kept.incident, kept.event.time, kept.event.user) == (7, "inc-1", 1000.5, "li")
    assert kept.event.body["note"] == "订单"
    assert kept.event.body["answer"] == {"at": 999}
    assert kept.outcome == Outcome("01OLD", 1001.0, "blocked")
    assert [row.records for row in incidents(path)] == [2]
    with SqliteReader(path) as reader:
        assert reader.connection.execute("SELECT value, kind FROM token").fetchall() == [(b"p" * 16, "phone")]
        entries = [json.loads(entry) for (entry,) in reader.connection.execute("SELECT entry FROM log")]
    assert [(one["n"], one["do"], one["of"]) for one in entries] == [(1, "adopted", "01OLD"), (2, "outcome", "01OLD")]
    store = SqliteStore(path)
    store.record(event(1)).result(10)
    store.close()
    assert [kept.sequence for kept in events(path)] == [7, 8]


def test_of_a_person_a_site_and_a_matter_the_latest_pass_is_kept_until_it_ends(store: SqliteStore) -> None:
    later = time.time() + 60
    store.keep_passes(
        [KeptPass("li", "a.example", "one", later, "t1"), KeptPass("li", "a.example", "two", later, "t2")]
    )
    store.keep_passes([KeptPass("li", "a.example", "one", later, "t3"), KeptPass("wu", "a.example", "one", 5.0, "t4")])
    assert sorted(store.passes("li", "a.example").result(10)) == ["t2", "t3"]
    assert store.passes("li", "b.example").result(10) == []
    store.keep_passes([]).result(10)
    assert store.passes("wu", "a.example").result(10) == []


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


def test_light_records_wait_for_each_other_until_somebody_is_in_a_hurry(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlp_proxy.stores.sqlite.store._LIGHT", 60.0)
    monkeypatch.setattr("dlp_proxy.stores.sqlite.store._TOGETHER", 60.0)
    said: list[str] = []
    store.writable()
    store._connection.set_trace_callback(said.append)
    light = [store.record(replace(event(number, "allow"), light=True)) for number in range(3)]
    store.outcome(Outcome(event(0).uid, 1_001.0, "allowed"))
    store.hurry()
    assert [one.result(timeout=5) for one in light] == ["", "", ""]
    assert said.count("COMMIT") == 1


def test_a_light_record_that_nobody_waits_for_is_kept_soon(store: SqliteStore) -> None:
    assert store.record(replace(event(1, "allow"), light=True)).result(timeout=5) == ""
