"""WebSocket through the proxy: what passes, what closes the socket, and that memory stays flat."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from tests.live.harness import SITE, Certificates, OriginThread, ProxyProcess, running, start_stand_in, wait_until

pytestmark = pytest.mark.live


def open_socket(proxy: ProxyProcess) -> ClientConnection:
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
        assert closed.value.rcvd.code == 1008
    assert [event["gaps"] for event in bounded.recorded() if event["channel"] == "websocket"] == [["too-large"]]
    assert origin.seen[0].websocket == []


def _send_and_wait(socket: ClientConnection, message: str) -> None:
    socket.send(message)
    socket.recv()


def test_endless_fragments_are_cut_off_at_the_limit(bounded: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(bounded) as socket, pytest.raises(ConnectionClosedError):
        socket.send("x" * 1000 for _ in range(100_000))
    assert origin.seen[0].websocket == []


def test_control_frames_carry_nothing_across(stand_in: ProxyProcess, origin: OriginThread) -> None:
    with open_socket(stand_in) as socket:
        assert socket.ping("13800138000").wait(10)
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
