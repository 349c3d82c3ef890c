"""A worker as its supervisor sees it: a process, a channel to it, and what it last said."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import structlog

from dlp_proxy.wiring.channel import Channel, Orders, Said
from dlp_proxy.wiring.child import Child
from dlp_proxy.wiring.code_digest import code_stamp
from dlp_proxy.wiring.policy_set import PolicySet

_REPORT_SECONDS: Final = 2.0

_log = structlog.get_logger("dlp_proxy.run")


class WorkerProcess:
    """One worker.

    Attributes:
        generation: number of the policy set it has, counted by the supervisor.
        heard: when it last said something, by the loop's clock.
        serving: it was told to take connections.
        warm: it has its inspectors.
        ready: by its own word, it can be relied on; `facts` says why, `metrics` what it counted.
        failed: why it could not start, in its own words.
        why_killed: why the supervisor ended it; empty when it did not.
    """

    def __init__(self, number: int, process: Child, channel: Channel, generation: int) -> None:
        self.number = number
        self.generation = generation
        self.serving = self.warm = self.ready = False
        self.facts: dict[str, Any] = {}
        self.metrics = ""
        self.failed = self.why_killed = ""
        self.built = asyncio.Event()
        self.ended = asyncio.Event()
        self.heard = asyncio.get_running_loop().time()
        self._process = process
        self._channel = channel
        self._answers: dict[int, asyncio.Future[str]] = {}
        self._reports: list[asyncio.Future[None]] = []
        self._listening = asyncio.create_task(self._listen())
        self._waiting = asyncio.create_task(self._wait())

    @classmethod
    async def begin(
        cls, number: int, process: Child, listening: socket.socket, orders: Orders, generation: int
    ) -> WorkerProcess:
        """Tell a process its orders."""
        channel = await Channel.over(process.hand_over(listening))
        worker = cls(number, process, channel, generation)
        slim = replace(orders, policies=_without_gate(orders.policies))
        await channel.tell("begin", pickle.dumps(slim), number=number, code=code_stamp())
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    async def go(self) -> None:
        self.serving = not self.ended.is_set()
        await self._channel.tell("go")

    async def prepare(self, number: int, policies: PolicySet) -> str:
        """Have it make a policy set ready; return why not, empty when it is or when it died, which needs no set."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        await self._channel.tell("prepare", pickle.dumps(_without_gate(policies)), number=number)
        try:
            return await answer
        finally:
            self._answers.pop(number, None)

    async def take(self, generation: int) -> None:
        self.generation = generation
        await self._channel.tell("take")

    async def drop(self) -> None:
        await self._channel.tell("drop")

    async def tell_stale(self, *, stale: bool) -> None:
        await self._channel.tell("stale", stale=stale)

    async def drain(self) -> None:
        await self._channel.tell("drain")

    async def report(self) -> None:
        """Have it say what it counted until now; what it last said holds when it does not answer in time."""
        if self.ended.is_set() or not self.serving:
            return
        told = asyncio.get_running_loop().create_future()
        self._reports.append(told)
        await self._channel.tell("report")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_REPORT_SECONDS):
                await told

    def kill(self, why: str) -> None:
        if not self.ended.is_set():
            self.why_killed = why
            self._process.kill()

    @property
    def exit_code(self) -> int | None:
        return self._process.exit_code

    async def _wait(self) -> None:
        await self._process.wait()
        with contextlib.suppress(TimeoutError):  # what it said last may still be on its way
            async with asyncio.timeout(_REPORT_SECONDS):
                await asyncio.shield(self._listening)
        self._listening.cancel()
        self._channel.close()
        self.serving = self.warm = self.ready = False
        self.ended.set()
        self.built.set()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result("")
        self._told()

    async def _listen(self) -> None:
        does: dict[str, Callable[[Said], None]] = {
            "built": lambda _: self.built.set(),
            "failed": self._hear_failed,
            "beat": self._hear_state,
            "report": self._hear_report,
            "prepared": lambda said: self._answer(said, ""),
            "refused": lambda said: self._answer(said, str(said["why"]) or "no reason given"),
        }
        while (heard := await self._channel.hear()) is not None:
            said, _ = heard
            self.heard = asyncio.get_running_loop().time()
            does[said["is"]](said)

    def _hear_failed(self, said: Said) -> None:
        self.failed = str(said["why"])

    def _hear_state(self, said: Said) -> None:
        self.ready, self.warm = bool(said["ready"]), bool(said["warm"])
        self.facts, self.metrics = dict(said["facts"]), str(said["metrics"])

    def _hear_report(self, said: Said) -> None:
        self._hear_state(said)
        self._told()

    def _told(self) -> None:
        while self._reports:
            told = self._reports.pop()
            if not told.done():
                told.set_result(None)

    def _answer(self, said: Said, why: str) -> None:
        answer = self._answers.get(int(said["number"]))
        if answer is not None and not answer.done():
            answer.set_result(why)


def _without_gate(policies: PolicySet) -> PolicySet:
    """Return what a worker is sent: it finds the gate where gates are kept."""
    return replace(policies, parts=replace(policies.parts, gate=None))
