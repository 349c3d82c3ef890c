"""Bodies that an inspector did not survive, and who sent them: the second time is no accident."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from dlp_proxy.model.inspection import Failure, Inspection
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.proxy.pool import LOST

MOST: Final = 4096
"""Failures that are remembered; the oldest is forgotten first."""
REMEMBERED_SECONDS: Final = 24 * 3600.0

_log = structlog.get_logger("dlp_proxy.pool")


class Failures:
    """What is remembered of them: a keyed fingerprint of the body's digest, never the body. A restart forgets it."""

    def __init__(self, fingerprint: Fingerprint) -> None:
        self._fingerprint = fingerprint
        self._seen: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    async def inspect(self, message: Message, inspect: Callable[[Message], Awaitable[Inspection]]) -> Inspection:
        """Inspect; when that failed on the body, say in the inspection how often it did for this person."""
        inspection = await inspect(message)
        if not any(LOST.get(gap.reason) == gap.detail for gap in inspection.gaps):
            return inspection
        body = self._fingerprint("body", await asyncio.to_thread(_digest, message)).hex()
        times = self._count((message.principal.user, body), message.time)
        if times > 1:
            _log.warning("the same body failed again", uid=message.uid, times=times)
        return replace(inspection, failure=Failure(body, times))

    def _count(self, key: tuple[str, str], now: float) -> int:
        times, last = self._seen.pop(key, (0, now))
        times = times + 1 if now - last <= REMEMBERED_SECONDS else 1
        self._seen[key] = (times, now)
        while len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return times


def _digest(message: Message) -> str:
    if not message.body_file:
        return hashlib.sha256(message.body).hexdigest()
    with Path(message.body_file).open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()
