"""Three people who fill one outside account at everybody's destination: asked about the account, not only the host."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from dlp_proxy.cli.incident import incident
from dlp_proxy.incidents.event_of import event_of, light_event_of
from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.load import load
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.unpack.account import account_at
from dlp_proxy.windows.windows import Windows
from tests.cli.small_policy import SMALL

OUTSIDER = "Outsider-77@Mail.example"
type Ask = Callable[..., Any]


def message(number: int, user: str, account: str, body: bytes) -> Message:
    secret = b64encode(f"{account}:s3cret-word".encode())
    headers = ((b"Authorization", b"Basic " + secret),) if account else ()
    who, where = Principal(user, "password", "medium", "10.0.0.1"), Destination("https", "pan.example", 443)
    return Message(f"01ACC{number:021d}", 1_780_000_000.0 + number, "http", who, where, "PUT", "/up", headers, body)


def kept(done: Judgement) -> Event:
    if not done.worth_an_event:
        return light_event_of(done.message, done.inspection, done.verdict, "0", done.read, {})
    return event_of(done.message, done.inspection, done.verdict, done.counted, "0", done.read)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Return what asks a store: of `li`, `wu` and `chen`, who send to one account, and of forty who use their own."""
    state = StateDir(tmp_path_factory.mktemp("accounts") / "state")
    state.make()
    key = KeyedFingerprint(state.key())
    policy = load({"small.yaml": SMALL}, date(2026, 11, 23)).policy
    assert policy is not None
    engine = Engine(policy, key, LIMITS)
    done = [
        examine(message(number, user, OUTSIDER.swapcase(), b"order SO-%08d goes out\n" % number), engine, Windows())
        for number, user in enumerate(("li", "wu", "chen"), 11)
    ]
    for number in range(20, 43):
        crowd = message(number, f"p{number}", f"p{number}", b"")
        seen = replace(done[0].inspection, account=account_at(crowd, (), key))
        done.append(replace(done[0], message=crowd, inspection=seen))
    done.append(examine(message(71, "zhao", OUTSIDER, b"nothing of anybody " * 80), engine, Windows()))
    with closing(SqliteStore(state.events, key=key.name)) as store:
        for one in map(kept, done):
            written = store.record(one)
            store.outcome(Outcome(one.uid, one.time + 1, "allowed", 100, 200))
        written.result(30)
    for path in state.path.rglob("events.db*"):
        assert b"utsider-77" not in path.read_bytes().lower()
        assert b"s3cret" not in path.read_bytes()

    def ask(*words: str, stdin: str = "") -> Any:
        options = ["--state", str(state.path), *(["--names", "a test"] if words[0] != "list" else [])]
        done = CliRunner().invoke(incident, [*words, *options], input=stdin)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return json.loads(done.stdout) if "--json" in words else done.stdout

    return ask


def test_who_filled_one_account_is_told_though_the_host_is_everybodys(asked: Ask) -> None:
    told = asked("graph", "--json")
    assert told["sites"] == []
    assert told["everybodys"] == [["pan.example", 26]]
    (account,) = told["accounts"]
    assert account["people"] == [["chen", 1], ["li", 1], ["wu", 1]]
    assert account["customers"] == 3
    assert account["site"] == "pan.example"
    assert account["account"].startswith("acc_")
    assert account["account"].endswith(" (basic oU********************LE)")
    assert "shared account at a destination" in asked("graph")


def test_an_account_is_a_row_of_a_scope_and_can_be_asked_about(asked: Ask) -> None:
    rows = asked("scope", "--json")["accounts"]
    assert len(rows) == 24
    (shared,) = [name for name, one in rows.items() if one["transfers"] == 3]
    name = shared.split()[1]
    alone = asked("scope", "--account", name, "--json")
    assert set(alone["people"]) == {"li", "wu", "chen"}
    assert alone["customers"]["left"] == 3
    assert f"--account {name}" in alone["command"]
    assert set(alone["accounts"]) == {shared}
    assert f"  account  {name} (basic " in asked("show", f"01ACC{11:021d}")


def test_an_account_is_hunted_by_its_name_whatever_was_sent(asked: Ask) -> None:
    told = asked("hunt", "--account", "-", "--json", stdin=f"{OUTSIDER}\nsomebody else\n")["values"]
    assert [(one["answer"], [hit["user"] for hit in one["hits"]]) for one in told] == [
        ("yes", ["li", "wu", "chen", "zhao"]),
        ("no", []),
    ]


def test_what_is_no_account_is_refused(asked: Ask) -> None:
    assert asked("scope", "--account", "bob") == ""
