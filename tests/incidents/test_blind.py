"""Blind times, against reading the log entry by entry."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest

from dlp_proxy.evidence.entry import Entry
from dlp_proxy.evidence.stretch import SILENT_MILLISECONDS
from dlp_proxy.incidents.blind import Blind, blind_times, outside
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.log import Log
from dlp_proxy.stores.sqlite.schema import LIFE, SIGNS_OF_LIFE

BEGIN = 1_780_000_000_000


def plan(seed: int) -> list[tuple[int, str, str]]:
    """Return (time, verb, worker) of entries: crowds, steady hours, silences, and goodbyes of two proxies."""
    chance = random.Random(seed)
    at, entries = BEGIN, [(BEGIN, "start", "w1")]
    for _ in range(60):
        doing = chance.choice(("crowd", "beats", "silence", "stop", "start", "looked"))
        if doing == "crowd":
            for _ in range(chance.randrange(100, 900)):
                at += chance.randrange(3)
                entries.append((at, "seen", ""))
        elif doing == "beats":
            for _ in range(chance.randrange(20)):
                at += 60_000
                entries.append((at, "heartbeat", chance.choice(("w1", "w2"))))
        elif doing == "looked":  # somebody reads, every two minutes, and signs the log
            for number in range(chance.randrange(6)):
                at += 120_000
                entries.append((at, "checkpoint" if number % 3 == 2 else "view", ""))
        elif doing == "silence":
            at += chance.randrange(SILENT_MILLISECONDS - 2, SILENT_MILLISECONDS * 3)
        else:
            entries.append((at, doing, chance.choice(("w1", "w2"))))
    return [*entries, (at + 1, "heartbeat", "w1")]


def by_hand(entries: list[tuple[int, str, str]], since: int, until: int) -> list[Blind]:
    found = []
    entries = [one for one in entries if one[1] not in {"view", "checkpoint"}]
    for place in range(1, len(entries)):
        before, at = entries[place - 1][0], entries[place][0]
        if at - before > SILENT_MILLISECONDS and at > since and before < until:
            last = {w: verb for time, verb, w in entries[:place] if w and time >= before - SILENT_MILLISECONDS}
            why = "silent" if not last or any(verb != "stop" for verb in last.values()) else "stopped"
            found.append(Blind(max(before, since), min(at, until), why))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("seed", range(6))
def test_blind_times_are_those_of_reading_every_entry(tmp_path: Path, seed: int) -> None:
    entries = plan(seed)
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        with transaction(connection):
            log = Log(connection, BEGIN)
            for at, verb, worker in entries:
                log.at = at
                more = {"worker": worker} if worker else {}
                log.append(Entry(verb, "li" if verb == "view" else "proxy", more=more))
        end = entries[-1][0]
        whole = by_hand(entries, BEGIN, end)
        assert blind_times(connection, BEGIN, end) == whole
        assert len(whole) > 3
        third = (end - BEGIN) // 3
        assert blind_times(connection, BEGIN + third, end - third) == by_hand(entries, BEGIN + third, end - third)
        connection.execute(f"DROP INDEX {LIFE}")
        assert blind_times(connection, BEGIN, end) == whole


def test_signs_of_life_are_read_from_their_index_alone(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        (plan,) = connection.execute(f"EXPLAIN QUERY PLAN {SIGNS_OF_LIFE} AND number >= 5 ORDER BY number").fetchall()
        assert f"USING INDEX {LIFE}" in plan[-1]
        read = connection.execute(f"EXPLAIN {SIGNS_OF_LIFE} AND number >= 5 ORDER BY number").fetchall()
    (table,) = {row[3] for row in read if row[1] == "DeferredSeek"}
    assert not any(row[1] == "Column" and row[2] == table for row in read)  # no entry is looked at


def test_what_the_log_does_not_reach_is_told(tmp_path: Path) -> None:
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        assert outside(connection, 1, BEGIN) == []  # nothing ever ran
        with transaction(connection):
            log = Log(connection, BEGIN)
            log.append(Entry("start", more={"worker": "w1"}))
            log.at = end = BEGIN + 60_000
            log.append(Entry("heartbeat", more={"worker": "w1"}))
        assert outside(connection, BEGIN, end + SILENT_MILLISECONDS) == []
        assert outside(connection, 0, 0) == []
        late = end + SILENT_MILLISECONDS + 1
        assert outside(connection, BEGIN - 5000, late) == [
            Blind(BEGIN - 5000, BEGIN, "before"),
            Blind(end, late, "silent"),
        ]
        with transaction(connection):
            log = Log(connection, end)
            log.append(Entry("stop", more={"worker": "w1"}))
        assert outside(connection, 0, late) == [Blind(end, late, "stopped")]
