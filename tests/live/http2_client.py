"""An HTTP/2 client for uploads that do not go well."""

from __future__ import annotations

import select
import socket
import ssl

import h2.connection
import h2.events

from tests.live.harness import SITE, ProxyProcess


class Client:
    """A client that sends a request body piece by piece. Closed early, it resets its connection."""

    def __init__(self, proxy: ProxyProcess, site: str = SITE) -> None:
        context = ssl.create_default_context(cafile=str(proxy.ca))
        context.set_alpn_protocols(["h2"])
        raw = socket.create_connection(("127.0.0.1", proxy.port))
        raw.sendall(f"CONNECT {site}:443 HTTP/1.1\r\nHost: {site}:443\r\n\r\n".encode())
        assert raw.recv(4096).startswith(b"HTTP/1.1 200")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.socket = context.wrap_socket(raw, server_hostname=site)
        assert self.socket.selected_alpn_protocol() == "h2"
        self.conn = h2.connection.H2Connection()
        self.conn.initiate_connection()
        self.site = site
        self.status = ""
        self.done = False

    def send(self, data: bytes, *, end: bool = True, length: int = 0) -> None:
        """Send a request with this body, or the beginning of it; `length` is declared where it is not 0."""
        fields = [(":method", "POST"), (":scheme", "https"), (":authority", self.site), (":path", "/in")]
        self.conn.send_headers(1, [*fields, ("content-length", str(length))] if length else fields)
        at = 0
        while at < len(data):
            room = min(self.conn.local_flow_control_window(1), self.conn.max_outbound_frame_size, len(data) - at)
            if room:
                self.conn.send_data(1, data[at : at + room], end_stream=end and at + room == len(data))
                at += room
            self.flush(wait=not room)

    def flush(self, *, wait: bool = False) -> None:
        """Send what waits to be sent, and read what is there."""
        self.socket.sendall(self.conn.data_to_send())
        while self.socket.pending() or select.select([self.socket], [], [], 20 if wait else 0)[0]:
            wait = False
            data = self.socket.recv(65536)
            if not data:
                self.done = True
                return
            for event in self.conn.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    fields = dict(event.headers or ())
                    self.status = str(fields.get(b":status", b""), "ascii")
                if isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
                    self.done = True
            self.socket.sendall(self.conn.data_to_send())

    def answer(self) -> str:
        while not self.done:
            self.flush(wait=True)
        return self.status
