"""Evidence on the staircase: sealed before the event that points to it, and the totals are as if it were not."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.cli.demo_traffic import as_csv, as_json, orders
from dlp_proxy.cli.held import held_in
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.totals import Observation, Series
from dlp_proxy.pipeline import Engine, by_exception_policy, inspect
from dlp_proxy.sealing.check import check
from dlp_proxy.sealing.vault import Bounds, Vault, blobs_of, shares_of
from dlp_proxy.stores.ports import Kept, SharedMemory, TakenBackError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring import sealing as sealing_module
from dlp_proxy.wiring.answers import Answers
from dlp_proxy.wiring.engine import engine_parts, make_engine
from dlp_proxy.wiring.judging import Judging
from dlp_proxy.wiring.sealing import EvidenceNotKeptError, Mode, Sealing
from tests.cli.commands import POLICIES
from tests.sealing.world import ROOMY, World, make_world

CSV = as_csv(orders(60, seed=8))
ONE = "您好，订单 SO-20260119-730164 的收货电话是 13912345678".encode()


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine(engine_parts(POLICIES, passing_fingerprint(), Limits()))


@dataclass
class Bench:
    """Judging over a real store, with sealing beside it."""

    world: World
    engine: Engine
    store: SqliteStore
    told: list[str] = field(default_factory=list)
    number: int = 0

    def judging(self, mode: Mode = "hits", *, strict: bool = False, bounds: Bounds = ROOMY) -> Judging:
        sealing = Sealing(Vault(self.world.state, bounds), mode, strict=strict, count=self.told.append)
        return Judging(self.store, Answers(self.store, b"k" * 32), sealing=sealing)

    def message(self, body: bytes, host: str = "pan.baidu.example") -> Message:
        self.number += 1
        return Message(
            uid=f"01TEST{self.number:020}",
            time=time.time(),
            channel="http",
            principal=Principal("li.na@corp.example", method="device-map", strength="weak"),
            destination=Destination("https", host, 443),
            method="POST",
            target="/u",
            body=body,
        )

    def send(self, judging: Judging, *messages: Message, engine: Engine | None = None) -> None:
        used = engine or self.engine

        async def work() -> None:
            for one in messages:
                await judging.judge(one, inspect(one, used), used)

        asyncio.run(work())

    def events(self) -> list[Kept]:
        with SqliteReader(self.world.state.events) as reader:
            return list(reader.events())

    def evidence(self) -> list[Any]:
        return [kept.event.body["evidence"] for kept in self.events()]


@pytest.fixture
def bench(tmp_path: Path, engine: Engine) -> Iterator[Bench]:
    world = make_world(tmp_path)
    store = SqliteStore(world.state.events)
    yield Bench(world, engine, store)
    store.close()


def test_what_is_blocked_is_sealed_what_passes_is_not(bench: Bench) -> None:
    bench.send(bench.judging(), bench.message(CSV), bench.message(ONE, "mail.qq.example"))
    blocked, passed = bench.evidence()
    assert (blocked["kept"], blocked["body_bytes"], passed) == ("whole", len(CSV), None)
    assert [name for name, _ in blobs_of(bench.world.state)] == [blocked["blob"]]
    assert bench.told == ["sealed"]


def test_on_request_all_events_are_sealed_or_none(bench: Bench) -> None:
    messages = (bench.message(CSV), bench.message(ONE, "mail.qq.example"), bench.message(b"nothing in it"))
    bench.send(bench.judging("all"), *messages)
    assert [one["kept"] for one in bench.evidence()] == ["whole", "whole"]
    bench.send(bench.judging("off"), bench.message(CSV))
    assert bench.evidence()[2] is None


def test_what_is_only_logged_is_sealed(bench: Bench) -> None:
    """Under monitor nothing is stopped; what would have been is kept."""
    watching = replace(bench.engine, monitor=True)
    bench.send(bench.judging(), bench.message(CSV), engine=watching)
    (kept,) = bench.events()
    assert (kept.event.action, kept.event.would, kept.event.body["evidence"]["kept"]) == ("log", "block", "whole")


def test_a_window_that_trips_is_counted_once_though_it_is_judged_twice(bench: Bench) -> None:
    slow = orders(208, seed=78)
    messages = [bench.message(as_json(slow[at : at + 4]), "transfer.example") for at in range(0, 208, 4)]
    bench.send(bench.judging(), *messages)
    kept = bench.events()
    assert [one.event.action for one in kept].index("block") == 49
    totals = [
        reason["totals"]["200 in 24h by user"]
        for one in kept
        for reason in one.event.body["reasons"]
        if "200 in 24h by user" in reason["totals"]
    ]
    assert totals == list(range(4, 209, 4))
    assert [one is not None for one in bench.evidence()] == [False] * 49 + [True] * 3


def test_what_a_judge_takes_back_is_not_counted(bench: Bench) -> None:
    series = Series("rule", "li.na")

    def back(windows: SharedMemory, now: float) -> tuple[None, None]:
        windows.observe(now, [Observation(series, (b"i" * 16,), (60,))])
        raise TakenBackError

    def look(windows: SharedMemory, now: float) -> tuple[int, None]:
        return windows.observe(now, [Observation(series, (), (60,))]).distinct[series, 60], None

    with pytest.raises(TakenBackError):
        bench.store.settle(back).result(15)
    assert bench.store.settle(look).result(15) == (0, "")


def test_verdicts_and_totals_are_the_same_with_and_without_evidence(bench: Bench, tmp_path: Path) -> None:
    slow = orders(240, seed=79)
    bodies = [as_json(slow[at : at + 8]) for at in range(0, 240, 8)]
    seen = []
    modes: tuple[Mode, ...] = ("off", "hits", "all")
    for mode in modes:
        world = make_world(tmp_path / mode)
        store = SqliteStore(world.state.events)
        other = Bench(world, bench.engine, store)
        other.send(other.judging(mode), *(other.message(one, "transfer.example") for one in bodies))
        seen.append([(one.event.action, one.event.records, str(one.event.body["reasons"])) for one in other.events()])
        store.close()
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == len(bodies)


def test_what_cannot_be_kept_is_a_gap_and_the_verdict_stands(bench: Bench) -> None:
    bench.send(bench.judging(bounds=Bounds(disk_bytes=100, room=0)), bench.message(CSV))
    (kept,) = bench.events()
    assert kept.event.action == "block"
    assert kept.event.body["evidence"] == {
        "kept": "none",
        "gap": "evidence-not-kept",
        "why": "the 100 bytes for evidence are used up: purge, or allow more",
    }
    assert bench.told == ["not-kept"]
    assert list(shares_of(bench.world.state)) == []


def test_where_the_operator_wants_it_nothing_goes_on_without_evidence(bench: Bench) -> None:
    judging = bench.judging("all", strict=True, bounds=Bounds(disk_bytes=100, room=0))
    one = bench.message(ONE, "mail.qq.example")
    with pytest.raises(EvidenceNotKeptError):
        bench.send(judging, one)
    assert bench.events() == []
    # What the proxy does then: the exception policy decides, and records without asking for evidence again.
    judged = by_exception_policy(one, "judge: EvidenceNotKeptError", bench.engine)
    asyncio.run(judging.record(judged))
    (kept,) = bench.events()
    assert (kept.event.action, kept.event.body["evidence"]["kept"]) == ("block", "none")
    bench.send(judging, bench.message(b"nothing in it"))


def test_a_disk_that_hangs_costs_the_evidence_and_leaves_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing_module, "_SECONDS", 0.05)
    hanging, real = threading.Event(), Vault.seal

    def slow(vault: Vault, message: Message, abandoned: threading.Event) -> Any:
        hanging.wait(20)
        return real(vault, message, abandoned)

    monkeypatch.setattr(Vault, "seal", slow)

    async def work(judging: Judging) -> None:
        one = bench.message(CSV)
        await judging.judge(one, inspect(one, bench.engine), bench.engine)
        hanging.set()

    judging = bench.judging()
    asyncio.run(work(judging))
    assert "was not on disk after" in bench.evidence()[0]["why"]
    assert judging._sealing is not None
    judging._sealing.close()
    assert [*blobs_of(bench.world.state), *shares_of(bench.world.state)] == []


def test_an_error_of_ours_while_sealing_is_a_gap(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("with 13912345678 in its text")

    monkeypatch.setattr("dlp_proxy.sealing.vault.wrap", broken)
    bench.send(bench.judging(), bench.message(CSV))
    assert bench.evidence()[0]["why"] == "sealing stopped on RuntimeError"
    assert list(blobs_of(bench.world.state)) == []


def test_every_pointer_of_many_at_once_leads_to_what_is_whole(bench: Bench) -> None:
    judging = bench.judging()

    async def work() -> None:
        some = [bench.message(CSV + str(number).encode()) for number in range(20)]
        await asyncio.gather(*(judging.judge(one, inspect(one, bench.engine), bench.engine) for one in some))

    asyncio.run(work())
    found = check(bench.world.state, held_in(bench.world.state), bench.world.audit)
    assert (found.whole, found.faults, found.stray) == (20, [], [])
