"""`scripts/idle`: many connections that say nothing, and a steady rate of requests beside them.

The silent ones are open TLS tunnels in part (CONNECT and the handshake done, no request yet) and else bare connections
to the proxy. Requests are GETs and POSTs of 1 KB in turn, through tunnels that are kept. Every answer must be a 200, no
silent connection may be closed, memory stays below the bound, and descriptors come back to what they were.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import ssl
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.load import Target, connect, request
from benchmarks.processes import end_on_term
from benchmarks.standing import Held, held
from benchmarks.ways import HOST, OURS, Way, ways

MOST_MEGABYTES: Final = 1500.0
_AT_ONCE: Final = 32
"""Connections that are being opened."""
_CLIENTS: Final = 16
_BACK_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 5.0
_NEARLY: Final = 16
"""Descriptors more than before that are no leak: files of the store, connections that are just ending."""

type Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Silent:
    """Connections that are open and say nothing."""

    def __init__(self, target: Target, context: ssl.SSLContext) -> None:
        self._target = target
        self._context = context
        self._pairs: list[Pair] = []

    async def open(self, count: int, tunnels: int) -> None:
        """Open so many, of which the first `tunnels` are tunnels with TLS in them."""
        turn = asyncio.Semaphore(_AT_ONCE)

        async def one(number: int) -> None:
            async with turn:
                if number < tunnels:
                    self._pairs.append(await connect(self._target, self._context))
                else:
                    self._pairs.append(await asyncio.open_connection("127.0.0.1", self._target.proxy))

        await asyncio.gather(*(one(number) for number in range(count)))

    def closed(self) -> int:
        """Return how many the proxy has closed."""
        return sum(reader.at_eof() for reader, _ in self._pairs)

    def close(self) -> None:
        for _, writer in self._pairs:
            writer.close()


class Steady:
    """Requests at an even rate, each at its appointed time or as soon as a client is free.

    Attributes:
        times: of the answers, in seconds from the appointed time.
        errors: what went wrong, in words.
    """

    def __init__(self, target: Target, context: ssl.SSLContext, rate: float) -> None:
        self._target = target
        self._context = context
        self._rate = rate
        self._kinds = [request("get", target), request("note", target)]
        self.times: list[float] = []
        self.errors: list[str] = []

    async def run(self, seconds: float) -> None:
        began = time.monotonic()
        waiting: asyncio.Queue[float | None] = asyncio.Queue()
        clients = [asyncio.create_task(self._client(waiting)) for _ in range(_CLIENTS)]
        for number in range(int(seconds * self._rate)):
            due = began + number / self._rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            waiting.put_nowait(due)
        for _ in clients:
            waiting.put_nowait(None)
        await asyncio.gather(*clients)

    async def _client(self, waiting: asyncio.Queue[float | None]) -> None:
        pair: Pair | None = None
        while (due := await waiting.get()) is not None:
            try:
                pair = pair or await connect(self._target, self._context)
                pair[1].write(self._kinds[len(self.times) % 2])
                head = await pair[0].readuntil(b"\r\n\r\n")
                await pair[0].readexactly(1024)
                if not head.startswith(b"HTTP/1.1 200"):
                    self.errors.append(head.split(b"\r\n", 1)[0].decode("latin-1"))
            except (OSError, EOFError, RuntimeError) as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                pair = None
            self.times.append(time.monotonic() - due)
        if pair is not None:
            pair[1].close()


async def measure(way: Way, port: int, words: argparse.Namespace) -> tuple[list[str], bool]:
    """Return lines to print, and whether everything was as it must be."""
    target = Target(HOST, port, way.port, str(way.trust), "kept")
    context = ssl.create_default_context(cafile=target.trust)
    began = time.monotonic()
    warm = Steady(target, context, words.rate)
    await warm.run(5)
    await asyncio.sleep(2)
    base = held(way.pid, 0.0)
    silent, steady = Silent(target, context), Steady(target, context, words.rate)
    await silent.open(words.connections, words.tunnels)
    opened, seen = time.monotonic() - began, [held(way.pid, 0.0)]
    running = asyncio.create_task(steady.run(words.seconds))
    while not running.done():
        await asyncio.wait([running], timeout=_LOOK_SECONDS)
        seen.append(held(way.pid, time.monotonic() - began))
    await running
    lost = silent.closed()
    silent.close()
    last = await _back(way, base)
    times = sorted(steady.times)
    most = max(seen, key=lambda one: one.megabytes)
    lines = [
        f"{words.connections} silent connections, {words.tunnels} of them tunnels with TLS; open after {opened:.0f} s",
        (
            f"{len(times)} requests in {words.seconds:.0f} s, {words.rate:.0f} a second asked for: "
            f"{len(steady.errors)} errors; p50 {times[len(times) // 2] * 1e3:.0f} ms, "
            f"p99 {times[int(len(times) * 0.99)] * 1e3:.0f} ms"
        ),
        f"silent connections that the proxy closed: {lost}",
        f"memory: {base.megabytes:.0f} MB before, at most {most.megabytes:.0f} MB, {last.megabytes:.0f} MB after",
        (
            f"descriptors: {base.descriptors} before, at most {max(one.descriptors for one in seen)}, "
            f"{last.descriptors} after"
        ),
        *(f"error: {one}" for one in sorted(set(steady.errors))[:5]),
    ]
    good = not steady.errors and not lost and most.megabytes < MOST_MEGABYTES
    return lines, good and last.descriptors <= base.descriptors + _NEARLY


async def _back(way: Way, base: Held) -> Held:
    """Return what is held once descriptors are back, or the time for it is over."""
    end = time.monotonic() + _BACK_SECONDS
    while (now := held(way.pid, 0.0)).descriptors > base.descriptors and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(1)
    return now


def main() -> int:
    """Run and print; 1 when something is not as it must be."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--connections", type=int, default=10_000)
    arguments.add_argument("--tunnels", type=int, default=10_000, help="how many of them are tunnels with TLS")
    arguments.add_argument("--rate", type=float, default=200)
    arguments.add_argument("--seconds", type=float, default=300)
    words = arguments.parse_args()
    end_on_term()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-idle-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with ways(folder, compiled=True, only=(OURS,)) as (origins, some):
            lines, good = asyncio.run(measure(some[0], origins.tls, words))
    print("\n".join(lines))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
