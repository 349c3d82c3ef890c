# mypy: disable-error-code=no-untyped-call
"""Looking at a long body while it comes in, so that its verdict is there soon after its last byte.

The look is a guess: that the message will be what its head says. When it is here, and is that, what was seen counts;
else it is inspected as if nothing had been seen. See docs/adr/0050.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from mitmproxy import http
from mitmproxy.proxy import commands

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.proxy.ports import Steps


@dataclass
class LookAheadHook(commands.StartHook):
    """So much of a body is held that its inspection may begin."""

    name = "look_ahead"
    flow: http.HTTPFlow


class Ahead:
    """One look at a body on its way.

    Nothing need end it: an inspector that waits for a body which was let go sees that itself.

    Args:
        steps: that begin it; a policy set that comes into force meanwhile looks for itself.
        message: as far as it is known; its body grows.
    """

    def __init__(self, steps: Steps, message: Message, look: Callable[[Message], Awaitable[Inspection | None]]) -> None:
        self._steps = steps
        self._message = message
        self._task = asyncio.ensure_future(look(message))

    async def seen(self, steps: Steps, message: Message) -> Inspection | None:
        """Return what was seen, when it is of just this message; else None."""
        expected = replace(message, uid=self._message.uid, time=self._message.time, body_grows=True)
        if steps is not self._steps or expected != self._message:
            return None
        return await self._task
