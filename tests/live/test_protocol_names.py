"""Names of protocols in the handshake of TLS (ALPN) are the client's to make up: a list has room for a table."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from OpenSSL import SSL

from dlp_proxy.cli.demo_traffic import as_csv, orders
from tests.live.harness import SITE, Certificates, ProxyProcess, running, start_stand_in

pytestmark = pytest.mark.live


class Listener:
    """A TLS server that keeps the names of protocols that it is offered."""

    def __init__(self, certificate: Path) -> None:
        self.offered: list[list[bytes]] = []
        self._context = SSL.Context(SSL.TLS_SERVER_METHOD)
        self._context.use_certificate_chain_file(str(certificate))
        self._context.use_privatekey_file(str(certificate))
        self._context.set_alpn_select_callback(self._select)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _select(self, _: SSL.Connection, offers: list[bytes]) -> bytes:
        self.offered.append(offers)
        return b"http/1.1"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._server.accept()
                with contextlib.suppress(SSL.Error):
                    tls = SSL.Connection(self._context, raw)
                    tls.set_accept_state()
                    tls.do_handshake()
                    tls.recv(65536)
                    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
                    tls.shutdown()
                raw.close()

    def stop(self) -> None:
        self._server.close()


@pytest.fixture
def listener(certificates: Certificates) -> Iterator[Listener]:
    one = Listener(certificates.leaf(SITE))
    yield one
    one.stop()


@pytest.fixture
def proxy(tmp_path: Path, proxy_ca: Path, certificates: Certificates, listener: Listener) -> Iterator[ProxyProcess]:
    pins = {SITE: f"127.0.0.1:{listener.port}"}
    with running(start_stand_in(tmp_path, proxy_ca, upstream_ca=str(certificates.ca), resolve=pins)) as one:
        yield one


def ask(proxy: ProxyProcess, *names: bytes) -> bytes:
    raw = socket.create_connection(("127.0.0.1", proxy.port))
    raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\nHost: {SITE}:443\r\n\r\n".encode())
    assert raw.recv(4096).startswith(b"HTTP/1.1 200")
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.load_verify_locations(str(proxy.ca))
    context.set_verify(SSL.VERIFY_PEER)
    context.set_alpn_protos(list(names))
    tls = SSL.Connection(context, raw)
    tls.set_tlsext_host_name(SITE.encode())
    tls.set_connect_state()
    tls.do_handshake()
    tls.sendall(f"GET / HTTP/1.1\r\nHost: {SITE}\r\n\r\n".encode())
    answer: bytes = tls.recv(4096)
    raw.close()
    return answer


def test_names_of_protocols_that_nobody_registered_do_not_go_on(proxy: ProxyProcess, listener: Listener) -> None:
    table = as_csv(orders(200, seed=41))
    names = [table[start : start + 240] for start in range(0, len(table), 240)]
    assert ask(proxy, b"http/1.1", *names, b"http/1.1").startswith(b"HTTP/1.1 200")
    assert listener.offered == [[b"http/1.1"]]


def test_nor_does_a_list_of_nothing_else(proxy: ProxyProcess, listener: Listener) -> None:
    with contextlib.suppress(SSL.Error, ssl.SSLError):
        ask(proxy, b"SO-20260115-004217", b"13800138000")
    assert not any(set(names) - {b"http/1.1", b"h2"} for names in listener.offered)


def test_what_browsers_offer_goes_on_as_it_is(proxy: ProxyProcess, listener: Listener) -> None:
    assert ask(proxy, b"http/1.1", b"h2").startswith(b"HTTP/1.1 200")
    assert listener.offered == [[b"http/1.1", b"h2"]]
