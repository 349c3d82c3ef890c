"""Judging with the windows of the store: observe, decide and record are one transaction."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Final

from dlp_proxy import __version__
from dlp_proxy.incidents.event_of import event_of, light_event_of
from dlp_proxy.incidents.ring_of import ring_event
from dlp_proxy.incidents.unopened import Leave, Relayed, unopened_event
from dlp_proxy.model.event import Event
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Answer
from dlp_proxy.pipeline import Engine, Judgement, conclude
from dlp_proxy.policy.match import match
from dlp_proxy.proxy.ports import Judgement as AnyJudgement
from dlp_proxy.proxy.ports import Recorded, Unopened
from dlp_proxy.sealing.pointer import Pointer
from dlp_proxy.stores.ports import EventStore, SharedMemory, StoreError, TakenBackError
from dlp_proxy.stores.uid import UidMaker
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.answers import Answers
from dlp_proxy.wiring.light import NO_LIGHT_RECORDS, LightRecords
from dlp_proxy.wiring.sealing import Sealing
from dlp_proxy.wiring.versions import VERSIONS

_RECORD_SECONDS: Final = 12


class Judging:
    """Steps 5 to 7 of a message.

    Attributes:
        failed: why the store does not take events; empty while it does.
    """

    def __init__(
        self,
        store: EventStore,
        answers: Answers,
        light: LightRecords = NO_LIGHT_RECORDS,
        stale: Callable[[], bool] = lambda: False,
        sealing: Sealing | None = None,
    ) -> None:
        """Take what it works with.

        Args:
            stale: tells whether the policy folder has another set, which is refused.
            sealing: keeps evidence; None where none is kept.
        """
        self._store = store
        self._answers = answers
        self._light = light
        self._stale = stale
        self._sealing = sealing
        self.failed = ""
        self._uid = UidMaker()

    async def judge(self, message: Message, inspection: Inspection, engine: Engine) -> tuple[Judgement, Recorded]:
        """Return what is to be done with a message. Its event and what it added to windows are durable by then.

        Raises:
            StoreError: they could not be made so; nothing was added.
        """
        matches = match(engine.policy, message, inspection)
        if not matches:
            judgement = conclude(message, inspection, engine, (), Windows(), message.time)
            return judgement, await self.record(judgement)

        asked = await self._answers.about(message, matches, engine, self._durable)

        # As if nobody had been seen before: totals only grow, so what is worth evidence alone is worth it in any case.
        alone = conclude(message, inspection, engine, matches, Windows(), message.time, *asked)
        evidence = await self._keep(alone) if self._wants(alone) else None

        def settle(windows: SharedMemory, now: float) -> tuple[tuple[Judgement, bool], Event | None]:
            now = round(now, 6)  # as it is kept
            judgement = conclude(message, inspection, engine, matches, windows, now, *asked)
            wanted = self._wants(judgement)
            if wanted and evidence is None:
                raise TakenBackError
            event = self._event(judgement, evidence if wanted else None)
            if event is not None:
                # What a window is asked with decides what is in it still: without it nobody could count again.
                event.body["window_time"] = round(now * 1_000_000)
            return (judgement, event is not None), event

        try:
            (judgement, kept), incident = await self._durable(self._store.settle(settle))
        except TakenBackError:
            evidence = await self._keep(alone)
            (judgement, kept), incident = await self._durable(self._store.settle(settle))
        if evidence is not None and self._sealing is not None and not self._wants(judgement):
            await self._sealing.discard(message, evidence)
        return judgement, Recorded(incident, kept)

    async def record(self, judged: AnyJudgement) -> Recorded:
        """Make the event of a judgement durable that asked no window.

        Raises:
            StoreError: it could not be made so.
        """
        if not isinstance(judged, Judgement):
            raise TypeError("the proxy was wired to judgements of another pipeline")
        evidence = await self._keep(judged) if self._wants(judged) else None
        event = self._event(judged, evidence)
        if event is None:
            return Recorded()
        if event.light:
            return Recorded(kept=True, durable=self._store.record(event))
        return Recorded(await self._durable(self._store.record(event)), kept=True)

    async def kept(self, light: Future[str]) -> None:
        """Wait until a light record is durable whose upload was let go before it was.

        Raises:
            StoreError: it could not be made so.
        """
        if light.done() and light.exception() is None:
            return  # as it mostly is: the destination took longer than the disk
        self._store.hurry()  # with it goes all that waits: the dear part of a way to the disk is the way
        await self._durable(light)

    async def unopened(self, one: Unopened) -> None:
        """Make the event of a connection that is passed on unopened durable.

        Raises:
            StoreError: it could not be made so.
        """
        came_to = Relayed(one.began, one.sent, one.received, one.seconds) if one.ends else None
        leave = Leave(one.entry, one.owner, one.reason, one.expires)
        event = unopened_event(one.uid, one.time, one.principal, one.site, one.client_port, leave, came_to, __version__)
        await self._durable(self._store.record(event))

    async def answer(self, answers: Sequence[Answer]) -> None:
        """Make what a person answered durable.

        Raises:
            StoreError: it could not be made so.
        """
        await self._durable(self._answers.keep(answers))

    async def lives(self, said: Future[None]) -> None:
        """Wait until a sign of life is durable. One that is not is the first sign of a store that takes nothing."""
        with contextlib.suppress(StoreError):
            await self._durable(said)

    def _wants(self, judgement: Judgement) -> bool:
        return self._sealing is not None and self._sealing.wants(judgement)

    async def _keep(self, judgement: Judgement) -> Pointer | None:
        if self._sealing is None:
            return None
        return await self._sealing.keep(judgement.message, last=bool(judgement.verdict.error))

    async def _durable[T](self, writing: Future[T]) -> T:
        written = asyncio.wrap_future(writing)
        await asyncio.wait([written], timeout=_RECORD_SECONDS)
        if not written.done():
            self.failed = f"an event was not on disk after {_RECORD_SECONDS} seconds"
            raise StoreError(self.failed)
        try:
            result = written.result()
        except StoreError as error:
            self.failed = str(error)
            raise
        self.failed = ""
        return result

    def _event(self, judged: Judgement, evidence: Pointer | None) -> Event | None:
        """Return what is to be kept: of what was found, missed or matched all; of other uploads what settings say.

        The events of the rings that it closed are with it.
        """
        message, inspection, verdict = judged.message, judged.inspection, judged.verdict
        if judged.worth_an_event:
            event = event_of(
                message, inspection, verdict, judged.counted, __version__, judged.read, VERSIONS,
                policy_stale=self._stale(),
            )  # fmt: skip
            event.body["evidence"] = None if evidence is None else evidence.as_json()
            rings = self._rings(judged)
            return replace(event, also=rings) if rings else event
        if self._light.wanted(message, inspection):
            return light_event_of(message, inspection, verdict, __version__, judged.read, VERSIONS)
        return None

    def _rings(self, judged: Judgement) -> tuple[Event, ...]:
        message, inspection, digest = judged.message, judged.inspection, judged.verdict.policy_digest
        return tuple(
            ring_event(self._uid(), message, inspection, reason, reason.gathering, digest, __version__)
            for reason in judged.joined
            if reason.gathering is not None
        )
