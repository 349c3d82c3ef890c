from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlp_proxy.evidence.entry import Entry
from dlp_proxy.evidence.merkle import FIRST, leaf
from dlp_proxy.evidence.stretch import SILENT_MILLISECONDS, Row
from dlp_proxy.evidence.verify import verify_log
from dlp_proxy.model.event import Outcome
from dlp_proxy.stores.sqlite.read import SqliteReader
from tests.stores.crash import crash, worker
from tests.stores.kept import VERIFIER, event, fill, first_fault, log_report, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


def entries(path: Path) -> list[dict[str, object]]:
    with SqliteReader(path) as reader:
        return [json.loads(entry) for (entry,) in reader.connection.execute("SELECT entry FROM log ORDER BY number")]


def test_an_event_and_its_outcome_are_two_entries_and_content_is_in_neither(path: Path) -> None:
    fill(path, [event(1)])
    seen, outcome = entries(path)
    assert seen.keys() == {"n", "at", "do", "by", "of", "sequence", "commit"}
    assert (seen["n"], seen["do"], seen["of"], seen["sequence"]) == (1, "seen", event(1).uid, 1)
    assert (outcome["n"], outcome["do"], outcome["fate"], outcome["sent"]) == (2, "outcome", "blocked", 0)


def test_the_first_outcome_of_a_transfer_stands(path: Path) -> None:
    fill(path, [event(1)])
    store = open_store(path)
    store.outcome(Outcome(event(1).uid, 1.0, "allowed", 5, 200))
    store.close()
    assert [one["do"] for one in entries(path)] == ["seen", "outcome"]
    assert first_fault(path) is None


def test_a_verb_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no verb"):
        Entry("tamper")


def test_a_log_at_rest_is_signed_once(path: Path) -> None:
    store = open_store(path)
    store.record(event(1)).result(10)
    signed = [store.sign().result(10) for _ in range(3)]
    store.close()
    assert [one and one.size for one in signed] == [1, None, None]
    assert [one["do"] for one in entries(path)] == ["seen", "checkpoint"]


def test_a_long_log_is_signed_without_being_asked(path: Path) -> None:
    store = open_store(path)
    for _ in range(11):
        store.log(*(Entry("view") for _ in range(1000))).result(30)
    store.close()
    assert log_report(path).signed == 10_000


def test_a_write_that_fails_leaves_neither_entry_nor_gap(path: Path) -> None:
    store = open_store(path)
    store.record(event(1)).result(10)
    assert store.record(event(1)).exception(10) is not None
    store.record(event(2)).result(10)
    store.close()
    assert [(one["n"], one["sequence"]) for one in entries(path)] == [(1, 1), (2, 2)]
    assert first_fault(path) is None


def test_several_processes_write_one_log_without_gap_or_fork(path: Path) -> None:
    running = [worker(path, first, 100) for first in (1000, 2000, 3000)]
    answered = {line for one in running for line in one.communicate(timeout=120)[0].split()}
    assert [one.returncode for one in running] == [0, 0, 0]
    assert first_fault(path) is None
    with SqliteReader(path) as reader:
        kept = list(reader.events())
    assert [one.sequence for one in kept] == list(range(1, 301))
    assert {one.event.uid for one in kept} == answered
    assert all(one.outcome for one in kept)


def test_killed_at_any_moment_nothing_answered_is_lost_and_nothing_half_written_is_believed(path: Path) -> None:
    answered, kept, _ = crash(path, turns=4, seed=2)
    assert kept >= answered > 4


def rows(*entries: Entry, at: list[int]) -> list[Row]:
    found: list[Row] = []
    before = FIRST
    for number, (entry, when) in enumerate(zip(entries, at, strict=True), 1):
        written = entry.written(number, when)
        before = leaf(before, written)
        found.append(Row(number, written, before))
    return found


START = Entry("start", more={"worker": "w1"})
BEAT = Entry("heartbeat", more={"worker": "w1"})
STOP = Entry("stop", more={"worker": "w1"})
T = 1_764_000_000_000


def test_silence_is_a_blind_time_unless_the_proxy_said_goodbye() -> None:
    late = T + SILENT_MILLISECONDS + 1
    assert verify_log(rows(START, BEAT, at=[T, late]), [], VERIFIER).blind == [(T, late)]
    assert verify_log(rows(START, BEAT, at=[T, late - 1]), [], VERIFIER).blind == []
    assert verify_log(rows(START, STOP, START, at=[T, T + 1, late + 1]), [], VERIFIER).blind == []


def test_whoever_reads_meanwhile_makes_no_proxy_live() -> None:
    looks = [Entry("view", by="li"), Entry("checkpoint", more={"size": 1, "root": ""}), Entry("search", by="li")]
    log = rows(START, *looks, START, at=[T, *(T + number * 100_000 for number in (1, 2, 3, 4))])
    report = verify_log(log, [], VERIFIER)
    assert report.blind == [(T, T + 400_000)]


def test_a_proxy_that_was_lost_long_ago_makes_no_later_night_blind() -> None:
    other = [Entry(verb, more={"worker": "w2"}) for verb in ("start", "stop", "start")]
    night = 10 * SILENT_MILLISECONDS
    log = rows(START, *other, at=[T, T + night, T + night + 1000, T + 2 * night])
    assert verify_log(log, [], VERIFIER).blind == [(T, T + night)]


def test_one_of_several_proxies_that_fell_silent_is_told() -> None:
    other = Entry("heartbeat", more={"worker": "w2"})
    log = rows(START, other, other, other, at=[T, T + 100_000, T + 200_000, T + 300_000])
    assert verify_log(log, [], VERIFIER).oddities == [
        "proxy w1 fell silent without a stop after 2025-11-24 16:00:00 UTC"
    ]


def test_a_clock_that_went_back_is_told() -> None:
    assert verify_log(rows(START, BEAT, at=[T, T - 2_500]), [], VERIFIER).oddities == [
        "the clock went back by 2.5 s at entry 2"
    ]
