"""A web site outside: HTTPS over HTTP/1.1 and HTTP/2 that writes down exactly what reached it.

Nothing is judged here. What arrived is kept byte for byte, with the HTTP version that was negotiated, from the moment
the first bytes of a request arrive: a test asks the origin what it saw, not the proxy what it did.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import ssl
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions

_WEBSOCKET_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3

FORM = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Upload</title>
<form id="form" method="post" action="/upload" enctype="multipart/form-data">
<input type="file" name="file" id="file"><input name="note" id="note"><button id="send">Send</button></form></html>"""


@dataclass
class Seen:
    """One request as it arrived. `complete` is false when its end never came."""

    version: str
    alpn: str
    method: str
    target: str
    host: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    complete: bool = False
    websocket: list[bytes] = field(default_factory=list)
    control: list[bytes] = field(default_factory=list)

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        told["sha256"] = hashlib.sha256(self.body).hexdigest()
        told["body"] = base64.b64encode(self.body).decode()
        told["control"] = [base64.b64encode(one).decode() for one in self.control]
        told["websocket"] = [base64.b64encode(one).decode() for one in self.websocket]
        return told


@dataclass
class Origin:
    """The site. `connections` counts TCP connections, also those that sent nothing."""

    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    plain_port: int = 0
    log: Path | None = None
    stopping: bool = False
    _servers: list[asyncio.Server] = field(default_factory=list)

    async def start(self, certificate: Path, *, http2: bool = True, port: int = 0) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(["h2", "http/1.1"] if http2 else ["http/1.1"])
        secure = await asyncio.start_server(self._connected, "127.0.0.1", port, ssl=context)
        plain = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = secure.sockets[0].getsockname()[1]
        self.plain_port = plain.sockets[0].getsockname()[1]
        self._servers = [secure, plain]

    async def stop(self) -> None:
        self.stopping = True
        for server in self._servers:
            server.close()
        await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        tls = writer.get_extra_info("ssl_object")
        alpn = (tls.selected_alpn_protocol() or "") if tls else ""
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, ValueError):
                if alpn == "h2":
                    await self._http2(reader, writer)
                else:
                    while await self._http1(reader, writer, alpn):
                        pass
        finally:
            if self.stopping:
                writer.transport.abort()
            else:
                writer.close()

    async def _http1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, alpn: str) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        method, target, version = first.split(" ", 2)
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        seen = Seen(version, alpn, method, target, "", headers)
        seen.host = seen.header("host")
        self._add(seen)
        if seen.header("upgrade").lower() == "websocket":
            await self._websocket(reader, writer, seen)
            return False
        if seen.header("expect"):
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await self._body(reader, seen)
        seen.complete = True
        status, kind, body = self._answer(seen)
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + (b"" if method == "HEAD" else body)
        )
        await writer.drain()
        self._write(seen)
        return seen.header("connection").lower() != "close"

    async def _body(self, reader: asyncio.StreamReader, seen: Seen) -> None:
        parts: list[bytes] = []
        try:
            if "chunked" in seen.header("transfer-encoding").lower():
                while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
                    parts.append(await reader.readexactly(size))
                    await reader.readexactly(2)
                await reader.readuntil(b"\r\n")
            else:
                left = int(seen.header("content-length") or 0)
                while left:
                    data = await reader.read(min(left, 1 << 20))
                    if not data:
                        raise ConnectionError
                    parts.append(data)
                    left -= len(data)
        finally:
            seen.body = b"".join(parts)

    async def _http2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="latin-1"))
        conn.initiate_connection()
        writer.write(conn.data_to_send())
        streams: dict[int, tuple[Seen, list[bytes]]] = {}
        while data := await reader.read(1 << 16):
            for event in conn.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers = [(_text(name), _text(value)) for name, value in event.headers or ()]
                    fields = dict(headers)
                    seen = Seen("HTTP/2", "h2", fields[":method"], fields[":path"], fields[":authority"], headers)
                    streams[event.stream_id] = (seen, [])
                    self._add(seen)
                elif isinstance(event, h2.events.DataReceived):
                    streams[event.stream_id][1].append(event.data or b"")
                    conn.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    seen, parts = streams.pop(event.stream_id)
                    seen.body, seen.complete = b"".join(parts), True
                    self._answer_http2(conn, event.stream_id, seen)
                elif isinstance(event, h2.events.StreamReset) and event.stream_id in streams:
                    seen, parts = streams.pop(event.stream_id)
                    seen.body = b"".join(parts)
            writer.write(conn.data_to_send())
            await writer.drain()

    def _answer_http2(self, conn: h2.connection.H2Connection, stream: int, seen: Seen) -> None:
        status, kind, body = self._answer(seen)
        conn.send_headers(
            stream, [(":status", str(status)), ("content-type", kind), ("content-length", str(len(body)))]
        )
        conn.send_data(stream, body[:16000], end_stream=True)
        self._write(seen)

    async def _websocket(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: Seen) -> None:
        """Echo every message; frames are read by hand so that the origin depends on nobody's idea of them."""
        accept = base64.b64encode(hashlib.sha1(seen.header("sec-websocket-key").encode() + _WEBSOCKET_KEY).digest())  # noqa: S324
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        message, kind = bytearray(), 0
        while True:
            first, second = await reader.readexactly(2)
            size = second & 127
            if size >= 126:
                size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
            mask = await reader.readexactly(4)
            raw = await reader.readexactly(size)
            data = _unmask(raw, mask)
            opcode = first & 15
            if opcode >= 8:
                seen.control.append(data)
            if opcode == 8:
                seen.complete = True
                self._write(seen)
                writer.write(b"\x88" + bytes([len(data)]) + data)
                return
            if opcode == 9:
                writer.write(b"\x8a" + bytes([len(data)]) + data)
            if opcode in {0, 1, 2}:
                kind = opcode or kind
                message += data
                if first & 128:
                    seen.websocket.append(bytes(message))
                    self._write(seen)
                    writer.write(_frame(kind, bytes(message)))
                    message.clear()
                    await writer.drain()

    def _answer(self, seen: Seen) -> tuple[int, str, bytes]:
        if seen.method == "GET" and seen.target.startswith("/form"):
            return 200, "text/html; charset=utf-8", FORM
        told = {"method": seen.method, "target": seen.target, "bytes": len(seen.body), "version": seen.version}
        return 200, "application/json", json.dumps(told).encode()

    def _add(self, seen: Seen) -> None:
        self.seen.append(seen)
        self._write(seen)

    def _write(self, seen: Seen) -> None:
        """Append what is known of a request to the log; the last line about a request is the truest."""
        if self.log is not None:
            number = next(index for index, one in enumerate(self.seen) if one is seen)
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"number": number, **seen.as_json()}) + "\n")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _unmask(raw: bytes, mask: bytes) -> bytes:
    key = (mask * (len(raw) // 4 + 1))[: len(raw)]
    return (int.from_bytes(raw, "big") ^ int.from_bytes(key, "big")).to_bytes(len(raw), "big")


def _frame(opcode: int, data: bytes) -> bytes:
    if len(data) < 126:
        return bytes([128 | opcode, len(data)]) + data
    if len(data) < 1 << 16:
        return bytes([128 | opcode, 126]) + len(data).to_bytes(2, "big") + data
    return bytes([128 | opcode, 127]) + len(data).to_bytes(8, "big") + data


async def main(certificate: str, log: str, port: int) -> None:
    """Run alone: says on stdout where it listens and appends what it sees to the log."""
    origin = Origin(log=Path(log))
    await origin.start(Path(certificate), port=port)
    sys.stdout.write(json.dumps({"port": origin.port, "plain_port": origin.plain_port}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0))
