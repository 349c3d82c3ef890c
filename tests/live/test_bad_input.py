"""Broken, lying and hostile bodies through the whole system: always a verdict, never a hang or a pass in silence."""

from __future__ import annotations

import io
import ssl
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError

from dlp_proxy.cli.demo_traffic import as_csv, as_json, as_zip, orders
from tests.live.harness import OriginThread, curl
from tests.live.system import System
from tests.live.websocket_client import Socket, connect

pytestmark = pytest.mark.live

SIXTY = orders(60, seed=21)


def bomb(size: int = 1 << 30) -> bytes:
    """Return a zip of about a megabyte that says it is a gigabyte of zeros, and is."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(size >> 20):
            member.write(bytes(1 << 20))
    return made.getvalue()


def nested(depth: int) -> bytes:
    content = b"an ordinary note"
    for level in range(depth):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w") as archive:
            archive.writestr(f"{level}.zip", content)
        content = outer.getvalue()
    return content


def gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(1 << 10)) + packer.flush()


# Of what expands for ever, a slow machine reaches the bound of time before that of size.
BLOCKED: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "a zip that expands a thousandfold": (bomb, {"too-large", "timed-out"}),
    "a zip in a zip in a zip ...": (lambda: nested(30), {"too-deep"}),
    "a gzip bomb": (gzip_bomb, {"too-large", "timed-out"}),
}


@pytest.mark.parametrize("name", BLOCKED)
def test_a_bomb_is_a_gap_and_does_not_leave(name: str, system: System, world: OriginThread, tmp_path: Path) -> None:
    make, reasons = BLOCKED[name]
    (tmp_path / "body").write_bytes(make())
    before, connections = system.anonymous_memory(), world.connections
    answer = curl(system, "https://pan.baidu.example/u", "--data-binary", f"@{tmp_path / 'body'}")
    (event,) = system.events()
    # The shipped policies would ask the sender; who cannot be asked is stopped.
    assert (answer.code, event.event.action in {"block", "coach"}) == (403, True)
    assert reasons & {gap["reason"] for gap in event.event.body["coverage"]["gaps"]}
    assert (world.seen, world.connections) == ([], connections)
    assert system.anonymous_memory() - before < 64 << 20


HIDDEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "a truncated zip": (lambda: as_zip(SIXTY)[:-60], "application/zip"),
    "a lying content type": (lambda: as_zip(SIXTY), "image/png"),
    "a wrong charset": (lambda: as_csv(SIXTY).decode("gb18030").encode("utf-16"), "text/csv; charset=utf-8"),
    "no content type that exists": (lambda: as_csv(SIXTY), "@@;;;=,"),
    "JSON without its end": (lambda: as_json(SIXTY)[:-2], "application/json"),
    "a CSV with ragged rows": (lambda: as_csv(SIXTY).replace(b"\r\n", b",,x\r\n", 3), "text/csv"),
    "a form that is none": (lambda: as_csv(SIXTY), "multipart/form-data"),
    "a form without its boundary": (lambda: as_csv(SIXTY), "multipart/form-data; boundary=none"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_breaking_a_body_or_its_label_hides_nothing(
    name: str, system: System, world: OriginThread, tmp_path: Path
) -> None:
    make, label = HIDDEN[name]
    (tmp_path / "body").write_bytes(make())
    answer = curl(
        system, "https://pan.baidu.example/u", "-H", f"Content-Type: {label}", "--data-binary", f"@{tmp_path / 'body'}"
    )
    assert (answer.code, world.seen) == (403, [])
    assert [kept.event.action for kept in system.events()] == ["block"]


BENIGN: dict[str, bytes] = {
    "broken JSON": b'{"a": [1, 2, {"b": ',
    "noise": bytes(range(256)) * 400,
    "a zip's first bytes": b"PK\x03\x04" + b"\0" * 100,
    "an empty zip": b"PK\x05\x06" + b"\0" * 18,
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(5000),
}


@pytest.mark.parametrize("name", BENIGN)
def test_odd_bodies_that_hold_nothing_pass_as_they_are(
    name: str, system: System, world: OriginThread, tmp_path: Path
) -> None:
    (tmp_path / "body").write_bytes(BENIGN[name])
    assert curl(system, "https://pan.baidu.example/u", "--data-binary", f"@{tmp_path / 'body'}").code == 200
    assert [seen.body for seen in world.seen] == [BENIGN[name]]


def test_a_chat_passes_and_orders_in_it_close_the_socket(system: System, world: OriginThread) -> None:
    with _open(system) as socket:
        socket.send("早上好, the meeting is at ten")
        assert socket.recv() == "早上好, the meeting is at ten"
        with pytest.raises(ConnectionClosedError) as closed:
            _send_and_wait(socket, as_json(SIXTY).decode())
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    (event,) = [kept.event for kept in system.events() if kept.event.action == "block"]
    assert (event.body["request"]["channel"], event.records) == ("websocket", 60)
    assert world.seen[0].websocket == ["早上好, the meeting is at ten".encode()]


def test_orders_dripped_over_sockets_are_counted_together(system: System, world: OriginThread) -> None:
    """One order a message is a chat; two hundred in a day are not."""
    some = orders(199, seed=22)
    for start in range(0, 199, 4):
        with _open(system) as socket:
            for order in some[start : start + 4]:
                _send_and_wait(socket, as_json([order]).decode())
    with _open(system) as socket, pytest.raises(ConnectionClosedError) as closed:
        _send_and_wait(socket, as_json(orders(1, seed=23)).decode())
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    assert sum(len(seen.websocket) for seen in world.seen) == 199


def _open(system: System) -> Socket:
    context = ssl.create_default_context(cafile=str(system.ca))
    source = (system.sender, 0)
    return connect("wss://pan.baidu.example/chat", proxy=system.url, ssl=context, max_size=None, source_address=source)


def _send_and_wait(socket: Socket, message: str) -> None:
    socket.send(message)
    socket.recv()
