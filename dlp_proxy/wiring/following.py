"""Following the policy folder: a changed set is taken up whole, and one with an error changes nothing."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog

from dlp_proxy.policy.policy import begun_anew
from dlp_proxy.policy.problem import PolicyError
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.settings import Settings
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.engine import EngineParts
from dlp_proxy.wiring.gates import command, hyperscan_version
from dlp_proxy.wiring.notify import Notifier
from dlp_proxy.wiring.policy_set import PolicySet, made_apart, read_parts, with_gate
from dlp_proxy.wiring.start_error import ProxyStartError

_log = structlog.get_logger("dlp_proxy.run")
_LOOK_SECONDS: Final = 2.0
_QUIET_SECONDS: Final = 0.3
"""A folder that is being written is read when nothing changed for so long."""
_MOST_LOOKS: Final = 100

type TakeUp = Callable[[PolicySet], Awaitable[None]]
"""Takes a set into force, all or nothing."""
type TellStale = Callable[[str], Awaitable[None]]
"""Says to whoever judges why the folder has another set by now that is not in force; empty when it has none."""


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of a reload. `says` is what `policy check` says when it was refused."""

    taken_up: bool
    digest: str
    says: str = ""
    anew: tuple[str, ...] = ()
    """Totals that begin anew."""


class PolicyFollower:
    """Looks at the folder every two seconds, and at once when `now` is set.

    Attributes:
        policies: the set in force.
        since: when it came into force, in seconds since the epoch.
        stale: why what is in the folder is not in force; empty when it is.
        stale_since: when that was found.
    """

    def __init__(  # noqa: PLR0917 - what it works with
        self,
        settings: Settings,
        policies: PolicySet,
        take_up: TakeUp,
        tell_stale: TellStale,
        metrics: Metrics,
        notifier: Notifier,
    ) -> None:
        self.policies = policies
        self.since = time.time()
        self.stale = policies.stale
        self.stale_since = self.since if self.stale else 0.0
        self.now = asyncio.Event()
        self._settings = settings
        self._state = StateDir(settings.state)
        self._take_up = take_up
        self._tell_stale = tell_stale
        self._metrics = metrics
        self._notifier = notifier
        self._turn = asyncio.Lock()
        self._tell()

    async def follow(self) -> None:
        """Take up a changed policy folder, for ever. A set with errors is told, and the last good one stays."""
        if self.stale:
            await self._tell_stale(self.stale)
        while True:
            try:
                await asyncio.wait_for(self.now.wait(), _LOOK_SECONDS)
            except TimeoutError:
                await self._look()
            else:
                self.now.clear()
                self._notifier.reloading()
                done = await self.reload()
                self._notifier.ready(done.says.partition("\n")[0] or "policies taken up")

    async def reload(self) -> Reloaded:
        """Read the folder and take it up, now, also when nothing changed."""
        async with self._turn:
            try:
                return await self._take(await asyncio.to_thread(read_parts, self._settings, self._state))
            except Exception as error:  # noqa: BLE001 - whatever it is, the last good set stays and is told
                return await self._refuse(error, again=True)

    async def asked_to_reload(self) -> tuple[int, str]:
        """Take the folder up, for whoever asks on the operations port: status and text of the answer."""
        done = await self.reload()
        if not done.taken_up:
            return 422, done.says
        anew = "".join(f"total begun anew: {name}\n" for name in done.anew)
        return 200, f"policy: {done.digest}\n{anew}"

    async def compile_gates(self) -> None:
        """Have the gate of the set in force compiled by another process, and take it up. Once for each set."""
        tried: PolicySet | None = None
        while self._settings.hyperscan and hyperscan_version:
            made = self.policies
            if made.parts.gate is None and made is not tried:
                tried = made
                texts = made.parts.texts
                process = await asyncio.create_subprocess_exec(
                    *command(self._settings.policies, self._state.gates, texts), stdin=asyncio.subprocess.DEVNULL
                )
                try:
                    compiled = await process.wait() == 0
                except asyncio.CancelledError:
                    process.kill()
                    raise
                async with self._turn:
                    if compiled and self.policies is made:
                        await self._use_gate(made)
                    elif not compiled:
                        _log.warning("gate not compiled: the detectors are asked one by one, which is slower")
            await asyncio.sleep(_LOOK_SECONDS)

    def says(self) -> str:
        """Return a line about the policies for a person who asks whether all is well."""
        if not self.stale:
            return f"policy: {self.policies.digest} since {_clock(self.since)}"
        place = re.search(r"([^\s/]+:\d+:\d+): error", self.stale)
        where = f" ({place[1]})" if place else ""
        return f"policy: stale since {_clock(self.stale_since)}{where}; in force: {self.policies.digest}"

    async def _look(self) -> None:
        async with self._turn:
            try:
                parts = await self._read_when_quiet()
                if _content(parts) != _content(self.policies.parts):
                    await self._take(parts)
                elif self.stale:
                    await self._fresh()
                    _log.info("policies are the last good set again", digest=self.policies.digest)
            except Exception as error:  # noqa: BLE001 - whatever it is, the last good set stays and the look-out goes on
                await self._refuse(error, again=False)

    async def _read_when_quiet(self) -> EngineParts:
        parts = await asyncio.to_thread(read_parts, self._settings, self._state)
        for _ in range(_MOST_LOOKS):
            if _content(parts) == _content(self.policies.parts):
                break
            await asyncio.sleep(_QUIET_SECONDS)
            before, parts = parts, await asyncio.to_thread(read_parts, self._settings, self._state)
            if _content(parts) == _content(before):
                break
        return parts

    async def _take(self, parts: EngineParts) -> Reloaded:
        made = await asyncio.to_thread(made_apart, parts, self._state)
        made = await asyncio.to_thread(with_gate, made, self._settings, self._state)
        before = self.policies
        await self._take_up(made)
        anew = begun_anew(made.compiled.totals, before.compiled.totals)
        self.policies, self.since = made, time.time()
        await self._fresh()
        self._metrics.policy_reloads.labels(result="taken-up").inc()
        _log.info("policies taken up", digest=made.digest, totals_begun_anew=list(anew))
        return Reloaded(taken_up=True, digest=made.digest, anew=anew)

    async def _use_gate(self, made: PolicySet) -> None:
        with_its_gate = await asyncio.to_thread(with_gate, made, self._settings, self._state)
        if with_its_gate.parts.gate is None:  # compiled, and yet not readable: another try would end like this one
            _log.error("gate not taken up: the detectors are asked one by one", problem="it cannot be read back")
            return
        try:
            await self._take_up(with_its_gate)
        except (StoreError, PolicyError, ProxyStartError) as error:
            _log.warning("gate not taken up: the detectors are asked one by one", problem=str(error))
        else:
            self.policies = with_its_gate

    async def _refuse(self, error: Exception, *, again: bool) -> Reloaded:
        known = isinstance(error, StoreError | PolicyError | ProxyStartError)
        text = str(error) if known else f"the new set could not be taken up: {type(error).__name__}"
        if again or text != self.stale:
            self._metrics.policy_reloads.labels(result="refused").inc()
            for line in text.splitlines():
                _log.error("policies refused, the last good set stays in force", problem=line)
        self.stale_since = self.stale_since or time.time()
        self.stale = text
        self._tell()
        await self._tell_stale(self.stale)
        return Reloaded(taken_up=False, digest=self.policies.digest, says=text)

    async def _fresh(self) -> None:
        self.stale, self.stale_since = "", 0.0
        self._tell()
        await self._tell_stale(self.stale)

    def _tell(self) -> None:
        self._metrics.policies(self.policies.digest, self.since, stale=bool(self.stale))


def _content(parts: EngineParts) -> tuple[object, ...]:
    """Return what was read from disk: when it differs, there is a new set to take up."""
    return parts.texts, parts.fixtures, parts.indexes


def _clock(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(moment))
