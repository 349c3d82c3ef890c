"""Long bodies are looked at while they come in: the same verdicts, and nothing that stays when it was for nothing."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import as_csv, orders
from tests.live.harness import Answer, Certificates, OriginThread, curl, running, wait_until
from tests.live.http2_client import Client
from tests.live.system import System, start_system

pytestmark = pytest.mark.live

MIB = 1024 * 1024
SIZE = 24 * MIB
SITE = "transfer.example"
FILM = b"".join(hashlib.sha256(str(number).encode()).digest() * 512 for number in range(SIZE >> 14))
RECORDS = as_csv(orders(60, seed=31))
AT = 8 * MIB
"""Bytes after which the look has begun."""


@pytest.fixture(scope="module")
def proxy(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, sites: OriginThread
) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("ahead")
    made = start_system(folder, certificates.ca, sites, inspectors=2, spool_bytes=40 * MIB)
    with running(made):
        curl(made, f"https://{SITE}/")
        made.ask(
            "/metrics"
        )  # SQLite keeps the descriptor of a reader that was closed while others hold locks, and reuses it
        made.idle_descriptors = made.descriptors()
        yield made


@pytest.fixture(autouse=True)
def afresh(proxy: System, world: OriginThread) -> None:
    proxy.start_afresh()


def looks(proxy: System, result: str = "used") -> float:
    return number(proxy, f'dlp_proxy_looks_ahead_total{{result="{result}"}}')


def number(proxy: System, name: str) -> float:
    return sum(float(line.split()[-1]) for line in proxy.ask("/metrics").splitlines() if line.startswith(name))


def gaps(proxy: System) -> list[str]:
    return [gap["reason"] for kept in proxy.events() for gap in kept.event.body["coverage"]["gaps"]]


def upload(proxy: System, tmp_path: Path, content: bytes, *words: str) -> Answer:
    (tmp_path / "body").write_bytes(content)
    file = f"@{tmp_path / 'body'}"
    return curl(proxy, f"https://{SITE}/in", "--interface", proxy.sender, "--data-binary", file, *words)


def nothing_left(proxy: System) -> bool:
    return not any(proxy.spool.iterdir()) and proxy.descriptors() <= proxy.idle_descriptors


class Sender:
    """A client that sends a request over TLS piece by piece."""

    def __init__(self, proxy: System, size: int) -> None:
        raw = socket.create_connection(("127.0.0.1", proxy.port), source_address=(proxy.sender, 0))
        raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\nHost: {SITE}:443\r\n\r\n".encode())
        assert raw.recv(4096).startswith(b"HTTP/1.1 200")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        context = ssl.create_default_context(cafile=str(proxy.ca))
        self.socket = context.wrap_socket(raw, server_hostname=SITE)
        self.socket.sendall(f"POST /in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: {size}\r\n\r\n".encode())


def working(proxy: System) -> list[int]:
    """Return the inspectors that have a body's file open."""
    found = []
    for task in Path("/proc").iterdir():
        if task.name.isdigit() and int(task.name) != proxy.process.pid:
            try:
                open_files = {str(one.readlink()) for one in (task / "fd").iterdir()}
            except OSError:
                continue
            if any(one.startswith(str(proxy.spool)) for one in open_files):
                found.append(int(task.name))
    return found


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_a_clean_body_arrives_whole(version: str, proxy: System, world: OriginThread, tmp_path: Path) -> None:
    before = looks(proxy)
    assert upload(proxy, tmp_path, FILM, version).code == 200
    assert [hashlib.sha256(seen.body).digest() for seen in world.seen] == [hashlib.sha256(FILM).digest()]
    assert looks(proxy) == before + 1
    assert wait_until(lambda: nothing_left(proxy))


@pytest.mark.parametrize("where", ["at the end", "at the beginning", "in the middle"])
def test_records_stop_it_wherever_they_stand(where: str, proxy: System, world: OriginThread, tmp_path: Path) -> None:
    at = {"at the end": SIZE, "at the beginning": 0, "in the middle": SIZE // 2}[where]
    before = looks(proxy)
    assert upload(proxy, tmp_path, FILM[:at] + RECORDS + FILM[at:]).code == 403
    assert world.seen == []
    (event,) = proxy.events()
    assert (event.event.action, event.event.rule, event.event.records) == ("block", "bulk-orders-out", 60)
    assert looks(proxy) == before + 1
    assert wait_until(lambda: nothing_left(proxy))


def test_a_body_without_a_length_is_looked_at_when_it_is_here(
    proxy: System, world: OriginThread, tmp_path: Path
) -> None:
    before = looks(proxy)
    answer = upload(proxy, tmp_path, FILM + RECORDS, "-H", "Transfer-Encoding: chunked", "--http1.1")
    assert (answer.code, world.seen, looks(proxy)) == (403, [], before)


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2", "HTTP/2, resetting the stream"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_client_that_goes_away_frees_the_inspector(
    share: float, version: str, proxy: System, world: OriginThread
) -> None:
    restarts = number(proxy, "dlp_proxy_inspector_restarts_total")
    client: Sender | Client
    if version == "HTTP/1.1":
        client = Sender(proxy, SIZE)
        client.socket.sendall(FILM[: int(SIZE * share)])
    else:
        client = Client(proxy, SITE)
        client.send(FILM[: int(SIZE * share)], end=False, length=SIZE)
    assert wait_until(lambda: len(working(proxy)) == 1)
    if isinstance(client, Client) and version != "HTTP/2":
        client.conn.reset_stream(1)
        client.flush()
        assert wait_until(lambda: working(proxy) == [])
    client.socket.close()
    assert wait_until(lambda: working(proxy) == [])
    assert wait_until(lambda: nothing_left(proxy))
    assert number(proxy, "dlp_proxy_inspector_restarts_total") == restarts
    assert (world.seen, proxy.events()) == ([], [])


def test_an_inspector_killed_meanwhile_is_made_up_for(proxy: System, world: OriginThread) -> None:
    in_vain, content = looks(proxy, "in vain"), FILM + RECORDS
    sender = Sender(proxy, len(content))
    sender.socket.sendall(content[:AT])
    assert wait_until(lambda: len(working(proxy)) == 1)
    os.kill(working(proxy)[0], signal.SIGKILL)
    sender.socket.sendall(content[AT:])
    assert sender.socket.recv(12) == b"HTTP/1.1 403"
    sender.socket.close()
    (event,) = proxy.events()
    assert (event.event.records, "crashed" in gaps(proxy)) == (60, False)
    assert (world.seen, looks(proxy, "in vain")) == ([], in_vain + 1)
    assert wait_until(lambda: nothing_left(proxy))


def test_a_second_long_body_does_not_wait_for_a_slow_one(proxy: System, world: OriginThread, tmp_path: Path) -> None:
    before, slow = looks(proxy), Sender(proxy, SIZE)
    slow.socket.sendall(FILM[:AT])
    assert wait_until(lambda: len(working(proxy)) == 1)
    assert upload(proxy, tmp_path, FILM + RECORDS).code == 403
    assert (looks(proxy), len(working(proxy))) == (before, 1)
    slow.socket.sendall(FILM[AT:])
    assert slow.socket.recv(12) == b"HTTP/1.1 200"
    slow.socket.close()
    assert looks(proxy) == before + 1
    assert wait_until(lambda: nothing_left(proxy))


def test_a_spool_that_is_full_stops_the_look_too(proxy: System, world: OriginThread) -> None:
    sender = Sender(proxy, 64 * MIB)
    sender.socket.sendall(FILM + FILM)
    assert sender.socket.recv(12) == b"HTTP/1.1 403"
    sender.socket.close()
    assert gaps(proxy) == ["too-large"]
    assert wait_until(lambda: working(proxy) == [] and nothing_left(proxy))
    assert world.seen == []
