"""Origins that keep every byte, and ways to send a proxy bytes that no client library would send."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

from tests.live.harness import SITE, ProxyProcess

SILENCE = 1.5
"""Seconds without a byte after which nothing is expected: a few requests that never end have no answer."""
HIDDEN = b"HIDDEN-RECORD"
SMUGGLED = b"POST /x HTTP/1.1\r\nHost: " + SITE.encode() + b"\r\nContent-Length: 13\r\n\r\n" + HIDDEN


class Keeper:
    """Servers on two ports, in the clear and over TLS, that keep every byte they get."""

    def __init__(self, certificate: Path) -> None:
        self.got = bytearray()
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.port, self.plain_port = (server.getsockname()[1] for server in self._servers)
        for server, secure in zip(self._servers, (True, False), strict=True):
            threading.Thread(target=self._accept, args=(server,), kwargs={"secure": secure}, daemon=True).start()

    def _accept(self, server: socket.socket, *, secure: bool) -> None:
        while True:
            try:
                raw, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(raw,), kwargs={"secure": secure}, daemon=True).start()

    def _serve(self, raw: socket.socket, *, secure: bool) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(raw)
            self.converse(stack.enter_context(self._context.wrap_socket(raw, server_side=True)) if secure else raw)

    def converse(self, client: socket.socket) -> None:
        """Talk to one client until it goes."""
        raise NotImplementedError

    def stop(self) -> None:
        for server in self._servers:
            server.close()


class Recorder(Keeper):
    """Origins of HTTP/1 that answer whatever comes. `fields` stand in every answer; `answer` is another one."""

    fields = b""
    answer = b""

    def converse(self, client: socket.socket) -> None:
        client.settimeout(5)
        answered = False
        while data := client.recv(65536):
            self.got += data
            if not answered:
                answered = True
                client.sendall(self.answer or b"HTTP/1.1 200 OK\r\n" + self.fields + b"Content-Length: 2\r\n\r\nok")


def request(
    *fields: str, line: str = "POST /in HTTP/1.1", host: str | None = f"Host: {SITE}", body: bytes = b""
) -> bytes:
    lines = [line, *([host] if host is not None else []), *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def exchange(proxy: ProxyProcess, data: bytes, seconds: float = SILENCE) -> bytes:
    with tunnel(proxy, "http/1.1") as client:
        with contextlib.suppress(OSError):  # it may be cut off before it has sent everything
            client.sendall(data)
        return everything(client, seconds=seconds)


def tunnel(proxy: ProxyProcess, protocol: str) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(proxy.ca))
    context.set_alpn_protocols([protocol])
    raw = socket.create_connection(("127.0.0.1", proxy.port))
    raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\nHost: {SITE}:443\r\n\r\n".encode())
    assert raw.recv(4096).startswith(b"HTTP/1.1 200")
    return context.wrap_socket(raw, server_hostname=SITE)


def everything(client: socket.socket, until: Callable[[bytes], object] = bool, seconds: float = SILENCE) -> bytes:
    """Return what comes until the other side closes, or has said what is waited for and then nothing for a while."""
    client.settimeout(seconds)
    got = b""
    try:
        while data := client.recv(65536):
            got += data
            if until(got):
                client.settimeout(0.15)
    except OSError:
        pass
    return got
