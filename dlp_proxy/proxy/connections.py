# mypy: disable-error-code=no-untyped-call
"""One client connection: cleaned up on every way out, and connecting only where the destination rules allow."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from typing import Any, Final, Literal

from mitmproxy.proxy import commands, mode_servers

from dlp_proxy.proxy.destinations import DestinationRules
from dlp_proxy.proxy.pacing import OwnWork
from dlp_proxy.proxy.resolver import under

RULES_ATTRIBUTE: Final = "destination_rules"
"""Where our master keeps the rules; the handler finds them there."""


class CleanHandler(mode_servers.ProxyConnectionHandler):
    """mitmproxy's handler with two leaks closed and one door shut.

    A cancel that lands between two awaits of the stock `handle_client` leaves the client's socket open; and a layer
    that raised ("mitmproxy has crashed!") leaves the client waiting until the idle timeout. Both end in a close here.
    """

    async def handle_client(self) -> None:
        writer = self.transports[self.client].writer
        try:
            await super().handle_client()
        finally:
            if writer is not None:
                writer.close()

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - whatever mitmproxy makes it of
        super().__init__(*arguments, **named)
        self._holding: set[OwnWork] = set()
        self._let_go = asyncio.Event()

    async def handle_hook(self, hook: commands.StartHook) -> None:
        """Do our own work, or call the listeners; nothing here holds a flow for a person."""
        with self.timeout_watchdog.disarm():
            if isinstance(hook, OwnWork):
                await self._do(hook)
            else:
                await self.master.addons.handle_lifecycle(hook)

    async def _do(self, work: OwnWork) -> None:
        if work.holds_client:
            self._holding.add(work)
        try:
            await work.work(self)
        finally:
            self._holding.discard(work)
            self._let_go.set()

    async def drain_writers(self) -> None:
        """Keep the client waiting for slow writers, as the stock handler does, and for a disk that is slow."""
        await super().drain_writers()
        while self._holding:
            self._let_go.clear()
            await self._let_go.wait()

    async def open_connection(self, command: commands.OpenConnection) -> None:
        rules: DestinationRules = getattr(self.master, RULES_ATTRIBUTE)
        with under(rules):
            await super().open_connection(command)

    def log(
        self,
        message: str,
        level: int = logging.INFO,
        exc_info: Literal[True] | tuple[type[BaseException], BaseException, TracebackType | None] | None = None,
    ) -> None:
        super().log(message, level, exc_info)
        if exc_info is True:
            # Only the crash of a layer is logged this way. Nothing sane can follow on this connection.
            asyncio.get_running_loop().call_soon(self._abandon)

    def _abandon(self) -> None:
        io: Any = self.transports.get(self.client)
        if io is not None and io.handler is not None:
            io.handler.cancel("a layer failed")
