"""Marks and cases: each step follows what is there, none is ever changed, and the log commits to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from dlp_proxy.evidence.verify import Fault
from dlp_proxy.incidents.casebook import STATES, Standing, mark, next_case, standings, verify_steps
from dlp_proxy.incidents.named import UnknownNameError, events_named, lost_members
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir
from tests.incidents.small import at, kept
from tests.stores.kept import tampering
from tests.story.world import Send


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> StateDir:
    return kept(tmp_path_factory.mktemp("cases"), [Send(at(0), "li", "a.example", tuple(range(60)), "blocked")])


def step(state: StateDir, target: str, *steps: tuple[str, str]) -> str:
    with closing(SqliteStore(state.events)) as store:
        return store.write(lambda writing: mark(writing, "chen", target, steps, "because of Li Na")).result(10)


def standing(state: StateDir, target: str) -> Standing:
    with SqliteReader(state.events) as reader:
        return standings(reader.connection).get(target, Standing())


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        pytest.param(("triaged", "confirmed", "contained", "handed-over", "closed", "triaged"), "", id="to-the-end"),
        pytest.param(("dismissed", "triaged", "confirmed"), "", id="opened-again"),
        pytest.param((), "closed", id="not-closed-unseen"),
        pytest.param(("triaged",), "new", id="never-new-again"),
        pytest.param(("confirmed", "closed"), "contained", id="not-contained-after-the-end"),
    ],
)
def test_states_follow_each_other_as_they_must(
    written: StateDir, request: pytest.FixtureRequest, way: Sequence[str], refused: str
) -> None:
    target = f"inc-{request.node.callspec.id}"
    for state in way:
        assert step(written, target, ("state", state)) == ""
    if refused:
        before = standing(written, target)
        assert "may follow" in step(written, target, ("state", refused), ("note", "x"))
        assert standing(written, target) == before  # not even the note
    assert [one.value for one in standing(written, target).steps] == list(way)


def test_every_state_can_be_left_and_every_state_can_be_reached() -> None:
    assert all(STATES.values())
    assert {one for some in STATES.values() for one in some} == set(STATES) - {"new"}


def test_a_case_takes_members_in_and_out_and_forgets_nothing(written: StateDir) -> None:
    with SqliteReader(written.events) as reader:
        name = next_case(reader.connection)
    step(written, name, ("open", "orders"), ("add", "inc-1"), ("add", "inc-2"), ("add", "inc-1"))
    assert standing(written, name).members == ("inc-2", "inc-1")
    step(written, name, ("remove", "inc-2"))
    assert "is not in" in step(written, name, ("remove", "inc-2"))
    after = standing(written, name)
    assert after.members == ("inc-1",)
    assert [one.verb for one in after.steps] == ["open", "add", "add", "add", "remove"]
    assert "no case" in step(written, "inc-1", ("add", "inc-2"))
    with SqliteReader(written.events) as reader:
        assert next_case(reader.connection) != name


def test_what_was_dismissed_is_new_again_when_it_has_grown(written: StateDir) -> None:
    step(written, "inc-grown", ("state", "dismissed"), ("until-grown", "100"))
    assert standing(written, "inc-grown").seen_with(99).state == "dismissed"
    assert standing(written, "inc-grown").seen_with(100).state == "new"
    step(written, "inc-grown", ("state", "triaged"))
    assert standing(written, "inc-grown").seen_with(100).state == "triaged"
    step(written, "inc-grown", ("state", "dismissed"))  # for good this time
    assert standing(written, "inc-grown").seen_with(100).state == "dismissed"


def test_the_log_commits_to_a_step_and_says_nothing_of_it(written: StateDir) -> None:
    step(written, "inc-note", ("note", "Wang Wei told us"))
    with SqliteReader(written.events) as reader:
        rows = reader.connection.execute("SELECT entry FROM log ORDER BY number").fetchall()
    entry = json.loads(rows[-1][0])
    assert (entry["do"], entry["by"], entry["of"], entry["with"]["verb"]) == ("mark", "chen", "inc-note", "note")
    assert not any(word in row[0].decode() for row in rows for word in ("Wang Wei", "Li Na"))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        pytest.param("UPDATE case_op SET reason = 'none' WHERE number = 1", "edited", id="edited"),
        pytest.param("UPDATE case_op SET actor = 'wu' WHERE number = 1", "edited", id="somebody-else"),
        pytest.param("DELETE FROM case_op WHERE number = 1", "removed", id="removed"),
        pytest.param(
            "INSERT INTO case_op (at, actor, target, verb, value, reason, salt)"
            " VALUES (1, 'wu', 'inc-1', 'state', 'dismissed', 'x', x'00')",
            "inserted",
            id="inserted",
        ),
    ],
)
def test_a_step_that_was_tampered_with_is_named(tmp_path: Path, change: str, kind: str) -> None:
    state = kept(tmp_path, [Send(at(0), "li", "a.example", (1,))])
    step(state, "inc-1", ("state", "triaged"), ("note", "x"))
    assert _fault(state) is None
    tampering(state.events, change)
    fault = _fault(state)
    assert fault is not None
    assert (fault.kind, fault.where, fault.number) == (kind, "step", 3 if kind == "inserted" else 1)


def _fault(state: StateDir) -> Fault | None:
    with SqliteReader(state.events) as reader:
        return verify_steps(reader.connection)


def test_a_member_that_retention_has_forgotten_hides_no_other(written: StateDir) -> None:
    with SqliteReader(written.events) as reader:
        name = next_case(reader.connection)
        (uid,) = reader.connection.execute("SELECT uid FROM event ORDER BY sequence LIMIT 1").fetchone()
    step(written, name, ("open", "orders"), ("add", "inc-gone"))
    with SqliteReader(written.events) as reader, pytest.raises(UnknownNameError, match="forgotten all members"):
        events_named(reader.connection, name)
    step(written, name, ("add", uid))
    with SqliteReader(written.events) as reader:
        assert len(events_named(reader.connection, name)) == 1
        assert lost_members(reader.connection, name) == ("inc-gone",)
        assert lost_members(reader.connection, uid) == ()


def test_a_case_holds_neither_itself_nor_what_holds_it(tmp_path: Path) -> None:
    state = kept(tmp_path, [Send(at(0), "li", "a.example", tuple(range(60)), "blocked")])
    uid = "01STORY0000000000000000001"
    for target, *steps in (
        ("case-1", ("open", "one"), ("add", uid)),
        ("case-2", ("open", "two"), ("add", "case-1")),
        ("case-3", ("open", "three"), ("add", "case-2")),
    ):
        assert step(state, target, *steps) == ""
    for target, inner in (("case-1", "case-1"), ("case-1", "case-3"), ("case-2", "case-3")):
        assert "cannot hold" in step(state, target, ("add", inner))
    with SqliteReader(state.events) as reader:
        assert events_named(reader.connection, "case-3") == (1,)
    # A program of before took it.
    row = "(at, actor, target, verb, value, reason, salt) VALUES (1, 'x', 'case-1', 'add', 'case-3', 'x', x'00')"
    tampering(state.events, f"INSERT INTO case_op {row}")
    with SqliteReader(state.events) as reader:
        for name in ("case-1", "case-2", "case-3"):
            assert events_named(reader.connection, name) == (1,)
            assert lost_members(reader.connection, name) == ()
