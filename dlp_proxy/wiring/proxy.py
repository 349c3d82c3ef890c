"""The proxy in one process: started only when it can do its job, and kept in that state."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import structlog

from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.proxy.master import ProxyError, quiet_mitmproxy
from dlp_proxy.proxy.operations import Desk, exposition_of
from dlp_proxy.proxy.readiness import Readiness
from dlp_proxy.settings import Settings
from dlp_proxy.stores.authority import CERTIFICATE_FILE
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.wiring.desk import asks_for_tls, open_desk, shown_address, write_ready_file
from dlp_proxy.wiring.following import PolicyFollower
from dlp_proxy.wiring.forwarding import keep_forwarding
from dlp_proxy.wiring.installation import Installation
from dlp_proxy.wiring.notify import Notifier
from dlp_proxy.wiring.policy_set import PolicySet
from dlp_proxy.wiring.sizes import cores, sizes_of
from dlp_proxy.wiring.start_error import ProxyStartError
from dlp_proxy.wiring.watching import Watch

_log = structlog.get_logger("dlp_proxy.run")


def run_alone(settings: Settings, ready_file: Path | None) -> None:
    """Run in this process until SIGTERM or SIGINT.

    Raises:
        PolicyError: the policies have errors; the text is all of them.
        ProxyStartError: the store, the CA, the self-test or a port is not as it must be.
    """
    quiet_mitmproxy()
    try:
        asyncio.run(_Alone(settings, Notifier.of(os.environ, os.getpid())).serve(ready_file))
    except (StoreError, ProxyError, KnownFileError) as error:
        raise ProxyStartError(str(error)) from error


class _Alone:
    """The only process of an installation."""

    def __init__(self, settings: Settings, notifier: Notifier) -> None:
        self._settings = settings
        self._notifier = notifier
        self._here = here = Installation(settings, sizes_of(settings, cores()))
        self._follower = PolicyFollower(
            settings, here.in_force.policies, self._take_up, self._tell_stale, here.metrics, notifier
        )
        self._watch = Watch(here.state, (one.name for one in settings.forward))
        here.metrics.registry.register(self._watch)

    async def serve(self, ready_file: Path | None) -> None:
        here, follower = self._here, self._follower
        loop = asyncio.get_running_loop()
        certificate = here.state.ca / CERTIFICATE_FILE
        operations = open_desk(
            Desk(
                self._readiness,
                self._exposition,
                certificate,
                self._address,
                follower.says,
                follower.asked_to_reload,
                asks_for_tls(self._settings),
            ),
            self._settings,
        )
        draining: list[asyncio.Task[None]] = []

        def end() -> None:
            if draining:
                here.stop()  # asked twice: somebody does not want to wait
                return
            self._notifier.stopping()
            draining.append(loop.create_task(here.drain(self._settings.drain_seconds)))

        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, end)
        loop.add_signal_handler(signal.SIGHUP, follower.now.set)
        beside = (
            follower.follow(),
            follower.compile_gates(),
            self._tell_ready(operations.port, ready_file),
            self._notifier.watch(lambda: True),
            keep_forwarding(self._settings),
        )
        try:
            await here.serve(frozenset({operations.port}), beside)
        finally:
            await operations.stop()

    async def _take_up(self, policies: PolicySet) -> None:
        await self._here.prepare(policies)
        self._here.take()

    async def _tell_stale(self, why: str) -> None:
        self._here.stale = bool(why)

    async def _readiness(self) -> Readiness:
        readiness, follower = self._here.readiness(), self._follower
        since = {"policy_since": int(follower.since), "policy_stale": follower.stale or None}
        return Readiness(readiness.ready, {**readiness.facts, **since})

    async def _exposition(self) -> bytes:
        self._watch.ready = (await self._readiness()).ready
        return await exposition_of(self._here.metrics)()

    def _address(self) -> str:
        (host, port), *_ = self._here.addresses() or [(self._settings.listen.host, self._settings.listen.port)]
        return shown_address(self._settings, host, port)

    async def _tell_ready(self, operations_port: int, ready_file: Path | None) -> None:
        here = self._here
        await here.ready.wait()
        (host, port), *_ = here.addresses()
        _log.info(
            "ready",
            listen=f"{host}:{port}",
            operations=operations_port,
            digest=here.in_force.digest,
            monitor=self._settings.monitor,
            self_test=here.in_force.policies.tested.says,
        )
        write_ready_file(ready_file, port, operations_port)
        self._notifier.ready("serving")
