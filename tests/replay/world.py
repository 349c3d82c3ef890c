"""A store as a proxy would have written it, made without one: seeded, with the clock in hand."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import inspect
from dlp_proxy.sealing.content import content_of
from dlp_proxy.sealing.vault import Bounds, Vault
from dlp_proxy.stores.policy_dir import keep_set, read_policies
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.sqlite.window_clock import HostClock
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.wiring.answers import Answers
from dlp_proxy.wiring.engine import make_engine, parts_of
from dlp_proxy.wiring.judging import Judging
from dlp_proxy.wiring.light import LightRecords
from dlp_proxy.wiring.sealing import Sealing
from tests.cli.small_policy import SMALL
from tests.kept_gate import gated

BEGAN: Final = 1_764_000_000.0
PEOPLE: Final = ("li.na@corp.example", "wu.hao@corp.example", "chen.yu@corp.example")
SITES: Final = ("drop.example", "pan.example", "watched.example")


def policies(folder: Path, text: str = SMALL) -> Path:
    folder.mkdir(parents=True)
    (folder / "small.yaml").write_text(text)
    return folder


def upload(number: int, at: float, user: str, site: str, orders: Sequence[int]) -> Message:
    body = "\n".join(f"order SO-{one:08} goes out" for one in orders) + "\n"
    return Message(
        uid=f"01REPLAY{number:018d}",
        time=at,
        channel="http",
        principal=Principal(user, "password", "medium", "10.0.0.7", ("night",), "pc-7"),
        destination=Destination("https", site, 443),
        method="POST",
        target="/up?b=1",
        headers=((b"content-type", b"text/plain"),),
        body=body.encode(),
        client_port=4711,
        attended=False,
    )


def uploads(count: int, seed: int = 7) -> list[Message]:
    """Return uploads over some days, of one to four orders out of sixty."""
    chance = random.Random(seed)
    at = BEGAN
    made = []
    for number in range(count):
        at += chance.uniform(60, 9000)
        orders = chance.sample(range(20260001, 20260061), chance.choice((1, 1, 2, 2, 3, 4)))
        made.append(upload(number, at, chance.choice(PEOPLE), chance.choice(SITES), orders))
    return made


def state_of(
    path: Path, folder: Path, messages: Sequence[Message], bodies: Path | None = None, *, sealed: bool = False
) -> Path:
    """Judge messages as a proxy does and keep what it keeps; with `bodies`, what a reveal of each would give too.

    Args:
        sealed: evidence is sealed to the people whose keys the folder has.
    """
    state = StateDir(path)
    state.make()
    files = read_policies(folder)
    key = KeyedFingerprint(state.key())
    engine = make_engine(gated(parts_of(files, key, LIMITS)))
    keep_set(state.policies, engine.policy.digest, files.texts, engine.policy.lists, files.fixtures)
    now = [messages[0].time]
    host = HostClock(lambda: "boot", lambda: now[0] - BEGAN, lambda: now[0])
    store = SqliteStore(state.events, state.key_of_log(), key.name, "node-1", host=host)
    judging = Judging(
        store, Answers(store, b"a" * 32), LightRecords(everybody=True), sealing=_sealing(state) if sealed else None
    )

    async def judge() -> None:
        for one in messages:
            now[0] = one.time + 0.123456789
            await judging.judge(one, inspect(one, engine), engine)

    try:
        asyncio.run(judge())
    finally:
        store.close()
    if bodies is not None:
        bodies.mkdir()
        for one in messages:
            (bodies / f"{one.uid}.body").write_bytes(one.body)
            (bodies / f"{one.uid}.json").write_text(json.dumps(content_of(one, 1 << 20, ("cookie",)).head))
    return path


def _sealing(state: StateDir) -> Sealing:
    vault = Vault(state, Bounds(1 << 20, 1 << 30, ("cookie",)))
    vault.prepare()
    return Sealing(vault, "hits", strict=True, count=lambda _: None)
