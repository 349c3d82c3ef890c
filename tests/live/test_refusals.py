"""What is refused whatever it carries: too large, the wrong place, the wrong protocol, a false destination."""

from __future__ import annotations

import json
import socket
import ssl
from pathlib import Path

import pytest

from tests.live.harness import (
    SITE,
    Certificates,
    OriginThread,
    ProxyProcess,
    curl,
    free_port,
    running,
    start_stand_in,
    wait_until,
)
from tests.live.recorder import everything, tunnel
from tests.live.system import System

pytestmark = pytest.mark.live

VERSIONS = ("--http1.1", "--http2")
SMALL = {"body_bytes": 1 << 20, "header_bytes": 16 * 1024}


def start(tmp_path: Path, ca: Path, certificates: Certificates, origin: OriginThread, **config: object) -> ProxyProcess:
    told: dict[str, object] = {
        "upstream_ca": str(certificates.ca),
        "resolve": {SITE: f"127.0.0.1:{origin.port}", f"plain.{SITE}": f"127.0.0.1:{origin.plain_port}"},
    }
    return start_stand_in(tmp_path / "proxy", ca, **told | config)


@pytest.fixture
def bounded(tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread) -> object:
    with running(start(tmp_path, proxy_ca, certificates, origin, limits=SMALL)) as proxy:
        yield proxy


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


@pytest.mark.parametrize("version", VERSIONS)
def test_three_gigabytes_are_answered_without_reading_them(
    version: str, bounded: ProxyProcess, origin: OriginThread, tmp_path: Path
) -> None:
    path = sparse(tmp_path / "huge.bin", 3 << 30)
    answer = curl(bounded, f"https://{SITE}/up", version, "-T", str(path), "-X", "POST", check=False)
    assert answer.code == 403
    assert answer.uploaded < 1 << 30
    (event,) = bounded.recorded()
    assert (event["action"], event["gaps"], event["bytes"]) == ("block", ["too-large"], 0)
    assert (origin.seen, origin.connections) == ([], 0)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_refused_upload_that_asks_first_is_not_told_to_go_on(
    version: str, bounded: ProxyProcess, tmp_path: Path
) -> None:
    path = sparse(tmp_path / "huge.bin", 2 << 20)
    answer = curl(
        bounded, f"https://{SITE}/up", version, "-T", str(path), "-X", "POST", "-H", "Expect: 100-continue", "-v"
    )
    assert (answer.code, "100 Continue" in answer.said) == (403, False)
    if version == "--http1.1":
        assert answer.uploaded == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_a_body_without_a_length_is_cut_off_at_the_limit(
    version: str, bounded: ProxyProcess, origin: OriginThread
) -> None:
    answer = curl(bounded, f"https://{SITE}/up", version, "-T", "-", "-X", "POST", stdin=b"x" * (5 << 20), check=False)
    assert answer.code == 403
    assert [event["gaps"] for event in bounded.recorded()] == [["too-large"]]
    assert (origin.seen, origin.connections) == ([], 0)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("sender", ["length", "chunked"])
def test_a_large_body_that_policy_lets_pass_arrives_whole(
    sender: str, version: str, bounded: ProxyProcess, origin: OriginThread, tmp_path: Path
) -> None:
    body = bytes(range(256)) * 20_000
    path = tmp_path / "body.bin"
    path.write_bytes(body)
    how = ["-T", "-", "-X", "POST"] if sender == "chunked" else ["--data-binary", f"@{path}"]
    answer = curl(bounded, f"https://{SITE}/up", version, *how, "-H", "X-Pass-Gaps: yes", stdin=body)
    assert answer.code == 200
    (seen,) = origin.seen
    assert seen.body == body
    assert [(event["action"], event["gaps"]) for event in bounded.recorded()] == [("log", ["too-large"])]
    assert wait_until(lambda: bounded.recorded("outcome"))
    (outcome,) = bounded.recorded("outcome")
    assert (outcome["disposition"], outcome["status"], outcome["sent"]) == ("logged", 200, len(body))


def test_a_request_head_over_the_limit_is_refused(bounded: ProxyProcess, origin: OriginThread) -> None:
    with socket.create_connection(("127.0.0.1", bounded.port)) as client:
        client.sendall(f"GET http://plain.{SITE}/ HTTP/1.1\r\n".encode() + b"X-A: " + b"a" * 100_000)
        assert client.recv(100).startswith(b"HTTP/1.1 431 ")
    assert origin.connections == 0


def test_a_flood_sent_ahead_of_the_answer_is_cut_off(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> None:
    with running(start(tmp_path, proxy_ca, certificates, origin, delay=20.0)) as proxy:
        before = proxy.anonymous_memory()
        with pytest.raises(ConnectionError):
            _flood(proxy)
        (line,) = [one for one in proxy.said().splitlines() if "cut off" in one]
        assert "sent ahead" in line
        assert "127.0.0.1" in line
        assert "xxx" not in line
        assert proxy.anonymous_memory() - before < 20 << 20
    assert origin.seen == []


def _flood(proxy: ProxyProcess) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        client.sendall(f"GET http://plain.{SITE}/ HTTP/1.1\r\nHost: plain.{SITE}\r\n\r\n".encode())
        for _ in range(2000):
            client.sendall(b"x" * 100_000)


def _forms_of_loopback(port: int) -> list[str]:
    return [
        f"http://127.0.0.1:{port}/",
        f"http://127.1:{port}/",
        f"http://2130706433:{port}/",
        f"http://0x7f000001:{port}/",
        f"http://0177.0.0.1:{port}/",
        f"http://[::ffff:127.0.0.1]:{port}/",
        f"http://[::1]:{port}/",
        f"http://0.0.0.0:{port}/",
        f"http://localhost:{port}/",
        f"http://localhost.:{port}/",
    ]


def test_addresses_of_the_house_are_refused_in_every_spelling(stand_in: ProxyProcess, origin: OriginThread) -> None:
    tried = [
        *_forms_of_loopback(origin.plain_port),
        "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/",
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://[fd00::1]/",
        "http://metadata.google.internal/",
        "http://mitm.it/",
    ]
    answers = {url: _get(stand_in, url) for url in tried}
    assert answers == dict.fromkeys(tried, 403)
    assert origin.connections == 0


def test_a_name_that_points_into_the_house_is_refused(stand_in: ProxyProcess, origin: OriginThread) -> None:
    """The machine's own name has an address that is not public, whatever it is."""
    name = socket.gethostname()
    assert curl(stand_in, f"http://{name}:{origin.plain_port}/", check=False).code in {403, 502}
    assert origin.connections == 0


def test_private_destinations_can_be_allowed(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> None:
    with running(start(tmp_path, proxy_ca, certificates, origin, allow_private=["127.0.0.0/8"])) as proxy:
        assert curl(proxy, f"http://127.0.0.1:{origin.plain_port}/").code == 200
        assert _get(proxy, "http://192.168.1.1/") == 403


def test_the_proxy_does_not_talk_to_itself(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> None:
    ops = free_port()
    everything = ["0.0.0.0/0", "::/0"]
    with running(start(tmp_path, proxy_ca, certificates, origin, allow_private=everything, own_ports=[ops])) as proxy:
        for port in (proxy.port, ops):
            answers = {url: _get(proxy, url) for url in _forms_of_loopback(port)}
            assert answers == dict.fromkeys(answers, 403)
        # A browser that is sent to the proxy's own address asks in origin form.
        with socket.create_connection(("127.0.0.1", proxy.port)) as client:
            client.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{proxy.port}\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 403 ")


def _get(proxy: ProxyProcess, url: str) -> int:
    """Ask in absolute form by hand: curl would rewrite odd spellings of addresses."""
    authority = url.removeprefix("http://").partition("/")[0]
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        client.settimeout(20)
        client.sendall(f"GET {url} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n".encode())
        return int(client.recv(100).split(b" ")[1])


def test_connect_to_the_house_is_refused_before_a_tunnel(stand_in: ProxyProcess, origin: OriginThread) -> None:
    for target in (
        f"127.0.0.1:{origin.port}",
        f"2130706433:{origin.port}",
        "169.254.169.254:80",
        f"[::1]:{origin.port}",
    ):
        assert _connect(stand_in, target)[0] == 403
    assert origin.connections == 0


def _connect(proxy: ProxyProcess, target: str, then: bytes = b"") -> tuple[int, bytes]:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        client.settimeout(20)
        client.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        first = client.recv(4096)
        if not then:
            return int(first.split(b" ")[1]), b""
        client.sendall(then)
        return int(first.split(b" ")[1]), client.recv(4096)


@pytest.mark.parametrize(
    "greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\x01\x02\x03\x04\x05\r\n\r\n", b"EHLO mail\r\n\r\n"]
)
@pytest.mark.parametrize("port", [22, 53, 443])
def test_what_is_not_http_does_not_pass_a_tunnel(
    port: int, greeting: bytes, stand_in: ProxyProcess, origin: OriginThread
) -> None:
    code, answer = _connect(stand_in, f"plain.{SITE}:{port}", greeting)
    assert (code, answer[:12]) == (200, b"HTTP/1.1 400")
    assert origin.connections == 0


def test_a_request_for_another_site_in_the_tunnel_is_refused(stand_in: ProxyProcess, origin: OriginThread) -> None:
    """Domain fronting: the tunnel goes to one site, the Host header or the TLS name to another."""
    for arguments in (["-H", f"Host: other.{SITE}"], ["--connect-to", f"www.{SITE}:443:{SITE}:443"]):
        url = f"https://{SITE}/" if arguments[0] == "-H" else f"https://www.{SITE}/"
        assert curl(stand_in, url, *arguments).code == 421
    assert origin.seen == []


@pytest.mark.parametrize("fault", ["expired", "unknown CA", "other name"])
def test_a_destination_that_cannot_prove_its_name_gets_nothing(
    fault: str, tmp_path: Path, proxy_ca: Path, certificates: Certificates
) -> None:
    leaf = {
        "expired": certificates.leaf(SITE, days=-1),
        "unknown CA": certificates.leaf(SITE, trusted=False),
        "other name": certificates.leaf("other.example.test"),
    }[fault]
    impostor = OriginThread(leaf)
    try:
        with running(start(tmp_path, proxy_ca, certificates, impostor)) as proxy:
            answer = curl(proxy, f"https://{SITE}/", "--data-binary", "secret")
            assert answer.code == 502
        assert impostor.seen == []
    finally:
        impostor.stop()


def test_an_early_answer_is_a_whole_answer(bounded: ProxyProcess) -> None:
    """The page arrives complete although the client goes on sending for a while."""
    context = ssl.create_default_context(cafile=str(bounded.ca))
    with socket.create_connection(("127.0.0.1", bounded.port)) as raw:
        raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\n\r\n".encode())
        assert raw.recv(4096).startswith(b"HTTP/1.1 200")
        with context.wrap_socket(raw, server_hostname=SITE) as client:
            client.sendall(f"POST / HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: 4000000\r\n\r\n".encode())
            for _ in range(40):
                client.sendall(b"x" * 100_000)
            answer = b""
            while data := client.recv(65536):
                answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 403 ")
    assert json.loads(body)["status"] == 403


def test_what_is_refused_for_its_form_is_counted_and_told_without_what_it_said(system: System) -> None:
    def counted(reason: str) -> float:
        name = f'dlp_proxy_refused_for_form_total{{reason="{reason}"}}'
        lines = [line for line in system.ask("/metrics").splitlines() if line.startswith(name)]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    before, said = {one: counted(one) for one in ("malformed", "no HTTP")}, len(system.said())
    spaced = b"GET http://transfer.example/ HTTP/1.1\r\nHost : 13800138000\r\n\r\n"
    twice = b"GET http://transfer.example/ HTTP/1.1\r\nHost: a\r\nHost: 13800138000\r\n\r\n"
    for data in (spaced, twice, b"EHLO 13800138000\r\n"):
        with socket.create_connection(("127.0.0.1", system.port)) as client:
            client.sendall(data)
            assert client.recv(100).startswith(b"HTTP/1.1 400 ")
    with tunnel(system, "h2") as secure:
        secure.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\x0b\6" + bytes(5) + b"13800138000")
        everything(secure)
    assert counted("malformed") == before["malformed"] + 3
    assert counted("no HTTP") == before["no HTTP"] + 1
    told = [line for line in system.said()[said:].splitlines() if "malformed request refused" in line]
    assert len(told) == 3
    assert all("127.0.0.1" in line and "13800138000" not in line for line in told)
