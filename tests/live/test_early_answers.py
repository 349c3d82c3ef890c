"""Destinations that answer before they have the whole upload: who hears what, and what is said of it afterwards."""

from __future__ import annotations

import hashlib
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.live.harness import SITE, Certificates, ProxyProcess, curl, running, start_stand_in, wait_until
from tests.live.http2_client import Client
from tests.live.unwilling import Unwilling

pytestmark = pytest.mark.live

SIZE = 24 << 20
WAYS = [("HTTP/1.1", "--http1.1"), ("HTTP/1.1", "--http2"), ("HTTP/2", "--http2")]
"""A client of HTTP/1.1 is connected by HTTP/1.1."""
ENDS = {"HTTP/1.1": ("length", "chunks", "its end"), "HTTP/2": ("", "at once")}
FAILS = {"light": True, "fails": "light record"}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("early")
    path = folder / "large.bin"
    path.write_bytes(b"".join(hashlib.sha256(str(number).encode()).digest() * 2048 for number in range(SIZE >> 16)))
    yield path
    shutil.rmtree(folder)


@pytest.fixture
def start(tmp_path: Path, proxy_ca: Path, certificates: Certificates) -> Callable[..., ProxyProcess]:
    ca = Path(shutil.copytree(proxy_ca, tmp_path / "state" / "ca"))

    def begin(server: Unwilling, **config: object) -> ProxyProcess:
        pins = {SITE: f"127.0.0.1:{server.port}"}
        told = {"light": True, "linger_seconds": 1, **config}
        return start_stand_in(tmp_path / "proxy", ca, upstream_ca=str(certificates.ca), resolve=pins, **told)

    return begin


@pytest.fixture
def serve(certificates: Certificates) -> Iterator[Callable[..., Unwilling]]:
    servers: list[Unwilling] = []

    def begin(*arguments: str, **named: object) -> Unwilling:
        servers.append(Unwilling(certificates.leaf(SITE), *arguments, **named))  # type: ignore[arg-type]
        return servers[-1]

    yield begin
    for server in servers:
        server.stop()


def outcome(proxy: ProxyProcess) -> tuple[int, int]:
    """Return what is told of the only transfer: the status, and the bytes that left."""
    assert wait_until(lambda: proxy.recorded("outcome"))
    (told,) = proxy.recorded("outcome")
    return told["status"], told["sent"]


def nothing_left(proxy: ProxyProcess) -> bool:
    return (
        wait_until(lambda: not any(proxy.spool.iterdir()))
        and wait_until(lambda: proxy.descriptors() <= proxy.idle_descriptors)
        and wait_until(lambda: proxy.task_count() == proxy.idle_tasks)
        and "Traceback" not in proxy.said()
        and "failed in" not in proxy.said()
    )


def assert_heard(server: Unwilling, start: Callable[..., ProxyProcess], client: str, large: Path) -> None:
    """Check that a refusal reaches the client whole, that what is told is what left, and that nothing stays."""
    with running(start(server)) as proxy:
        answer = curl(proxy, f"https://{SITE}/in", client, "--data-binary", f"@{large}")
        assert (answer.code, answer.body) == (413, b"no\n")
        status, sent = outcome(proxy)
        assert status == 413
        assert server.taken <= sent < SIZE
        server.stop()
        assert nothing_left(proxy)


@pytest.mark.parametrize(("upstream", "client"), WAYS)
def test_an_answer_of_a_destination_that_takes_the_rest_is_heard_and_all_of_it_is_told(
    upstream: str, client: str, large: Path, serve: Callable[..., Unwilling], start: Callable[..., ProxyProcess]
) -> None:
    server = serve(upstream, "takes the rest", status=201)
    with running(start(server)) as proxy:
        answer = curl(proxy, f"https://{SITE}/in", client, "--data-binary", f"@{large}")
        assert (answer.code, answer.body) == (201, b"no\n")
        assert wait_until(lambda: server.taken == SIZE)
        assert server.digest.digest() == hashlib.sha256(large.read_bytes()).digest()
        assert outcome(proxy) == (201, SIZE)
        server.stop()
        assert nothing_left(proxy)


@pytest.mark.parametrize("hesitates", [0, 1])
@pytest.mark.parametrize(
    ("upstream", "client", "ends"),
    [(*way, ends) for way in WAYS for ends in ENDS[way[0]]],
)
def test_a_destination_that_takes_no_more_is_heard_whole(
    upstream: str,
    ends: str,
    client: str,
    hesitates: float,
    large: Path,
    serve: Callable[..., Unwilling],
    start: Callable[..., ProxyProcess],
) -> None:
    server = serve(upstream, "takes no more", ends=ends, hesitates=hesitates)
    assert_heard(server, start, client, large)


@pytest.mark.parametrize(("upstream", "client"), WAYS)
def test_the_refusal_of_a_destination_that_neither_takes_nor_closes_ends(
    upstream: str, client: str, large: Path, serve: Callable[..., Unwilling], start: Callable[..., ProxyProcess]
) -> None:
    server = serve(upstream, "stops reading")
    assert_heard(server, start, client, large)


@pytest.mark.parametrize(("upstream", "client"), WAYS)
def test_a_destination_that_goes_away_without_a_word_is_told_as_a_failure(
    upstream: str, client: str, large: Path, serve: Callable[..., Unwilling], start: Callable[..., ProxyProcess]
) -> None:
    server = serve(upstream, "goes away")
    with running(start(server)) as proxy:
        answer = curl(proxy, f"https://{SITE}/in", client, "--data-binary", f"@{large}")
        assert answer.code == 502
        status, sent = outcome(proxy)
        assert status == 0
        assert server.taken <= sent < SIZE
        server.stop()
        assert nothing_left(proxy)


@pytest.mark.parametrize(("upstream", "client"), WAYS)
@pytest.mark.parametrize("then", ["takes the rest", "takes no more"])
def test_an_early_answer_gives_way_where_the_transfer_could_not_be_recorded(
    then: str,
    upstream: str,
    client: str,
    large: Path,
    serve: Callable[..., Unwilling],
    start: Callable[..., ProxyProcess],
) -> None:
    server = serve(upstream, then)
    with running(start(server, **FAILS)) as proxy:
        answer = curl(proxy, f"https://{SITE}/in", client, "--data-binary", f"@{large}")
        assert answer.code == 503
        assert answer.body != b"no\n"
        assert b"recorded" in answer.body
        assert answer.headers["x-dlp-proxy"]
        status, sent = outcome(proxy)
        assert status == 0
        assert server.taken <= sent < SIZE
        server.stop()
        assert nothing_left(proxy)


def test_a_connection_goes_on_after_an_answer_that_gave_way(
    large: Path, serve: Callable[..., Unwilling], start: Callable[..., ProxyProcess]
) -> None:
    server = serve("HTTP/1.1", "takes no more")
    with running(start(server, **FAILS)) as proxy:
        context = ssl.create_default_context(cafile=str(proxy.ca))
        with socket.create_connection(("127.0.0.1", proxy.port)) as raw:
            raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\nHost: {SITE}:443\r\n\r\n".encode())
            raw.recv(4096)
            with context.wrap_socket(raw, server_hostname=SITE) as client:
                head = f"POST /in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: {SIZE}\r\n\r\n"
                client.sendall(head.encode() + large.read_bytes())
                assert one_answer(client).startswith(b"HTTP/1.1 503")
                time.sleep(2)  # longer than who was answered in the midst of an upload is listened to
                client.sendall(f"GET /next HTTP/1.1\r\nHost: {SITE}\r\n\r\n".encode())
                assert one_answer(client).startswith(b"HTTP/1.1 503")  # its record fails as well
        assert "failed in" not in proxy.said()


def one_answer(client: ssl.SSLSocket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        got += client.recv(1)
    size = int(got.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while size:
        size -= len(client.recv(size))
    return got


@pytest.mark.parametrize(("said", "told"), [(413, 413), (201, 0)])
@pytest.mark.parametrize("upstream", ["HTTP/1.1", "HTTP/2"])
def test_a_client_that_goes_away_behind_an_early_answer_ends_the_upload(
    upstream: str,
    said: int,
    told: int,
    large: Path,
    serve: Callable[..., Unwilling],
    start: Callable[..., ProxyProcess],
) -> None:
    """A refusal that it heard counts; an upload that was accepted and not sent to its end has no answer."""
    server = serve(upstream, "stops reading", status=said)
    with running(start(server)) as proxy:
        client = Client(proxy)
        client.send(large.read_bytes())
        while not client.status:
            client.flush(wait=True)
        assert (client.status, client.done) == (str(said), False)
        client.socket.close()
        status, sent = outcome(proxy)
        assert status == told
        assert server.taken <= sent < SIZE
        server.stop()
        assert nothing_left(proxy)
