from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import as_json, orders
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import inspect
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import StateDir, passing_fingerprint
from dlp_proxy.wiring.answers import Answers
from dlp_proxy.wiring.engine import engine_parts, make_engine
from dlp_proxy.wiring.judging import Judging
from tests.cli.commands import POLICIES
from tests.cli.commands import dlp_proxy_here as dlp_proxy

LI = "li.na@corp.example"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state folder in which Li Na sent 200 customers, four at a time."""
    state = tmp_path_factory.mktemp("window") / "state"
    StateDir(state).make()
    engine = make_engine(engine_parts(POLICIES, passing_fingerprint(), Limits()))
    store = SqliteStore(StateDir(state).events)
    judging = Judging(store, Answers(store, b"k" * 32))

    async def send() -> None:
        some = orders(200, seed=41)
        for number in range(0, 200, 4):
            message = Message(
                uid=f"01TEST{number:020}",
                channel="http",
                time=time.time(),
                principal=Principal(LI, method="device-map", strength="weak"),
                destination=Destination("https", "transfer.example", 443),
                method="POST",
                target="/u",
                body=as_json(some[number : number + 4]),
            )
            await judging.judge(message, inspect(message, engine), engine)

    asyncio.run(send())
    store.close()
    return state


def test_show_tells_how_close_a_person_is_and_when_the_window_lets_go(filled: Path) -> None:
    done = dlp_proxy("window", "show", "--user", LI, "--state", filled, "--policies", POLICIES)
    assert (done.code, done.err) == (0, "")
    assert f"{LI}: 200 of 200 in 24h by user -> block, at its limit until " in done.out
    shown = json.loads(dlp_proxy("window", "show", "--state", filled, "--policies", POLICIES, "--json").out)
    (daily,) = (one for one in shown if one["limit"] == "200 in 24h by user")
    assert daily["user"] == LI
    assert daily["total"] == daily["at_least"] == 200
    assert 86_000 < daily["lets_go"] - time.time() < 86_401


def test_nobody_else_is_shown(filled: Path) -> None:
    done = dlp_proxy("window", "show", "--user", "wang@corp.example", "--state", filled, "--policies", POLICIES)
    assert (done.code, done.out) == (0, "counts towards no limit over time\n")


def test_a_reset_needs_a_reason_and_somebody_to_let_go(filled: Path) -> None:
    where = ("--state", filled, "--policies", POLICIES)
    assert "--reason" in dlp_proxy("window", "reset", "--user", LI, *where).err
    assert "is empty" in dlp_proxy("window", "reset", "--user", LI, "--reason", " ", *where).err
    done = dlp_proxy("window", "reset", "--user", "wang@corp.example", "--reason", "asked", *where)
    assert done.code == 1
    assert "`dlp-proxy window show` lists who does" in done.err


def test_a_reset_lets_go_at_once_and_is_an_event(filled: Path) -> None:
    where = ("--state", filled, "--policies", POLICIES)
    done = dlp_proxy("window", "reset", "--user", LI, "--reason", "ticket 4711", *where, "--json")
    assert done.code == 0
    said = json.loads(done.out)
    assert said["forgotten"] >= 200
    assert dlp_proxy("window", "show", "--user", LI, *where).out == "counts towards no limit over time\n"
    shown = dlp_proxy("incident", "show", said["event"], "--state", filled).out
    assert "windows reset" in shown
    assert "ticket 4711" in shown
    assert "200 of 200 in 24h by user" in shown
