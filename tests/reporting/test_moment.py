"""A checkpoint gives the same answer whatever came after it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dlp_proxy.incidents.casebook import mark
from dlp_proxy.model.event import Outcome
from dlp_proxy.reporting.case import case_of
from dlp_proxy.reporting.moment import Moment, moment_of
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.log import notes
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.sqlite.writing import Writing
from dlp_proxy.stores.state_dir import KeyedFingerprint
from tests.reporting.store import BEGAN, Sent, Told, event, uid


def facts(told: Told, size: int) -> tuple[Moment, dict[str, Any], int, int, list[int]]:
    with SqliteReader(told.state.events) as reader:
        moment = moment_of(reader.connection, size)
        case = case_of(reader.connection, told.case, moment)
        counts = [
            reader.connection.execute(f"SELECT count(*) FROM {one}").fetchone()[0]
            for one in ("event", "outcome", "log", "case_op", "checkpoint")
        ]
        return moment, case.scope.as_json(), len(case.steps), len(case.custody), counts


def test_what_came_later_is_not_seen(told: Told) -> None:
    with SqliteReader(told.state.events) as reader:
        size = notes(reader.connection)[-1][0]
    before = facts(told, size)
    key = KeyedFingerprint(told.state.key())
    store = SqliteStore(told.state.events, told.state.key_of_log(), key.name, "node-1")
    store.outcome(Outcome(uid(4), BEGAN, "allowed", 5000, 200))  # four that may have left did
    store.record(event(Sent(7, "li", "pan.example", 6, range(500, 600), "accepted"), key, None, "")).result(30)

    def add(writing: Writing) -> None:
        mark(writing, "li.na", told.case, [("add", uid(7)), ("note", "one more")], "found today")

    store.write(add).result(30)
    store.sign().result(30)
    store.close()
    assert facts(told, size) == before
    _, later, steps, custody, counts = facts(told, 0)
    assert (later["customers"]["left"], later["customers"]["possible"]) == (29, 100)
    assert (steps - before[2], custody - before[3]) == (2, 2)
    assert [now - then for now, then in zip(counts, before[4], strict=True)] == [1, 1, 5, 2, 1]
    assert json.dumps(later) != json.dumps(before[1])


def test_a_checkpoint_that_is_not_there_is_told(told: Told) -> None:
    with SqliteReader(told.state.events) as reader, pytest.raises(StoreError, match="no checkpoint over 999 entries"):
        moment_of(reader.connection, 999)
