from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.cli.investigators.event_lines import lines_of_event
from dlp_proxy.model.event import Outcome
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, inspect
from dlp_proxy.proxy.ports import Recorded
from dlp_proxy.settings import load_settings
from dlp_proxy.stores.ports import Kept
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.answers import Answers
from dlp_proxy.wiring.engine import engine_parts, make_engine
from dlp_proxy.wiring.judging import Judging
from dlp_proxy.wiring.light import NO_LIGHT_RECORDS, LightRecords, light_records
from tests.cli.commands import POLICIES

UPLOAD = Message(
    uid="01LIGHT",
    time=1_764_362_453.5,
    channel="http",
    principal=Principal("Li.Na@corp.example", "password", "medium", "10.0.0.7", ("cs-night",), "pc-7"),
    destination=Destination("https", "pan.example", 443),
    method="POST",
    target="/up",
    headers=((b"content-type", b"text/plain"),),
    body=b"nothing to see here " * 100,
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine(engine_parts(POLICIES, passing_fingerprint(), Limits()))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "events.db")
    yield store
    store.close()


def judged(store: SqliteStore, engine: Engine, message: Message, light: LightRecords) -> Recorded:
    async def judge() -> Recorded:
        judging = Judging(store, Answers(store, b"a" * 32), light)
        _, recorded = await judging.judge(message, inspect(message, engine), engine)
        if recorded.durable is not None:
            await judging.kept(recorded.durable)
        return recorded

    return asyncio.run(judge())


def kept(tmp_path: Path, *, light: bool) -> list[Kept]:
    with SqliteReader(tmp_path / "events.db") as reader:
        return list(reader.events(light=light))


def test_an_upload_in_which_nothing_is_found_leaves_a_light_record(
    store: SqliteStore, engine: Engine, tmp_path: Path
) -> None:
    recorded = judged(store, engine, UPLOAD, LightRecords(everybody=True))
    assert (recorded.kept, recorded.incident) == (True, "")
    store.outcome(Outcome(UPLOAD.uid, UPLOAD.time + 1, "allowed", 2000, 201))
    store.close()
    assert kept(tmp_path, light=False) == []
    (one,) = kept(tmp_path, light=True)
    assert (one.event.action, one.event.light, one.event.site) == ("allow", True, "pan.example")
    assert one.event.body["request"]["bytes"] == 2000
    assert one.event.body["identity"]["strength"] == "medium"
    assert one.event.body["coverage"]["inspected"] == "full"
    assert one.event.body["decision"]["hash"]
    assert one.outcome is not None
    assert (one.outcome.fate, one.outcome.released_bytes) == ("accepted", 2000)
    with SqliteReader(tmp_path / "events.db") as reader:
        assert [row.sequence for row in reader.named(UPLOAD.uid)] == [1]


def test_what_is_no_upload_or_is_switched_off_leaves_none(store: SqliteStore, engine: Engine, tmp_path: Path) -> None:
    everybody = LightRecords(everybody=True)
    judged(store, engine, replace(UPLOAD, body=b"", method="GET"), everybody)
    judged(store, engine, replace(UPLOAD, channel="websocket"), everybody)
    judged(store, engine, UPLOAD, NO_LIGHT_RECORDS)
    store.close()
    assert kept(tmp_path, light=True) == []


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        pytest.param({"light_records": "all"}, True, id="all"),
        pytest.param({"light_records": "off", "flagged": ["cs-night"]}, False, id="off"),
        pytest.param({"light_records": "flagged", "flagged": ["cs-night"]}, True, id="their group"),
        pytest.param({"light_records": "flagged", "flagged": ["LI.NA@corp.example"]}, True, id="their name"),
        pytest.param({"light_records": "flagged", "flagged": ["hr"]}, False, id="somebody else"),
        pytest.param({"light_records": "flagged"}, False, id="nobody"),
        pytest.param({}, True, id="as it comes"),
    ],
)
def test_whose_uploads_are_kept_is_a_setting(words: dict[str, object], *, wanted: bool) -> None:
    light = light_records(load_settings(None, {}, words))
    assert light.wanted(UPLOAD, Inspection(bytes=1)) is wanted


def test_a_light_record_is_shown_like_any_other(tmp_path: Path, store: SqliteStore, engine: Engine) -> None:
    judged(store, engine, UPLOAD, LightRecords(everybody=True))
    with SqliteReader(tmp_path / "events.db") as reader:
        (one,) = reader.events(uid="01LIGHT")
    lines = lines_of_event(one)
    assert lines[2:5] == [
        "  where    POST https://pan.example/up",
        "  what     HTTP/1.1, 2000 bytes text",
        "  verdict  allow",
    ]
    assert "  coverage full" in lines
    assert lines[-1].startswith("  outcome  unknown")


def test_an_answer_that_waits_takes_the_light_record_to_the_disk_at_once(
    store: SqliteStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlp_proxy.stores.sqlite.store._LIGHT", 60.0)

    async def answered() -> None:
        judging = Judging(store, Answers(store, b"a" * 32), LightRecords(everybody=True))
        _, recorded = await judging.judge(UPLOAD, inspect(UPLOAD, engine), engine)
        assert recorded.durable is not None
        await asyncio.sleep(0.1)
        assert not recorded.durable.done()  # nobody waits yet: it waits for others to go with
        async with asyncio.timeout(5):
            await judging.kept(recorded.durable)

    asyncio.run(answered())
