"""An installation whose inspectors cannot be started, and one that is told to end before it began."""

from __future__ import annotations

import asyncio
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dlp_proxy.setting_values import Address
from dlp_proxy.settings import Settings
from dlp_proxy.wiring.installation import Installation
from dlp_proxy.wiring.sizes import sizes_of
from dlp_proxy.wiring.worker import Worker
from tests.cli.small_policy import SMALL


class Master:
    """A proxy that is ready, until it is stopped."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.ready.set()
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (BrokenProcessPool("an engine"), "BrokenProcessPool", "an engine"),
        (FileNotFoundError(2, "No folder"), "ProxyStartError", "no inspector can be started: [Errno 2] No folder"),
        (RuntimeError("no new thread"), "ProxyStartError", "no inspector can be started: no new thread"),
    ],
)
async def test_it_ends_whatever_kept_them_from_starting(error: Exception, kind: str, says: str) -> None:
    """It went on as if it were ready, and every upload that wants an inspector was stopped after half a minute."""

    async def start() -> None:
        raise error

    here: Any = Installation.__new__(Installation)
    here.pool, here.listening, here.ready = SimpleNamespace(start=start), asyncio.Event(), asyncio.Event()
    here._trouble = None
    master: Any = Master()
    await here._warm(master)
    assert (type(here._trouble).__name__, str(here._trouble)) == (kind, says)
    assert (master.stopped, here.ready.is_set()) == (True, False)


async def test_who_is_told_to_end_before_it_began_does_not_begin(tmp_path: Path) -> None:
    """A container that was stopped while a worker still compiled waited until all its time was over."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "small.yaml").write_text(SMALL)
    nowhere = Address("127.0.0.1", 0)
    settings = Settings(policies=tmp_path / "policies", state=tmp_path / "state", listen=nowhere, operations=nowhere)
    here = Installation(settings, sizes_of(settings, 1))
    await here.drain(0)
    async with asyncio.timeout(60):
        await here.serve(frozenset())
    assert (here.listening.is_set(), here.addresses()) == (False, [])


async def test_a_worker_that_is_told_to_end_waits_for_no_other_word() -> None:
    told: list[float] = []

    async def drain(seconds: float) -> None:
        told.append(seconds)

    here: Any = SimpleNamespace(drain=drain)
    channel: Any = None
    worker = Worker(here, channel)
    worker.end(3)
    await worker.going.wait()
    assert told == [3]
