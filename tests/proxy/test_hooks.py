from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mitmproxy import exceptions, http
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.proxy.layers.http._hooks import (
    HttpConnectHook,
    HttpRequestHeadersHook,
    HttpRequestHook,
    HttpResponseHeadersHook,
)
from mitmproxy.proxy.server_hooks import ServerConnectHook, ServerConnectionHookData
from mitmproxy.test import tflow

from dlp_proxy.proxy.hooks import HookTable
from dlp_proxy.proxy.passage import passage_of


class Listener:
    def __init__(self, name: str, does: Callable[[Any], Any]) -> None:
        self.name = name
        self.http_connect = self.requestheaders = self.request = self.responseheaders = does
        self.server_connect = does


@pytest.fixture
async def table() -> HookTable:
    master = Master(Options())
    return HookTable(master)


def flow() -> http.HTTPFlow:
    made = tflow.tflow()
    made.live = True
    return made


def _raise(_: Any) -> None:
    raise RuntimeError("13800138000")


def _halt(_: Any) -> None:
    raise exceptions.AddonHalt


@pytest.mark.parametrize("hook", [HttpConnectHook, HttpRequestHeadersHook, HttpRequestHook])
async def test_a_hook_that_raises_before_anything_left_is_answered_for(
    table: HookTable, capsys: pytest.CaptureFixture[str], hook: type[HttpRequestHook]
) -> None:
    passing = flow()
    table.add(Listener("bad", _raise))
    await table.trigger_event(hook(passing))
    assert passing.error is None
    assert passing.response is not None
    assert passing.response.status_code == 403
    assert passage_of(passing).blocked
    said = capsys.readouterr().out
    assert "hook failed" in said
    reference = passing.response.headers["x-dlp-proxy"]
    assert reference == f"unrecorded; reference={passage_of(passing).uid}"
    assert passage_of(passing).uid in said
    assert "13800138000" not in said


async def test_an_answer_that_is_there_stands_when_a_hook_raises(table: HookTable) -> None:
    stopped = flow()
    stopped.response = page = http.Response.make(403, b"stopped by policy")
    table.add(Listener("bad", _raise))
    await table.trigger_event(HttpRequestHook(stopped))
    assert stopped.response is page


async def test_a_hook_that_raises_when_the_request_left_ends_its_flow(table: HookTable) -> None:
    answered, streamed = flow(), flow()
    answered.response = http.Response.make(200)
    streamed.request.stream = True
    table.add(Listener("bad", _raise))
    await table.trigger_event(HttpResponseHeadersHook(answered))
    await table.trigger_event(HttpRequestHook(streamed))
    for one in (answered, streamed):
        assert one.error is not None
        assert one.error.msg == one.error.KILLED_MESSAGE


async def test_a_hook_that_raises_ends_a_connection(table: HookTable) -> None:
    data = ServerConnectionHookData(server=tflow.tserver_conn(), client=tflow.tclient_conn())
    data.server.error = None
    table.add(Listener("bad", _raise))
    await table.trigger_event(ServerConnectHook(data))
    assert data.server.error == "a hook failed"


async def test_listeners_are_called_in_order_sync_and_async_until_one_halts(table: HookTable) -> None:
    called: list[str] = []

    async def later(_: Any) -> None:
        called.append("async")

    table.add(Listener("one", lambda _: called.append("sync")), Listener("two", later))
    table.add(Listener("three", _halt), Listener("four", lambda _: called.append("never")))
    await table.trigger_event(HttpRequestHook(flow()))
    assert called == ["sync", "async"]


async def test_the_table_follows_addons_that_come_and_go(table: HookTable) -> None:
    called: list[str] = []
    first = Listener("one", lambda _: called.append("one"))
    table.add(first)
    await table.trigger_event(HttpRequestHook(flow()))
    table.add(Listener("two", lambda _: called.append("two")))
    await table.trigger_event(HttpRequestHook(flow()))
    table.remove(first)
    await table.trigger_event(HttpRequestHook(flow()))
    assert called == ["one", "one", "two", "two"]
