"""Bodies that do not stay in memory: what arrives, what is stopped, and that nothing of them is left anywhere."""

from __future__ import annotations

import hashlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.harness import (
    SITE,
    Certificates,
    OriginThread,
    ProxyProcess,
    curl,
    running,
    start_stand_in,
    wait_until,
)

pytestmark = pytest.mark.live

MIB = 1024 * 1024
VERSIONS = {"--http1.1": "HTTP/1.1", "--http2": "HTTP/2"}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a file of 48 MiB in which no two blocks are alike, so that a piece out of order is seen."""
    folder = tmp_path_factory.mktemp("large")
    path = folder / "large.bin"
    with path.open("wb") as file:
        for number in range(48 * 16):
            file.write(hashlib.sha256(str(number).encode()).digest() * 2048)
    yield path
    shutil.rmtree(folder)


@pytest.fixture
def own_ca(tmp_path: Path, proxy_ca: Path) -> Path:
    """Return a CA in a state folder of its own, so that held bodies lie in a folder of their own."""
    return Path(shutil.copytree(proxy_ca, tmp_path / "state" / "ca"))


@pytest.fixture
def start(
    tmp_path: Path, own_ca: Path, certificates: Certificates, origin: OriginThread
) -> Callable[..., ProxyProcess]:
    def begin(port: int = 0, **config: object) -> ProxyProcess:
        pins = {SITE: f"127.0.0.1:{port or origin.port}"}
        return start_stand_in(tmp_path / "proxy", own_ca, upstream_ca=str(certificates.ca), resolve=pins, **config)

    return begin


def sha(path: Path, *more: bytes) -> str:
    digest = hashlib.sha256(path.read_bytes())
    for each in more:
        digest.update(each)
    return digest.hexdigest()


@pytest.mark.parametrize("way", ["length", "chunked"])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_large_body_arrives_whole_and_is_not_held_in_memory(
    way: str, version: str, large: Path, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    with running(start()) as proxy:
        curl(proxy, f"https://{SITE}/", version, "--data-binary", "warm")
        before, peak = proxy.anonymous_memory(), [0]
        stop = threading.Event()
        watch = threading.Thread(target=_watch, args=(proxy, peak, stop))
        watch.start()
        sender = (
            ["--data-binary", f"@{large}"] if way == "length" else ["-T", str(large), "-X", "POST", "-H", "Expect:"]
        )
        if way == "chunked" and version == "--http1.1":
            sender += ["-H", "Transfer-Encoding: chunked"]
        answer = curl(proxy, f"https://{SITE}/in", version, *sender)
        stop.set()
        watch.join()
        assert (answer.code, origin.seen[-1].version) == (200, VERSIONS[version])
        assert hashlib.sha256(origin.seen[-1].body).hexdigest() == sha(large)
        assert wait_until(lambda: proxy.temp_files() == [str(proxy.spool)] or not any(proxy.spool.iterdir()))
        # The stand-in engine reads the file into memory once, which is its own doing; the proxy adds little to that.
        assert peak[0] - before < large.stat().st_size + 24 * MIB
        assert wait_until(lambda: proxy.descriptors() <= proxy.idle_descriptors)
        # Chunks are read by the layers; the origin speaks HTTP/1 to whoever does.
        past_the_layers = {"straight"} | ({"inlet", "outlet"} if (way, version) == ("length", "--http1.1") else set())
        assert {one["name"] for one in proxy.recorded("way")} >= past_the_layers


def _watch(proxy: ProxyProcess, peak: list[int], stop: threading.Event) -> None:
    while not stop.is_set():
        peak[0] = max(peak[0], proxy.anonymous_memory())
        time.sleep(0.01)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_record_at_the_very_end_stops_all_of_it(
    version: str, large: Path, tmp_path: Path, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    marked = tmp_path / "marked.bin"
    marked.write_bytes(large.read_bytes() + b"BLOCK-ME")
    with running(start()) as proxy:
        answer = curl(proxy, f"https://{SITE}/in", version, "--data-binary", f"@{marked}")
        assert answer.code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert proxy.recorded()[0]["bytes"] == marked.stat().st_size
        assert (origin.seen, origin.connections) == ([], 0)
        assert wait_until(lambda: not any(proxy.spool.iterdir()))


def test_what_stands_right_behind_a_large_body_is_the_next_request(
    start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    body = b"POST /hidden HTTP/1.1\r\nContent-Length: 0\r\n\r\n" * 70_000
    head = f"POST /in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    behind = f"GET /next HTTP/1.1\r\nHost: {SITE}\r\nConnection: close\r\n\r\n".encode()
    with running(start()) as proxy, socket.create_connection(("127.0.0.1", proxy.port)) as raw:
        raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\n\r\n".encode())
        raw.recv(4096)
        context = ssl.create_default_context(cafile=str(proxy.ca))
        with context.wrap_socket(raw, server_hostname=SITE) as client:
            client.sendall(head + body + behind)
            while client.recv(65536):
                pass
    assert [(seen.target, seen.body == body) for seen in origin.seen] == [("/in", True), ("/next", False)]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_client_that_goes_away_leaves_no_file(
    share: float, large: Path, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    with running(start()) as proxy:
        for _ in range(3):
            _send_part(proxy, large, share)
        assert wait_until(lambda: not any(proxy.spool.iterdir()))
        assert wait_until(lambda: proxy.descriptors() <= proxy.idle_descriptors)
        assert wait_until(lambda: proxy.task_count() == proxy.idle_tasks)
        assert origin.seen == []


def _send_part(proxy: ProxyProcess, path: Path, share: float) -> None:
    context = ssl.create_default_context(cafile=str(proxy.ca))
    data = path.read_bytes()
    with socket.create_connection(("127.0.0.1", proxy.port)) as raw:
        raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\n\r\n".encode())
        raw.recv(4096)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        with context.wrap_socket(raw, server_hostname=SITE) as client:
            client.sendall(f"POST / HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: {len(data)}\r\n\r\n".encode())
            client.sendall(data[: int(len(data) * share)])


@pytest.mark.parametrize("version", VERSIONS)
def test_no_room_to_hold_a_body_is_a_gap_that_policy_decides_on(
    version: str, large: Path, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    with running(start(spool_bytes=16 * MIB)) as proxy:
        stopped = curl(proxy, f"https://{SITE}/in", version, "--data-binary", f"@{large}", check=False)
        assert (stopped.code, origin.connections) == (403, 0)
        passed = curl(proxy, f"https://{SITE}/in", version, "--data-binary", f"@{large}", "-H", "X-Pass-Gaps: yes")
        assert passed.code == 200
        assert hashlib.sha256(origin.seen[-1].body).hexdigest() == sha(large)
        assert [event["gaps"] for event in proxy.recorded()] == [["too-large"], ["too-large"]]
        assert wait_until(lambda: not any(proxy.spool.iterdir()))


def test_a_body_over_the_limit_that_may_pass_arrives_in_order(
    large: Path, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    with running(start(limits={"body_bytes": 20 * MIB})) as proxy:
        for version in VERSIONS:
            sender = ["-T", str(large), "-X", "POST", "-H", "X-Pass-Gaps: yes", "-H", "Expect:"]
            if version == "--http1.1":
                sender += ["-H", "Transfer-Encoding: chunked"]
            assert curl(proxy, f"https://{SITE}/in", version, *sender).code == 200
            assert hashlib.sha256(origin.seen[-1].body).hexdigest() == sha(large)
        assert wait_until(lambda: not any(proxy.spool.iterdir()))


def test_what_a_killed_proxy_left_goes_when_the_next_one_starts(
    large: Path, tmp_path: Path, start: Callable[..., ProxyProcess]
) -> None:
    with running(start(delay=30.0)) as proxy:
        sender = subprocess.Popen(
            [
                *("curl", "-s", "--proxy", proxy.url, "--cacert", str(proxy.ca), "--max-time", "20"),
                *("--data-binary", f"@{large}", f"https://{SITE}/"),
            ]
        )
        assert wait_until(lambda: proxy.spool.exists() and any(proxy.spool.iterdir()))
        (held,) = proxy.spool.iterdir()
        assert (held.stat().st_mode & 0o777, proxy.spool.stat().st_mode & 0o777) == (0o600, 0o700)
        proxy.stop()
        sender.wait()
    assert held.exists()
    shutil.rmtree(tmp_path / "proxy")
    with running(start()) as proxy:
        assert not any(proxy.spool.iterdir())


class Unwilling(threading.Thread):
    """A TLS server that takes a request's head and then does as it is told; `taken` counts the bytes it read."""

    def __init__(self, certificate: Path, behave: Callable[[ssl.SSLSocket, Unwilling], None]) -> None:
        super().__init__(daemon=True)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._behave = behave
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.taken = 0
        self.go_on = threading.Event()

    def run(self) -> None:
        raw, _ = self._listening.accept()
        self._listening.close()
        with raw, self._context.wrap_socket(raw, server_side=True) as client:
            self._behave(client, self)

    def head(self, client: ssl.SSLSocket) -> None:
        got = b""
        while b"\r\n\r\n" not in got:
            got += client.recv(1024)


def _answers_early(client: ssl.SSLSocket, server: Unwilling) -> None:
    server.head(client)
    client.sendall(b"HTTP/1.1 413 No\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n")
    server.go_on.wait(20)


def _goes_away(client: ssl.SSLSocket, server: Unwilling) -> None:
    server.head(client)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def _takes_its_time(client: ssl.SSLSocket, server: Unwilling) -> None:
    server.head(client)
    server.go_on.wait(20)
    while data := client.recv(MIB):
        server.taken += len(data)
        if server.taken >= 48 * MIB:
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
            return


def test_an_answer_before_the_body_was_taken_reaches_the_client(
    large: Path, certificates: Certificates, start: Callable[..., ProxyProcess]
) -> None:
    server = Unwilling(certificates.leaf(SITE), _answers_early)
    server.start()
    with running(start(server.port)) as proxy:
        answer = curl(proxy, f"https://{SITE}/in", "--http1.1", "--data-binary", f"@{large}", check=False)
        assert (answer.code, answer.body) == (413, b"no\n")
        server.go_on.set()
        assert wait_until(lambda: not any(proxy.spool.iterdir()))


def test_a_destination_that_goes_away_leaves_no_file(
    large: Path, certificates: Certificates, start: Callable[..., ProxyProcess]
) -> None:
    server = Unwilling(certificates.leaf(SITE), _goes_away)
    server.start()
    with running(start(server.port)) as proxy:
        answer = curl(proxy, f"https://{SITE}/in", "--http1.1", "--data-binary", f"@{large}", check=False)
        assert answer.code == 502
        assert wait_until(lambda: not any(proxy.spool.iterdir()))
        assert wait_until(lambda: proxy.descriptors() <= proxy.idle_descriptors)


def test_a_slow_destination_is_waited_for_and_memory_stays(
    large: Path, certificates: Certificates, start: Callable[..., ProxyProcess]
) -> None:
    server = Unwilling(certificates.leaf(SITE), _takes_its_time)
    server.start()
    with running(start(server.port)) as proxy:
        got: list[int] = []
        sender = threading.Thread(
            target=lambda: got.append(curl(proxy, f"https://{SITE}/in", "--http1.1", "--data-binary", f"@{large}").code)
        )
        sender.start()
        assert wait_until(lambda: proxy.recorded("tasks") != [] and any(proxy.spool.iterdir()))
        time.sleep(1.5)
        held = proxy.anonymous_memory()
        server.go_on.set()
        sender.join(30)
        assert got == [200]
        assert server.taken == large.stat().st_size
        assert proxy.anonymous_memory() - held < 16 * MIB


def test_a_client_that_goes_away_during_the_release_ends_it(
    large: Path, certificates: Certificates, start: Callable[..., ProxyProcess]
) -> None:
    server = Unwilling(certificates.leaf(SITE), _takes_its_time)
    server.start()
    with running(start(server.port)) as proxy:
        curl(proxy, f"https://{SITE}/in", "--http1.1", "--data-binary", f"@{large}", "--max-time", "3", check=False)
        assert wait_until(lambda: not any(proxy.spool.iterdir()))
        server.go_on.set()
        server.join(10)
        assert server.taken < large.stat().st_size
        assert wait_until(lambda: proxy.task_count() == proxy.idle_tasks)


@pytest.mark.parametrize("size", [0, 1, 100, 3 * MIB, 21 * MIB])
def test_a_body_without_a_length_over_http2_has_an_end_over_http1(
    size: int, certificates: Certificates, start: Callable[..., ProxyProcess]
) -> None:
    origin = OriginThread(certificates.leaf(SITE), http2=False)
    body = (b"POST /hidden HTTP/1.1\r\nHost: other.example\r\nContent-Length: 0\r\n\r\n" * (size // 60 + 1))[:size]
    with running(start(origin.port, limits={"body_bytes": 20 * MIB})) as proxy:
        sender = ["--http2", "-T", "-", "-X", "POST", "-H", "X-Pass-Gaps: yes"]
        assert curl(proxy, f"https://{SITE}/in", *sender, stdin=body).code == 200
    assert [(seen.target, seen.body == body, seen.complete) for seen in origin.seen] == [("/in", True, True)]
    origin.stop()
