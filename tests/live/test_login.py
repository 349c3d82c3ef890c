"""Logging in at the proxy: who it is in every kind of transfer, and that the password goes nowhere."""

from __future__ import annotations

import base64
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.harness import (
    SITE,
    Certificates,
    OriginThread,
    ProxyProcess,
    curl,
    running,
    start_stand_in,
    wait_until,
)
from tests.live.websocket_client import connect

pytestmark = pytest.mark.live

PASSWORD = "grün:Vogel-7741"
LI = f"li.na:{PASSWORD}"
MARKED = ("--data-binary", "BLOCK-ME")


def htpasswd(path: Path, *options: str, user: str = "li.na", password: str = PASSWORD) -> Path:
    """Write a line as Apache's own program does."""
    done = subprocess.run(["htpasswd", "-nb", *options, user, password], capture_output=True, text=True, check=True)
    with path.open("a") as file:
        file.write(done.stdout.strip() + "\n")
    return path


@pytest.fixture
def told(tmp_path: Path, certificates: Certificates, origin: OriginThread) -> dict[str, Any]:
    groups = tmp_path / "groups"
    groups.write_text("sales: li.na wang.wu\nall: li.na\n")
    return {
        "upstream_ca": str(certificates.ca),
        "resolve": {SITE: f"127.0.0.1:{origin.port}", f"plain.{SITE}": f"127.0.0.1:{origin.plain_port}"},
        "htpasswd": str(htpasswd(tmp_path / "htpasswd", "-B", "-C", "4")),
        "groups_file": str(groups),
    }


@pytest.fixture
def guarded(tmp_path: Path, proxy_ca: Path, told: dict[str, Any]) -> Iterator[ProxyProcess]:
    with running(start_stand_in(tmp_path / "proxy", proxy_ca, **told)) as proxy:
        yield proxy


def nothing_arrived(origin: OriginThread) -> bool:
    return (origin.seen, origin.connections) == ([], 0)


def test_without_a_log_in_nothing_leaves(guarded: ProxyProcess, origin: OriginThread) -> None:
    for user in ("", "li.na:wrong", "nobody:x", "li.na:", ":x", f"LI.NA:{PASSWORD}"):
        words = ("--proxy-user", user) if user else ()
        tunnel = curl(guarded, f"https://{SITE}/a", *words, check=False)
        plain = curl(guarded, f"http://plain.{SITE}/a", *words, "--data-binary", "x" * 100_000)
        assert ("response 407" in tunnel.said, plain.code) == (True, 407), user
        assert plain.headers["proxy-authenticate"].startswith('Basic realm="dlp_proxy"')
    assert guarded.recorded() == []
    assert nothing_arrived(origin)


def test_the_user_is_on_the_event_and_the_password_nowhere(guarded: ProxyProcess, origin: OriginThread) -> None:
    ways = [
        (f"https://{SITE}/a", "--http1.1"),
        (f"https://{SITE}/a", "--http2"),
        (f"http://plain.{SITE}/a", "--http1.1"),
    ]
    for url, version in ways:
        words = (url, version, "--proxy-user", LI)
        assert curl(guarded, *words, *MARKED).code == 403
        assert curl(guarded, *words, "--data-binary", "fine").code == 200
    for event in guarded.recorded():
        who = event["principal"]
        assert (who["user"], who["method"], who["strength"], who["shared"]) == ("li.na", "password", "medium", False)
        assert (who["groups"], who["address"]) == (["all", "sales"], "127.0.0.1")
    assert len(guarded.recorded()) == 6
    for seen in origin.seen:
        assert "authorization" not in str(seen.headers).lower()
    assert len(origin.seen) == 3
    assert leaks(guarded) == set()


def leaks(proxy: ProxyProcess) -> set[str]:
    """Return files of the proxy that hold the password, plain or as it was sent."""
    sent = [PASSWORD.encode(), base64.b64encode(LI.encode()), PASSWORD.encode("latin-1"), b"Vogel-7741"]
    files = [path for path in proxy.stderr.parent.rglob("*") if path.is_file() and "curl-" not in path.name]
    assert files
    return {str(path) for path in files if any(one in path.read_bytes() for one in sent)}


@pytest.mark.parametrize("scheme", ["wss", "ws"])
def test_the_user_follows_into_a_websocket(scheme: str, guarded: ProxyProcess, origin: OriginThread) -> None:
    context = ssl.create_default_context(cafile=str(guarded.ca)) if scheme == "wss" else None
    host = SITE if scheme == "wss" else f"plain.{SITE}"
    proxy = f"http://li.na:gr%C3%BCn%3AVogel-7741@127.0.0.1:{guarded.port}"
    with connect(f"{scheme}://{host}/chat", proxy=proxy, ssl=context) as client:
        client.send("hello")
        assert client.recv() == "hello"
        client.send("BLOCK-ME")
        assert wait_until(lambda: any(one["action"] == "block" for one in guarded.recorded()))
    (event,) = [one for one in guarded.recorded() if one["action"] == "block"]
    assert (event["user"], event["method"], event["channel"]) == ("li.na", "password", "websocket")
    assert leaks(guarded) == set()


def by_hand(proxy: ProxyProcess, *lines: str) -> int:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        client.settimeout(20)
        head = [f"GET http://plain.{SITE}/ HTTP/1.1", f"Host: plain.{SITE}", *lines]
        client.sendall("\r\n".join([*head, "", ""]).encode())
        return int(client.recv(4096).split(b" ")[1])


def test_the_field_never_goes_on_however_it_is_sent(guarded: ProxyProcess, origin: OriginThread) -> None:
    field = "Proxy-Authorization: Basic " + base64.b64encode(LI.encode()).decode()
    assert by_hand(guarded, field, field) == 407
    assert by_hand(guarded, field.replace("Basic", "Bearer")) == 407
    assert by_hand(guarded, "Proxy-Authorization: Basic !!!") == 407
    assert nothing_arrived(origin)
    assert by_hand(guarded, field, "Connection: Proxy-Authorization, keep-alive") == 200
    assert by_hand(guarded, field.replace("Proxy-A", "pROXY-a"), "Proxy_Authorization: b") == 407
    inside = curl(guarded, f"https://{SITE}/b", "--http1.1", "--proxy-user", LI, "-H", field, "-H", field)
    assert inside.code == 200
    assert len(origin.seen) == 2
    for seen in origin.seen:
        assert "authorization" not in str(seen.headers).lower()


def test_without_a_log_in_set_up_the_field_is_taken_off_too(stand_in: ProxyProcess, origin: OriginThread) -> None:
    field = "Proxy-Authorization: Basic " + base64.b64encode(LI.encode()).decode()
    assert by_hand(stand_in, field, field, "Connection: proxy-authorization") == 200
    assert "authorization" not in str(origin.seen[0].headers).lower()


def test_optional_takes_the_address_but_no_wrong_password(
    tmp_path: Path, proxy_ca: Path, told: dict[str, Any], origin: OriginThread
) -> None:
    more = {"login": "optional", "device_map": {"127.0.0.1": "somebody"}}
    with running(start_stand_in(tmp_path / "proxy", proxy_ca, **told, **more)) as proxy:
        assert curl(proxy, f"https://{SITE}/", *MARKED).code == 403
        assert curl(proxy, f"http://plain.{SITE}/", "--proxy-user", "li.na:wrong").code == 407
        assert curl(proxy, f"https://{SITE}/", "--proxy-user", LI, *MARKED).code == 403
        assert [(one["user"], one["method"]) for one in proxy.recorded()] == [
            ("somebody", "device-map"),
            ("li.na", "password"),
        ]


def test_whoever_guesses_waits_and_others_do_not(guarded: ProxyProcess, origin: OriginThread) -> None:
    url = f"http://plain.{SITE}/"
    codes = [curl(guarded, url, "--proxy-user", f"li.na:wrong-{number}").code for number in range(7)]
    assert codes[:5] == [407] * 5
    assert codes[-1] == 429
    locked = curl(guarded, url, "--proxy-user", LI)
    assert locked.code in {429, 200}  # 200 when the machine took longer than the wait
    elsewhere = curl(guarded, url, "--proxy-user", LI, "--interface", "127.0.0.9")
    assert elsewhere.code == 200
    assert '"reason": "wait"' in guarded.said() or "reason=wait" in guarded.said()
    assert "wrong-0" not in guarded.said()


def test_a_changed_file_comes_into_force_and_a_broken_one_does_not(
    guarded: ProxyProcess, told: dict[str, Any], origin: OriginThread
) -> None:
    url, path = f"http://plain.{SITE}/", Path(told["htpasswd"])
    assert curl(guarded, url, "--proxy-user", LI).code == 200
    htpasswd(path, "-m", user="wang.wu", password="neu")
    assert wait_until(lambda: curl(guarded, url, "--proxy-user", "wang.wu:neu", "--interface", "127.0.0.8").code == 200)
    path.write_text("wang.wu:plain-text\n")
    assert wait_until(lambda: "stays in force" in guarded.said())
    assert "plain-text" not in guarded.said()
    assert curl(guarded, url, "--proxy-user", LI).code == 200
    path.write_text("")
    htpasswd(path, "-s", user="wang.wu", password="neu")
    assert wait_until(lambda: curl(guarded, url, "--proxy-user", LI, "--interface", "127.0.0.7").code == 407)


def test_the_user_follows_into_a_raw_connection(tmp_path: Path, proxy_ca: Path, told: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        port = server.getsockname()[1]
        more = {"raw_tcp": [["127.0.0.1", port]], "allow_private": ["127.0.0.0/8"]}
        with running(start_stand_in(tmp_path / "proxy", proxy_ca, **told, **more)) as proxy:
            field = base64.b64encode(LI.encode()).decode()
            with socket.create_connection(("127.0.0.1", proxy.port)) as client:
                client.settimeout(20)
                client.sendall(
                    f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nProxy-Authorization: Basic {field}\r\n\r\n".encode()
                )
                assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
                client.sendall(b"\x00BLOCK-ME\n")
                assert client.recv(4096) == b""
            (event,) = proxy.recorded()
            assert (event["user"], event["method"], event["channel"]) == ("li.na", "password", "tcp")
            assert leaks(proxy) == set()
