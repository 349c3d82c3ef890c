"""Front proxies: what named ones say about a connection is believed, and the same from anybody else is not."""

from __future__ import annotations

import socket
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.live.harness import (
    SITE,
    WAIT,
    Certificates,
    OriginThread,
    ProxyProcess,
    curl,
    free_port,
    running,
    start_stand_in,
    wait_until,
)

pytestmark = pytest.mark.live

FRONT: Final = "127.0.0.50"
HEADER: Final = "X-Authenticated-User"
SIGNATURE: Final = b"\r\n\r\n\0\r\nQUIT\n"
URL: Final = f"http://plain.{SITE}/"
GET: Final = f"GET {URL} HTTP/1.1\r\nHost: plain.{SITE}\r\nX-A: BLOCK-ME\r\nConnection: close\r\n\r\n".encode()


def version_2(command: int = 0x21, family: int = 0x11, source: str = "10.9.8.7", more: bytes = b"") -> bytes:
    one, other = socket.inet_aton(source), socket.inet_aton("10.0.0.1")
    rest = one + other + struct.pack("!HH", 4711, 8080) + more
    return SIGNATURE + struct.pack("!BBH", command, family, len(rest)) + rest


V1: Final = b"PROXY TCP4 10.9.8.7 10.0.0.1 4711 8080\r\n"


@pytest.fixture
def told(certificates: Certificates, origin: OriginThread) -> dict[str, Any]:
    return {
        "upstream_ca": str(certificates.ca),
        "resolve": {SITE: f"127.0.0.1:{origin.port}", f"plain.{SITE}": f"127.0.0.1:{origin.plain_port}"},
        "device_map": {"10.9.8.7": "li.na"},
        "proxy_protocol_from": [FRONT],
        "identity_header": HEADER,
        "identity_header_from": ["127.0.0.60/31"],
    }


@pytest.fixture
def behind(tmp_path: Path, proxy_ca: Path, told: dict[str, Any]) -> Iterator[ProxyProcess]:
    with running(start_stand_in(tmp_path / "proxy", proxy_ca, **told)) as proxy:
        yield proxy


def say(proxy: ProxyProcess, content: bytes, source: str) -> bytes:
    """Write from an address of loopback and return all that comes back until the connection is closed."""
    with socket.create_connection(("127.0.0.1", proxy.port), source_address=(source, 0)) as client:
        client.settimeout(WAIT)
        client.sendall(content)
        answer = b""
        try:
            while data := client.recv(65536):
                answer += data
        except ConnectionResetError:
            pass
        return answer


HEADS: Final = (
    V1,
    version_2(),
    version_2(more=b"\x04\x00\x03abc"),
    b"PROXY TCP6 ::ffff:10.9.8.7 ::1 4711 8080\r\n",
)
OWN: Final = (version_2(0x20), version_2(0x21, 0), b"PROXY UNKNOWN\r\n")


def test_a_named_front_proxy_says_whose_connection_it_is(behind: ProxyProcess, origin: OriginThread) -> None:
    for head in HEADS + OWN:
        assert say(behind, head + GET, FRONT).startswith(b"HTTP/1.1 403 ")
    keys = ("user", "method", "strength", "address", "via")
    said = [tuple(one["principal"][key] for key in keys) for one in behind.recorded()]
    assert said == [
        *[("li.na", "device-map", "weak", "10.9.8.7", FRONT)] * 4,
        *[(FRONT, "address", "none", FRONT, "")] * 3,  # it speaks for itself, as in a health check
    ]


BAD: Final = (
    GET,
    b"PROXY TCP4 10.9.8.7 10.0.0.1 4711\r\n",
    b"PROXY TCP4 10.9.8.777 10.0.0.1 4711 8080\r\n",
    b"PROXY TCP6 10.9.8.7 10.0.0.1 4711 8080\r\n",
    b"PROXY TCP4 10.9.8.7 10.0.0.1 4711 99999\r\n",
    b"PROXY TCP4 10.9.8.7 10.0.0.1 4711 8080\n",
    b"PROXY " + b"x" * 200 + b"\r\n",
    version_2(0x11),
    version_2(0x22),
    version_2(0x21, 0x12),
    version_2(0x21, 0x31),
    SIGNATURE + b"\x21\x11\xff\xff" + b"x" * 70_000,
    SIGNATURE + b"\x21\x11\x00\x04abcd",
)


def test_a_front_proxy_that_does_not_say_it_right_is_closed(behind: ProxyProcess, origin: OriginThread) -> None:
    answers = [say(behind, head + GET, FRONT) for head in BAD]
    assert answers == [b""] * len(BAD)
    assert (behind.recorded(), origin.connections, len(BAD)) == ([], 0, 13)
    assert behind.said().count("connection refused") == len(BAD)


def test_the_same_from_anybody_else_is_refused(behind: ProxyProcess, origin: OriginThread) -> None:
    for head in HEADS + OWN:
        answer = say(behind, head + GET, "127.0.0.51")
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.count(b"HTTP/1.1 ") == 1
    assert (behind.recorded(), origin.connections) == ([], 0)


@pytest.mark.parametrize("send", ["send-proxy", "send-proxy-v2"])
def test_through_a_real_haproxy(
    send: str, tmp_path: Path, behind: ProxyProcess, origin: OriginThread, told: dict[str, Any]
) -> None:
    port = free_port()
    config = tmp_path / "haproxy.cfg"
    config.write_text(
        "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n"
        f"listen front\n  bind 127.0.0.1:{port}\n"
        f"  server proxy 127.0.0.1:{behind.port} source {FRONT} {send}\n"
    )
    haproxy = subprocess.Popen(["haproxy", "-db", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        front = f"http://127.0.0.1:{port}"
        assert wait_until(lambda: curl(behind, URL, "--proxy", front, check=False).code == 200)
        words = ("--proxy", front, "--interface", "127.0.0.77", "--data-binary", "BLOCK-ME")
        assert curl(behind, f"https://{SITE}/a", "--http2", *words).code == 403
        forged = curl(behind, URL, "--proxy", front, "--interface", "127.0.0.77", "-H", f"{HEADER}: boss")
        assert forged.code == 400
    finally:
        haproxy.terminate()
        haproxy.wait(WAIT)
    (event,) = [one for one in behind.recorded() if one["action"] == "block"]
    assert (event["user"], event["principal"]["via"], event["version"]) == ("127.0.0.77", FRONT, "HTTP/2.0")


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_the_header_of_a_named_front_proxy_names_the_user(
    version: str, behind: ProxyProcess, origin: OriginThread
) -> None:
    boss = f"{HEADER}: 王芳@corp.example"
    words = (version, "--interface", "127.0.0.61", "--data-binary", "BLOCK-ME")
    assert curl(behind, f"https://{SITE}/a", *words, "--proxy-header", boss).code == 403
    assert curl(behind, URL, *words, "-H", boss, "--http1.1").code == 403
    assert curl(behind, URL, "--interface", "127.0.0.61", "-H", boss, "-H", f"Connection: {HEADER}").code == 200
    for event in behind.recorded():
        who = event["principal"]
        assert (who["user"], who["method"], who["strength"]) == ("王芳@corp.example", "header", "medium")
        assert who["address"] == "127.0.0.61"
    assert [one["action"] for one in behind.recorded()] == ["block", "block", "allow"]
    assert "authenticated" not in str(origin.seen[0].headers).lower()


def test_the_same_header_from_a_workstation_is_refused(behind: ProxyProcess, origin: OriginThread) -> None:
    boss = f"{HEADER}: boss"
    assert curl(behind, URL, "-H", boss).code == 400
    assert curl(behind, URL, "-H", boss.replace("-", "_")).code == 400
    assert curl(behind, URL, "-H", f"{HEADER.lower()}: boss").code == 400
    assert "response 400" in curl(behind, f"https://{SITE}/", "--proxy-header", boss, check=False).said
    for version in ("--http1.1", "--http2"):
        assert curl(behind, f"https://{SITE}/", version, "-H", boss).code == 400
        inside = curl(behind, f"https://{SITE}/", version, "--interface", "127.0.0.61", "-H", boss)
        assert inside.code == 400
    assert (origin.seen, origin.connections, behind.recorded()) == ([], 0, [])
    assert behind.said().count("identity header refused") == 8


def test_a_front_proxy_says_one_name_once(behind: ProxyProcess, origin: OriginThread) -> None:
    for value in ("", "a", "x" * 300, "a\u0001b"):
        lines = f"{HEADER}: {value}\r\n" * (2 if value == "a" else 1)
        request = f"GET {URL} HTTP/1.1\r\nHost: plain.{SITE}\r\n{lines}Connection: close\r\n\r\n".encode()
        assert say(behind, request, "127.0.0.60").startswith(b"HTTP/1.1 400 ")
    assert origin.connections == 0


def test_a_front_proxy_need_not_log_in_and_others_must(
    tmp_path: Path, proxy_ca: Path, told: dict[str, Any], origin: OriginThread
) -> None:
    passwords = tmp_path / "htpasswd"
    passwords.write_text("")
    with running(start_stand_in(tmp_path / "proxy", proxy_ca, **told, htpasswd=str(passwords))) as proxy:
        assert curl(proxy, URL, "--interface", "127.0.0.61", "-H", f"{HEADER}: boss").code == 200
        assert curl(proxy, URL, "--interface", "127.0.0.61").code == 407
        assert curl(proxy, URL).code == 407
    assert len(origin.seen) == 1
