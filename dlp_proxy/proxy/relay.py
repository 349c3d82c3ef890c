# mypy: disable-error-code=no-untyped-call
"""Passing a connection on unopened: its beginning is recorded before the first byte goes on, and bytes are counted."""

from __future__ import annotations

from dataclasses import dataclass

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.tcp import TCPLayer

from dlp_proxy.proxy.bypass import Bypassed


@dataclass
class BypassBeginsHook(commands.StartHook):
    """A connection waits until the event of its beginning is durable. The client waits meanwhile."""

    name = "bypass_begins"
    holds_client = True
    bypassed: Bypassed


@dataclass
class BypassEndsHook(commands.StartHook):
    """A connection that was passed on unopened is over."""

    name = "bypass_ends"
    blocking = False
    bypassed: Bypassed


class RelayedTls(TCPLayer):
    """Relays a connection without a look at it."""

    def __init__(self, context: Context, bypassed: Bypassed) -> None:
        super().__init__(context, ignore=True)
        self._bypassed = bypassed

    def begin(self, event: events.Event) -> CommandGenerator[None]:
        yield BypassBeginsHook(self._bypassed)
        if not self._bypassed.uid:
            yield commands.CloseConnection(self.context.client)
            self._handle_event = self.done  # type: ignore[method-assign]
            yield from self._end()
            return
        yield from self.start(event)
        yield from self._end()

    _handle_event = begin

    def relay_messages(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.DataReceived):
            self._bypassed.count(len(event.data), sent=event.connection == self.context.client)
        yield from super().relay_messages(event)
        yield from self._end()

    def _end(self) -> CommandGenerator[None]:
        if self._handle_event == self.done:
            yield BypassEndsHook(self._bypassed)
