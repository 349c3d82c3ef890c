"""What is told of connections that are passed on unopened: an event before the first byte, another with the bytes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import structlog

from dlp_proxy.proxy.bypass import Bypassed
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.ports import Steps, Unopened
from dlp_proxy.stores.uid import UidMaker

_log = structlog.get_logger("dlp_proxy.proxy")


class UnopenedBook:
    """Keeps account of the connections of one proxy that are passed on unopened."""

    def __init__(self, metrics: Metrics, seconds: float, uid: UidMaker) -> None:
        """Take what it works with.

        Args:
            seconds: time for the event of a beginning to become durable; after it the connection is closed.
        """
        self._metrics = metrics
        self._seconds = seconds
        self._uid = uid
        self._open: dict[str, list[Bypassed]] = {}

    async def begins(self, one: Bypassed, steps: Steps) -> None:
        """Record that a connection begins; where that fails, its `uid` stays empty and nothing is passed on."""
        uid = self._uid()
        try:
            async with asyncio.timeout(self._seconds):
                await steps.unopened(_told(one, uid))
        except Exception as error:  # noqa: BLE001 - no record, no release
            self._metrics.exceptions.labels(step="record").inc()
            _log.error("not passed on unopened", error=type(error).__name__, entry=one.entry.name, uid=uid)
            return
        one.uid = uid
        one.meter = self._metrics.bypassed.labels(entry=one.entry.name).inc
        self._open.setdefault(one.client, []).append(one)

    async def ends(self, one: Bypassed, steps: Steps) -> None:
        """Record what a connection came to, once."""
        if one.ended or not one.uid:
            return
        one.ended = True
        mine = self._open.get(one.client, [])
        if one in mine:
            mine.remove(one)
        if not mine:
            self._open.pop(one.client, None)
        now = time.time()
        told = replace(
            _told(one, self._uid()),
            time=now,
            ends=True,
            sent=one.sent,
            received=one.received,
            seconds=max(0.0, now - one.since),
            began=one.uid,
        )
        try:
            await steps.unopened(told)
        except Exception as error:  # noqa: BLE001 - the connection is over; what it came to stands in the log
            _log.error(
                "bytes passed on unopened are not recorded",
                error=type(error).__name__,
                entry=one.entry.name,
                sent=one.sent,
                received=one.received,
                uid=one.uid,
            )

    async def client_gone(self, client: str, steps: Steps) -> None:
        """End what a client left open."""
        for one in tuple(self._open.get(client, ())):
            await self.ends(one, steps)


def _told(one: Bypassed, uid: str) -> Unopened:
    entry = one.entry
    return Unopened(
        uid=uid,
        time=one.since,
        principal=one.principal,
        site=f"{one.host}:{one.port}",
        client_port=one.client_port,
        entry=entry.name,
        owner=entry.owner,
        reason=entry.reason,
        expires=entry.ends,
    )
