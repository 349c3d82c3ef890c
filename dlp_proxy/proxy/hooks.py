# mypy: disable-error-code=no-untyped-call
"""Calling addons: a table of what listens to which hook, and an end to flows whose hook failed.

mitmproxy asks every addon for every hook anew; half of a request's time goes there. The table is made when an addon
comes or goes. And mitmproxy logs a hook's exception and lets the flow pass; here the flow ends: with an answer where
nothing went on yet, else by closing it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

import structlog
from mitmproxy import exceptions, http
from mitmproxy.addonmanager import AddonManager, traverse
from mitmproxy.flow import Flow
from mitmproxy.hooks import Hook
from mitmproxy.master import Master
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from dlp_proxy.proxy.enforce import fail_closed
from dlp_proxy.stores.uid import UidMaker

_log = structlog.get_logger("dlp_proxy.proxy")

type Listener = Callable[..., Any]

_BEFORE_ANYTHING_LEFT: Final = frozenset({"http_connect", "requestheaders", "request"})
"""Hooks after which an answer is sent instead of the request."""


class HookTable(AddonManager):
    """mitmproxy's addon manager with the listeners of each hook looked up once."""

    def __init__(self, master: Master) -> None:
        self._table: dict[str, tuple[Listener, ...]] = {}
        self._fields: dict[type[Hook], tuple[str, ...]] = {}
        self._uid = UidMaker()
        super().__init__(master)

    def register(self, addon: object) -> object:
        self._table.clear()
        return super().register(addon)

    def add(self, *addons: object) -> None:
        super().add(*addons)
        self._table.clear()

    def remove(self, addon: object) -> None:
        super().remove(addon)
        self._table.clear()

    def clear(self) -> None:
        super().clear()
        self._table.clear()

    async def handle_lifecycle(self, event: Hook) -> None:
        """Call the hook. The stock `update` hook after it is for user interfaces, and there is none."""
        await self.trigger_event(event)

    async def trigger_event(self, event: Hook) -> None:
        listeners = self._table.get(event.name)
        if listeners is None:
            listeners = self._table[event.name] = self._listeners(event.name)
        if not listeners:
            return
        arguments = self._arguments(event)
        for listener in listeners:
            try:
                answer = listener(*arguments)
                if answer is not None and inspect.isawaitable(answer):
                    await answer
            except exceptions.AddonHalt:
                return
            except exceptions.OptionsError:
                raise
            except Exception as error:  # noqa: BLE001 - any failure of any addon must end the flow
                # Its kind only: the text of an error can hold content.
                uid = self._uid()
                _log.error("hook failed", hook=event.name, error=type(error).__name__, uid=uid)
                _end(event.name, arguments, uid)

    def _arguments(self, event: Hook) -> list[Any]:
        """Return what `event.args` does, without asking dataclasses for the fields each time."""
        names = self._fields.get(type(event))
        if names is None:
            names = self._fields[type(event)] = tuple(one.name for one in fields(event))  # type: ignore[arg-type]
        return [getattr(event, name) for name in names]

    def _listeners(self, name: str) -> tuple[Listener, ...]:
        found = (getattr(addon, name, None) for top in self.chain for addon in traverse([top]))
        return tuple(one for one in found if callable(one) and not inspect.ismodule(one))


def _end(hook: str, arguments: list[Any], uid: str) -> None:
    for argument in arguments:
        if isinstance(argument, http.HTTPFlow) and hook in _BEFORE_ANYTHING_LEFT and not argument.request.stream:
            if argument.response is None:
                fail_closed(argument, uid)
        elif isinstance(argument, Flow) and argument.killable:
            argument.kill()
        elif isinstance(argument, ServerConnectionHookData):
            argument.server.error = "a hook failed"
