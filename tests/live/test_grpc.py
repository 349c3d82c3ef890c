"""gRPC through the proxy, with a real client and a real server over TLS: judged message by message."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import grpc
import pytest

from dlp_proxy.cli.demo_traffic import orders
from tests.live import smuggling_http2 as h2
from tests.live.harness import SITE, Certificates, OriginThread, ProxyProcess, running, start_stand_in, wait_until
from tests.live.recorder import everything, tunnel
from tests.live.system import System, start_system

pytestmark = pytest.mark.live

WAIT = 15.0


@dataclass
class Service(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Echoes, and keeps every message that a handler got. `ended` says how many calls ended before their time."""

    got: list[bytes] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def service(self, details: Any) -> grpc.RpcMethodHandler | None:
        name = details.method.rpartition("/")[2]
        self.calls.append(name)
        make: dict[str, Callable[[], grpc.RpcMethodHandler]] = {
            "Unary": lambda: grpc.unary_unary_rpc_method_handler(self._one),
            "Up": lambda: grpc.stream_unary_rpc_method_handler(self._up),
            "Both": lambda: grpc.stream_stream_rpc_method_handler(self._both),
            "Down": lambda: grpc.unary_stream_rpc_method_handler(lambda data, _: iter([data] * 3)),
        }
        return make[name]() if name in make else None

    def _one(self, data: bytes, _: Any) -> bytes:
        self.got.append(data)
        return b"got " + data[:20]

    def _up(self, some: Iterator[bytes], _: Any) -> bytes:
        number = 0
        for data in some:
            self.got.append(data)
            number += 1
        return b"%d" % number

    def _both(self, some: Iterator[bytes], _: Any) -> Iterator[bytes]:
        for data in some:
            self.got.append(data)
            yield b"echo " + data


@dataclass
class Server:
    service: Service
    port: int


@pytest.fixture(scope="module")
def server(certificates: Certificates) -> Iterator[Server]:
    pem = certificates.leaf(SITE).read_bytes()
    service = Service()
    made = grpc.server(ThreadPoolExecutor(16), (service,), options=[("grpc.max_receive_message_length", 64 << 20)])
    port = made.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(pem, pem[pem.index(b"-----BEGIN C") :])]))
    made.start()
    yield Server(service, port)
    made.stop(None).wait(WAIT)


@pytest.fixture(scope="module")
def proxy(
    tmp_path_factory: pytest.TempPathFactory, proxy_ca: Path, certificates: Certificates, server: Server
) -> Iterator[ProxyProcess]:
    made = start_stand_in(
        tmp_path_factory.mktemp("grpc") / "proxy",
        proxy_ca,
        upstream_ca=str(certificates.ca),
        resolve={SITE: f"127.0.0.1:{server.port}"},
        device_map={"127.0.0.1": "li.wei"},
        limits={"grpc_bytes": 1_000_000},
    )
    with running(made) as one:
        yield one


@pytest.fixture
def service(server: Server) -> Service:
    server.service.got.clear()
    server.service.calls.clear()
    return server.service


def channel(proxy: ProxyProcess, **options: Any) -> grpc.Channel:
    return grpc.secure_channel(
        f"{SITE}:443",
        grpc.ssl_channel_credentials(proxy.ca.read_bytes()),
        options=[("grpc.http_proxy", proxy.url), ("grpc.max_receive_message_length", 64 << 20)],
        **options,
    )


def test_all_four_kinds_of_calls_pass(proxy: ProxyProcess, service: Service) -> None:
    with channel(proxy) as made:
        assert made.unary_unary("/s/Unary")(b"hello", timeout=WAIT) == b"got hello"
        assert made.stream_unary("/s/Up")(iter([b"a", b"", b"x" * 300_000]), timeout=WAIT) == b"3"
        assert list(made.unary_stream("/s/Down")(b"d", timeout=WAIT)) == [b"d"] * 3
        assert list(made.stream_stream("/s/Both")(iter([b"1", b"2"]), timeout=WAIT)) == [b"echo 1", b"echo 2"]
    assert service.got == [b"hello", b"a", b"", b"x" * 300_000, b"1", b"2"]


def test_client_and_server_can_take_turns(proxy: ProxyProcess) -> None:
    """Each message goes on before the next is made: a proxy that waits for the end would wait for ever."""
    asked: queue.Queue[bytes | None] = queue.Queue()
    with channel(proxy) as made:
        answers = made.stream_stream("/s/Both")(iter(asked.get, None), timeout=WAIT)
        for number in range(20):
            asked.put(b"turn %d" % number)
            assert next(answers) == b"echo turn %d" % number
        asked.put(None)
        assert list(answers) == []
        assert answers.code() is grpc.StatusCode.OK


@pytest.mark.parametrize("coding", [grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_compressed_messages_are_passed_on_as_they_came(
    coding: grpc.Compression, proxy: ProxyProcess, service: Service
) -> None:
    with channel(proxy, compression=coding) as made:
        assert made.stream_unary("/s/Up")(iter([b"hello " * 500] * 3), timeout=WAIT) == b"3"
    assert service.got == [b"hello " * 500] * 3


def test_a_blocked_unary_call_has_a_status_and_no_handler_gets_it(proxy: ProxyProcess, service: Service) -> None:
    with channel(proxy) as made, pytest.raises(grpc.RpcError) as stopped:
        made.unary_unary("/s/Unary")(b"orders BLOCK-ME", timeout=WAIT)
    error: Any = stopped.value
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    (event,) = [one for one in proxy.recorded() if one["action"] == "block" and one["target"] == "/s/Unary"]
    assert event["uid"] in error.details()
    assert (event["channel"], event["user"]) == ("grpc", "li.wei")
    assert service.got == []


def test_a_blocked_message_ends_a_stream_under_way(proxy: ProxyProcess, service: Service) -> None:
    asked: queue.Queue[bytes | None] = queue.Queue()
    with channel(proxy) as made:
        answers = made.stream_stream("/s/Both")(iter(asked.get, None), timeout=WAIT)
        asked.put(b"fine")
        assert next(answers) == b"echo fine"
        asked.put(b"BLOCK-ME")
        with pytest.raises(grpc.RpcError):
            next(answers)
        asked.put(b"behind it")
        assert answers.code() is grpc.StatusCode.PERMISSION_DENIED
        asked.put(None)
        assert made.unary_unary("/s/Unary")(b"the connection lives on", timeout=WAIT)
    assert service.got == [b"fine", b"the connection lives on"]


def test_metadata_is_judged_before_anything_goes_on(proxy: ProxyProcess, service: Service) -> None:
    with channel(proxy) as made, pytest.raises(grpc.RpcError) as stopped:
        made.unary_unary("/s/Unary")(b"hello", timeout=WAIT, metadata=[("x-note", "BLOCK-ME")])
    error: Any = stopped.value
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    assert (service.got, service.calls) == ([], [])


def test_a_message_over_the_limit_is_a_gap_and_stopped(proxy: ProxyProcess, service: Service) -> None:
    with channel(proxy) as made, pytest.raises(grpc.RpcError) as stopped:
        made.stream_unary("/s/Up")(iter([b"x" * 3_000_000]), timeout=WAIT)
    error: Any = stopped.value
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    assert [one["gaps"] for one in proxy.recorded() if one["channel"] == "grpc" and one["gaps"]] == [["too-large"]]
    assert service.got == []


def test_many_calls_leave_nothing_behind(proxy: ProxyProcess) -> None:
    asked: queue.Queue[bytes | None] = queue.Queue()
    with channel(proxy) as made:
        up = made.stream_unary("/s/Up")
        assert up(repeat(b"x" * 1000, 3000), timeout=WAIT) == b"3000"
        before = proxy.anonymous_memory()
        for _ in range(3):
            assert up(repeat(b"x" * 500_000, 40), timeout=WAIT) == b"40"
        assert proxy.anonymous_memory() - before < 40 << 20
        calls = [made.stream_stream("/s/Both")(chain([b"a"], iter(asked.get, None))) for _ in range(10)]
        assert [next(one) for one in calls] == [b"echo a"] * 10
        for one in calls:
            one.cancel()
            asked.put(None)
    assert wait_until(lambda: proxy.descriptors() <= proxy.idle_descriptors)
    assert wait_until(lambda: proxy.task_count() <= proxy.idle_tasks)
    assert "crashed" not in proxy.said()


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, sites: OriginThread, server: Server
) -> Iterator[System]:
    made = start_system(
        tmp_path_factory.mktemp("grpc-system"), certificates.ca, sites, resolve={SITE: f"127.0.0.1:{server.port}"}
    )
    with running(made):
        yield made


@pytest.mark.parametrize("coding", [None, grpc.Compression.Gzip, grpc.Compression.Deflate])
def test_orders_one_a_message_are_counted_over_the_stream(
    coding: grpc.Compression | None, whole: System, service: Service
) -> None:
    some = [" ".join(one.cells).encode() for one in orders(60, seed=11)]
    with channel(whole, compression=coding) as made, pytest.raises(grpc.RpcError) as stopped:
        made.stream_unary("/s/Up")(iter(some), timeout=WAIT)
    error: Any = stopped.value
    assert error.code() is grpc.StatusCode.PERMISSION_DENIED
    assert 0 < len(service.got) < 20
    event = next(kept for kept in reversed(whole.events()) if kept.event.action in {"block", "coach"})
    assert event.event.uid in error.details()
    assert event.event.body["request"]["channel"] == "grpc"


def test_connect_streams_are_judged_by_message_too(stand_in: ProxyProcess, origin: OriginThread) -> None:
    """The same framing with another end; the head arrives before the stream has ended."""
    fields = [*h2.POST, ("content-type", "application/connect+json"), ("connect-protocol-version", "1")]
    first, second = (bytes(3) + len(one).to_bytes(2) + one for one in (b'{"a": 1}', b'"BLOCK-ME"'))
    with tunnel(stand_in, "h2") as client:
        client.sendall(h2.PREFACE + h2.frame(h2.SETTINGS, 0, 0) + h2.head(fields) + h2.data(flags=0, payload=first))
        assert wait_until(lambda: bool(origin.seen))
        client.sendall(h2.data(flags=0, payload=second))
        answer = everything(client)
    assert b'{"error": {"code": "permission_denied", "message": "stopped by policy, reference ' in answer
    assert wait_until(lambda: origin.seen[0].body == first)
    assert not origin.seen[0].complete
