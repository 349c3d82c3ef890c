"""Three people who fill one outside account at everybody's destination: asked about the account, not only the host."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dlp_proxy.cli.incident import incident
from tests.incidents.accounts import EVERYBODYS, HOME, OUTSIDER, SMALL_SITE, fill

type Ask = Callable[..., Any]
LI, WU, CHEN, ZHAO = (name + HOME for name in ("li", "wu", "chen", "zhao"))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Return what asks the store of `fill`."""
    state = fill(tmp_path_factory.mktemp("accounts"))
    for path in state.path.rglob("events.db*"):
        assert b"utsider-77" not in path.read_bytes().lower()
        assert b"s3cret" not in path.read_bytes()

    def ask(*words: str, stdin: str = "") -> Any:
        named = words[0] not in {"list", "mark", "report"}
        options = ["--state", str(state.path), *(["--names", "a test"] if named else [])]
        done = CliRunner().invoke(incident, [*words, *options], input=stdin)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return json.loads(done.stdout) if "--json" in words else done.stdout

    return ask


def test_who_filled_one_account_is_told_though_the_host_is_everybodys(asked: Ask) -> None:
    told = asked("graph", "--json")
    assert [one["site"] for one in told["sites"]] == [SMALL_SITE]
    assert told["everybodys"] == [[EVERYBODYS, 26]]
    (account,) = told["accounts"]
    assert account["people"] == [[CHEN, 1], [LI, 1], [WU, 1]]
    assert account["customers"] == 3
    assert account["site"] == EVERYBODYS
    assert account["account"].startswith("acc_")
    assert account["account"].endswith(" (basic oU********************LE)")
    assert "shared account at a destination" in asked("graph")


def test_an_account_is_a_row_of_a_scope_and_can_be_asked_about(asked: Ask) -> None:
    rows = asked("scope", "--json")["accounts"]
    assert len(rows) == 24
    (shared,) = [name for name, one in rows.items() if one["transfers"] == 3]
    name = shared.split()[1]
    alone = asked("scope", "--account", name, "--json")
    assert set(alone["people"]) == {LI, WU, CHEN}
    assert alone["customers"]["left"] == 3
    assert f"--account {name}" in alone["command"]
    assert set(alone["accounts"]) == {shared}
    assert f"  account  {name} (basic " in asked("show", f"01ACC{11:021d}")


def test_an_account_is_hunted_by_its_name_whatever_was_sent(asked: Ask) -> None:
    told = asked("hunt", "--account", "-", "--json", stdin=f"{OUTSIDER}\nsomebody else\n")["values"]
    assert [(one["answer"], [hit["user"] for hit in one["hits"]]) for one in told] == [
        ("yes", [LI, WU, CHEN, ZHAO]),
        ("no", []),
    ]


def test_what_is_no_account_is_refused(asked: Ask) -> None:
    assert asked("scope", "--account", "bob") == ""


def test_a_report_has_the_accounts_and_who_filled_them(asked: Ask, tmp_path: Path) -> None:
    members = [word for number in (11, 12, 13, 20, 71, 83) for word in ("--add", f"01ACC{number:021d}")]
    asked("mark", "new", "--title", "one account", *members, "--reason", "a call")
    page = tmp_path / "page.html"
    reading = ("report", "case-1", "--audience", "legal", "--reason", "a test", "--html", str(page))
    rows = asked(*reading, "--json")["accounts"]
    assert [(one["site"], one["transfers"], one["left"]) for one in rows] == [(EVERYBODYS, 4, 3), (EVERYBODYS, 1, 1)]
    assert [(one["user"], one["customers"]) for one in rows[0]["people"]] == [(CHEN, 1), (LI, 1), (WU, 1), (ZHAO, 0)]
    row = f"<td>{CHEN} (1), {LI} (1), {WU} (1), {ZHAO} (0)</td>"
    assert row in page.read_text(encoding="utf-8")
    assert "Accounts at destinations, and who filled them" in page.read_text(encoding="utf-8")
    asked(*reading, "--lang", "zh")
    text = page.read_text(encoding="utf-8")
    assert "去向账号及使用人员" in text
    assert row in text
    name = rows[0]["account"].split()[0]
    assert name.startswith("acc_")
    assert text.count(name) == 1
    assert "utsider-77" not in text.lower()
