"""How far a receiver is: kept so that no event is passed over, whatever happens to the store, the disk or the file."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dlp_proxy.forward.backlog import Backlog, read_cursors
from dlp_proxy.forward.forwarder import Forwarder
from dlp_proxy.forward.target import Target
from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.store import SqliteStore

TARGET = Target("siem", "https", "siem.example", 443)


@dataclass
class Taker:
    """A carrier whose receiver takes everything."""

    taken: list[str] = field(default_factory=list)

    def send(self, lines: Sequence[str]) -> None:
        self.taken += [json.loads(line)["metadata"]["uid"] for line in lines]

    def reach(self) -> None:
        """Nothing is there to be reached."""

    def close(self) -> None:
        """Nothing is open."""


class Place:
    """A state folder with a store that can be backed up, torn and restored."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.events = folder, folder / "events.db"
        self.cursors = folder / "forward"
        self.cursors.mkdir()
        self.store = SqliteStore(self.events)
        self._at = time.time() - 3600

    def put(self, *names: str, at: float | None = None) -> None:
        for name in names:
            self._at += 1
            event = Event(name.rjust(26, "0"), at or self._at, "li", "x.example", "block", "block", "bulk", 60, {})
            self.store.record(event).result(10)
            self.store.outcome(Outcome(event.uid, self._at, "blocked"))
        assert self.store.writable()

    def later(self, seconds: float) -> None:
        self._at += seconds

    def restored(self, from_file: Path | None) -> None:
        """Put a backup, or nothing, in the place of the store, as an operator does."""
        self.store.close()
        for end in ("", "-wal", "-shm"):
            self.events.with_name(f"events.db{end}").unlink(missing_ok=True)
        if from_file is not None:
            from_file.replace(self.events)
        self.store = SqliteStore(self.events)

    def backup(self) -> Path:
        copy = self.folder / "copy.db"
        with sqlite3.connect(self.events) as here, sqlite3.connect(copy) as there:
            here.backup(there)
        here.close()
        there.close()
        return copy

    def forwarder(self, since: float = 0.0) -> tuple[Forwarder, Taker]:
        taker = Taker()
        return Forwarder(TARGET, Backlog(TARGET, self.cursors, self.events, since or time.time()), taker), taker


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    one.store.close()


def names(taker: Taker) -> list[str]:
    return [uid.lstrip("0") for uid in taker.taken]


def test_a_store_begun_anew_is_forwarded_from_its_first_event(place: Place) -> None:
    """Its numbers begin at one again: behind a cursor at three they would never be sent."""
    forwarder, _ = place.forwarder()
    place.put("A", "B", "C")
    assert forwarder.step() == 3
    place.restored(None)
    place.put("D", "E")
    again, taker = place.forwarder()
    again.step()
    assert names(taker) == ["D", "E"]


def test_a_store_begun_anew_under_a_running_forwarder_too(place: Place) -> None:
    forwarder, taker = place.forwarder()
    place.put("A", "B", "C")
    forwarder.step()
    place.restored(None)
    place.put("D", "E")
    forwarder.step()
    assert names(taker) == ["A", "B", "C", "D", "E"]


def test_a_restored_backup_gives_numbers_again_and_every_new_event_is_sent(place: Place) -> None:
    forwarder, _ = place.forwarder()
    place.put("A", "B")
    copy = place.backup()
    place.put("C", "D", "E")
    assert forwarder.step() == 5
    place.restored(copy)
    place.later(3600)
    place.put("F", "G", "H", "I")  # they have the numbers of C, D and E, and one more
    again, taker = place.forwarder()
    again.step()
    assert [one for one in names(taker) if one in "FGHI"] == ["F", "G", "H", "I"]


def test_retention_does_not_look_like_another_store(place: Place) -> None:
    forwarder, taker = place.forwarder()
    place.put("A", "B", "C")
    forwarder.step()
    place.store.write(lambda writing: writing.connection.execute("DELETE FROM record").fetchall()).result(10)
    place.store.write(lambda writing: writing.connection.execute("DELETE FROM event").fetchall()).result(10)
    place.put("D")
    forwarder.step()
    assert names(taker) == ["A", "B", "C", "D"]


def test_events_of_the_moments_before_the_forwarder_was_there_are_sent(place: Place) -> None:
    """The workers serve while it is still being started."""
    began = time.time()
    place.put("OLD", at=began - 5)
    place.put("A", "B", at=began + 0.5)
    forwarder, taker = place.forwarder(since=began)
    forwarder.step()
    assert names(taker) == ["A", "B"]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OSError(28, "No space left on device"), id="full disk"),
        pytest.param(sqlite3.OperationalError("disk I/O error"), id="unreadable store"),
        pytest.param(KeyError("unmapped"), id="a fault of ours"),
    ],
)
def test_no_error_ends_a_receivers_thread(place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Others go on beside it: nothing would start this one again."""
    forwarder, taker = place.forwarder()
    place.put("A", "B")
    left = [error, error]
    fails(monkeypatch, left)
    stop = threading.Event()
    monkeypatch.setattr("dlp_proxy.forward.forwarder._FIRST_WAIT", 0.01)
    thread = threading.Thread(target=forwarder.run, args=(stop,), daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not taker.taken and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    thread.join(10)
    assert set(names(taker)) == {"A", "B"}
    assert not left


def fails(monkeypatch: pytest.MonkeyPatch, errors: list[Exception]) -> None:
    """Have each look at the events fail while there are errors left."""
    look: Callable[..., object] = Backlog.next

    def failing(self: Backlog, most: int) -> object:
        if errors:
            raise errors.pop()
        return look(self, most)

    monkeypatch.setattr(Backlog, "next", failing)


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"sequence": 3, "refused": null}'])
def test_a_torn_file_is_named_with_its_mend_and_nobody_falls_over_it(place: Place, torn: str) -> None:
    forwarder, _ = place.forwarder()
    place.put("A")
    forwarder.step()
    (place.cursors / "siem.json").write_text(torn)
    with pytest.raises(StoreError, match=r"siem\.json is damaged: .*delete it"):
        place.forwarder()
    assert [(name, cursor) for name, cursor in read_cursors(place.cursors)] == [("siem", None)]


def test_a_file_of_a_later_version_is_read(place: Place) -> None:
    forwarder, _ = place.forwarder()
    place.put("A")
    forwarder.step()
    file = place.cursors / "siem.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "of_later": 1}))
    place.put("B")
    again, taker = place.forwarder()
    again.step()
    assert names(taker) == ["B"]


def test_an_event_of_the_future_is_not_waited_for(place: Place) -> None:
    """The clock was set back: an event without an outcome would hold up all others until it is caught up with."""
    forwarder, taker = place.forwarder()
    event = Event("A".rjust(26, "0"), time.time() + 7200, "li", "x.example", "block", "block", "bulk", 60, {})
    place.store.record(event).result(10)
    forwarder.step()
    assert names(taker) == ["A"]
