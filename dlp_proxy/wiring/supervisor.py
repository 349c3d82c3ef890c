"""Many workers on one port, kept alive, and one answer for all of them (docs/adr/0060).

The supervisor judges nothing and touches no traffic. It binds the port, starts the workers, starts another for each
that dies, reads the policies and has all workers take a set or none, and adds up what they say on the operations port.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any, Final

import structlog
from prometheus_client import Counter, Gauge, generate_latest

from dlp_proxy import __version__
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.operations import Desk
from dlp_proxy.proxy.readiness import WRITABLE, Readiness
from dlp_proxy.setting_values import Address
from dlp_proxy.settings import Settings
from dlp_proxy.stores.authority import CERTIFICATE_FILE
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.wiring.channel import Orders
from dlp_proxy.wiring.child import Child
from dlp_proxy.wiring.code_digest import code_stamp
from dlp_proxy.wiring.desk import asks_for_tls, open_desk, shown_address, write_ready_file
from dlp_proxy.wiring.following import PolicyFollower
from dlp_proxy.wiring.forwarding import keep_forwarding
from dlp_proxy.wiring.notify import Notifier
from dlp_proxy.wiring.policy_set import PolicySet, make_state, starting_set, with_gate
from dlp_proxy.wiring.sizes import Sizes
from dlp_proxy.wiring.start_error import ProxyStartError
from dlp_proxy.wiring.sums import Sums, together
from dlp_proxy.wiring.watching import Watch
from dlp_proxy.wiring.worker_process import WorkerProcess

_BACKLOG: Final = 4096
_BIND_SECONDS: Final = 5.0
"""Workers whose supervisor was killed let go of the port as soon as they notice."""
_HANGS_SECONDS: Final = 60.0
"""A worker that serves and says nothing for so long is replaced; it says something every second."""
_BUILDS_SECONDS: Final = 300.0
_PREPARES_SECONDS: Final = 120.0
_LIVED_SECONDS: Final = 10.0
"""A worker that served for so long and died is replaced at once; one that did not is waited for."""
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_ALONE_SECONDS: Final = 30.0
"""For the first workers to begin, before the others do in any case: one may hang."""
_TRIES: Final = 3
"""Of a worker to start at all, before any ever did."""
_END_SECONDS: Final = 5.0
"""For a worker to end after what was under way has ended."""

METRICS: Final = {"dlp_proxy_workers": "gauge", "dlp_proxy_worker_restarts": "counter"}
"""Name and type of what is told here, as dashboards and alerts use them."""

_log = structlog.get_logger("dlp_proxy.run")


def run_workers(settings: Settings, sizes: Sizes, early: list[Child], ready_file: Path | None) -> None:
    """Run with workers until SIGTERM or SIGINT.

    Args:
        early: processes of the first workers, started already; they end with this process if not before.

    Raises:
        PolicyError: the policies have errors; the text is all of them.
        ProxyStartError: what workers share is not as it must be, or none of them can start.
    """
    try:
        asyncio.run(Supervisor(settings, sizes, Notifier.of(os.environ, os.getpid()), early).serve(ready_file))
    except StoreError as error:
        raise ProxyStartError(str(error)) from error
    finally:
        for one in early:  # without orders: there was no reason to begin
            one.kill()


class Supervisor:
    """The parent of the workers of an installation."""

    def __init__(self, settings: Settings, sizes: Sizes, notifier: Notifier, early: list[Child]) -> None:
        """Make sure of all that workers share: state folder, CA, keys, the policies' text.

        Raises:
            StoreError: the state folder or the policy folder cannot be used.
        """
        code_stamp()  # of what runs here: later it may be another
        self._settings = settings
        self._sizes = sizes
        self._notifier = notifier
        self._early = early
        self._at_once = len(early)
        self._begun = asyncio.Event()
        """The first worker is there; the others are started now, so that it had the cores."""
        self._state = make_state(settings)
        self._state.key_of_answers()
        self._metrics = Metrics()
        policies = with_gate(starting_set(settings, self._state), settings, self._state)
        self._follower = PolicyFollower(settings, policies, self._take_up, self._tell_stale, self._metrics, notifier)
        self._generation = 0
        self._workers: dict[int, WorkerProcess] = {}
        self._gone = Sums()
        self._exchange = asyncio.Lock()
        self._ending = asyncio.Event()
        self._trouble = ""
        self._was_ready = False
        registry = self._metrics.registry
        Gauge("dlp_proxy_workers", "Workers that serve", registry=registry).set_function(lambda: len(self._serving()))
        self._watch = Watch(self._state, (one.name for one in settings.forward))
        registry.register(self._watch)
        self._restarts = Counter("dlp_proxy_worker_restarts", "Workers replaced", ["reason"], registry=registry)

    async def serve(self, ready_file: Path | None) -> None:
        """Keep the workers serving until told to stop; then let them end what is under way.

        Raises:
            ProxyStartError: a port is taken, or no worker can start; the text says why.
        """
        self._socket = await _bind(self._settings.listen)
        certificate, by_tls = self._state.ca / CERTIFICATE_FILE, asks_for_tls(self._settings)
        follower = self._follower
        desk = Desk(
            self._readiness,
            self._exposition,
            certificate,
            self._address,
            follower.says,
            follower.asked_to_reload,
            by_tls,
        )
        operations = open_desk(desk, self._settings)
        self._own_ports = frozenset({operations.port, self._socket.getsockname()[1]})
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._end)
        loop.add_signal_handler(signal.SIGHUP, self._follower.now.set)
        keeping = [asyncio.create_task(self._keep(number)) for number in range(self._sizes.workers)]
        beside = [
            asyncio.create_task(one)
            for one in (
                self._follower.follow(),
                self._follower.compile_gates(),
                self._find_hanging(),
                self._tell_ready(operations.port, ready_file),
                self._notifier.watch(self._alive),
                keep_forwarding(self._settings),
            )
        ]
        for task in (*beside, *keeping):
            task.add_done_callback(self._must_not_fail)
        try:
            await self._ending.wait()
            self._notifier.stopping()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self._stop_workers(keeping)
        finally:
            for worker in self._workers.values():
                worker.kill("ending")
            self._socket.close()
            await operations.stop()
            _log.info("stopped")
        if self._trouble:
            raise ProxyStartError(self._trouble)

    def _end(self) -> None:
        if self._ending.is_set():
            for worker in self._workers.values():
                worker.kill("asked twice")  # somebody does not want to wait
        self._ending.set()

    def _must_not_fail(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._trouble = f"the supervisor failed: {type(error).__name__}"
            self._ending.set()

    async def _stop_workers(self, keeping: list[asyncio.Task[None]]) -> None:
        self._socket.close()
        await asyncio.gather(*(worker.drain() for worker in self._workers.values()))
        _, left = await asyncio.wait(keeping, timeout=self._settings.drain_seconds + _END_SECONDS)
        for worker in self._workers.values():
            worker.kill("did not end in time")
        if left:
            await asyncio.wait(left, timeout=_END_SECONDS)
        for task in left:
            task.cancel()

    async def _keep(self, number: int) -> None:
        """Keep one worker: start it, and another whenever it ends, after a pause when they end quickly."""
        loop = asyncio.get_running_loop()
        pause, tries = 0.0, 0
        if number >= self._at_once:
            await _first_of(_ALONE_SECONDS, self._begun, self._ending)
        while not self._ending.is_set():
            worker = await self._start(number)
            if self._ending.is_set():
                await worker.drain()  # the others were told while this one was not there yet
            await worker.built.wait()
            await self._let_go(worker)
            self._begun.set()
            began = loop.time()
            await worker.ended.wait()
            self._gone.add(worker.metrics, lasting=True)
            worker.metrics = ""
            if self._ending.is_set():
                return
            self._tell_death(worker)
            tries += 1
            if not self._was_ready and (worker.failed or tries >= _TRIES):
                self._trouble = worker.failed or "the workers end as soon as they start: look at the log"
                self._ending.set()
                return
            long_enough = loop.time() - began >= _LIVED_SECONDS
            pause = 0.0 if long_enough else min(max(_FIRST_PAUSE, 2 * pause), _LONGEST_PAUSE)
            await _first_of(pause, self._ending)

    async def _let_go(self, worker: WorkerProcess) -> None:
        """Have a worker that is built take connections, with the set that is in force by now."""
        async with self._exchange:
            if worker.generation != self._generation:
                if why := await worker.prepare(self._generation, self._follower.policies):
                    worker.kill(f"did not take the policies: {why}")
                    return
                await worker.take(self._generation)
            await worker.tell_stale(stale=bool(self._follower.stale))
            await worker.go()

    async def _start(self, number: int) -> WorkerProcess:
        orders = Orders(self._settings, self._sizes, self._follower.policies, self._own_ports)
        child = self._early.pop() if self._early else Child()
        worker = await WorkerProcess.begin(number, child, self._socket, orders, self._generation)
        self._workers[number] = worker
        return worker

    def _tell_death(self, worker: WorkerProcess) -> None:
        reason = "hangs" if worker.why_killed.startswith("hangs") else "failed" if worker.failed else "ended"
        self._restarts.labels(reason=reason).inc()
        why = worker.failed or worker.why_killed
        _log.error("worker ended, another is started", worker=worker.number, exit_code=worker.exit_code, why=why)

    async def _find_hanging(self) -> None:
        """Kill workers that say nothing any more."""
        loop = asyncio.get_running_loop()
        while True:
            looked = loop.time()
            await asyncio.sleep(1)
            late = loop.time() - looked - 1  # where this process gets no CPU, no worker can be blamed for its silence
            for worker in self._workers.values():
                worker.heard += late
                allowed = _HANGS_SECONDS if worker.serving else _BUILDS_SECONDS
                if not worker.ended.is_set() and loop.time() - worker.heard > allowed:
                    worker.kill(f"hangs: it said nothing for {allowed:.0f} seconds")

    async def _take_up(self, policies: PolicySet) -> None:
        """Have every worker take a set, or none; those that are being started begin with it.

        Raises:
            ProxyStartError: it was refused by a worker; the last good set stays.
        """
        async with self._exchange:
            some, number = self._serving(), self._generation + 1
            asked = [asyncio.create_task(worker.prepare(number, policies)) for worker in some]
            if asked:
                _, late = await asyncio.wait(asked, timeout=_PREPARES_SECONDS)
                refusals = [task.result() for task in asked if task not in late and task.result()]
                if late or refusals:
                    for task in late:
                        task.cancel()
                    await asyncio.gather(*(worker.drop() for worker in some))
                    raise ProxyStartError(refusals[0] if refusals else "a worker did not get the set ready in time")
            self._generation, self._follower.policies = number, policies
            await asyncio.gather(*(worker.take(number) for worker in some))

    async def _tell_stale(self, why: str) -> None:
        await asyncio.gather(*(worker.tell_stale(stale=bool(why)) for worker in self._serving()))

    def _serving(self) -> list[WorkerProcess]:
        return [worker for worker in self._workers.values() if worker.serving]

    def _alive(self) -> bool:
        """Tell systemd's watchdog: workers are there, or being started."""
        return bool(self._workers)

    async def _readiness(self) -> Readiness:
        serving = self._serving()
        await asyncio.gather(*(worker.report() for worker in serving))
        ready = [worker for worker in serving if worker.ready]
        facts: dict[str, Any] = {
            "version": __version__,
            **together(worker.facts for worker in serving if worker.facts),
            "policy_since": int(self._follower.since),
            "policy_stale": self._follower.stale or None,
            "workers": {"wanted": self._sizes.workers, "serving": len(serving), "ready": len(ready)},
        }
        # One store serves all of them: what one could not write another will not be able to.
        writable = all(worker.facts.get("store", WRITABLE) == WRITABLE for worker in serving)
        return Readiness(bool(ready) and writable and not self._ending.is_set(), facts)

    async def _exposition(self) -> bytes:
        self._watch.ready = (await self._readiness()).ready  # which has all workers report
        sums = Sums()
        sums.add(generate_latest(self._metrics.registry).decode())
        sums.include(self._gone)
        for worker in self._workers.values():
            sums.add(worker.metrics)
        return sums.text()

    def _address(self) -> str:
        host, port = self._socket.getsockname()[:2]
        return shown_address(self._settings, host, port)

    async def _tell_ready(self, operations_port: int, ready_file: Path | None) -> None:
        while not self._was_ready:
            await asyncio.sleep(0.05)
            workers = list(self._workers.values())
            self._was_ready = len(workers) == self._sizes.workers and all(one.warm and one.ready for one in workers)
        host, port = self._socket.getsockname()[:2]
        _log.info(
            "ready",
            listen=f"{host}:{port}",
            operations=operations_port,
            workers=self._sizes.workers,
            inspectors_each=self._sizes.inspectors,
            facts=together(worker.facts for worker in workers),
        )
        write_ready_file(ready_file, port, operations_port)
        self._notifier.ready(f"serving with {self._sizes.workers} workers")


async def _bind(address: Address) -> socket.socket:
    """Return a socket that listens; a port that others are about to let go of is waited for.

    Raises:
        ProxyStartError: it is not free.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    until = time.monotonic() + _BIND_SECONDS
    while True:
        try:
            return socket.create_server((address.host, address.port), family=family, backlog=_BACKLOG)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise ProxyStartError(f"cannot listen on {address}: {error.strerror}") from error
        await asyncio.sleep(0.05)


async def _first_of(seconds: float, *events: asyncio.Event) -> None:
    """Wait until one of them is set, at most so long."""
    waiting = [asyncio.create_task(one.wait()) for one in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
