"""A steady stream of requests over kept TLS connections through a proxy, each at its appointed time; a process.

A request that could not begin in time, since the one before it on its connection was late, counts from when it should
have begun: otherwise a pause would be seen by one request and hidden from all that waited behind it.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time

from benchmarks.load import Target, request


async def _client(target: Target, content: bytes, appointed: list[float], late: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.proxy)
    writer.write(f"CONNECT {target.host}:{target.port} HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    await writer.start_tls(ssl.create_default_context(cafile=target.trust), server_hostname=target.host)
    for moment in appointed:
        await asyncio.sleep(moment - time.perf_counter())
        writer.write(content)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not a 200: {head[:120]!r}")
        await reader.readexactly(1024)
        late.append(time.perf_counter() - moment)
    writer.close()


async def run(target: Target, kind: str, seconds: float, rate: int, connections: int) -> list[float]:
    """Return the seconds that each request took, counted from its appointed time."""
    content = request(kind, target)
    late: list[float] = []
    begin = time.perf_counter() + 0.5
    moments = [begin + number / rate for number in range(int(seconds * rate))]
    await asyncio.gather(
        *(_client(target, content, moments[number::connections], late) for number in range(connections))
    )
    return late


if __name__ == "__main__":
    host, port, proxy, trust, kind, seconds, rate, connections = sys.argv[1:]
    target = Target(host, int(port), int(proxy), trust, "kept")
    print(json.dumps(asyncio.run(run(target, kind, float(seconds), int(rate), int(connections)))))
