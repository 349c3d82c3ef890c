"""No command of investigators shows who anybody is, in any form, unless it is told why names are needed."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import CliRunner, Result

from dlp_proxy.cli.incident import incident
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir
from tests.cli.small_policy import SMALL
from tests.incidents.accounts import HOME, OUTSIDER, SMALL_SITE, fill

CASE: Final = "case-1"
BLOCKED: Final = f"01ACC{83:021d}"
"""The event of `li` that was stopped."""
LI: Final = f"li{HOME}"
WU: Final = f"wu{HOME}"

type Words = tuple[str, ...]

SHOWN: Final[dict[str, tuple[tuple[Words, str], ...]]] = {
    "list": ((("list",), ""), (("list", "--user", LI), "")),
    "show": ((("show", CASE), ""), (("show", "INCIDENT"), ""), (("show", BLOCKED), "")),
    "timeline": ((("timeline", CASE), ""), (("timeline", "INCIDENT"), "")),
    "scope": ((("scope",), ""), (("scope", CASE), ""), (("scope", "--user", WU), "")),
    "hunt": (
        (("hunt", "--order", "-", "--policies", "POLICIES"), "SO-00000005\nSO-00000011\n"),
        (("hunt", "--account", "-", "--policies", "POLICIES"), f"{OUTSIDER}\n"),
        (("hunt", "--user", WU), ""),
        (("hunt", "--dest", SMALL_SITE), ""),
    ),
    "graph": ((("graph", "--least", "1"), ""), (("graph", CASE, "--least", "1"), "")),
    "drip": ((("drip", WU), ""),),
    "replay": ((("replay",), ""), (("replay", "--policies", "POLICIES"), ""), (("replay", "--level", "2"), "")),
    "diff": ((("diff", "--policies", "POLICIES"), ""),),
    "verify": ((("verify", "--log"), ""),),
    "report": tuple(
        (("report", CASE, "--audience", audience, "--lang", language, "--html", "OUT"), "")
        for audience in ("analyst", "authority")
        for language in ("en", "zh")
    ),
    "export": ((("export", CASE, "--sqlite", "OUT"), ""),),
}
"""Command -> its runs, each with what is on standard input. INCIDENT, POLICIES and OUT stand for what there is then."""
TELLS_OF_NOBODY: Final = {
    "mark": "writes a step and prints that it did",
    "anchor": "writes a checkpoint",
    "purge": "prints how many",
    "hold": "prints how many",
    "release": "prints how many",
    "reveal": "is about one event, its requester and its approver",
    "resolve": "tells one name for one reason: that is what it is for",
}


@dataclass(frozen=True, slots=True)
class Place:
    state: Path
    policies: Path
    incident: str

    def run(self, words: Words, stdin: str, out: Path) -> Result:
        stands_for = {"INCIDENT": self.incident, "POLICIES": str(self.policies), "OUT": str(out)}
        given = [stands_for.get(one, one) for one in words]
        return CliRunner().invoke(incident, [*given, "--state", str(self.state)], input=stdin)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("pseudonyms")
    state = fill(folder)
    policies = folder / "policies"
    policies.mkdir()
    (policies / "small.yaml").write_text(SMALL, encoding="utf-8")
    with SqliteReader(state.events) as reader:
        (live,) = reader.incidents(1)
    found = Place(state.path, policies, live.incident)
    members = [word for number in (11, 12, 13, 81, 82, 83) for word in ("--add", f"01ACC{number:021d}")]
    opened = found.run(("mark", "new", "--title", "one account", *members, "--reason", "a call"), "", folder)
    assert opened.exit_code == 0, opened.output
    return found


def test_every_command_is_run_here_or_tells_of_nobody() -> None:
    context = click.Context(incident)
    commands = {name: incident.get_command(context, name) for name in incident.list_commands(context)}
    assert SHOWN.keys() | TELLS_OF_NOBODY.keys() == commands.keys()
    assert not SHOWN.keys() & TELLS_OF_NOBODY.keys()
    takes_json = {
        name
        for name, command in commands.items()
        if command is not None and any("--json" in one.opts for one in command.params)
    }
    assert takes_json - TELLS_OF_NOBODY.keys() == SHOWN.keys()


def runs() -> Iterator[tuple[Words, str]]:
    for command in SHOWN.values():
        yield from command


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize(("words", "stdin"), list(runs()), ids=lambda one: "-".join(one) if type(one) is tuple else "")
def test_nobody_is_named(place: Place, words: Words, stdin: str, form: Words, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = place.run((*words, *form), stdin, out)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    assert done.exit_code in ({0, 2} if words[0] == "verify" else {0}), done.output
    if form:
        json.loads(done.stdout)
    said = [done.output.encode(), out.read_bytes() if out.exists() else b""]
    if words[0] == "export":
        with closing(sqlite3.connect(out)) as case_file:
            said.append("\n".join(case_file.iterdump()).encode())
    named = [match for one in said for match in re.findall(rb".{0,80}" + HOME.encode() + rb".{0,20}", one)]
    assert not named
    # People are spoken of: what shows nobody at all hides nothing.
    if words[0] not in {"verify", "replay", "diff"} and words != ("show", CASE):
        assert b"stf_" in b"".join(said)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("list",), id="list"),
        pytest.param(("graph", "--least", "1"), id="graph"),
        pytest.param(("show", BLOCKED), id="show"),
        pytest.param(("scope",), id="scope"),
    ],
)
def test_with_a_reason_people_are_named(place: Place, words: Words, tmp_path: Path) -> None:
    for form in ((), ("--json",)):
        done = place.run((*words, "--names", "a test", *form), "", tmp_path)
        assert HOME in done.stdout
        assert "stf_" not in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("export", CASE, "--bundle", "OUT"), id="bundle"),
        pytest.param(("export", CASE, "--ocsf", "OUT"), id="ocsf"),
        *(
            pytest.param(("report", CASE, "--audience", audience, "--html", "OUT"), id=audience)
            for audience in ("hr", "legal", "police")
        ),
    ],
)
def test_what_names_people_is_not_made_without_a_reason(place: Place, words: Words, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = place.run(words, "", out)
    assert (done.exit_code, out.exists()) == (2, False)
    assert "--reason" in done.output
    assert HOME not in done.output


@pytest.mark.parametrize(
    ("views", "names", "shown"),
    [
        pytest.param("try", (), True, id="pseudonyms"),
        pytest.param("must", (), False, id="pseudonyms, where reading must stand in the log"),
        pytest.param("off", (), True, id="pseudonyms, where it need not"),
        pytest.param("try", ("--names", "a test"), False, id="names"),
        pytest.param("off", ("--names", "a test"), False, id="names, where reading need not stand in the log"),
    ],
)
def test_nobody_is_named_when_the_log_cannot_tell_of_it(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, views: str, names: Words, *, shown: bool
) -> None:
    def refuses(_: Path) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("dlp_proxy.cli.investigators.asking.writer", refuses)
    monkeypatch.setenv("DLP_PROXY_VIEWS", views)
    done = place.run(("list", *names), "", tmp_path)
    assert HOME not in done.output
    assert (done.exit_code == 0, "stf_" in done.stdout) == (shown, shown)


def test_the_log_tells_reading_from_naming_and_why(place: Place, tmp_path: Path) -> None:
    def told() -> list[tuple[str, str]]:
        with SqliteReader(StateDir(place.state).events) as reader:
            entries = [json.loads(entry) for (entry,) in reader.connection.execute("SELECT entry FROM log")]
        return [(one["do"], one["with"].get("reason", "")) for one in entries if one["do"] in {"view", "resolve"}]

    before = len(told())
    assert place.run(("list",), "", tmp_path).exit_code == 0
    assert place.run(("list", "--names", "a complaint"), "", tmp_path).exit_code == 0
    assert told()[before:] == [("view", ""), ("resolve", "a complaint")]


def test_the_log_tells_who_was_asked_about_by_pseudonym_only(place: Place, tmp_path: Path) -> None:
    assert place.run(("drip", WU), "", tmp_path).exit_code == 0
    assert place.run(("hunt", "--user", WU), "", tmp_path).exit_code == 0
    with SqliteReader(StateDir(place.state).events) as reader:
        entries = [bytes(entry) for (entry,) in reader.connection.execute("SELECT entry FROM log")]
    asked = [one for one in entries if b'"do":"view"' in one or b'"do":"hunt"' in one]
    assert any(b'"person":"stf_' in one for one in asked)
    assert not [one for one in entries if HOME.encode() in one]
