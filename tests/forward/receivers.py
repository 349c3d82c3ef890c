"""Receivers for the tests: a web server and a syslog server, on TLS, that can be told to misbehave."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class WebReceiver:
    """Answers POSTs with what `answer` says, and keeps what it took.

    `answer` gets the number of the request, from 1, and the lines, and returns a status.
    """

    certificate: Path
    answer: Callable[[int, list[str]], int] = lambda _number, _lines: 204
    taken: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    requests: int = 0
    port: int = 0

    def start(self, port: int = 0) -> None:
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                lines = self.rfile.read(int(self.headers["Content-Length"])).decode().splitlines()
                receiver.requests += 1
                receiver.headers.append(dict(self.headers.items()))
                status = receiver.answer(receiver.requests, lines)
                if 200 <= status < 300:
                    receiver.taken += lines
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._server.socket = server_context(self.certificate).wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class SyslogReceiver:
    """Takes messages with counted octets (RFC 5425) and keeps them; `most` connections are closed after one message."""

    certificate: Path
    hang_up: int = 0
    taken: list[str] = field(default_factory=list)
    port: int = 0

    def start(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        context = server_context(self.certificate)
        while True:
            try:
                plain, _ = self._listening.accept()
                wire = context.wrap_socket(plain, server_side=True)
            except ssl.SSLError:
                continue
            except OSError:
                return
            threading.Thread(target=self._read, args=(wire,), daemon=True).start()

    def _read(self, wire: ssl.SSLSocket) -> None:
        with wire, wire.makefile("rb") as stream:
            while size := _counted(stream.read):
                self.taken.append(stream.read(size).decode())
                if self.hang_up:
                    self.hang_up -= 1
                    return


def _counted(read: Callable[[int], bytes]) -> int:
    digits = b""
    while (one := read(1)) not in (b" ", b""):
        digits += one
    return int(digits or b"0")


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
