"""`scripts/soak`: mixed traffic for a long time, and whether memory grows.

One client each for pages, small posts, JSON, uploads that are clean, uploads that are stopped, a WebSocket, HTTP/2, and
uploads that are broken off, all through TLS tunnels. Each does one thing after the other with a pause between. What is
stopped must be stopped and what is clean must pass, to the end. After the warm-up, memory of all processes together may
grow by a megabyte a minute at most, and descriptors must not grow.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import logging
import random
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.bodies import ordinary_json
from benchmarks.standing import Held, held, slope
from benchmarks.ways import compile_gate
from tests.live.harness import Certificates, OriginThread
from tests.live.http2_client import Client as Http2Client
from tests.live.system import HOSTS, System, start_system
from tests.live.websocket_client import connect as connect_websocket

SITE: Final = HOSTS[0]
MOST_SLOPE: Final = 1.0
"""Megabytes a minute."""
_LOOK_SECONDS: Final = 5.0
_SECONDS: Final = 60.0
_NEARLY: Final = 16
_ROW: Final = "{number},王小明,1380{number:07d},北京市朝阳区建国路{number}号\n"


class Traffic:
    """Clients that do one thing each, again and again, until stopped.

    Attributes:
        done: how often each thing was done as it must.
        wrong: what was not, in words.
    """

    def __init__(self, system: System, world: OriginThread, pause: float) -> None:
        self._system = system
        self._world = world
        self._pause = pause
        self._end = threading.Event()
        self._context = ssl.create_default_context(cafile=str(system.ca))
        self.done: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        clean = ordinary_json(400_000)
        listed = "".join(_ROW.format(number=number) for number in range(1, 3000)).encode()
        self._threads = [
            threading.Thread(target=self._again, args=(what, act), daemon=True)
            for what, act in {
                "page": lambda _: self._answered("GET", b"", 200),
                "note": lambda n: self._answered("POST", ordinary_json(500 + n % 500), 200),
                "JSON of 10 KB": lambda n: self._answered("POST", ordinary_json(10_000 + n % 900), 200),
                "clean upload of 400 KB": lambda _: self._answered("PUT", clean, 200),
                "list of 3000 customers": lambda _: self._answered("PUT", listed, 403),
                "WebSocket": self._websocket,
                "HTTP/2": self._http2,
                "upload broken off": self._broken_off,
            }.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(_SECONDS)

    def _again(self, what: str, act: Callable[[int], None]) -> None:
        chance = random.Random(what)
        number = 0
        while not self._end.wait(self._pause * chance.uniform(0.5, 1.5)):
            number += 1
            try:
                act(number)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told at the end
                self.wrong[f"{what}: {type(error).__name__}: {error}"[:120]] += 1
            else:
                self.done[what] += 1
            self._world.seen.clear()  # the origin is in this process and would keep all it got

    def _connection(self) -> http.client.HTTPSConnection:
        made = http.client.HTTPSConnection("127.0.0.1", self._system.port, timeout=_SECONDS, context=self._context)
        made.set_tunnel(SITE, 443)
        return made

    def _answered(self, method: str, body: bytes, status: int) -> None:
        with contextlib.closing(self._connection()) as made:
            for _ in range(3):  # one tunnel carries some requests
                made.request(method, "/in", body or None, {"Content-Type": "application/json"} if body else {})
                answer = made.getresponse()
                answer.read()
                if answer.status != status:
                    raise ValueError(f"answered {answer.status}, not {status}")

    def _websocket(self, number: int) -> None:
        with connect_websocket(
            f"wss://{SITE}/chat", proxy=f"http://127.0.0.1:{self._system.port}", ssl=self._context
        ) as talk:
            for turn in range(10):
                talk.send(f"line {turn} of talk {number}")

    def _http2(self, number: int) -> None:
        client = Http2Client(self._system, SITE)
        with contextlib.closing(client.socket):
            client.send(ordinary_json(5000 + number % 500))
            if client.answer() != "200":
                raise ValueError(f"answered {client.status}")

    def _broken_off(self, number: int) -> None:
        made = self._connection()
        made.connect()
        made.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        size = 5_000_000
        made.sock.sendall(f"PUT /in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: {size}\r\n\r\n".encode())
        made.sock.sendall(random.Random(number).randbytes(size // 4))
        made.close()


def run(minutes: float, warm_up: float, pause: float, folder: Path) -> tuple[list[str], bool]:
    """Return lines to print, and whether everything was as it must be."""
    certificates = Certificates(folder)
    world = OriginThread(certificates.leaf(*HOSTS))
    compile_gate(folder / "state")
    system = start_system(folder, certificates.ca, world, seconds=300, hyperscan=True)
    try:
        traffic = Traffic(system, world, pause)
        traffic.start()
        began = time.monotonic()
        seen: list[Held] = []
        while (now := time.monotonic() - began) < 60 * minutes:
            time.sleep(_LOOK_SECONDS)
            if now >= 60 * warm_up:
                seen.append(held(system.process.pid, now))
                print(f"{now / 60:.1f} min: {seen[-1].megabytes:.1f} MB, {seen[-1].descriptors}", file=sys.stderr)
        traffic.stop()
        time.sleep(_LOOK_SECONDS)
        last = held(system.process.pid, time.monotonic() - began)
        missed = Counter(
            f"{gap['reason']}: {gap['detail']}"
            for kept in system.events()
            for gap in kept.event.body["coverage"]["gaps"]
        )
    finally:
        system.stop()
        world.stop()
    grew, least = slope(seen), min(one.descriptors for one in seen)
    lines = [
        f"{minutes:.0f} minutes, {warm_up:.0f} of them warm-up: "
        + ", ".join(f"{what} {count}" for what, count in sorted(traffic.done.items())),
        (
            f"memory: {seen[0].megabytes:.0f} MB after the warm-up, {seen[-1].megabytes:.0f} MB at the end; "
            f"slope {grew:+.2f} MB a minute"
        ),
        f"descriptors: {least} to {max(one.descriptors for one in seen)}, {last.descriptors} when all was over",
        *(f"wrong: {what} ({count})" for what, count in traffic.wrong.most_common(8)),
        *(f"not read: {what} ({count})" for what, count in missed.most_common(8)),
    ]
    good = not traffic.wrong and bool(traffic.done) and grew < MOST_SLOPE and last.descriptors <= least + _NEARLY
    return lines, good


def main() -> int:
    """Run and print; 1 when something is not as it must be."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=20)
    arguments.add_argument("--warm-up", type=float, default=5, help="minutes at the beginning that do not count")
    arguments.add_argument("--pause", type=float, default=0.5, help="seconds between two things of one client")
    words = arguments.parse_args()
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # the origin writes to uploads that were broken off
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-soak-") as name:
        lines, good = run(words.minutes, words.warm_up, words.pause, Path(name))
    print("\n".join(lines))
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
