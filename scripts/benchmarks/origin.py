"""An origin, with TLS and without, that costs next to nothing: reads one request, answers 1 KB, again and again."""

from __future__ import annotations

import asyncio
import ssl
import sys
from typing import Final, override

ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n" + b"x" * 1024


class Origin(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("not a stream")
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._waiting[:end]).lower()
            _, found, rest = head.partition(b"content-length:")
            size = end + 4 + (int(rest.split(b"\r\n", 1)[0]) if found else 0)
            if len(self._waiting) < size:
                return
            del self._waiting[:size]
            self._transport.write(ANSWER)


async def serve(certificate: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Origin, "127.0.0.1", 0, ssl=context)
    plain = await loop.create_server(Origin, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], plain.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
