"""Connections that are passed on unopened, in the store: who, where, by which entry, how much, and who adds it up."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from pathlib import Path

from dlp_proxy.model.message import Principal
from dlp_proxy.proxy.ports import Unopened
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.wiring.answers import Answers
from dlp_proxy.wiring.judging import Judging
from tests.cli.commands import dlp_proxy


def test_it_is_kept_shown_and_added_up_for_each_person(tmp_path: Path) -> None:
    begins = Unopened(
        uid="01UNOPENED1",
        time=time.time() - 60,
        principal=Principal("li.na", "password", "medium", "10.0.0.7", ("hr",), "pc-7"),
        site="app.payroll.example:443",
        client_port=50_000,
        entry="*.payroll.example:443",
        owner="hr@corp.example",
        reason="salaries",
        expires="2099-01-01",
    )
    ends = replace(
        begins, uid="01UNOPENED2", time=time.time(), ends=True, began=begins.uid, sent=1000, received=7, seconds=60.5
    )
    again = replace(ends, uid="01UNOPENED3", sent=500)
    other = replace(ends, uid="01UNOPENED4", principal=replace(begins.principal, user="zhang.wei"), sent=9)
    (tmp_path / "state").mkdir(mode=0o700)
    store = SqliteStore(tmp_path / "state" / "events.db")

    async def keep() -> None:
        judging = Judging(store, Answers(store, b"a" * 32))
        for one in (begins, ends, again, other):
            await judging.unopened(one)

    asyncio.run(keep())
    store.close()
    with SqliteReader(tmp_path / "state" / "events.db") as reader:
        kept = list(reader.events())
    assert [one.event.body["state"] for one in kept] == ["begins", "ends", "ends", "ends"]
    assert {one.incident for one in kept} == {""}
    assert kept[1].event.body["coverage"]["inspected"] == "none"
    shown = dlp_proxy("incident", "show", "01UNOPENED2", "--state", tmp_path / "state").out
    assert "by       *.payroll.example:443 until 2099-01-01, of hr@corp.example: salaries" in shown
    assert "bytes    1000 sent, 7 received, in 60 s" in shown
    rows = json.loads(dlp_proxy("bypass", "show", "--state", tmp_path / "state", "--json").out)
    assert [(one["user"], one["connections"], one["sent"], one["received"]) for one in rows] == [
        ("li.na", 2, 1500, 14),
        ("zhang.wei", 1, 9, 7),
    ]
    mine = dlp_proxy("bypass", "show", "--state", tmp_path / "state", "--user", "zhang.wei").out
    assert "zhang.wei -> *.payroll.example:443: 9 bytes sent" in mine
    assert "li.na" not in mine
