"""One process that serves: engine, store, inspectors and mitmproxy put together, and policy sets exchanged in it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import platform
import socket
from collections.abc import Coroutine, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any, Final

import structlog

from dlp_proxy import __version__
from dlp_proxy.pipeline import Engine, by_exception_policy, inspect, masked
from dlp_proxy.proxy.failures import Failures
from dlp_proxy.proxy.inspector import Recipe
from dlp_proxy.proxy.master import ProxyMaster
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.pool import InspectionPool
from dlp_proxy.proxy.ports import ProxySettings, Steps
from dlp_proxy.proxy.readiness import WRITABLE, Readiness
from dlp_proxy.sealing.forgetting import forget_old, forget_strays
from dlp_proxy.settings import Settings
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.retention import Retention, forget_due
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint
from dlp_proxy.wiring.answers import Answers
from dlp_proxy.wiring.compiled import build_compiled
from dlp_proxy.wiring.engine import EARLY
from dlp_proxy.wiring.heart import BEAT_SECONDS, Heart
from dlp_proxy.wiring.judging import Judging
from dlp_proxy.wiring.light import light_records
from dlp_proxy.wiring.policy_set import (
    PolicySet,
    ReadySet,
    make_state,
    ready_at_once,
    ready_in_slices,
    starting_set,
    with_gate,
)
from dlp_proxy.wiring.sealing import make_sealing
from dlp_proxy.wiring.sizes import Sizes
from dlp_proxy.wiring.start_error import ProxyStartError
from dlp_proxy.wiring.ways import ca_passphrase, upstream_of
from dlp_proxy.wiring.who import who_settings

_log = structlog.get_logger("dlp_proxy.run")

_FORGET_EVERY: Final = 60
"""Beats between two looks for events that are due to be forgotten."""
_LAG_SECONDS: Final = 0.25
_LONGEST_WINDOW_SECONDS: Final = 400 * 24 * 3600


class Installation:
    """One serving process with its engine, windows and store.

    Attributes:
        listening: set once it takes connections.
        ready: set once it also has its inspectors.
        stale: the policy folder has another set by now, which is refused.
    """

    def __init__(self, settings: Settings, sizes: Sizes, policies: PolicySet | None = None) -> None:
        """Open everything that must work before the first connection is taken.

        Args:
            policies: the set; out of the folder where none is given.

        Raises:
            StoreError: the state folder, the CA or the store cannot be used.
            PolicyError: the policies have errors.
            ProxyStartError: the self-test record was not blocked.
        """
        self.settings = settings
        self.sizes = sizes
        self.state = make_state(settings)
        made = with_gate(policies or starting_set(settings, self.state), settings, self.state)
        self.in_force = ready_at_once(made)
        self.stale = bool(made.stale)
        self.store = SqliteStore(
            self.state.events,
            log_key=self.state.key_of_log(),
            key=KeyedFingerprint(self.state.key()).name,
            node=settings.node or platform.node(),
        )
        if not self.store.writable():
            raise StoreError(f"{self.state.events} takes no write: look at the disk and at its owner")
        answers = Answers(self.store, self.state.key_of_answers())
        self.metrics = Metrics()
        self.sealing = make_sealing(settings, self.state, self.metrics)
        self.judging = Judging(self.store, answers, light_records(settings), lambda: self.stale, self.sealing)
        self.heart = Heart(self.store)
        self.metrics.store_waiting.set_function(self.store.waiting)
        self.metrics.inspectors.set_function(self._inspectors)
        self.failures = Failures(self.in_force.parts.fingerprint)
        self.pool = self._pool(self.in_force)
        self.listening = asyncio.Event()
        self.ready = asyncio.Event()
        self._master: ProxyMaster | None = None
        self._prepared: tuple[ReadySet, InspectionPool] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._trouble: BaseException | None = None
        self._called_off = False

    async def serve(
        self,
        own_ports: frozenset[int],
        beside: Sequence[Coroutine[Any, Any, None]] = (),
        given: socket.socket | None = None,
    ) -> None:
        """Serve until told to stop, then let go of everything in order.

        It takes connections before its inspectors are there: whoever needs one waits for it.

        Args:
            own_ports: other ports of this installation; nobody may be proxied to them.
            beside: what else is done as long as it serves.
            given: the socket to take connections from, where another process holds it.

        Raises:
            BrokenProcessPool, ProxyStartError: no inspector could be started.
            ProxyError: the port cannot be bound.
        """
        steps = self._steps(self.in_force.engine, self.pool)
        self._master = master = ProxyMaster(self._proxy_settings(own_ports), steps, self.metrics, given)
        self.heart.start(self.in_force.digest, monitor=self.settings.monitor)
        gc.collect()
        gc.freeze()  # what is loaded stays: looking through it again would hold up everybody for tens of milliseconds
        tasks = [
            asyncio.create_task(one) for one in (self._housekeeping(), self._warm(master), self._watch_loop(), *beside)
        ]
        try:
            if not self._called_off:
                await master.serve()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.listening.clear()
            self.pool.stop()
            if self._prepared is not None:
                self._prepared[1].stop()
            self.heart.stop()
            self.sealing.close()
            self.store.close()
            _log.info("stopped")
        if self._trouble is not None:
            raise self._trouble

    def addresses(self) -> list[tuple[str, int]]:
        return self._master.addresses() if self._master is not None else []

    async def drain(self, seconds: float) -> None:
        """Take no more connections, let what is under way end for at most `seconds`, and stop."""
        if self._master is not None and self.listening.is_set():
            await self._master.drain(seconds)
        elif self._master is not None:
            self._master.stop()
        else:
            self._called_off = True

    def stop(self) -> None:
        if self._master is not None:
            self._master.stop()

    async def prepare(self, policies: PolicySet) -> ReadySet:
        """Make a set ready to be taken into force: put together, with inspectors of its own.

        Raises:
            PolicyError, ProxyStartError, StoreError, BrokenProcessPool: it cannot be; the one in force stays.
        """
        self.drop()
        complete = await asyncio.to_thread(with_gate, policies, self.settings, self.state)
        made = await ready_in_slices(complete)
        pool = self._pool(made)
        try:
            await pool.start()
        except BaseException:
            pool.stop()
            raise
        self._prepared = made, pool
        return made

    def take(self) -> None:
        """Take the set that was prepared into force, at once. A message under way ends by the one it began with."""
        if self._prepared is None:
            raise ProxyStartError("there is no prepared policy set")
        old = self.pool
        (self.in_force, self.pool), self._prepared = self._prepared, None
        if self._master is not None:
            self._master.staircase.use(self._steps(self.in_force.engine, self.pool))
        self.heart.policy(self.in_force.digest)
        _log.info("policies taken up", digest=self.in_force.digest)
        self._keep(old.retire())

    def drop(self) -> None:
        """Forget the set that was prepared."""
        if self._prepared is not None:
            self._prepared[1].stop()
            self._prepared = None

    def readiness(self) -> Readiness:
        """Return whether this process may be relied on, and the facts that say so."""
        listening = self.listening.is_set() and bool(self.addresses())
        facts: dict[str, Any] = {
            "version": __version__,
            "policy": self.in_force.digest,
            "self_test": self.in_force.policies.tested.says,
            "store": self.judging.failed or WRITABLE,
            "evidence": self.sealing.says(),
            "monitor": self.settings.monitor,
            "bypass": self._master.bypass.says() if self._master is not None else "",
            "listening": listening,
            "inspectors": "ready" if self.ready.is_set() else "starting",
        }
        return Readiness(self.in_force.policies.tested.passed and not self.judging.failed and listening, facts)

    async def _warm(self, master: ProxyMaster) -> None:
        """Start the inspectors while the first connections are taken; without any there is no proxy."""
        starting = asyncio.ensure_future(self.pool.start())
        try:
            await master.ready.wait()
            self.listening.set()
            await asyncio.shield(starting)
            self.ready.set()
        except asyncio.CancelledError:
            starting.cancel()
            raise
        except BrokenProcessPool as error:
            self._trouble = error
            master.stop()
        except Exception as error:  # noqa: BLE001 - whatever kept them from starting: it is told where this is served
            self._trouble = ProxyStartError(f"no inspector can be started: {error}")
            master.stop()

    def _pool(self, made: ReadySet) -> InspectionPool:
        here = replace(made.engine, limits=replace(made.engine.limits, decoders=False))
        slim = replace(made.parts, texts={}, fixtures={})
        return InspectionPool(
            lambda message: inspect(message, here),
            Recipe(build_compiled, (made.policies.compiled, slim), EARLY),
            processes=self.sizes.inspectors,
            seconds=made.parts.limits.seconds,
            metrics=self.metrics,
        )

    def _steps(self, engine: Engine, pool: InspectionPool) -> Steps:
        """Return the steps of one policy set: a message ends on those it began with."""
        return Steps(
            inspect=lambda message: self.failures.inspect(message, pool.inspect),
            judge=lambda message, inspection: self.judging.judge(message, inspection, engine),
            record=self.judging.record,
            by_exception_policy=lambda message, error: by_exception_policy(
                message, error, engine, let_pass=self.settings.on_error == "allow"
            ),
            outcome=self.store.outcome,
            answer=self.judging.answer,
            mask=lambda text: masked(text, engine),
            look_ahead=pool.look_ahead,
            kept=self.judging.kept,
            unopened=self.judging.unopened,
        )

    def _proxy_settings(self, own_ports: frozenset[int]) -> ProxySettings:
        settings = self.settings
        return ProxySettings(
            ca_folder=self.state.ca,
            listen_host=settings.listen.host,
            listen_port=settings.listen.port,
            own_ports=own_ports,
            allow_private=settings.allow_private_destinations,
            resolve=settings.resolve,
            who=who_settings(settings),
            upstream_ca=settings.upstream_ca,
            ssl_insecure=settings.ssl_insecure,
            insecure_confirmed=settings.i_know_upstream_is_not_verified,
            on_error="allow" if settings.on_error == "allow" else "block",
            help_contact=settings.help_contact,
            answer_key=self.state.key_of_answers(),
            raw_tcp=settings.raw_tcp,
            transparent=settings.mode == "transparent",
            upstream=upstream_of(settings),
            tenant_headers=settings.tenant_headers,
            ca_passphrase=ca_passphrase(settings),
            spool_bytes=self.sizes.spool_bytes,
            limits=self.in_force.parts.limits,
        )

    async def _housekeeping(self) -> None:
        retention = Retention(self.settings.retention_days, self.settings.light_retention_days)
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self.judging.lives(self.heart.beat())
            if self.heart.beats % _FORGET_EVERY == 1:
                with contextlib.suppress(StoreError):  # the next hour tries again, and readiness tells of the store
                    await asyncio.to_thread(self._forget, retention)
            self.store.forget_sightings(_LONGEST_WINDOW_SECONDS)

    def _forget(self, retention: Retention) -> None:
        if forget_due(self.store, retention, "proxy"):
            forget_strays(self.state, self.store)
        forget_old(self.state, self.store, self.settings.evidence_days)
        self.sealing.vault.count()

    def _inspectors(self) -> int:
        return self.pool.living()

    async def _watch_loop(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LAG_SECONDS
            await asyncio.sleep(_LAG_SECONDS)
            self.metrics.loop_lag.observe(max(0.0, loop.time() - due))

    def _keep(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
