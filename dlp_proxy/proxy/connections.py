# mypy: disable-error-code=no-untyped-call
"""One client connection: cleaned up on every way out, and connecting only where the destination rules allow."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, Literal

import structlog
from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.proxy import commands, events, mode_servers, server_hooks
from mitmproxy.proxy.layers.http import HttpStream

from dlp_proxy.proxy.destinations import DestinationRules
from dlp_proxy.proxy.devices import Network
from dlp_proxy.proxy.gathered import GatheredReader, GatheredWriter
from dlp_proxy.proxy.identity import canonical, within
from dlp_proxy.proxy.pacing import OwnWork
from dlp_proxy.proxy.proxy_protocol import ProxyProtocolError, read_client
from dlp_proxy.proxy.resolver import under
from dlp_proxy.proxy.tunnels import straight

RULES_ATTRIBUTE: Final = "destination_rules"
"""Where our master keeps the rules; the handler finds them there."""


VIA: Final = "dlp_proxy_via"
"""Attribute of a client connection: the front proxy that named the client's address."""
FRONT_PROXIES: Final = "front_proxies"
"""Where our master keeps the networks of front proxies that speak the PROXY protocol."""
_HEAD_SECONDS: Final = 5.0
_UNSENT_MOST: Final = 16 * 1024 * 1024

_log = structlog.get_logger("dlp_proxy.proxy")


class CleanHandler(mode_servers.ProxyConnectionHandler):
    """mitmproxy's handler with two leaks closed and one door shut.

    A cancel that lands between two awaits of the stock `handle_client` leaves the client's socket open; and a layer
    that raised ("mitmproxy has crashed!") leaves the client waiting until the idle timeout. Both end in a close here.
    """

    async def handle_client(self) -> None:
        writer = self.transports[self.client].writer
        try:
            if await self._named():
                await super().handle_client()
        finally:
            if writer is not None:
                writer.close()

    async def _named(self) -> bool:
        """Learn from a front proxy whose connection this is; false where it does not say it as it must."""
        networks: tuple[Network, ...] = getattr(self.master, FRONT_PROXIES)
        peer = canonical(self.client.peername[0])
        if not within(peer, networks):
            return True
        reader: Any = self.transports[self.client].reader
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                named = await read_client(reader)
        except (ProxyProtocolError, TimeoutError, OSError) as error:
            why = str(error) if isinstance(error, ProxyProtocolError) else "no PROXY head in time"
            _log.warning("connection refused", reason=why, address=peer)
            return False
        if named is not None:
            self.client.peername = named
            setattr(self.client, VIA, peer)
        return True

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - whatever mitmproxy makes it of
        super().__init__(*arguments, **named)
        self._holding: set[int] = set()
        self._let_go = asyncio.Event()
        self._done: deque[events.HookCompleted] = deque()
        self.tunnel: HttpStream | None = None
        """A tunnel that was opened a moment ago."""

    async def handle_connection(self, connection: Connection) -> None:
        """Relay for the life of a connection to the client or a server, a lot at a time."""
        io: Any = self.transports[connection]
        if isinstance(io.writer, asyncio.StreamWriter):
            io.writer = GatheredWriter(io.writer)
        if isinstance(io.reader, asyncio.StreamReader):
            io.reader = GatheredReader(io.reader)
        await super().handle_connection(connection)

    async def hook_task(self, hook: commands.StartHook) -> None:
        """Do what a hook asks for, and say so to the layers.

        A hook that waits for nothing ends while the layers still give their commands, with their lock held. The stock
        task then waits for the lock in turns of the event loop; here who holds it goes on with what was done.
        """
        with self._holding_client(hook):
            await self.handle_hook(hook)
            if not hook.blocking:
                return
            if self._server_event_lock.locked():  # held without a pause, so by who started this
                self._done.append(events.HookCompleted(hook))
                return
            await self.server_event(events.HookCompleted(hook))
            if getattr(hook, "read_for_client", False):
                # What is there may end the body, or stand behind it: nobody else would tell the layers.
                await self.server_event(events.DataReceived(self.client, b""))

    async def server_event(self, event: events.Event) -> None:
        """Give the layers an event, and then the ends of hooks that they asked for and that are over."""
        await super().server_event(event)
        while self._done:
            await super().server_event(self._done.popleft())
        if self.tunnel is not None:
            self.layer = straight(self.tunnel) or self.layer  # type: ignore[assignment]
            self.tunnel = None

    async def handle_hook(self, hook: commands.StartHook) -> None:
        """Do our own work, or call the listeners; nothing here holds a flow for a person."""
        with self.timeout_watchdog.disarm():
            if isinstance(hook, OwnWork):
                await hook.work(self)
            else:
                await self.master.addons.handle_lifecycle(hook)

    @contextlib.contextmanager
    def _holding_client(self, hook: commands.StartHook) -> Iterator[None]:
        """Where a hook says so, see to it that the client is not read from before it is done."""
        if not getattr(hook, "holds_client", False):
            yield
            return
        self._holding.add(id(hook))
        try:
            yield
        finally:
            self._holding.discard(id(hook))
            self._let_go.set()

    async def drain_writers(self) -> None:
        """Keep who was read waiting for slow writers, as the stock handler does; a client also for a disk that is slow.

        A destination waits for those that it sends to, not until it has taken what it is sent itself: what it sends
        may be the window of HTTP/2 that somebody waits for, or why it takes no more.
        """
        io: Any = self.transports.get(self.client)
        reads_client = io is None or asyncio.current_task() is io.handler
        for connection, transport in list(self.transports.items()):
            writer: Any = transport.writer
            if writer is None or not (reads_client or connection is self.client or _waits_too_much(writer)):
                continue
            try:
                await writer.drain()
            except OSError as error:
                if transport.handler is not None:
                    transport.handler.cancel(f"Error sending data: {error}")
        while self._holding and reads_client:
            self._let_go.clear()
            await self._let_go.wait()

    async def open_connection(self, command: commands.OpenConnection) -> None:
        """Connect, and relay. This is a task of its own: what it raises nobody hears, and the client would wait."""
        try:
            await self._open(command)
        except Exception:  # noqa: BLE001 - whatever it is, the client is not to wait for it
            # The stock handler asserts that who was reached has an address; who has reset it already has none.
            if not await self._reset_at_once(command):
                self.log("connecting has crashed", logging.ERROR, exc_info=True)

    async def _reset_at_once(self, command: commands.OpenConnection) -> bool:
        """Say to the layers that a connection was reset before anybody told them of it; false where it was not."""
        server = command.connection
        io: Any = self.transports.get(server)
        if io is None or server.peername:
            return False
        del self.transports[server]
        io.writer.close()
        server.state = ConnectionState.CLOSED
        server.error = "the destination reset the connection at once"
        hook_data = server_hooks.ServerConnectionHookData(client=self.client, server=server)
        await self.handle_hook(server_hooks.ServerConnectErrorHook(hook_data))
        await self.server_event(events.OpenConnectionCompleted(command, server.error))
        return True

    async def _open(self, command: commands.OpenConnection) -> None:
        rules: DestinationRules = getattr(self.master, RULES_ATTRIBUTE)
        if rules.upstream is not None:
            # Only to the proxy upstream (`Staircase.server_connect`), which is inside the house.
            await super().open_connection(command)
            return
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
            asyncio.get_running_loop().call_soon(self.abandon, "a layer failed")

    def abandon(self, why: str) -> None:
        """Close the client's connection, and with it those to servers."""
        io: Any = self.transports.get(self.client)
        if io is not None and io.handler is not None:
            io.handler.cancel(why)


def _waits_too_much(writer: Any) -> bool:  # noqa: ANN401 - any stream's writer
    """Tell whether more waits than pieces of uploads come to: answers to who asks and asks, and reads nothing."""
    return bool(writer.transport.get_write_buffer_size() > _UNSENT_MOST)
