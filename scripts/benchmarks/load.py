"""Load over TLS connections that are kept, straight or through a proxy's CONNECT; a process of its own."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time
from dataclasses import dataclass

from benchmarks.bodies import ordinary_json


@dataclass(frozen=True, slots=True)
class Target:
    """Where to: the origin's name and port, the proxy's port (0 for none), and whom to trust."""

    host: str
    port: int
    proxy: int
    trust: str


def request(kind: str, host: str) -> bytes:
    """Return one request: ``get`` of 1 KB, or ``post`` of 10 KB of JSON."""
    common = f"Host: {host}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept: */*\r\n"
    if kind == "get":
        return f"GET /assets/app.js?v=3 HTTP/1.1\r\n{common}\r\n".encode()
    body = ordinary_json(10 * 1024)
    head = (
        f"POST /api/v1/items HTTP/1.1\r\n{common}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def client(target: Target, content: bytes, until: float, times: list[float]) -> None:
    """Send `content` over one connection until the time is up; every answer must be a 200 of 1 KB."""
    reader, writer = await asyncio.open_connection("127.0.0.1", target.proxy or target.port)
    if target.proxy:
        writer.write(
            f"CONNECT {target.host}:{target.port} HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n\r\n".encode()
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"the proxy refused: {answer[:80]!r}")
    await writer.start_tls(ssl.create_default_context(cafile=target.trust), server_hostname=target.host)
    while time.monotonic() < until:
        began = time.perf_counter()
        writer.write(content)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not a 200: {head[:120]!r}")
        await reader.readexactly(1024)
        times.append(time.perf_counter() - began)
    writer.close()


async def run(target: Target, kind: str, seconds: float, connections: int) -> dict[str, float]:
    times: list[float] = []
    content = request(kind, target.host)
    began = time.monotonic()
    await asyncio.gather(*(client(target, content, began + seconds, times) for _ in range(connections)))
    took = time.monotonic() - began
    times.sort()
    return {"rps": len(times) / took, "count": len(times), "p99": times[int(len(times) * 0.99)] * 1000}


if __name__ == "__main__":
    host, port, proxy, trust, kind, seconds, connections = sys.argv[1:]
    target = Target(host, int(port), int(proxy), trust)
    print(json.dumps(asyncio.run(run(target, kind, float(seconds), int(connections)))))
