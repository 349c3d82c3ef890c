"""Questions put to small stores: who with whom, how fast, what is a ring made of, and what is kept of an answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from dlp_proxy.incidents.drip import drip, quantile
from dlp_proxy.incidents.hunt import hunt
from dlp_proxy.incidents.kept_grouping import keep, kept_or_grouped
from dlp_proxy.incidents.named import events_named
from dlp_proxy.incidents.regrouping import World
from dlp_proxy.incidents.scope import scope
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.together import together
from dlp_proxy.model.event import Event, Identity
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.retention import Retention, forget_due
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from tests.incidents.small import at, kept
from tests.story.world import Send
from tests.story.written import phone


def test_a_destination_of_25_people_is_shared_and_one_of_26_is_everybodys(tmp_path: Path) -> None:
    sends = [Send(at(number), f"p{number:02}", "few.example", (1,)) for number in range(25)]
    sends += [Send(at(number), f"p{number:02}", "all.example", (1,)) for number in range(26)]
    with SqliteReader(kept(tmp_path, sends).events) as reader:
        answer = together(reader.connection, Selection())
    assert [one.site for one in answer.sites] == ["few.example"]
    assert answer.everybodys == (("all.example", 26),)
    assert len(answer.pairs) == 25 * 24 // 2


def test_what_was_blocked_is_in_no_curve_and_few_peers_are_no_peers(tmp_path: Path) -> None:
    sends = [Send(at(0), "li", "a.example", (1, 2)), Send(at(1), "li", "a.example", (3, 4, 5), "blocked")]
    sends += [Send(at(2, 3), "li", "a.example", (1, 6)), Send(at(3), "wu", "a.example", (7,))]
    with SqliteReader(kept(tmp_path, sends).events) as reader:
        answer = drip(reader.connection, "li", Selection())
    assert [(one.new, one.customers, one.records, one.blocked) for one in answer.steps] == [(2, 2, 2, 1), (1, 3, 4, 0)]
    assert (answer.peers, answer.steps[0].median, answer.longest_quiet_days) == (0, None, 2)


def test_quantiles_are_by_nearest_rank() -> None:
    assert [quantile(range(1, 21), percent) for percent in (50, 95, 100)] == [10, 19, 20]
    assert (quantile([], 50), quantile([7], 95)) == (0, 7)


def test_nothing_is_called_absent_in_a_store_of_another_key(tmp_path: Path) -> None:
    state = kept(tmp_path, [Send(at(0), "li", "a.example", (1,))])
    mine, other = KeyedFingerprint(state.key()), KeyedFingerprint(b"o" * 32)
    with SqliteReader(state.events) as reader:
        answers = [
            hunt(reader.connection, [[key("phone", phone(2))]], Selection(), key.name).found[0].answer
            for key in (mine, other)
        ]
    assert answers == ["no", "unknown"]


def test_nothing_is_called_absent_of_a_time_that_the_log_does_not_reach(tmp_path: Path) -> None:
    state = kept(tmp_path, [Send(at(0), "li", "a.example", (1,))])
    key = KeyedFingerprint(state.key())
    asked = (Selection(), Selection(since=at(-10)), Selection(since=at(0, -30)), Selection(until=at(0, 30)))
    with SqliteReader(state.events) as reader:
        answers = [hunt(reader.connection, [[key("phone", phone(2))]], one, key.name) for one in asked]
        limits = scope(reader.connection, asked[2]).unseen
    # The proxy of the store had said goodbye in the evening: nothing passed one after that.
    assert [one.found[0].answer for one in answers] == ["no", "no", "unknown", "no"]
    assert limits.any
    assert limits.seconds("before") == (30 * 24 - 1) * 3600  # it began at eight


def test_the_scope_of_a_ring_is_that_of_the_transfers_that_made_it_one(tmp_path: Path) -> None:
    sends = [Send(at(0), "li", "s.example", (1, 2, 3)), Send(at(1), "wu", "s.example", (2, 3, 4))]
    sends += [Send(at(2), "chen", "s.example", (2,)), Send(at(3), "li", "s.example", (9,))]
    state = kept(tmp_path, sends)
    key = KeyedFingerprint(state.key())
    shared = tuple(Identity("phone", key("phone", phone(one)), counted=True) for one in (2, 3))
    body = {"kind": "ring", "people": ["li", "wu"], "place": "s.example", "shared": 2}
    facts = ("uid-ring-0001", at(4) / 1000, "wu", "s.example", "log", "log", "ring", 2)
    with closing(SqliteStore(state.events, key=key.name)) as store:
        name = store.record(Event(*facts, body, shared, group="ring at s.example")).result(10)
    with SqliteReader(state.events) as reader:
        events = events_named(reader.connection, name)
        assert events == (1, 2)
        assert scope(reader.connection, Selection(events)).whole.left == 4


def test_what_was_grouped_is_kept_until_something_comes_in_or_is_forgotten(tmp_path: Path) -> None:
    state = kept(tmp_path, [Send(at(0), "li", "a.example", tuple(range(60)), "blocked")])

    def ask() -> tuple[World, int]:
        with SqliteReader(state.events) as reader:
            return kept_or_grouped(reader.connection)

    def write(apply: Callable[[SqliteStore], object]) -> None:
        with closing(SqliteStore(state.events)) as store:
            apply(store)

    write(lambda store: store.log().result(10))
    found, entry = ask()
    assert entry > 0
    write(lambda store: store.write(lambda writing: keep(writing, (), found, entry)).result(10))
    assert ask() == (found, 0)
    facts = ("uid-more-0001", at(5) / 1000, "wu", "b.example", "block", "block", "bulk", 1)
    more = Event(*facts, {"coverage": {"inspected": "full"}}, (Identity("phone", b"x" * 16, counted=True),))
    write(lambda store: store.record(more).result(10))
    later, entry = ask()
    assert (len(found.found), len(later.found), entry > 0) == (1, 2, True)
    write(lambda store: store.write(lambda writing: keep(writing, (), later, entry)).result(10))
    _age(state)
    write(lambda store: forget_due(store, Retention(4000, 4000), "test"))
    with SqliteReader(state.events) as reader:
        assert reader.connection.execute("SELECT count(*) FROM grouped").fetchone() == (0,)
    assert len(ask()[0].found) == 1


def _age(state: StateDir) -> None:
    with closing(SqliteStore(state.events)) as store:
        sql = "UPDATE event SET time = 1000 WHERE sequence = 1"
        store.write(lambda writing: writing.connection.execute(sql).rowcount).result(10)
