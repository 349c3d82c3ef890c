"""WebSocket through the proxy: what passes, what closes the socket, and that memory stays flat."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.server import ServerConnection, serve

from dlp_proxy.cli.demo_traffic import orders
from tests.live.harness import SITE, Certificates, OriginThread, ProxyProcess, running, start_stand_in, wait_until
from tests.live.system import System
from tests.live.websocket_client import Socket, connect

pytestmark = pytest.mark.live


def open_socket(proxy: ProxyProcess) -> Socket:
    context = ssl.create_default_context(cafile=str(proxy.ca))
    return connect(f"wss://{SITE}/chat", proxy=proxy.url, ssl=context, max_size=None)


@pytest.fixture
def bounded(tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread) -> Iterator[ProxyProcess]:
    config = {"upstream_ca": str(certificates.ca), "resolve": {SITE: f"127.0.0.1:{origin.port}"}}
    with running(start_stand_in(tmp_path / "p", proxy_ca, limits={"websocket_bytes": 100_000}, **config)) as proxy:
        yield proxy


def test_text_and_binary_pass_both_ways(stand_in: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(stand_in) as socket:
        for message in ("你好, a line of chat", b"\x00\xff" * 500, "x" * 70_000):
            socket.send(message)
            assert socket.recv() == message
    (seen,) = origin.seen
    assert seen.websocket == ["你好, a line of chat".encode(), b"\x00\xff" * 500, b"x" * 70_000]
    assert seen.version == "HTTP/1.1"
    assert wait_until(lambda: seen.complete)


@pytest.mark.parametrize("message", ["orders BLOCK-ME", b"\x00BLOCK-ME"])
def test_a_blocked_message_never_arrives_and_closes_the_socket(
    message: str | bytes, stand_in: ProxyProcess, origin: OriginThread
) -> None:
    with open_socket(stand_in) as socket:
        socket.send("hello")
        assert socket.recv() == "hello"
        socket.send(message)
        with pytest.raises(ConnectionClosedError) as closed:
            socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
        (event,) = [one for one in stand_in.recorded() if one["action"] == "block"]
        assert event["uid"] in closed.value.rcvd.reason
    assert (event["channel"], event["target"], event["user"]) == ("websocket", "/chat", "li.wei")
    assert origin.seen[0].websocket == [b"hello"]


def test_a_message_cut_into_fragments_is_judged_whole(stand_in: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(stand_in) as socket:
        socket.send(iter(["BLO", "CK", "-ME"]))
        with pytest.raises(ConnectionClosedError):
            socket.recv()
    assert origin.seen[0].websocket == []


def test_a_message_over_the_limit_is_a_gap_and_closes_the_socket(bounded: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(bounded) as socket:
        with pytest.raises(ConnectionClosedError) as closed:
            _send_and_wait(socket, "x" * 1_000_000)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    assert [event["gaps"] for event in bounded.recorded() if event["channel"] == "websocket"] == [["too-large"]]
    assert origin.seen[0].websocket == []


def _send_and_wait(socket: Socket, message: str) -> None:
    socket.send(message)
    socket.recv()


def test_endless_fragments_are_cut_off_at_the_limit(bounded: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(bounded) as socket:
        with contextlib.suppress(ConnectionClosedError):  # it may hear of it while it sends, or after
            socket.send("x" * 1000 for _ in range(100_000))
        with pytest.raises(ConnectionClosedError):
            socket.recv()
    assert origin.seen[0].websocket == []


def test_control_frames_carry_nothing_across(stand_in: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(stand_in) as socket:
        socket.pong(socket.ping("13800138000"), 10)
        socket.send("still open")
        assert socket.recv() == "still open"
        socket.close(code=1000, reason="13800138000")
    assert wait_until(lambda: origin.seen[0].complete)
    assert b"13800138000" not in b"".join(origin.seen[0].control)


def test_memory_stays_flat_over_many_messages(stand_in: ProxyProcess) -> None:
    with open_socket(stand_in) as socket:
        for _ in range(20):
            socket.send(b"x" * 1_000_000)
            socket.recv()
        before = stand_in.anonymous_memory()
        for _ in range(150):
            socket.send(b"x" * 1_000_000)
            socket.recv()
        assert stand_in.anonymous_memory() - before < 40 << 20


def test_fragments_of_one_byte_are_judged_whole(stand_in: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(stand_in) as socket:
        socket.send(bytes([one]) for one in b"x" * 2000)
        assert socket.recv() == b"x" * 2000
        socket.send(iter("orders BLOCK-ME"))
        with pytest.raises(ConnectionClosedError):
            socket.recv()
    assert origin.seen[0].websocket == [b"x" * 2000]


def test_a_flood_of_pings_hurts_nobody(stand_in: ProxyProcess) -> None:
    with open_socket(stand_in) as socket:
        socket.send("hello")
        assert socket.recv() == "hello"
        before = stand_in.anonymous_memory()
        for _ in range(3000):
            socket.ping()
        socket.send("still there")
        assert socket.recv() == "still there"
        assert stand_in.anonymous_memory() - before < 20 << 20


@dataclass
class Compressing:
    """A server that agrees to permessage-deflate and keeps what it got."""

    port: int = 0
    got: list[str | bytes] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)

    def serve(self, socket: ServerConnection) -> None:
        self.agreed += [one.name for one in socket.protocol.extensions]
        for message in socket:
            self.got.append(message)
            socket.send(message)


@pytest.fixture
def compressing(certificates: Certificates) -> Iterator[Compressing]:
    made = Compressing()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.leaf(SITE))
    with serve(made.serve, "127.0.0.1", 0, ssl=context, max_size=None) as server:
        made.port = server.socket.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join(10)


@pytest.fixture
def deflating(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, compressing: Compressing
) -> Iterator[ProxyProcess]:
    config = {"upstream_ca": str(certificates.ca), "resolve": {SITE: f"127.0.0.1:{compressing.port}"}}
    with running(start_stand_in(tmp_path / "p", proxy_ca, limits={"websocket_bytes": 1_000_000}, **config)) as proxy:
        yield proxy


def test_compressed_messages_are_judged_as_what_they_say(deflating: ProxyProcess, compressing: Compressing) -> None:
    with open_socket(deflating) as socket:
        for message in ("hello " * 1000, b"\x00\x01" * 5000):
            socket.send(message)
            assert socket.recv() == message
        socket.send("a line, BLOCK-ME, " * 100)
        with pytest.raises(ConnectionClosedError) as closed:
            socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008
    assert "permessage-deflate" in compressing.agreed
    assert compressing.got == ["hello " * 1000, b"\x00\x01" * 5000]


def test_a_message_that_grows_without_end_is_cut_off(deflating: ProxyProcess, compressing: Compressing) -> None:
    with open_socket(deflating) as socket:
        before = deflating.anonymous_memory()
        with pytest.raises(ConnectionClosedError) as closed:
            _send_and_wait(socket, "0" * 200_000_000)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        assert deflating.anonymous_memory() - before < 40 << 20
    assert compressing.got == []


def _until_closed(socket: Socket, some: list[str]) -> int:
    """Return how many messages passed before the socket was closed."""
    for number, one in enumerate(some):
        try:
            _send_and_wait(socket, one)
        except ConnectionClosedError:
            return number
    return len(some)


def test_a_script_that_sends_orders_one_a_message_is_stopped(system: System, world: OriginThread) -> None:
    context = ssl.create_default_context(cafile=str(system.ca))
    some = [" ".join(one.cells) for one in orders(60, seed=11)]
    with connect("wss://pan.baidu.example/chat", proxy=system.url, ssl=context) as socket:
        passed = _until_closed(socket, some)
        assert socket.close_code == 1008
    assert 0 < passed < 20
    assert len(world.seen[0].websocket) == passed
    last = system.events()[-1].event
    assert (last.body["request"]["channel"], last.records) == ("websocket", passed + 1)


def test_a_number_typed_letter_by_letter_is_seen(system: System, world: OriginThread) -> None:
    context = ssl.create_default_context(cafile=str(system.ca))
    with connect("wss://pan.baidu.example/terminal", proxy=system.url, ssl=context) as socket:
        for letter in "tel 13800138000 ok":
            _send_and_wait(socket, letter)
    events = [kept.event for kept in system.events()]
    assert 1 <= len(events) <= 6  # digits before its end it is a number of another kind
    assert events[-1].body["findings"]["phone"] >= 1


@pytest.mark.parametrize("form", ["{}", '{{"seq": 7, "key": {}}}', "a value a message"])
def test_customers_a_letter_or_a_value_a_message_are_stopped_as_customers(
    form: str, system: System, world: OriginThread
) -> None:
    some = orders(12, seed=17)
    if form == "a value a message":
        said = [json.dumps({name: value}) for one in some for name, value in (("no", one.number), ("tel", one.phone))]
    else:
        typed = "".join(f"{one.number},{one.phone};" for one in some)
        said = [form.format(json.dumps(letter) if "{{" in form else letter) for letter in typed]
    context = ssl.create_default_context(cafile=str(system.ca))
    with connect("wss://pan.baidu.example/typed", proxy=system.url, ssl=context) as socket:
        passed = _until_closed(socket, said)
        assert socket.close_code == 1008
    assert passed < len(said) // 2
    assert system.events()[-1].event.records == 5
