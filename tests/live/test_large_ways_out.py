"""More ways out of a large upload: HTTP/2, trailers, a destination that withholds its window, a slow or full disk.

Each: the right answer, and no file, descriptor, task or memory that stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import pytest

from tests.live.harness import SITE, Certificates, OriginThread, ProxyProcess, curl, running, start_stand_in, wait_until
from tests.live.http2_client import Client

pytestmark = pytest.mark.live

MIB = 1024 * 1024
SIZE = 48 * MIB
_AT_MOST = 24 * MIB
"""Anonymous memory that a proxy may need beyond what it had, while and after it holds bodies of any size."""


@pytest.fixture(scope="module")
def body() -> bytes:
    return b"".join(hashlib.sha256(str(number).encode()).digest() * 2048 for number in range(SIZE >> 16))


@pytest.fixture
def start(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> Callable[..., ProxyProcess]:
    ca = Path(shutil.copytree(proxy_ca, tmp_path / "state" / "ca"))

    def begin(port: int = 0, **config: object) -> ProxyProcess:
        pins = {SITE: f"127.0.0.1:{port or origin.port}"}
        return start_stand_in(tmp_path / "proxy", ca, upstream_ca=str(certificates.ca), resolve=pins, **config)

    return begin


def left_behind(proxy: ProxyProcess) -> list[str]:
    """Return what is still there of bodies, connections and work some time after the last client went."""
    looks: dict[str, Callable[[], bool]] = {
        "a file": lambda: not any(proxy.spool.iterdir()),
        "a descriptor": lambda: proxy.descriptors() <= proxy.idle_descriptors,
        "a task": lambda: proxy.task_count() == proxy.idle_tasks,
    }
    return [name for name, gone in looks.items() if not wait_until(gone)]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("leaves", ["resetting the stream", "closing"])
def test_an_http2_client_that_goes_away_leaves_nothing(
    share: float, leaves: str, body: bytes, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    with running(start()) as proxy:
        before = proxy.anonymous_memory()
        for _ in range(2):
            client = Client(proxy)
            client.send(body[: int(len(body) * share)], end=False)
            if leaves == "resetting the stream":
                client.conn.reset_stream(1)
                client.flush()
            client.socket.close()
        assert left_behind(proxy) == []
        assert proxy.anonymous_memory() - before < _AT_MOST
        assert (origin.seen, origin.connections) == ([], 0)


@pytest.mark.parametrize("upstream", ["HTTP/2", "HTTP/1.1"])
def test_trailers_behind_a_held_body_are_judged_with_it(
    upstream: str, body: bytes, start: Callable[..., ProxyProcess], certificates: Certificates
) -> None:
    origin = OriginThread(certificates.leaf(SITE), http2=upstream == "HTTP/2")
    with running(start(origin.port)) as proxy:
        answers = []
        for value in ("abc", "BLOCK-ME"):
            client = Client(proxy)
            client.send(body[: 3 * MIB], end=False)
            client.conn.send_headers(1, [("x-sum", value)], end_stream=True)
            answers.append(client.answer())
            client.socket.close()
        assert answers == ["200", "403"]
        assert [(seen.body == body[: 3 * MIB], seen.complete) for seen in origin.seen] == [(True, True)]
        assert left_behind(proxy) == []
    origin.stop()


def test_trailers_behind_chunks_are_judged_with_a_held_body(
    body: bytes, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    with running(start()) as proxy:
        answers = []
        for value in (b"abc", b"BLOCK-ME"):
            context = ssl.create_default_context(cafile=str(proxy.ca))
            with socket.create_connection(("127.0.0.1", proxy.port)) as raw:
                raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\nHost: {SITE}:443\r\n\r\n".encode())
                raw.recv(4096)
                with context.wrap_socket(raw, server_hostname=SITE) as client:
                    client.sendall(f"POST /in HTTP/1.1\r\nHost: {SITE}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
                    client.sendall(b"%x\r\n%s\r\n0\r\nX-Sum: %s\r\n\r\n" % (3 * MIB, body[: 3 * MIB], value))
                    answers.append(client.recv(12)[9:])
        assert answers == [b"200", b"403"]
        assert [(seen.body == body[: 3 * MIB], seen.complete) for seen in origin.seen] == [(True, True)]
        assert left_behind(proxy) == []


class Withholding(threading.Thread):
    """An HTTP/2 server that opens its window only when told to. `taken` counts the bytes it got."""

    def __init__(self, certificate: Path) -> None:
        super().__init__(daemon=True)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._context.set_alpn_protocols(["h2"])
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.digest = hashlib.sha256()
        self.taken = 0
        self.go_on = threading.Event()

    def run(self) -> None:
        raw, _ = self._listening.accept()
        self._listening.close()
        with raw, self._context.wrap_socket(raw, server_side=True) as client:
            conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
            conn.initiate_connection()
            client.sendall(conn.data_to_send())
            while self._turn(client, conn):
                pass

    def _turn(self, client: ssl.SSLSocket, conn: h2.connection.H2Connection) -> bool:
        try:
            data = client.recv(65536)
        except OSError:
            return False
        for event in conn.receive_data(data):
            if isinstance(event, h2.events.DataReceived):
                self.digest.update(event.data or b"")
                self.taken += len(event.data or b"")
                if self.taken >= 65535:
                    self.go_on.wait(60)
                with contextlib.suppress(h2.exceptions.StreamClosedError):
                    conn.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                conn.send_headers(event.stream_id, [(":status", "200")], end_stream=True)
        with contextlib.suppress(OSError):
            client.sendall(conn.data_to_send())
        return bool(data)


def test_a_destination_that_withholds_its_window_is_waited_for_and_memory_stays(
    body: bytes, certificates: Certificates, start: Callable[..., ProxyProcess]
) -> None:
    server = Withholding(certificates.leaf(SITE))
    server.start()
    with running(start(server.port)) as proxy:
        before, client = proxy.anonymous_memory(), Client(proxy)
        client.send(body)
        assert wait_until(lambda: server.taken == 65535)
        # The stand-in engine read the file into memory once and let it go; nothing of it may wait for the window.
        time.sleep(1)
        assert proxy.anonymous_memory() - before < _AT_MOST
        assert any(proxy.spool.iterdir())
        server.go_on.set()
        assert client.answer() == "200"
        assert server.digest.digest() == hashlib.sha256(body).digest()
        client.socket.close()
        assert left_behind(proxy) == []


def test_a_client_that_gives_up_on_a_withheld_window_leaves_nothing(
    body: bytes, certificates: Certificates, start: Callable[..., ProxyProcess]
) -> None:
    server = Withholding(certificates.leaf(SITE))
    server.start()
    with running(start(server.port)) as proxy:
        client = Client(proxy)
        client.send(body)
        assert wait_until(lambda: server.taken == 65535)
        client.conn.reset_stream(1)
        client.flush()
        client.socket.close()
        assert wait_until(lambda: not any(proxy.spool.iterdir()))
        server.go_on.set()
        assert left_behind(proxy) == []
        assert server.taken < SIZE


def test_a_slow_disk_slows_one_upload_and_nobody_else(
    body: bytes, tmp_path: Path, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    (tmp_path / "body").write_bytes(body)
    with running(start(slow_disk=0.2)) as proxy:
        before, codes, peaks = proxy.anonymous_memory(), [], []
        file = f"@{tmp_path / 'body'}"
        sender = threading.Thread(
            target=lambda: codes.append(curl(proxy, f"https://{SITE}/in", "--data-binary", file).code)
        )
        sender.start()
        assert wait_until(lambda: any(proxy.spool.iterdir()))
        small = 0
        while sender.is_alive() and small < 5:
            assert curl(proxy, f"https://{SITE}/small", "--data-binary", "x").code == 200
            small += 1
            peaks.append(proxy.anonymous_memory() - before)
        assert (small, codes) == (5, [])  # five requests were answered while the disk was at work
        sender.join()
        assert codes == [200]
        assert max(peaks) < _AT_MOST
        assert left_behind(proxy) == []


def test_a_full_spool_in_the_middle_of_four_uploads_stops_those_that_do_not_fit(
    body: bytes, tmp_path: Path, start: Callable[..., ProxyProcess], origin: OriginThread
) -> None:
    (tmp_path / "body").write_bytes(body)
    with running(start(spool_bytes=2 * SIZE + 4 * MIB)) as proxy:
        codes: list[int] = []

        def send() -> None:
            codes.append(curl(proxy, f"https://{SITE}/in", "--data-binary", f"@{tmp_path / 'body'}", check=False).code)

        senders = [threading.Thread(target=send) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert set(codes) <= {200, 403}
        assert codes.count(403) >= 1
        assert [seen.body == body for seen in origin.seen] == [True] * codes.count(200)
        assert curl(proxy, f"https://{SITE}/in", "--data-binary", f"@{tmp_path / 'body'}").code == 200
        assert left_behind(proxy) == []
