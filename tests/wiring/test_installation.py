"""An installation whose inspectors cannot be started."""

from __future__ import annotations

import asyncio
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace
from typing import Any

import pytest

from dlp_proxy.wiring.installation import Installation


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
