"""Left, possible, blocked: how far a customer came, and what is no transfer at all."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from dlp_proxy.incidents.scope import Scope, scope
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import Reached, reached_by
from dlp_proxy.incidents.unopened import Leave, Relayed, unopened_event
from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.model.message import Principal
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.retention import Retention, forget_due
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from tests.incidents.small import at, kept
from tests.story.world import Send

_OTHER_EVENTS: Final[tuple[tuple[dict[str, Any], tuple[Identity, ...]], ...]] = (
    ({"kind": "ring", "people": ["li", "wu"]}, (Identity("phone", b"1" * 16, counted=True),)),
    ({"kind": "window-reset"}, ()),
    (
        {"coverage": {"inspected": "full"}},
        (
            Identity("phone", b"2" * 16, counted=True),
            Identity("phone", b"3" * 16, counted=True),
            Identity("name", b"4" * 16, counted=False),
        ),
    ),
)


def ask(state: StateDir, selection: Selection = Selection()) -> Scope:  # noqa: B008 - frozen
    with SqliteReader(state.events) as reader:
        return scope(reader.connection, selection)


@pytest.mark.parametrize(
    ("action", "fate", "released", "reached"),
    [
        pytest.param("counted", "accepted", 100, Reached.LEFT, id="accepted"),
        pytest.param("block", "blocked", 0, Reached.BLOCKED, id="blocked"),
        pytest.param("block", "blocked", 5, Reached.POSSIBLE, id="blocked-after-a-part"),
        pytest.param("redact", "accepted", 100, Reached.POSSIBLE, id="redacted"),
        pytest.param("counted", "refused", 100, Reached.POSSIBLE, id="refused"),
        pytest.param("counted", "unanswered", 100, Reached.POSSIBLE, id="unanswered"),
        pytest.param("counted", "aborted", 100, Reached.POSSIBLE, id="aborted"),
        pytest.param("block", "", 0, Reached.POSSIBLE, id="no-outcome"),
        pytest.param("counted", "unknown", 0, Reached.POSSIBLE, id="unknown"),
    ],
)
def test_only_what_is_certain_left_or_was_blocked(action: str, fate: str, released: int, reached: Reached) -> None:
    found, why = reached_by(action, fate, released)
    assert found is reached
    assert bool(why) == (reached is Reached.POSSIBLE)


def test_of_several_transfers_the_furthest_counts_and_each_customer_once(tmp_path: Path) -> None:
    state = kept(
        tmp_path,
        [
            Send(at(0), "li", "a.example", (1, 2, 3, 4), "blocked"),
            Send(at(1), "li", "a.example", (2, 3), "refused"),
            Send(at(2), "wu", "b.example", (3, 5)),
            Send(at(3), "wu", "b.example", (3,)),
        ],
    )
    whole = ask(state).whole
    assert (whole.left, whole.possible, whole.blocked) == (2, 1, 2)
    assert (whole.lower, whole.upper, whole.attempted, whole.records) == (2, 3, 5, 9)
    assert (whole.first, whole.first_out, whole.last) == (at(0), at(1), at(3))
    assert ask(state).people["wu"].new == 1
    assert dict(ask(state).possible_because) == {"sent, and the destination did not accept it": 1}


def test_a_selection_is_all_that_it_names(tmp_path: Path) -> None:
    sends = [
        Send(at(number), user, site, (number,))
        for number, (user, site) in enumerate((u, s) for u in ("li", "wu") for s in ("a.example", "b.example"))
    ]
    state = kept(tmp_path, sends)
    asked = [
        (Selection(), 4),
        (Selection(user="li"), 2),
        (Selection(user="li", site="b.example"), 1),
        (Selection(since=at(1)), 3),
        (Selection(until=at(1)), 1),
        (Selection(events=(1, 4)), 2),
        (Selection(events=()), 0),
        (Selection(newest=3), 3),
    ]
    assert [ask(state, one).whole.left for one, _ in asked] == [count for _, count in asked]


def test_rings_and_resets_are_no_transfers_and_values_without_records_are_counted(tmp_path: Path) -> None:
    state = StateDir(tmp_path / "state")
    state.make()
    with closing(SqliteStore(state.events)) as store:
        for number, (body, identities) in enumerate(_OTHER_EVENTS):
            facts = (f"uid-{number}", at(number) / 1000, "li", "a.example", "log", "log", "r", 1)
            store.record(Event(*facts, body, identities)).result(10)
        store.outcome(Outcome("uid-2", at(9) / 1000, "allowed", 100, 200))
        store.log().result(10)
    answer = ask(state)
    assert (answer.whole.left, answer.whole.transfers) == (2, 1)
    assert answer.kinds["name"].left == 1


def test_a_transfer_that_was_not_read_whole_leaves_a_question_open(tmp_path: Path) -> None:
    sends = [
        Send(at(0), "li", "a.example", (1,), coverage="partial"),
        Send(at(1), "li", "a.example", (2,), "blocked", "partial"),
    ]
    limits = ask(kept(tmp_path, sends)).unseen
    assert (limits.any, limits.transfers, dict(limits.unread)) == (True, 1, {"encrypted": 1})


def test_a_connection_that_was_passed_on_unopened_is_one_that_nobody_read(tmp_path: Path) -> None:
    state = kept(tmp_path, [Send(at(0), "li", "a.example", (1,))])
    principal, leave = Principal("li", "password", "medium"), Leave("bank.example", "chen", "pinned", "2026-12-01")
    with closing(SqliteStore(state.events)) as store:
        for number, came_to in enumerate((None, Relayed("uid-0", 500, 900, 3.0))):
            facts = (f"uid-{number}", at(1 + number) / 1000, principal, "bank.example", 40000, leave, came_to, "0")
            store.record(unopened_event(*facts)).result(10)
    answer = ask(state)
    limits = answer.unseen
    assert (limits.transfers, dict(limits.unread), limits.bytes) == (1, {"passed on unopened": 1}, 500)
    assert (answer.whole.left, answer.whole.possible) == (1, 0)


def test_a_night_without_a_proxy_is_not_blind_and_nothing_is_open(tmp_path: Path) -> None:
    limits = ask(kept(tmp_path, [Send(at(0, day), "li", "a.example", (day,)) for day in range(2)])).unseen
    assert [one.why for one in limits.blind] == ["stopped"]
    assert (limits.any, limits.blind_seconds) == (False, 0)


def test_silence_counts_for_somebody_who_sent_nothing_around_it(tmp_path: Path) -> None:
    sends = [Send(at(0), "wu", "a.example", (1,)), Send(at(1), "li", "a.example", (2,))]
    state = kept(tmp_path, [*sends, Send(at(300), "wu", "a.example", (3,))], blind=(at(60), at(90)))
    assert ask(state, Selection(user="li")).unseen.blind_seconds == 30 * 60
    assert ask(state, Selection(user="li", until=at(60))).unseen.blind_seconds == 0
    assert ask(state, Selection(user="li", since=at(80))).unseen.blind_seconds == 10 * 60
    assert ask(state, Selection(events=(2,))).unseen.blind_seconds == 0


def test_what_retention_forgot_is_said(tmp_path: Path) -> None:
    state = kept(tmp_path, [Send(at(0, day), "li", "a.example", (day,)) for day in range(4)])
    with closing(SqliteStore(state.events)) as store:
        store.write(lambda writing: writing.connection.execute("UPDATE event SET time = 1000 WHERE sequence < 3"))
        assert len(forget_due(store, Retention(100_000 // 24, 100_000 // 24), "test")) == 2
    assert ask(state).unseen.forgotten == 2
    assert ask(state, Selection(since=at(0, 3))).unseen.forgotten == 0
    assert ask(state, Selection(until=at(1, 2))).unseen.any
