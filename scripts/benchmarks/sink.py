"""An HTTPS origin for uploads, HTTP/1.1 and HTTP/2: hashes what comes as it comes, and prints a line of JSON."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import ssl
import sys

import h2.config
import h2.connection
import h2.events

_PIECE = 1 << 20


def _report(version: str, size: int, digest: str) -> None:
    print(json.dumps({"version": version, "bytes": size, "sha256": digest}), flush=True)


async def _connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    tls = writer.get_extra_info("ssl_object")
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
        if tls.selected_alpn_protocol() == "h2":
            await _http2(reader, writer)
        else:
            while await _http1(reader, writer):
                pass
    writer.close()


async def _http1(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    _, found, rest = head.partition(b"content-length:")
    left = size = int(rest.split(b"\r\n", 1)[0]) if found else 0
    digest = hashlib.sha256()
    while left:
        piece = await reader.read(min(left, _PIECE))
        if not piece:
            return False
        digest.update(piece)
        left -= len(piece)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    _report("HTTP/1.1", size, digest.hexdigest())
    return True


async def _http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    conn = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    conn.initiate_connection()
    writer.write(conn.data_to_send())
    digests: dict[int, tuple[object, list[int]]] = {}
    while data := await reader.read(_PIECE):
        for event in conn.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                digests[event.stream_id] = (hashlib.sha256(), [0])
            elif isinstance(event, h2.events.DataReceived):
                digest, size = digests[event.stream_id]
                digest.update(event.data)  # type: ignore[attr-defined]
                size[0] += len(event.data or b"")
                conn.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                digest, size = digests.pop(event.stream_id)
                conn.send_headers(event.stream_id, [(":status", "200"), ("content-length", "2")])
                conn.send_data(event.stream_id, b"ok", end_stream=True)
                _report("HTTP/2", size[0], digest.hexdigest())  # type: ignore[attr-defined]
        writer.write(conn.data_to_send())


async def serve(certificate: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
    server = await asyncio.start_server(_connected, "127.0.0.1", 0, ssl=context, limit=_PIECE)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
