"""The investigators' commands, as people call them, on the made-up quarter."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.cli.investigators import asking
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir
from tests.cli.commands import ROOT, Done, dlp_proxy_here
from tests.incidents.small import at, kept
from tests.story.truth import truth
from tests.story.world import COURIER, Send, World, make_world
from tests.story.written import order, phone, write

TRICKY = "li\x1b[2J\u202ena@corp.example"


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(staff=60, days=30, seed=5)


@pytest.fixture(scope="module")
def state(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = StateDir(tmp_path_factory.mktemp("investigators") / "state")
    write(world, folder)
    return folder.path


def incident(state: Path, *words: str | Path, stdin: str = "", hidden: bool = False) -> Done:
    environment = {"DLP_PROXY_SANCTIONED": COURIER, "DLP_PROXY_NAMES": "" if hidden else "a test"}
    return dlp_proxy_here("incident", *words, "--state", state, stdin=stdin, cwd=ROOT, **environment)


def told(state: Path, *words: str, stdin: str = "", hidden: bool = False) -> Any:
    done = incident(state, *words, "--json", stdin=stdin, hidden=hidden)
    assert done.code in {0, 1}, done.err
    return json.loads(done.out)


def logged(state: Path) -> list[dict[str, Any]]:
    with SqliteReader(StateDir(state).events) as reader:
        return [json.loads(entry) for (entry,) in reader.connection.execute("SELECT entry FROM log ORDER BY number")]


def test_the_list_has_every_kind_and_why(state: Path, world: World) -> None:
    rows = told(state, "list")
    assert {one["kind"] for one in rows} >= {"transfers", "drip", "evasion", "shared-destination", "shared-content"}
    assert all(one["because"] and one["severity"] == sum(points for points, _ in one["terms"]) for one in rows)
    assert rows == told(state, "list")  # kept, and not grouped again
    assert [one["records"] for one in rows] == [one["records"] for one in sorted(rows, key=lambda one: -one["last"])]
    by_size = told(state, "list", "--sort", "customers")
    assert by_size[0]["people"] == [world.cast["burst"]] or by_size[0]["user"] == world.cast["burst"]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        pytest.param(("--kind", "drip"), {"drip"}, id="kind"),
        pytest.param(("--min-customers", "400"), {"transfers"}, id="customers"),
        pytest.param(("--dest", "share.example"), {"shared-destination", "shared-content"}, id="destination"),
        pytest.param(("--since", "2099-01-01"), set(), id="since"),
        pytest.param(("--state-is", "closed"), set(), id="state"),
    ],
)
def test_the_list_is_filtered(state: Path, words: tuple[str, ...], kinds: set[str]) -> None:
    assert {one["kind"] for one in told(state, "list", *words)} == kinds


def test_the_list_is_of_one_person_by_name_or_pseudonym(state: Path, world: World) -> None:
    user = world.cast["drip"]
    (one,) = told(state, "list", "--user", user)
    (hidden,) = told(state, "list", "--user", user, hidden=True)
    assert hidden["user"].startswith("stf_")
    (asked,) = told(state, "list", "--user", hidden["user"], hidden=True)
    assert (asked["incident"], asked["user"]) == (one["incident"], hidden["user"])  # and no name in the answer
    assert incident(state, "list", "--user", "stf_aaaaaaaaaaaaaaaa").code == 1


def test_no_name_is_printed_unless_it_is_asked_for(state: Path, world: World) -> None:
    drip = told(state, "list", "--kind", "drip")[0]["incident"]
    said = []
    for words in (
        ("list",),
        ("show", drip),
        ("scope", drip),
        ("timeline", drip),
        ("graph",),
        ("drip", world.cast["drip"]),
    ):
        for form in ((), ("--json",)):
            done = incident(state, *words, *form, hidden=True)
            assert done.code == 0, (words, done.err)
            said.append(done.out)
    assert all("stf_" in one for one in said)
    assert not [user for user in world.staff for one in said if user in one]


def test_whose_a_pseudonym_is_stands_in_the_log_before_it_is_told(state: Path, world: World) -> None:
    hidden = told(state, "list", "--kind", "drip", hidden=True)[0]["user"]
    done = incident(state, "resolve", hidden, "--reason", "case 7")
    assert (done.code, done.out.strip()) == (0, world.cast["drip"])
    entry = next(one for one in reversed(logged(state)) if one["do"] == "resolve")
    assert (entry["of"], entry["with"]) == (hidden, {"reason": "case 7"})
    assert world.cast["drip"] not in json.dumps(entry)
    assert incident(state, "resolve", "stf_aaaaaaaaaaaaaaaa", "--reason", "x").code == 1
    assert incident(state, "resolve", world.cast["drip"], "--reason", "x").code == 1


def test_whoever_reads_stands_in_the_log_and_why_before_a_name_is_shown(state: Path, world: World) -> None:
    user = world.cast["drip"]
    begin = len(logged(state))
    assert user not in incident(state, "drip", user, hidden=True).out
    assert user in incident(state, "drip", user, "--names", "case 9", hidden=True).out
    incident(state, "scope", hidden=True)
    new = [one for one in logged(state)[begin:] if one["do"] in {"view", "resolve"}]
    assert [(one["do"], one["with"]["command"], one["with"].get("reason")) for one in new] == [
        ("view", "drip", None),
        ("resolve", "drip", "case 9"),
        ("view", "scope", None),
    ]
    assert new[0]["with"]["person"].startswith("stf_")
    assert user not in json.dumps(new)


def test_from_a_copy_that_nobody_can_write_to_pseudonyms_are_read_and_no_names(
    state: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_store(*_: object) -> None:
        raise StoreError("it is a copy")

    monkeypatch.setattr(asking, "writer", no_store)
    done = incident(state, "drip", world.cast["drip"], hidden=True)
    assert (done.code, done.err) == (0, "dlp-proxy: the log does not tell of this reading: it is a copy\n")
    assert "stf_" in done.out
    refused = incident(state, "drip", world.cast["drip"], "--names", "case 9")
    assert (refused.code, refused.out) == (1, "")
    assert "nothing is shown that the log cannot tell of" in refused.err
    monkeypatch.setenv("DLP_PROXY_VIEWS", "must")
    assert incident(state, "scope", hidden=True).code == 1
    monkeypatch.setenv("DLP_PROXY_VIEWS", "off")
    assert incident(state, "scope", hidden=True).err == ""
    monkeypatch.setenv("DLP_PROXY_VIEWS", "perhaps")
    assert incident(state, "scope", hidden=True).code == 2


def test_scope_prints_both_bounds_what_is_unknown_and_how_to_ask_again(state: Path, world: World) -> None:
    true = truth(world)["whole"]
    done = incident(state, "scope", hidden=True)
    assert f"customers {true['left']} left for certain (lower bound)" in done.out
    assert f"{true['left'] + true['possible']} left at most" in done.out
    assert f"{true['blocked']} blocked only" in done.out
    assert "unknown   MORE IS POSSIBLE" in done.out
    assert "blind for 45 minutes in 1 stretches" in done.out
    again = re.search(r"^again +dlp-proxy (.*)$", done.out, re.MULTILINE)
    assert again is not None
    assert dlp_proxy_here(*shlex.split(again[1])).out == done.out


def test_the_command_to_ask_again_gives_the_same_when_more_has_come(tmp_path: Path) -> None:
    sends = [Send(at(number), "li na", "a.example", (number,)) for number in range(4)]
    folder = kept(tmp_path, sends)
    before = told(folder.path, "scope", "--user", "li na", "--since", "2026-06-01T09:01", "--as-of", "3", hidden=True)
    again = json.loads(dlp_proxy_here(*shlex.split(before["command"])[1:], "--json").out)
    assert again == before
    assert before["customers"]["left"] == 2


def test_hunting_answers_by_line_and_keeps_no_value(state: Path, world: World) -> None:
    customer = next(one.customers[0] for one in world.sends if one.case == "drip")
    number = phone(customer)
    spelled = f"+86 {number[:3]}-{number[3:7]}-{number[7:]}"
    done = incident(state, "hunt", "--phone", "-", stdin=f"{spelled}\n13999999999\nnobody\n")
    assert done.code == 0
    assert "line 1: yes, left" in done.out
    assert "line 2: unknown" in done.out
    assert "line 3: unknown: this is no phone" in done.out
    assert "2 " not in done.out.split("\n", maxsplit=1)[0][:5]
    entry = next(one for one in reversed(logged(state)) if one["do"] == "search")
    assert entry["with"] | {"since": 0, "until": 0} == {
        "kind": "phone",
        "values": 3,
        "found": 1,
        "since": 0,
        "until": 0,
    }
    kept_bytes = b"".join(path.read_bytes() for path in state.glob("events.db*"))
    for one in (number, spelled, "13999999999"):
        assert one not in done.out + done.err
        assert one.encode() not in kept_bytes


def test_hunting_takes_orders_files_people_and_places(state: Path, world: World) -> None:
    customer = next(one.customers[0] for one in world.sends if one.case == "ring")
    assert told(state, "hunt", "--order", "-", stdin=order(customer))["values"][0]["answer"] == "yes"
    assert told(state, "hunt", "--file-sha256", "-", stdin="ab" * 32 + "  a.csv")["values"][0]["readable"]
    assert not told(state, "hunt", "--file-sha256", "-", stdin="ab")["values"][0]["readable"]
    assert told(state, "hunt", "--dest", "share.example")["values"][0]["answer"] == "yes"
    nothing = incident(state, "hunt", "--dest", "never.example", "--json")
    assert (nothing.code, json.loads(nothing.out)["values"][0]["answer"]) == (1, "unknown")


def test_no_is_said_only_when_everything_was_looked_at(tmp_path: Path) -> None:
    folder = kept(tmp_path, [Send(at(0), "li", "a.example", (1,))])
    assert told(folder.path, "hunt", "--phone", "-", stdin=phone(2))["values"][0]["answer"] == "no"
    assert told(folder.path, "hunt", "--phone", "-", stdin=phone(1))["values"][0]["answer"] == "yes"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--phone", "13800138000"), id="value-on-the-command-line"),
        pytest.param(("--phone", "-", "--order", "-"), id="two-kinds"),
        pytest.param((), id="nothing"),
        pytest.param(("--kind", "shoe-size"), id="no-such-kind"),
    ],
)
def test_hunting_wrongly_is_wrong_usage(state: Path, words: tuple[str, ...]) -> None:
    assert incident(state, "hunt", *words, stdin="1\n").code == 2


def test_a_case_is_opened_filled_counted_and_shown(state: Path, world: World) -> None:
    rows = {one["kind"]: one["incident"] for one in told(state, "list", "--sort", "customers")}
    words = ("--add", rows["evasion"], "--add", rows["drip"], "--reason", "both to outside")
    name = told(state, "mark", "new", "--title", "outside", *words)["name"]
    together = told(state, "scope", name)["customers"]
    alone = [told(state, "scope", rows[kind])["customers"]["left"] for kind in ("evasion", "drip")]
    assert together["left"] == sum(alone)
    told(state, "mark", name, "--remove", rows["drip"], "--reason", "another matter")
    assert told(state, "scope", name)["customers"]["left"] == alone[0]
    told(state, "mark", name, "--as", "confirmed", "--owner", "chen", "--due", "2026-09-01", "--reason", "seen")
    refused = incident(state, "mark", name, "--as", "new", "--reason", "x")
    assert (refused.code, "may follow, not new" in refused.err) == (1, True)
    shown = incident(state, "show", name).out
    assert f"{name}  confirmed, owner chen, due 2026-09-01: outside" in shown
    assert "(another matter)" in shown
    assert any(one["incident"] == name for one in told(state, "list", "--state-is", "confirmed"))
    assert "marked by" in incident(state, "timeline", name).out
    assert world.cast["evasion"] in incident(state, "timeline", name).out


def test_what_a_case_holds_is_held_beyond_retention(state: Path) -> None:
    evasion = told(state, "list", "--kind", "evasion")[0]["incident"]
    name = told(state, "mark", "new", "--title", "held", "--add", evasion, "--reason", "x")["name"]
    assert incident(state, "hold", name, "--reason", "case 9").out == "7 events held: case 9\n"
    assert incident(state, "release", "--reason", "case 9").out == "7 events released: case 9\n"
    assert incident(state, "hold", "case-99", "--reason", "x").code == 1


def test_marks_on_what_is_not_there_and_half_marks_are_refused(state: Path) -> None:
    assert incident(state, "mark", "inc-nothing", "--as", "triaged", "--reason", "x").code == 1
    assert incident(state, "mark", "new", "--reason", "x").code == 2
    assert incident(state, "mark", "new", "--title", "t", "--add", "inc-nothing", "--reason", "x").code == 1
    known = told(state, "list", "--kind", "drip")[0]["incident"]
    assert incident(state, "mark", known, "--as", "closed", "--reason", "x").code == 2
    assert incident(state, "mark", known, "--reason", "x").code == 2
    assert incident(state, "mark", known, "--as", "triaged").code == 2


def test_a_timeline_adds_up(state: Path, world: World) -> None:
    evasion = told(state, "list", "--kind", "evasion")[0]
    moments = [one for one in told(state, "timeline", evasion["incident"]) if one["what"] == "transfer"]
    assert [one["new"] for one in moments] == [60, 0, 0, 0, 0, 0, 0]
    assert [one["out"] for one in moments] == [0, 8, 16, 24, 32, 40, 48]
    assert [one["came"] for one in moments] == ["blocked"] + ["left"] * 6


def test_what_is_written_by_others_does_nothing_to_the_terminal(tmp_path: Path) -> None:
    blocked = Send(at(0), TRICKY, "a.example", tuple(range(60)), "blocked")
    folder = kept(tmp_path, [blocked, Send(at(1), TRICKY, "b\x1b]0;x.example", tuple(range(60)))])
    name = told(folder.path, "list", "--kind", "evasion")[0]["incident"]
    for words in (
        ("list",),
        ("show", name),
        ("scope",),
        ("timeline", name),
        ("graph",),
        ("drip", TRICKY),
        ("hunt", "--user", TRICKY),
    ):
        done = incident(folder.path, *words)
        assert "\\x1b" in done.out or words == ("graph",), words
        assert "\x1b" not in done.out, words
        assert "\u202e" not in done.out, words


def test_a_name_that_nobody_has_is_told_beside_the_zero(state: Path, world: World) -> None:
    done = incident(state, "scope", "--user", "nobody@nowhere.example")
    assert done.code == 0
    assert "of nobody called nobody@nowhere.example anything is kept" in done.err
    assert incident(state, "scope", "--user", world.cast["drip"]).err == ""


def test_of_many_events_the_first_are_shown_and_how_many_more(state: Path) -> None:
    drip = told(state, "list", "--kind", "drip")[0]
    done = incident(state, "show", drip["incident"], "--limit", "2")
    assert sum(line.startswith("event ") for line in done.out.splitlines()) == 2
    assert f"and {drip['events'] - 2} more events" in done.out
    assert len(told(state, "show", drip["incident"], "--limit", "2")["events"]) == drip["events"]
