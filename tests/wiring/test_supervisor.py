"""In which order workers are started."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.proxy.readiness import WRITABLE
from dlp_proxy.settings import load_settings
from dlp_proxy.wiring import supervisor
from dlp_proxy.wiring.notify import Notifier
from dlp_proxy.wiring.sizes import Sizes
from dlp_proxy.wiring.supervisor import Supervisor
from dlp_proxy.wiring.worker_process import WorkerProcess
from tests.cli.small_policy import SMALL

HANGS_SECONDS = 30
"""After which a test is given up."""


class Worker:
    """A worker's process that says that it is built when a test lets it."""

    metrics = failed = why_killed = ""
    exit_code = 0
    serving = warm = ready = drained = False

    def __init__(self, number: int) -> None:
        self.number = number
        self.built, self.ended = asyncio.Event(), asyncio.Event()

    async def drain(self) -> None:
        self.drained = True


class Crew:
    """The supervisor of three workers, one of which was started early, and those that it has started by now."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        policies = folder / "policies"
        policies.mkdir()
        (policies / "small.yaml").write_text(SMALL, encoding="utf-8")
        settings = load_settings(None, {}, {"policies": policies, "state": folder / "state", "hyperscan": False})
        early: list[Any] = [object()]
        self.early = early[0]
        self.supervisor = Supervisor(settings, Sizes(3, 1, 0), Notifier(), early)
        self.workers: dict[int, Worker] = {}
        monkeypatch.setattr(self.supervisor, "_start", self._start)
        monkeypatch.setattr(self.supervisor, "_let_go", self._let_go)
        monkeypatch.setattr(supervisor, "_ALONE_SECONDS", 10 * HANGS_SECONDS)
        self.keeping = [asyncio.create_task(self.supervisor._keep(number)) for number in range(3)]

    async def _start(self, number: int) -> Worker:
        self.workers[number] = Worker(number)
        return self.workers[number]

    async def _let_go(self, _: Worker) -> None: ...

    async def settle(self) -> None:
        """Let everybody come to where they wait."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def end(self) -> None:
        self.supervisor._ending.set()
        for one in self.workers.values():
            one.built.set()
            one.ended.set()
        async with asyncio.timeout(HANGS_SECONDS):
            await asyncio.gather(*self.keeping)


@pytest.fixture
async def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crew:
    return Crew(tmp_path, monkeypatch)


async def test_the_others_begin_when_the_first_worker_is_there(crew: Crew) -> None:
    await crew.settle()
    assert set(crew.workers) == {0}
    crew.workers[0].built.set()
    async with asyncio.timeout(HANGS_SECONDS):
        while len(crew.workers) < 3:  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.01)
    await crew.end()


async def test_who_waits_for_the_first_is_not_started_any_more_when_all_ends(crew: Crew) -> None:
    await crew.settle()
    await crew.end()
    assert set(crew.workers) == {0}


async def test_who_is_being_started_when_all_ends_is_told_to_end(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """It went on to serve, until it was killed when the time of all was over."""
    await crew.settle()
    starting: list[int] = []
    begun = asyncio.Event()

    async def start(number: int) -> Worker:
        starting.append(number)
        await begun.wait()
        return await crew._start(number)

    monkeypatch.setattr(crew.supervisor, "_start", start)
    crew.workers[0].built.set()
    async with asyncio.timeout(HANGS_SECONDS):
        while len(starting) < 2:  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.01)
    crew.supervisor._ending.set()
    begun.set()
    await crew.settle()
    assert {number: one.drained for number, one in crew.workers.items()} == {0: False, 1: True, 2: True}
    await crew.end()


async def test_a_process_that_was_started_early_is_the_first_worker(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []

    async def begin(number: int, process: object, *_: object) -> Worker:
        begun.append(process)
        return Worker(number)

    monkeypatch.setattr(WorkerProcess, "begin", begin)
    monkeypatch.setattr(supervisor, "Child", lambda: "another")
    crew.supervisor._socket = crew.supervisor._own_ports = None  # type: ignore[assignment]
    for number in range(2):
        await Supervisor._start(crew.supervisor, number)
    assert begun == [crew.early, "another"]
    await crew.end()


class Reporting(Worker):
    """A worker that serves and says how it stands with the store."""

    serving = ready = True

    def __init__(self, number: int, store: str) -> None:
        super().__init__(number)
        self.facts, self.ready = {"store": store}, store == WRITABLE

    async def report(self) -> None: ...


@pytest.mark.parametrize(
    ("stores", "is_ready"),
    [((WRITABLE, WRITABLE), True), (("disk I/O error", WRITABLE), False), (("disk I/O error",) * 2, False)],
)
async def test_a_store_that_one_worker_cannot_write_is_told_for_all(
    crew: Crew, stores: tuple[str, ...], *, is_ready: bool
) -> None:
    told: Any = {number: Reporting(number, store) for number, store in enumerate(stores)}
    crew.supervisor._workers = told
    readiness = await crew.supervisor._readiness()
    assert readiness.ready is is_ready
    assert ("disk I/O error" in str(readiness.facts["store"])) is not is_ready
    crew.supervisor._workers = {}
    await crew.end()
