"""Destinations that answer an upload before they have it all, over HTTP/1.1 and HTTP/2."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import threading
import time
from pathlib import Path

import h2.config
import h2.connection
import h2.errors
import h2.events

_PIECE = 1 << 18
_LENGTH = {"length": b"Content-Length: 3\r\n", "chunks": b"Transfer-Encoding: chunked\r\n", "its end": b""}
_BODY = {"length": b"no\n", "chunks": b"3\r\nno\n\r\n0\r\n\r\n", "its end": b"no\n"}


class Unwilling:
    """A server that answers the first request of its first connection once it has `first` bytes of the body.

    What it then does says `then`: "takes the rest", "takes no more", "stops reading" without saying so, or "goes
    away", without any answer. A later
    request is answered as usual.

    Attributes:
        taken: bytes of the first body that it read; `digest` is of them.
        ends: how an answer over HTTP/1.1 says where it ends: by its "length", in "chunks", or by "its end". Over HTTP/2
            "at once" says that what follows the answer goes out with it.
        status: of the early answer.
        hesitates: seconds in which it does not read before it answers or goes away.
    """

    def __init__(
        self,
        certificate: Path,
        version: str,
        then: str,
        *,
        status: int = 413,
        ends: str = "length",
        first: int = 1 << 20,
        hesitates: float = 0,
    ) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate)
        self._context.set_alpn_protocols(["h2" if version == "HTTP/2" else "http/1.1"])
        self._then, self._status, self._ends, self._first = then, status, ends, first
        self._hesitates = hesitates
        self._talk = self._http2 if version == "HTTP/2" else self._http1
        self._met = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.taken = 0
        self.digest = hashlib.sha256()
        self.over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self.over.set()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                raw, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        with contextlib.suppress(OSError), raw, self._context.wrap_socket(raw, server_side=True) as client:
            self._talk(client)

    def _is_first(self) -> bool:
        met, self._met = self._met, True
        return not met

    def _take(self, data: bytes) -> None:
        self.taken += len(data)
        self.digest.update(data)

    def _http1(self, client: ssl.SSLSocket) -> None:
        head, rest = b"", b""
        while b"\r\n\r\n" not in head:
            head += client.recv(1024)
        head, _, rest = head.partition(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if not self._is_first():
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
            self.over.wait(20)
            return
        self._take(rest)
        while self.taken < self._first:
            self._take(client.recv(_PIECE))
        time.sleep(self._hesitates)
        if self._then == "goes away":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            return
        client.sendall(b"HTTP/1.1 %d Early\r\n" % self._status + _LENGTH[self._ends] + b"\r\n" + _BODY[self._ends])
        if self._then == "takes no more":
            socket.socket.shutdown(client, socket.SHUT_WR)
        if self._then != "takes the rest":
            self.over.wait(90)  # longer than clients of tests wait
            return
        while self.taken < size and (data := client.recv(_PIECE)):
            self._take(data)
        self.over.wait(20)

    def _http2(self, client: ssl.SSLSocket) -> None:
        conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        conn.initiate_connection()
        conn.increment_flow_control_window(1 << 24)
        client.sendall(conn.data_to_send())
        first = 0
        while data := client.recv(_PIECE):
            for event in conn.receive_data(data):
                if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
                    if self._is_first():
                        first = event.stream_id
                    else:
                        conn.send_headers(event.stream_id, [(":status", "200")], end_stream=True)
                elif isinstance(event, h2.events.DataReceived) and event.stream_id == first:
                    self._http2_data(client, conn, event)
            client.sendall(conn.data_to_send())

    def _http2_data(
        self, client: ssl.SSLSocket, conn: h2.connection.H2Connection, event: h2.events.DataReceived
    ) -> None:
        before, stream = self.taken, event.stream_id or 0
        if before >= self._first and self._then != "takes the rest":
            return
        self._take(event.data or b"")
        conn.acknowledge_received_data(event.flow_controlled_length or 0, stream)
        if not before < self._first <= self.taken:
            return
        time.sleep(self._hesitates)
        if self._then == "goes away":
            conn.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
            return
        conn.send_headers(stream, [(":status", str(self._status))])
        conn.send_data(stream, b"no\n", end_stream=True)
        if self._ends != "at once":
            client.sendall(conn.data_to_send())
        if self._then == "takes no more":
            conn.reset_stream(stream, h2.errors.ErrorCodes.NO_ERROR)  # RFC 9113, 8.1
