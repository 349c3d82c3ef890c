"""`dlp-proxy replay` on a store that a proxy could have written: proofs, recounts, what-if."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.cli.exits import DIFFERENT, PROBLEMS
from dlp_proxy.incidents.decision import decision_of
from dlp_proxy.model.message import Message
from dlp_proxy.replay.recorded import totals_of
from tests.cli.commands import ROOT, Done, dlp_proxy, dlp_proxy_here
from tests.cli.small_policy import SMALL
from tests.replay.world import BEGAN, PEOPLE, SITES, policies, state_of, upload, uploads

COUNT = 60
NEW = SMALL.replace("at_least: 5", "at_least: 9")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with `state`, `bodies` of every event, and the policy folders `old` and `new`."""
    folder = tmp_path_factory.mktemp("replay")
    state_of(folder / "state", policies(folder / "old"), uploads(COUNT), folder / "bodies")
    policies(folder / "new", NEW)
    return folder


def replay(world: Path, *words: str | Path) -> Done:
    return dlp_proxy_here("replay", *words, "--state", world / "state")


def answer(done: Done) -> Any:
    return json.loads(done.out)


def changed(world: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], number: int = 30) -> Path:
    """Return a world in which the record of one event was changed."""
    shutil.copytree(world, tmp_path / "changed")
    path = tmp_path / "changed" / "state" / "events.db"
    with closing(sqlite3.connect(path)) as store, store:
        (record,) = store.execute("SELECT json FROM record WHERE event = ?", (number,)).fetchone()
        kept = json.loads(record)
        change(kept["unmapped"]["dlp"])
        written = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        store.execute("UPDATE record SET json = ? WHERE event = ?", (written, number))
    return tmp_path / "changed"


def test_without_bodies_decisions_are_consistent_and_no_more(world: Path) -> None:
    done = replay(world)
    assert done.code == 0
    assert f"{COUNT}  decision consistent: no body was given" in done.out
    assert "reproduced" not in done.out


def test_with_bodies_decisions_are_reproduced(world: Path, tmp_path: Path) -> None:
    done = replay(world, "--bodies", world / "bodies", "--workers", "2", "--manifest", tmp_path / "m.json")
    assert done.code == 0, done.err
    assert f"{COUNT}  reproduced" in done.out
    assert json.loads((tmp_path / "m.json").read_text())["items"] == COUNT


def test_another_body_is_not_taken_for_the_event_s(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world / "bodies", tmp_path / "bodies")
    bodies = sorted((tmp_path / "bodies").glob("*.body"))
    content = bodies[9].read_bytes()
    bodies[9].write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
    done = replay(world, "--bodies", tmp_path / "bodies", "--json")
    states = answer(done)["states"]
    assert states["reproduced"] + states["differs"] == COUNT
    shown = replay(world, "--bodies", tmp_path / "bodies").out
    assert "1 of these: of the request's head not all is there: that the body is the event's is not proved" in shown


def test_without_its_credentials_only_the_body_is_proved(tmp_path: Path) -> None:
    long = upload(0, BEGAN, PEOPLE[0], SITES[0], range(20260001, 20260101))
    sent = replace(long, headers=(*long.headers, (b"Cookie", b"session=1")))
    state_of(tmp_path / "state", policies(tmp_path / "old"), [sent], tmp_path / "bodies")
    done = replay(tmp_path, "--bodies", tmp_path / "bodies")
    assert (done.code, "1  reproduced" in done.out) == (0, True)
    assert "not all is there: the body is proved to be the event's" in done.out
    body = tmp_path / "bodies" / f"{sent.uid}.body"
    body.write_bytes(body.read_bytes().replace(b"20260100", b"20260999"))
    done = replay(tmp_path, "--bodies", tmp_path / "bodies")
    assert done.code == PROBLEMS
    assert "the body that was given is not the one of this event" in done.out


def test_what_two_people_opened_is_reproduced(tmp_path: Path) -> None:
    def run(*words: str | Path) -> str:
        done = dlp_proxy_here(*words, "--state", tmp_path / "state", cwd=tmp_path)
        assert done.code == 0, done.err
        return done.out

    run("keys", "init", "--role", "investigator", "--name", "li")
    run("keys", "init", "--role", "approver", "--name", "dpo")
    sent = upload(0, time.time(), PEOPLE[0], SITES[0], range(20260001, 20260061))
    state_of(tmp_path / "state", policies(tmp_path / "old"), [sent], sealed=True)
    asked = run("reveal", "request", sent.uid, "--reason", "case 7", "--identity", "li.key", "--json")
    request = json.loads(asked)["request"]
    run("reveal", "approve", request, "--identity", "dpo.key")
    (tmp_path / "opened").mkdir()
    body = tmp_path / "opened" / f"{sent.uid}.body"
    body.with_suffix(".json").write_text(
        run("reveal", "open", request, "--identity", "li.key", "--out", body, "--json").splitlines()[0]
    )
    shown = run("incident", "replay", sent.uid, "--bodies", tmp_path / "opened")
    assert "1  reproduced" in shown
    assert "not all is there" not in shown


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(lambda kept: kept["event"].update(action="allow"), "does not fit its own hash", id="action"),
        pytest.param(
            lambda kept: kept["decision"]["counters"][0].update(total=1), "does not fit its own hash", id="counter"
        ),
        pytest.param(lambda kept: kept["reasons"][0].update(count=77), "does not fit its own hash", id="count"),
    ],
)
def test_a_changed_event_is_the_first_difference(
    world: Path, tmp_path: Path, change: Callable[[dict[str, Any]], None], why: str
) -> None:
    other = changed(world, tmp_path, change)
    done = replay(other)
    assert done.code == PROBLEMS
    assert f"first difference: event {uploads(COUNT)[29].uid}" in done.out
    assert why in done.out


def _rehash(kept: dict[str, Any]) -> None:
    """Make a decision fit its own hash again, as who knows how it is made could."""
    event = kept["event"]
    words = {
        "action": event["action"],
        "would": event["would"],
        "reasons": kept["reasons"],
        "error": kept["error"],
    }
    kept["decision"] = decision_of(
        kept["decision"]["inputs"], kept["policy"], totals_of(kept["decision"]["counters"]), words
    )


def test_a_decision_that_policy_would_not_make_differs_though_its_hash_fits(world: Path, tmp_path: Path) -> None:
    def change(kept: dict[str, Any]) -> None:
        kept["event"]["action"] = kept["event"]["would"] = "coach"
        _rehash(kept)

    done = replay(changed(world, tmp_path, change))
    assert done.code == PROBLEMS
    assert "action: recorded coach" in done.out


def test_a_counter_that_nothing_adds_up_to_is_found_by_level_2_alone(world: Path, tmp_path: Path) -> None:
    def change(kept: dict[str, Any]) -> None:
        counter = next(one for one in kept["decision"]["counters"] if one["total"] > 5)
        counter["total"] += 1
        for reason in kept["reasons"]:
            for words in list(reason["totals"]):
                if "24h" in words and reason["rule"] == "orders-out":
                    reason["totals"][words] += 1
                    if reason["limit"] == words:
                        reason["count"] += 1
        _rehash(kept)

    with closing(sqlite3.connect(world / "state" / "events.db")) as store:
        rows = store.execute("SELECT event, json FROM record ORDER BY event").fetchall()
    number = next(
        event
        for event, record in rows
        if any(one["total"] > 5 for one in json.loads(record)["unmapped"]["dlp"]["decision"]["counters"])
    )
    other = changed(world, tmp_path, change, number)
    assert replay(other).code == 0
    done = replay(other, "--level", "2")
    assert done.code == PROBLEMS
    assert "recorded" in done.out
    assert "counted again" in done.out


def test_another_engine_exits_3(world: Path, tmp_path: Path) -> None:
    def change(kept: dict[str, Any]) -> None:
        kept["engine"] = "0.0.1"
        kept["event"]["action"] = "coach"

    done = replay(changed(world, tmp_path, change))
    assert done.code == DIFFERENT
    assert "another engine decided then (dlp_proxy 0.0.1" in done.out


def test_counters_add_up_from_the_beginning_and_from_one_window_back(world: Path) -> None:
    whole = replay(world, "--level", "2")
    assert whole.code == 0
    assert " 0 differ, 0 not counted again" in whole.out
    late = replay(world, "--level", "2", "--from", "2025-11-26")
    assert late.code == 0, late.out
    assert " 0 differ, 0 not counted again" in late.out
    assert 0 < int(late.out.split(" events")[0]) < COUNT


def test_without_what_came_before_counters_would_differ(world: Path, tmp_path: Path) -> None:
    """The test before means something: the windows at the beginning of the range were not empty."""
    shutil.copytree(world, tmp_path / "cut")
    with closing(sqlite3.connect(tmp_path / "cut" / "state" / "events.db")) as store, store:
        store.execute("DELETE FROM record WHERE event < 25")
    assert "counted again" in replay(tmp_path / "cut", "--level", "2").out
    assert replay(tmp_path / "cut", "--level", "2").code == PROBLEMS


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--level", "2"), id="level-2"),
        pytest.param(("--policies", "new"), id="actual"),
        pytest.param(("--policies", "new", "--counters", "counterfactual"), id="counterfactual"),
    ],
)
def test_a_replay_that_was_stopped_goes_on_to_the_same_roots(
    world: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    words = tuple(str(world / one) if one == "new" else one for one in words)
    whole = answer(replay(world, *words, "--json"))["manifest"]
    part = answer(replay(world, *words, "--progress", tmp_path / "p", "--limit", "25", "--json"))["manifest"]
    assert (part["items"], part["complete"]) == (25, False)
    assert answer(replay(world, *words, "--progress", tmp_path / "p", "--json"))["manifest"] == whole


def test_progress_of_another_replay_is_refused(world: Path, tmp_path: Path) -> None:
    assert replay(world, "--progress", tmp_path / "p").code == 0
    done = replay(world, "--progress", tmp_path / "p", "--level", "2")
    assert done.code == 2
    assert "the progress of another replay" in done.err


def test_the_roots_are_the_same_however_it_is_run(world: Path) -> None:
    roots = set()
    surroundings = [
        ("1", {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}),
        ("4", {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}),
        ("2", {"PYTHONHASHSEED": "random", "TZ": "America/St_Johns", "LC_ALL": "POSIX"}),
    ]
    for workers, environment in surroundings:
        words = ("replay", "--level", "2", "--bodies", world / "bodies", "--workers", workers, "--json")
        manifest = answer(dlp_proxy(*words, "--state", world / "state", cwd=ROOT, **environment))["manifest"]
        roots.add((manifest["inputs_root"], manifest["outputs_root"], manifest["items"]))
    assert len(roots) == 1
    assert next(iter(roots))[2] == COUNT


def test_what_is_on_the_skip_list_is_not_looked_at_and_is_said(world: Path, tmp_path: Path) -> None:
    uid = uploads(COUNT)[3].uid
    (tmp_path / "skip").write_text(f"{uid}\n")
    done = replay(world, "--skip", tmp_path / "skip")
    assert done.code == 0
    assert f"skipped {uid}: on the skip list" in done.out


def brute(messages: list[Message], at_least: int, within: int = 24 * 3600, *, let_go_only: bool = False) -> list[bool]:
    """Say of each upload whether the rule `orders-out` with that limit stops it: nothing but sets and times."""
    sent: dict[str, list[tuple[float, str]]] = defaultdict(list)
    stopped = []
    for one in messages:
        orders = {word for word in one.body.decode().split() if word.startswith("SO-")}
        now = one.time + 0.123456789
        recent = {order for at, order in sent[one.principal.user] if at > now - within}
        stop = len(orders) >= 3 or len(recent | orders) >= at_least
        if not (let_go_only and stop):
            sent[one.principal.user] += [(now, order) for order in orders]
        stopped.append(stop)
    return stopped


@pytest.mark.parametrize("seed", [1, 2, 3], ids=["world-1", "world-2", "world-3"])
@pytest.mark.parametrize("feed", ["actual", "counterfactual"])
def test_what_if_says_what_a_brute_force_oracle_says(tmp_path: Path, seed: int, feed: str) -> None:
    messages = uploads(40, seed)
    state_of(tmp_path / "state", policies(tmp_path / "old"), messages)
    was = brute(messages, 5)
    for at_least in (2, 4, 7, 12):
        new = policies(tmp_path / f"new-{at_least}", SMALL.replace("at_least: 5", f"at_least: {at_least}"))
        now = brute(messages, at_least, let_go_only=feed == "counterfactual")
        fates = answer(replay(tmp_path, "--policies", new, "--counters", feed, "--json"))["fates"]
        found = tuple(fates.get(name, {}).get("transfers", 0) for name in ("newly blocked", "newly allowed"))
        assert found == (
            sum(after and not before for before, after in zip(was, now, strict=True)),
            sum(before and not after for before, after in zip(was, now, strict=True)),
        ), at_least
        if feed == "actual":
            assert at_least > 5 or found[1] == 0  # a stricter limit never lets anything go
            assert at_least < 5 or found[0] == 0


def test_other_people_and_places_are_decided_without_bodies_as_with_them(world: Path, tmp_path: Path) -> None:
    fewer = SMALL.replace("method: [POST, PUT]", "method: [POST, PUT], from: 'li.na*'")
    elsewhere = SMALL.replace("[corp.example]", "[corp.example, pan.example]")
    for number, text in enumerate((fewer, elsewhere)):
        other = policies(tmp_path / f"{number}", text)
        without, with_bodies = (
            answer(replay(world, "--policies", other, "--json", *words))
            for words in ((), ("--bodies", world / "bodies"))
        )
        assert without["undecidable"] == {}
        assert without["manifest"]["outputs_root"] == with_bodies["manifest"]["outputs_root"]
        assert without["fates"]["newly allowed"]["transfers"] > 0


def test_a_rule_that_was_not_asked_then_cannot_be_decided_without_bodies(world: Path, tmp_path: Path) -> None:
    other = policies(tmp_path / "other", SMALL.replace("to: watched.example", "to: pan.example"))
    summary = answer(replay(world, "--policies", other, "--as-enforced", "--json"))
    assert summary["undecidable"] == {"body not kept (rule watched)": summary["fates"]["undecidable"]["transfers"]}
    with_bodies = answer(replay(world, "--policies", other, "--as-enforced", "--bodies", world / "bodies", "--json"))
    assert with_bodies["undecidable"] == {}
    newly = with_bodies["fates"]["newly blocked"]["transfers"]
    assert newly == summary["fates"]["undecidable"]["transfers"] > 0


def test_of_an_upload_without_findings_only_what_looks_for_more_is_undecidable(tmp_path: Path) -> None:
    nothing = upload(5, BEGAN + 90_000, PEOPLE[0], SITES[0], ())
    # Whose account it went to is no finding in it.
    messages = [*uploads(5), replace(nothing, headers=(*nothing.headers, (b"authorization", b"Basic bGk6eA==")))]
    state_of(tmp_path / "state", policies(tmp_path / "old"), messages)
    assert "6  decision consistent" in replay(tmp_path).out
    rule = "  all-orders: {mode: monitor, severity: low, find: order, action: log, message: {en: 'No.'}}"
    new_rule = policies(tmp_path / "rule", SMALL.replace("rules:\n", f"rules:\n{rule}\n"))
    finds_more = policies(tmp_path / "finds", SMALL.replace("'SO-\\d{8}'", "'S[OQ]-\\d{8}'"))
    stopped = sum(brute(messages, 5))
    for new, undecidable in (
        (new_rule, {"body not kept (rule all-orders)": 5 - stopped}),
        (finds_more, {"detector unknown then: order-number (rule orders-out)": 6}),
    ):
        assert answer(replay(tmp_path, "--policies", new, "--json"))["undecidable"] == undecidable


def test_whether_a_body_could_be_rewritten_is_undecidable_without_it(world: Path, tmp_path: Path) -> None:
    other = policies(tmp_path / "other", SMALL.replace("action: block", "action: redact", 1))
    without, with_bodies = (
        answer(replay(world, "--policies", other, "--json", *words)) for words in ((), ("--bodies", world / "bodies"))
    )
    stopped = sum(brute(uploads(COUNT), 5))
    assert without["undecidable"] == {"body not kept (whether it could be rewritten)": stopped}
    assert with_bodies["fates"]["newly allowed"]["transfers"] == stopped


def test_a_demand_that_is_met_exits_3(world: Path) -> None:
    done = replay(world, "--policies", world / "new", "--fail-if", "newly-allowed>0")
    assert done.code == DIFFERENT
    assert "newly-allowed>0" in done.err
    assert "People do otherwise after a block" in done.out
    assert replay(world, "--policies", world / "new", "--fail-if", "newly-allowed>1000").code == 0
    assert replay(world, "--policies", world / "new", "--fail-if", "newly-hated>0").code == 2


def test_a_case_is_replayed_with_all_its_members_and_what_is_not_there_is_no_proof(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world, tmp_path / "world")
    with closing(sqlite3.connect(world / "state" / "events.db")) as store:
        some = [uid for (uid,) in store.execute("SELECT uid FROM event ORDER BY sequence LIMIT 3")]
    words = [word for uid in some for word in ("--add", uid)]
    opened = dlp_proxy_here(
        *("incident", "mark", "new", "--title", "three", *words, "--reason", "a test"),
        *("--state", tmp_path / "world" / "state"),
    )
    assert opened.code == 0, opened.err
    done = replay(tmp_path / "world", "case-1")
    assert (done.code, done.out.splitlines()[0]) == (0, "3 events")
    for wrong in ("case-9", "inc-nothing", some[0] + "X", "monday.flow"):
        done = replay(tmp_path / "world", some[0], wrong)
        assert (done.code, done.out) == (PROBLEMS, "")
        assert wrong in done.err
