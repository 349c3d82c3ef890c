from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.retention import Retention, due, forget_due, hold, let_go, stretches
from dlp_proxy.stores.sqlite.store import SqliteStore
from tests.stores.kept import contents, event, fill, first_fault, open_store

DAY = 24 * 3600
NOW = time.time()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of six events: 1 to 3 are 200 days old, 4 and the light 5 are 40, 6 is of today."""
    path = tmp_path / "events.db"
    old = [event(number, NOW - 200 * DAY) for number in range(3)]
    newer = [event(3, NOW - 40 * DAY), event(4, NOW - 40 * DAY, light=True), event(5, NOW - 60)]
    fill(path, [*old, *newer], sign_after=(2,))
    return path


def sequences(path: Path) -> list[int]:
    with SqliteReader(path) as reader:
        return [kept.sequence for kept in reader.events(light=True)]


def forget(path: Path, days: int, light_days: int) -> list[int]:
    store = open_store(path)
    gone = forget_due(store, Retention(days, light_days), "legal")
    store.close()
    return gone


def test_what_is_due_goes_and_the_log_still_verifies(path: Path) -> None:
    assert forget(path, 180, 30) == [1, 2, 3, 5]
    assert sequences(path) == [4, 6]
    assert first_fault(path) is None
    found = contents(path)
    assert (found.events, found.forgotten) == (2, 4)


def test_the_log_says_who_forgot_what(path: Path) -> None:
    forget(path, 180, 30)
    with SqliteReader(path) as reader:
        entries = [json.loads(entry) for (entry,) in reader.connection.execute("SELECT entry FROM log")]
    purge = next(one for one in entries if one["do"] == "purge")
    assert (purge["by"], purge["events"], purge["forgotten"]) == ("legal", [[1, 3], [5, 5]], 4)


@pytest.mark.parametrize("proxies", [0, 1])
def test_nothing_of_what_was_forgotten_is_in_the_files_whether_or_not_a_proxy_runs(path: Path, proxies: int) -> None:
    with SqliteReader(path) as reader:
        salt, uid = reader.connection.execute(
            "SELECT salt, uid FROM event JOIN record ON event = sequence WHERE sequence = 2"
        ).fetchone()
    traces = (salt, b'"bytes":101,', (10_000_001).to_bytes(16, "big"))
    before = [file.read_bytes() for file in path.parent.iterdir()]
    assert [trace for trace in traces if not any(trace in content for content in before)] == []
    running = [open_store(path) for _ in range(proxies)]
    forget(path, 180, 30)
    left = [file.read_bytes() for file in path.parent.iterdir()]
    for one in running:
        one.close()
    assert [trace for trace in traces if any(trace in content for content in left)] == []
    assert any(uid.encode() in content for content in left), "that there was an event stays in the log"


def test_what_is_held_stays_until_it_is_let_go(path: Path) -> None:
    store = open_store(path)
    store.write(lambda writing: hold(writing, [2], "case 7", 0, "legal")).result(10)
    store.write(lambda writing: hold(writing, [3], "case 8", int((NOW - DAY) * 1000), "legal")).result(10)
    store.close()
    assert forget(path, 180, 30) == [1, 3, 5]
    store = open_store(path)
    assert store.write(lambda writing: let_go(writing, "case 7", "legal")).result(10) == 1
    store.close()
    assert forget(path, 180, 30) == [2]
    assert first_fault(path) is None


def test_zero_days_keeps_for_ever(path: Path) -> None:
    assert forget(path, 0, 0) == []
    store = open_store(path)
    assert (due(store, Retention(0, 30)), due(store, Retention(180, 0))) == (1, 3)
    store.close()


def test_an_incident_goes_with_its_last_event_and_a_token_with_its_last_posting(path: Path) -> None:
    forget(path, 180, 30)
    with SqliteReader(path) as reader:
        assert [row.events for row in reader.incidents(10)] == [1, 1]
        counts = [
            reader.connection.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in ("token", "posting")
        ]
    assert counts == [4, 4]


def test_sequences_are_not_given_again_after_the_last_was_forgotten(path: Path) -> None:
    forget(path, 1, 1)
    later = time.time() + 1
    assert sequences(path) == [6]
    store = SqliteStore(path)
    store.record(event(9, later)).result(10)
    store.close()
    assert sequences(path) == [6, 7]


def test_numbers_become_stretches() -> None:
    assert stretches([1, 2, 3, 5, 7, 8]) == [[1, 3], [5, 5], [7, 8]]
    assert stretches([]) == []
