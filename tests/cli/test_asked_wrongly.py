"""Investigators' commands asked wrongly: an error that says so, never an answer that could be taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import POLICIES, Done, dlp_proxy_here
from tests.incidents.small import at, kept
from tests.story.world import Send
from tests.story.written import phone

UID = "01STORY0000000000000000001"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sends = [Send(at(0), "li", "a.example", (1, 2)), Send(at(5), "wu", "a.example", (2,), account="out@a.example")]
    return kept(tmp_path_factory.mktemp("wrongly"), sends).path


def asked(state: Path, *words: str, stdin: str = "") -> Done:
    return dlp_proxy_here(*words, "--state", state, stdin=stdin)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(("incident", "list", "--limit", "0"), 2, "--limit", id="no-lines"),
        pytest.param(("incident", "list", "--limit", "-1"), 2, "--limit", id="all-but-one-line"),
        pytest.param(("incident", "show", UID, "--limit", "-1"), 2, "--limit", id="all-but-one-event"),
        pytest.param(("incident", "graph", "--limit", "0"), 2, "--limit", id="no-pairs"),
        pytest.param(("incident", "graph", "--most", "1"), 2, "--most", id="nobody-is-few"),
        pytest.param(("incident", "mark", UID, "--note", "x", "--reason", " "), 2, "say why", id="mark-without-why"),
        pytest.param(("incident", "hold", UID, "--reason", ""), 2, "say why", id="hold-without-why"),
        pytest.param(("incident", "hold", UID, "--reason", "x", "--until", "2020-01-01"), 2, "is over", id="hold-past"),
        pytest.param(("incident", "resolve", "stf_a", "--reason", ""), 2, "say why", id="resolve-without-why"),
        pytest.param(
            ("incident", "report", UID, "--json", "--audience", "hr", "--reason", " "), 2, "say why", id="names"
        ),
        pytest.param(("incident", "scope", "--as-of", "3"), 1, "the last is 2", id="as-of-what-is-not-yet"),
        pytest.param(
            ("incident", "scope", "--since", "2026-06-02", "--until", "2026-06-01"), 2, "not before", id="turned"
        ),
        pytest.param(("incident", "scope", "--since", "2026-06-02"), 1, "a proxy wrote from", id="after-the-end"),
        pytest.param(
            ("incident", "hunt", "--dest", "x", "--until", "2026-05-31"), 1, "a proxy wrote from", id="before"
        ),
        pytest.param(("incident", "graph", "--until", "2026-05-31"), 1, "a proxy wrote from", id="graph-before"),
        pytest.param(("incident", "drip", "li", "--since", "2026-06-02"), 1, "a proxy wrote from", id="drip-after"),
        pytest.param(("replay", "--from", "2026-06-02", "--to", "2026-06-01"), 2, "not before", id="replay-turned"),
        pytest.param(("replay", "--from", "2026-06-02"), 1, "nothing to replay", id="replay-of-nothing"),
    ],
)
def test_it_is_an_error_that_says_what_is_wrong(state: Path, words: tuple[str, ...], code: int, says: str) -> None:
    done = asked(state, *words)
    assert (done.code, done.out) == (code, ""), done.out
    assert says in done.err


def test_an_account_that_nobody_told_of_is_told(state: Path) -> None:
    done = asked(state, "incident", "scope", "--account", "acc_000000000000")
    assert "told of the account acc_000000000000" in done.err
    assert "customers 0 left" in done.out


def test_blanks_are_no_reason_to_show_names(state: Path) -> None:
    assert "stf_" in asked(state, "incident", "scope", "--names", "  ").out


def test_time_before_the_log_leaves_the_answer_open(state: Path) -> None:
    done = asked(state, "incident", "hunt", "--phone", "-", "--since", "2026-05-01", stdin=phone(9))
    assert "line 1: unknown" in done.out
    assert "nothing is kept of 31.3 days before the log began" in done.out
    assert "line 1: no" in asked(state, "incident", "hunt", "--phone", "-", stdin=phone(9)).out
    told = asked(state, "incident", "hunt", "--phone", "-", "--until", "2100-01-01", stdin=phone(9))
    assert "line 1: no" in told.out  # of what is to come nobody can be blind


@pytest.mark.parametrize(
    "words",
    [
        ("incident", "list"),
        ("incident", "scope"),
        ("incident", "show", UID),
        ("incident", "hunt", "--dest", "x"),
        ("incident", "drip", "li"),
        ("incident", "report", UID, "--as-of", "1", "--json"),
        ("incident", "resolve", "stf_a", "--reason", "x"),
        ("replay", "--policies", str(POLICIES)),
    ],
    ids=lambda words: words[1],
)
def test_a_mistaken_folder_stays_as_it_is(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = asked(tmp_path / "stat", *words)
    assert done.code in {1, 2}
    assert "there is no " in done.err
    assert not (tmp_path / "stat").exists()
