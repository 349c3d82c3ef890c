"""Putting the proxy together, starting it only when it can do its job, and keeping it in that state."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import structlog

from dlp_proxy import __version__
from dlp_proxy.incidents.event_of import event_of
from dlp_proxy.pipeline import Engine, Judgement, by_exception_policy, inspect, judge
from dlp_proxy.proxy.master import ProxyError, ProxyMaster, quiet_mitmproxy
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.operations import Desk, OperationsServer, Readiness
from dlp_proxy.proxy.pool import InspectionPool, Recipe
from dlp_proxy.proxy.ports import Judgement as AnyJudgement
from dlp_proxy.proxy.ports import ProxySettings, Recorded, Steps
from dlp_proxy.settings import Settings
from dlp_proxy.stores.authority import CERTIFICATE_FILE, make_authority, show_authority
from dlp_proxy.stores.policy_dir import keep_set
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.windows.windows import Sighting, Windows
from dlp_proxy.wiring.engine import (
    EngineParts,
    PolicyError,
    build_inspect,
    engine_parts,
    limits_of,
    make_engine,
)
from dlp_proxy.wiring.gates import command, hyperscan_version, with_kept_gate
from dlp_proxy.wiring.self_test import SelfTest, self_test

_log = structlog.get_logger("dlp_proxy.run")

_HOUSEKEEPING_SECONDS: Final = 60
_POLICY_LOOK_SECONDS: Final = 2.0
_RECORD_SECONDS: Final = 12
_LONGEST_WINDOW_SECONDS: Final = 400 * 24 * 3600
_CA_NAME: Final = "dlp_proxy inspection CA"


class ProxyStartError(Exception):
    """The proxy cannot start; the operator must act. The text says on what."""


def run_proxy(settings: Settings, ready_file: Path | None) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        PolicyError: the policies have errors; the text is all of them.
        ProxyStartError: the store, the CA, the self-test or a port is not as it must be.
    """
    quiet_mitmproxy()
    try:
        asyncio.run(Installation(settings).serve(ready_file))
    except (StoreError, ProxyError) as error:
        raise ProxyStartError(str(error)) from error


class Installation:
    """One running proxy with its engine, windows and store."""

    def __init__(self, settings: Settings) -> None:
        """Open everything that must work before the first connection is taken.

        Raises:
            StoreError: the state folder, the CA or the store cannot be used.
            PolicyError: the policies have errors.
            ProxyStartError: the self-test record was not blocked.
        """
        self.settings = settings
        self.state = StateDir(settings.state)
        self.state.make()
        make_authority(self.state.ca, _CA_NAME)
        show_authority(self.state.ca)
        self.parts = engine_parts(
            settings.policies,
            KeyedFingerprint(self.state.key()),
            limits_of(settings),
            monitor=settings.monitor,
        )
        self.engine, self.parts = self._engine(self.parts)
        self.tested = self._self_test(self.engine)
        self.store = SqliteStore(self.state.events)
        if not self.store.writable():
            raise StoreError(f"{self.state.events} takes no write: look at the disk and at its owner")
        with SqliteReader(self.state.events) as reader:
            self.windows = Windows(reader.sightings(time.time() - _LONGEST_WINDOW_SECONDS))
        self.metrics = Metrics()
        self.policies_since = time.time()
        self.stale = ""
        self.store_failed = ""
        self.pool = self._pool(self.engine, self.parts)
        self._retiring: set[asyncio.Task[None]] = set()

    async def serve(self, ready_file: Path | None) -> None:
        """Serve until told to stop, then let go of everything in order."""
        loop = asyncio.get_running_loop()
        await self.pool.start()
        operations = self._operations_server()
        master = ProxyMaster(self._proxy_settings(operations.port), self._steps(self.engine, self.pool), self.metrics)
        self._listening: Callable[[], list[tuple[str, int]]] = master.addresses
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, master.shutdown)
        reload_now = asyncio.Event()
        loop.add_signal_handler(signal.SIGHUP, reload_now.set)
        tasks = [
            asyncio.create_task(self._housekeeping()),
            asyncio.create_task(self._follow_policies(reload_now, master)),
            asyncio.create_task(self._compile_gates(master)),
            asyncio.create_task(self._tell_ready(master, operations.port, ready_file)),
        ]
        try:
            await master.serve()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await operations.stop()
            self.pool.stop()
            self.store.close()
            _log.info("stopped")

    def _engine(self, parts: EngineParts) -> tuple[Engine, EngineParts]:
        """Return the engine, and what inspectors make the same of without compiling its gate again."""
        if self.settings.hyperscan:
            parts = with_kept_gate(parts, self.state.gates)
        engine = make_engine(parts)
        keep_set(self.state.policies, engine.policy.digest, {**parts.texts, **engine.policy.lists})
        _log.info("detectors ready", engine=engine.looks_first, detectors=len(engine.policy.detectors))
        return engine, parts

    def _self_test(self, engine: Engine) -> SelfTest:
        tested = self_test(engine)
        if not tested.passed:
            raise ProxyStartError(f"the self-test failed, so nothing is let through: {tested.says}")
        return tested

    def _pool(self, engine: Engine, parts: EngineParts) -> InspectionPool:
        return InspectionPool(
            lambda message: inspect(message, engine),
            Recipe(build_inspect, (parts,)),
            processes=self.settings.inspectors,
            seconds=parts.limits.seconds,
            metrics=self.metrics,
        )

    def _steps(self, engine: Engine, pool: InspectionPool) -> Steps:
        """Return the steps of one policy set: a message ends on those it began with."""
        return Steps(
            inspect=pool.inspect,
            judge=lambda message, inspection: judge(message, inspection, engine, self.windows),
            record=self._record,
            by_exception_policy=lambda message, error: by_exception_policy(
                message, error, engine, let_pass=self.settings.on_error == "allow"
            ),
            outcome=self.store.outcome,
        )

    async def _record(self, judged: AnyJudgement) -> Recorded:
        """Make the event and the sightings durable, together, before anything goes on."""
        if not isinstance(judged, Judgement):
            raise TypeError("the proxy was wired to judgements of another pipeline")
        if not judged.worth_an_event:
            return Recorded()
        event = event_of(judged.message, judged.inspection, judged.verdict, judged.counted, __version__)
        sightings = [
            Sighting(one.series, identity, judged.message.time)
            for one in judged.observations
            for identity in one.identities
        ]
        recorded = asyncio.wrap_future(self.store.record(event, sightings))
        await asyncio.wait([recorded], timeout=_RECORD_SECONDS)
        if not recorded.done():
            self.store_failed = f"an event was not on disk after {_RECORD_SECONDS} seconds"
            raise StoreError(self.store_failed)
        try:
            incident = recorded.result()
        except StoreError as error:
            self.store_failed = str(error)
            raise
        self.store_failed = ""
        return Recorded(incident)

    def _proxy_settings(self, operations_port: int) -> ProxySettings:
        settings = self.settings
        return ProxySettings(
            ca_folder=self.state.ca,
            listen_host=settings.listen.host,
            listen_port=settings.listen.port,
            own_ports=frozenset({operations_port}),
            allow_private=settings.allow_private_destinations,
            resolve=settings.resolve,
            device_map=settings.device_map,
            upstream_ca=settings.upstream_ca,
            ssl_insecure=settings.ssl_insecure,
            insecure_confirmed=settings.i_know_upstream_is_not_verified,
            on_error="allow" if settings.on_error == "allow" else "block",
            help_contact=settings.help_contact,
            spool_bytes=settings.spool_bytes,
            limits=self.parts.limits,
        )

    def _operations_server(self) -> OperationsServer:
        desk = Desk(self._readiness, self.metrics, self.state.ca / CERTIFICATE_FILE, self._proxy_address)
        server = OperationsServer(desk)
        address = self.settings.operations
        try:
            server.listen(address.host, address.port)
        except (OSError, ValueError) as error:
            raise ProxyStartError(f"cannot listen on the operations port {address}: {error}") from error
        return server

    def _proxy_address(self) -> str:
        (host, port), *_ = self._listening() or [(self.settings.listen.host, self.settings.listen.port)]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def _readiness(self) -> Readiness:
        facts: dict[str, Any] = {
            "version": __version__,
            "policy": self.engine.policy.digest,
            "policy_since": int(self.policies_since),
            "policy_stale": self.stale or None,
            "self_test": self.tested.says,
            "store": self.store_failed or "writable",
            "monitor": self.settings.monitor,
            "listening": bool(self._listening()),
        }
        return Readiness(self.tested.passed and not self.store_failed and bool(self._listening()), facts)

    async def _tell_ready(self, master: ProxyMaster, operations_port: int, ready_file: Path | None) -> None:
        await master.ready.wait()
        (host, port), *_ = self._listening()
        _log.info(
            "ready",
            listen=f"{host}:{port}",
            operations=operations_port,
            digest=self.engine.policy.digest,
            monitor=self.settings.monitor,
            self_test=self.tested.says,
        )
        if ready_file is not None:
            waiting = ready_file.with_name(f".{ready_file.name}.{os.getpid()}")
            waiting.write_text(json.dumps({"listen": port, "operations": operations_port, "pid": os.getpid()}))
            waiting.replace(ready_file)

    async def _housekeeping(self) -> None:
        while True:
            await asyncio.sleep(_HOUSEKEEPING_SECONDS)
            self.windows.expire(time.time())
            self.store.forget_sightings(time.time() - _LONGEST_WINDOW_SECONDS)
            if self.store_failed:
                await self._try_store()

    async def _try_store(self) -> None:
        if await asyncio.get_running_loop().run_in_executor(None, self.store.writable):
            self.store_failed = ""

    async def _follow_policies(self, reload_now: asyncio.Event, master: ProxyMaster) -> None:
        """Take up a changed policy folder; on SIGHUP at once. A set with errors changes nothing and is told."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_POLICY_LOOK_SECONDS):
                    await reload_now.wait()
            forced = reload_now.is_set()
            reload_now.clear()
            try:
                parts = await asyncio.to_thread(
                    engine_parts,
                    self.settings.policies,
                    self.parts.fingerprint,
                    self.parts.limits,
                    monitor=self.settings.monitor,
                )
                changed = parts.texts != self.parts.texts or parts.fixtures != self.parts.fixtures
                if forced or changed:
                    await self._take_up(parts, master)
                elif self.stale:
                    self.stale = ""
                    _log.info("policies are the last good set again", digest=self.engine.policy.digest)
            except (StoreError, PolicyError, ProxyStartError) as error:
                self._keep_last_good(str(error))
            except Exception as error:  # noqa: BLE001 - whatever it is, the last good set stays and the look-out goes on
                self._keep_last_good(f"the new set could not be taken up: {type(error).__name__}")

    async def _compile_gates(self, master: ProxyMaster) -> None:
        """Have the gate of the set in force compiled by another process, and take it up. Once for each set."""
        tried: EngineParts | None = None
        while self.settings.hyperscan and hyperscan_version:
            parts = self.parts
            if parts.gate is None and parts is not tried:
                tried = parts
                made = command(self.settings.policies, self.state.gates, parts.texts)
                process = await asyncio.create_subprocess_exec(*made, stdin=asyncio.subprocess.DEVNULL)
                try:
                    compiled = await process.wait() == 0
                except asyncio.CancelledError:
                    process.kill()
                    raise
                if compiled and self.parts is parts:
                    await self._take_up(parts, master)
                else:
                    _log.warning("gate not compiled: the detectors are asked one by one, which is slower")
            await asyncio.sleep(_POLICY_LOOK_SECONDS)

    async def _take_up(self, parts: EngineParts, master: ProxyMaster) -> None:
        engine, parts = await asyncio.to_thread(self._engine, parts)
        tested = await asyncio.to_thread(self._self_test, engine)
        pool = self._pool(engine, parts)
        await pool.start()
        old = self.pool
        self.engine, self.parts, self.tested, self.pool = engine, parts, tested, pool
        master.staircase.use(self._steps(engine, pool))
        self.policies_since, self.stale = time.time(), ""
        self.metrics.policy_reloads.labels(result="taken-up").inc()
        _log.info("policies taken up", digest=engine.policy.digest)
        retiring = asyncio.create_task(old.retire())
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)

    def _keep_last_good(self, error: str) -> None:
        if error != self.stale:
            self.metrics.policy_reloads.labels(result="refused").inc()
            for line in error.splitlines():
                _log.error("policies refused, the last good set stays in force", problem=line)
        self.stale = error
