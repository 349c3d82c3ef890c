"""Load straight to an origin or through a proxy; a process of its own.

``http`` and ``kept`` keep their connections, in the clear and inside TLS; ``new`` makes one for each request: CONNECT,
TLS, request, end.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time
from dataclasses import dataclass

from benchmarks.bodies import megabyte_json, ordinary_json


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: the origin's name and port, the proxy's port (0 for none), and whom to trust."""

    host: str
    port: int
    proxy: int
    trust: str
    transport: str

    @property
    def site(self) -> str:
        return f"{self.host}:{self.port}"


def request(kind: str, target: Target) -> bytes:
    """Return one request: ``get`` of 1 KB, ``post`` of 10 KB of JSON, ``note`` of 1 KB, or ``big`` of 1 MB."""
    place = f"http://{target.site}" if target.transport == "http" and target.proxy else ""
    common = f"Host: {target.site}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept: */*\r\n"
    if kind == "get":
        return f"GET {place}/assets/app.js?v=3 HTTP/1.1\r\n{common}\r\n".encode()
    body = megabyte_json() if kind == "big" else ordinary_json(1024 if kind == "note" else 10 * 1024)
    head = f"POST {place}/api/v1/items HTTP/1.1\r\n{common}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def connect(target: Target, context: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.proxy or target.port)
    if target.transport == "http":
        return reader, writer
    if target.proxy:
        writer.write(f"CONNECT {target.site} HTTP/1.1\r\nHost: {target.site}\r\n\r\n".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"the proxy refused: {answer[:80]!r}")
    await writer.start_tls(context, server_hostname=target.host)
    return reader, writer


async def client(target: Target, content: bytes, until: float, times: list[float]) -> None:
    """Send `content` again and again until the time is up; every answer must be a 200 of 1 KB."""
    context = ssl.create_default_context(cafile=target.trust)
    pair = None
    while time.monotonic() < until:
        began = time.perf_counter()
        reader, writer = pair or await connect(target, context)
        writer.write(content)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not a 200: {head[:120]!r}")
        await reader.readexactly(1024)
        times.append(time.perf_counter() - began)
        pair = (reader, writer)
        if target.transport == "new":
            writer.close()
            pair = None
    if pair is not None:
        pair[1].close()


async def run(target: Target, kind: str, seconds: float, connections: int) -> dict[str, float]:
    times: list[float] = []
    content = request(kind, target)
    began = time.monotonic()
    await asyncio.gather(*(client(target, content, began + seconds, times) for _ in range(connections)))
    took = time.monotonic() - began
    times.sort()
    return {
        "rps": len(times) / took,
        "count": len(times),
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
    }


if __name__ == "__main__":
    host, port, proxy, trust, kind, transport, seconds, connections = sys.argv[1:]
    target = Target(host, int(port), int(proxy), trust, transport)
    print(json.dumps(asyncio.run(run(target, kind, float(seconds), int(connections)))))
