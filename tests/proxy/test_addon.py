"""Hooks of the proxy in what no client can bring about by itself: our own steps fail, or the disk, or the network."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import tflow

from dlp_proxy.model.event import Outcome
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action, Verdict
from dlp_proxy.proxy.addon import Staircase
from dlp_proxy.proxy.destinations import DestinationRules
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Judgement, ProxySettings, Recorded, Steps
from dlp_proxy.stores.ports import StoreError
from tests.proxy.test_talk import Judged
from tests.proxy.test_translate import TRANSLATOR

VALUE = "13800138000"


class Gate:
    """Lets everybody in."""

    async def answers(self, _: http.HTTPFlow) -> bool:
        return False

    def forget_trailers(self, _: http.Request) -> None: ...


class Uploads:
    """Knows of no upload in many requests."""

    async def join(self, _: Message) -> None: ...

    def listener(self, uid: str, codings: str) -> None:
        """Hear nothing: no answer names an upload here."""


@dataclass
class Proxy:
    """A staircase whose steps fail where `fails` says so, and what it told of outcomes and recorded."""

    fails: frozenset[str] = frozenset()
    outcomes: list[Outcome] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)
    rules: DestinationRules = field(default_factory=lambda: DestinationRules(()))

    @property
    def staircase(self) -> Staircase:
        steps = Steps(
            self.inspect, self.judge, self.by_exception_policy, self.record, self.outcomes.append, self.never, str,
            kept=self.kept,
        )  # fmt: skip
        stand_ins: Any = (self if "translate" in self.fails else TRANSLATOR, self.metrics, Uploads(), Gate())
        return Staircase(ProxySettings(Path()), steps, self.rules, *stand_ins)

    def request(self, *_: object) -> Message:
        raise KeyError(VALUE)

    async def inspect(self, message: Message) -> Inspection:
        self._may_fail("inspect", KeyError(VALUE))
        return Inspection(bytes=message.size)

    async def judge(self, message: Message, seen: Inspection) -> tuple[Judgement, Recorded]:
        self._may_fail("judge", StoreError(f"disk full: {VALUE}"))
        return Judged(message, seen, Verdict(Action.ALLOW, Action.ALLOW)), Recorded()

    def by_exception_policy(self, message: Message, error: str) -> Judgement:
        self._may_fail("exception policy", KeyError(VALUE))
        return Judged(message, Inspection(), Verdict(Action.BLOCK, Action.BLOCK, error=error), worth_an_event=True)

    async def record(self, judgement: Judgement) -> Recorded:
        self._may_fail("record", StoreError(f"disk full: {VALUE}"))
        self.recorded.append(judgement.verdict.error)
        return Recorded("inc-1", kept=True)

    async def kept(self, _: Future[str]) -> None:
        self._may_fail("keep", StoreError(f"disk full: {VALUE}"))

    async def never(self, *_: object) -> Any:
        raise AssertionError

    def _may_fail(self, step: str, error: Exception) -> None:
        if step in self.fails:
            raise error


def upload() -> http.HTTPFlow:
    flow = tflow.tflow()
    flow.request = http.Request.make("POST", "https://pan.example/up", b"hello")
    return flow


@pytest.mark.parametrize(
    ("fails", "recorded"),
    [
        pytest.param({"translate"}, [], id="translate"),
        pytest.param({"inspect"}, ["inspect: KeyError"], id="inspect"),
        pytest.param({"judge"}, [], id="the store fails: it is not waited for again"),
        pytest.param({"inspect", "record"}, [], id="inspect, and then the store"),
        pytest.param({"inspect", "exception policy"}, [], id="inspect, and then the exception policy"),
    ],
)
async def test_whatever_step_fails_the_upload_does_not_leave(
    fails: set[str], recorded: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    proxy, flow = Proxy(frozenset(fails)), upload()
    await proxy.staircase.request(flow)
    assert flow.response is not None
    assert flow.response.status_code == 403
    assert passage_of(flow).blocked
    assert passage_of(flow).judged
    uid = passage_of(flow).uid
    assert flow.response.headers["x-dlp-proxy"] == (uid if recorded else f"unrecorded; reference={uid}")
    assert proxy.recorded == recorded
    said = capsys.readouterr().out
    assert VALUE not in said
    assert uid in said
    (metric,) = proxy.metrics.exceptions.collect()
    (step,) = {label for sample in metric.samples for label in sample.labels.values()}
    assert step in {"translate", "inspect", "record"}


async def test_what_is_judged_as_nothing_leaves() -> None:
    proxy, flow = Proxy(), upload()
    await proxy.staircase.request(flow)
    assert flow.response is None
    assert not passage_of(flow).blocked


def answered() -> http.HTTPFlow:
    """Return an upload that left before its light record was durable, and whose answer has come."""
    flow = upload()
    flow.response = http.Response.make(201, b"kept, thank you")
    passage = passage_of(flow)
    passage.uid, passage.judged, passage.recorded, passage.durable = "01UPLOAD", True, True, Future()
    return flow


@pytest.mark.parametrize("keeps", [True, False])
async def test_the_answer_to_an_upload_of_which_no_record_is_kept_is_withheld(
    capsys: pytest.CaptureFixture[str],
    keeps: bool,  # noqa: FBT001
) -> None:
    proxy, flow = Proxy(frozenset() if keeps else frozenset({"keep"})), answered()
    staircase = proxy.staircase
    await staircase.responseheaders(flow)
    assert flow.response is not None
    assert flow.response.status_code == (201 if keeps else 503)
    assert flow.response.headers.get("x-dlp-proxy") == (None if keeps else "unrecorded; reference=01UPLOAD")
    assert (b"thank you" in (flow.response.raw_content or b"")) is keeps
    assert bool(flow.response.stream) is keeps
    staircase.response(flow)
    # The destination's status is not known any more, and that of the page in its place is not its.
    assert [(one.uid, one.disposition, one.status) for one in proxy.outcomes] == [
        ("01UPLOAD", "allowed", 201 if keeps else 0)
    ]
    assert VALUE not in capsys.readouterr().out


async def test_a_destination_asks_nobody_to_log_in_at_the_proxy_or_to_come_another_way() -> None:
    staircase, flow = Proxy().staircase, upload()
    named = {"Alt-Svc": 'h3=":443"', "Proxy-Authenticate": "Basic", "X-Kept": "yes"}
    flow.response = http.Response.make(407, b"", named)
    flow.response.trailers = http.Headers(alt_svc='h3=":443"', x_kept="yes")
    await staircase.responseheaders(flow)
    staircase.response(flow)
    assert set(flow.response.headers) & set(named) == {"X-Kept"}
    assert flow.response.trailers is not None
    assert list(flow.response.trailers) == ["x-kept"]


@pytest.mark.parametrize(
    ("make", "begin", "message"),
    [
        pytest.param(tflow.ttcpflow, "tcp_start", "tcp_message", id="TCP"),
        pytest.param(tflow.tudpflow, "udp_start", "udp_message", id="UDP"),
    ],
)
def test_what_is_no_http_and_nobody_judges_is_ended(make: Callable[[], Any], begin: str, message: str) -> None:
    for hook, left in ((begin, True), (message, False)):
        flow = make()
        flow.live = True
        getattr(Proxy().staircase, hook)(flow)
        assert flow.error is not None
        assert flow.error.msg == flow.error.KILLED_MESSAGE
        assert bool(flow.messages) is left


@pytest.mark.parametrize(
    ("url", "host", "sni", "status"),
    [
        pytest.param("https://pan.example/", "pan.example", "pan.example", 0, id="as it is"),
        pytest.param("https://pan.example/", "PAN.example.:443", "Pan.Example", 0, id="in another spelling"),
        pytest.param("https://pan.example/", "pan.example", None, 0, id="no TLS name"),
        pytest.param("http://pan.example/", "pan.example", "elsewhere.example", 0, id="TLS to the proxy itself"),
        pytest.param("https://pan.example/", "elsewhere.example", "pan.example", 421, id="another Host"),
        pytest.param("https://pan.example/", "pan.example:8443", "pan.example", 421, id="another port in Host"),
        pytest.param("https://pan.example/", "pan.example", "elsewhere.example", 421, id="another TLS name"),
        pytest.param("https://10.0.0.7/", "10.0.0.7", None, 403, id="inside the house"),
    ],
)
async def test_a_request_goes_where_all_its_names_say(url: str, host: str, sni: str | None, status: int) -> None:
    proxy, flow = Proxy(), upload()
    flow.request = http.Request.make("POST", url)
    flow.request.headers["Host"] = host
    flow.client_conn.sni = sni
    await proxy.staircase.requestheaders(flow)
    assert (flow.response.status_code if flow.response else 0) == status
    assert proxy.metrics.registry.get_sample_value("dlp_proxy_destinations_refused_total") == bool(status)


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        (("proxy.example", 3128), False),
        (("proxy.example", 443), True),
        (("pan.example", 3128), True),
        (("8.8.8.8", 443), True),
    ],
)
def test_where_there_is_a_proxy_upstream_nothing_goes_elsewhere(address: tuple[str, int], refused: bool) -> None:  # noqa: FBT001
    rules = DestinationRules((), upstream=("proxy.example", 3128))
    data = ServerConnectionHookData(server=tflow.tserver_conn(), client=tflow.tclient_conn())
    data.server.address, data.server.error = address, None
    Proxy(rules=rules).staircase.server_connect(data)
    assert (data.server.error is not None) is refused


@pytest.mark.parametrize(
    ("sni", "closed"),
    [("db.example", False), ("DB.example.", False), ("elsewhere.example", True), (None, False)],
)
async def test_a_raw_connection_goes_where_its_tls_name_says_or_nowhere(sni: str | None, closed: bool) -> None:  # noqa: FBT001
    flow = tflow.ttcpflow()
    flow.client_conn.sni, flow.server_conn.address = sni, ("db.example", 5432)
    passage_of(flow).message = b"hello"
    await Proxy().staircase.raw_message(flow)
    assert bool(passage_of(flow).close_reason) is closed
