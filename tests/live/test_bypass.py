"""The bypass file attacked: what is not exactly what an entry names is opened, and what it names is recorded first."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from tests.live.harness import SITE, Certificates, ProxyProcess, running, start_stand_in, wait_until
from tests.live.recorder import Recorder, everything

pytestmark = pytest.mark.live

PINNED = f"pinned.{SITE}"
FILE = f"""\
- {{host: {PINNED}, port: 443, owner: li.na, reason: 'pins, ticket 4711', expires: 2099-01-01}}
- {{host: '*.app.{SITE}', port: 443, owner: li.na, reason: pins, expires: 2099-01-01}}
- {{host: old.{SITE}, port: 443, owner: li.na, reason: pins, expires: 2020-01-01}}
- {{host: boss.{SITE}, port: 443, owner: li.na, reason: pins, expires: 2099-01-01, people: [the.boss]}}
"""
OUTSIDE, OURS = "Test CA of the outside", "mitmproxy"
MARK = b"BLOCK-ME"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bypass") / "bypass.yaml"
    path.write_text(FILE)
    return path


@pytest.fixture(scope="module")
def proxy(file: Path, proxy_ca: Path, certificates: Certificates, recorder: Recorder) -> Iterator[ProxyProcess]:
    names = (PINNED, SITE, f"a.app.{SITE}", f"b.app.{SITE}", f"app.{SITE}", f"old.{SITE}", f"boss.{SITE}")
    made = start_stand_in(
        file.parent / "proxy",
        proxy_ca,
        upstream_ca=str(certificates.ca),
        resolve=dict.fromkeys(names, f"127.0.0.1:{recorder.port}"),
        allow_private=["127.0.0.0/8"],
        device_map={"127.0.0.1": "li.wei"},
        bypass_file=str(file),
    )
    with running(made):
        yield made


def connect(proxy: ProxyProcess, host: str, port: int = 443) -> socket.socket:
    raw = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    raw.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    assert raw.recv(4096).startswith(b"HTTP/1.1 200")
    return raw


def blind() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def issuer(client: ssl.SSLSocket) -> str:
    found = x509.load_der_x509_certificate(client.getpeercert(binary_form=True) or b"")
    return str(found.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)


def hello(name: str) -> bytes:
    """Return a ClientHello as it is on the wire."""
    out = ssl.MemoryBIO()
    talk = blind().wrap_bio(ssl.MemoryBIO(), out, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        talk.do_handshake()
    return out.read()


def with_extension(whole: bytes, kind: int) -> bytes:
    """Return the ClientHello with one more extension, of eight bytes."""
    more = kind.to_bytes(2) + b"\x00\x08" + bytes(8)
    shake = whole[5:]
    at = 4 + 2 + 32
    at += 1 + shake[at]
    at += 2 + int.from_bytes(shake[at : at + 2])
    at += 1 + shake[at]
    size = int.from_bytes(shake[at : at + 2]) + len(more)
    shake = (
        shake[:1] + (len(shake) - 4 + len(more)).to_bytes(3) + shake[4:at] + size.to_bytes(2) + shake[at + 2 :] + more
    )
    return whole[:3] + len(shake).to_bytes(2) + shake


def in_records(whole: bytes, size: int) -> bytes:
    """Return the ClientHello cut into TLS records of so many bytes."""
    shake = whole[5:]
    parts = [shake[at : at + size] for at in range(0, len(shake), size)]
    return b"".join(whole[:3] + len(part).to_bytes(2) + part for part in parts)


def test_what_an_entry_names_is_passed_on_recorded_first_and_counted(proxy: ProxyProcess, recorder: Recorder) -> None:
    before = len(proxy.recorded("unopened"))
    recorder.got.clear()
    with blind().wrap_socket(connect(proxy, PINNED), server_hostname=PINNED) as client:
        assert issuer(client) == OUTSIDE
        (begun,) = proxy.recorded("unopened")[before:]
        assert (begun["principal"]["user"], begun["site"], begun["ends"]) == ("li.wei", f"{PINNED}:443", False)
        assert (begun["entry"], begun["owner"], begun["reason"]) == (f"{PINNED}:443", "li.na", "pins, ticket 4711")
        client.sendall(b"POST / HTTP/1.1\r\n\r\n" + MARK)
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    assert MARK in recorder.got
    assert wait_until(lambda: len(proxy.recorded("unopened")) == before + 2)
    ended = proxy.recorded("unopened")[-1]
    assert (ended["ends"], ended["began"]) == (True, begun["uid"])
    assert ended["sent"] > len(recorder.got)
    assert ended["received"] > 300


@pytest.mark.parametrize(
    ("host", "name"),
    [
        pytest.param(f"a.app.{SITE}", f"a.app.{SITE}", id="below a suffix"),
        pytest.param(PINNED.upper() + ".", PINNED, id="another spelling"),
    ],
)
def test_an_entry_holds_for(host: str, name: str, proxy: ProxyProcess) -> None:
    with blind().wrap_socket(connect(proxy, host), server_hostname=name) as client:
        assert issuer(client) == OUTSIDE


@pytest.mark.parametrize(
    ("host", "name"),
    [
        pytest.param(PINNED, f"www.{SITE}", id="another TLS name"),
        pytest.param(SITE, PINNED, id="the TLS name elsewhere"),
        pytest.param("127.0.0.1", PINNED, id="the TLS name at an address"),
        pytest.param(PINNED, None, id="no TLS name"),
        pytest.param(f"x{PINNED}", f"x{PINNED}", id="a longer name"),
        pytest.param(f"{PINNED}.evil.net", f"{PINNED}.evil.net", id="the name in front"),
        pytest.param(f"a.{PINNED}", f"a.{PINNED}", id="below a name"),
        pytest.param(f"app.{SITE}", f"app.{SITE}", id="a suffix itself"),
        pytest.param(f"xapp.{SITE}", f"xapp.{SITE}", id="a longer suffix"),
        pytest.param(f"a.app.{SITE}", f"b.app.{SITE}", id="two of one suffix"),
        pytest.param(f"old.{SITE}", f"old.{SITE}", id="an entry that is over"),
        pytest.param(f"boss.{SITE}", f"boss.{SITE}", id="an entry for others"),
    ],
)
def test_what_is_like_it_is_opened(host: str, name: str | None, proxy: ProxyProcess) -> None:
    before = len(proxy.recorded("unopened"))
    with blind().wrap_socket(connect(proxy, host), server_hostname=name) as client:
        assert issuer(client) == OURS
        client.sendall(b"POST / HTTP/1.1\r\nHost: " + host.encode() + b"\r\nContent-Length: 8\r\n\r\n" + MARK)
        assert client.recv(100).split()[1] in {b"403", b"421"}
    assert [one["entry"] for one in proxy.recorded("unopened")[before:] if not one["ends"]] == []


def test_another_port_is_opened(proxy: ProxyProcess) -> None:
    with blind().wrap_socket(connect(proxy, PINNED, 8443), server_hostname=PINNED) as client:
        assert issuer(client) == OURS


def begun(proxy: ProxyProcess, before: int) -> int:
    return sum(not one["ends"] for one in proxy.recorded("unopened")[before:])


@pytest.mark.parametrize(
    ("name", "passed_on"),
    [pytest.param(PINNED, 1, id="the name"), pytest.param(f"www.{SITE}", 0, id="another name")],
)
@pytest.mark.parametrize("size", [pytest.param(0, id="whole"), pytest.param(50, id="in records")])
def test_a_split_hello_is_read_as_a_whole(size: int, name: str, passed_on: int, proxy: ProxyProcess) -> None:
    before = len(proxy.recorded("unopened"))
    whole = in_records(hello(name), size) if size else hello(name)
    with connect(proxy, PINNED) as client:
        for at in range(0, len(whole), 97):
            client.sendall(whole[at : at + 97])
            time.sleep(0.002)
        assert client.recv(3)[:1] == b"\x16"  # somebody shakes hands
    assert begun(proxy, before) == passed_on


@pytest.mark.parametrize(
    "kind", [pytest.param(0xFE0D, id="ECH"), pytest.param(0xFFCE, id="ESNI"), pytest.param(0, id="two names")]
)
def test_a_hidden_name_is_not_believed(kind: int, proxy: ProxyProcess) -> None:
    before = len(proxy.recorded("unopened"))
    with connect(proxy, PINNED) as client:
        client.sendall(with_extension(hello(PINNED), kind))
        client.recv(3)
    assert begun(proxy, before) == 0


def test_the_extra_extension_alone_does_not_matter(proxy: ProxyProcess) -> None:
    """The control of the test before: it is the kind that does it."""
    before = len(proxy.recorded("unopened"))
    with connect(proxy, PINNED) as client:
        client.sendall(with_extension(hello(PINNED), 0x1234))
        client.recv(3)
    assert begun(proxy, before) == 1


def test_a_host_header_opens_no_way(proxy: ProxyProcess, recorder: Recorder) -> None:
    before = len(proxy.recorded("unopened"))
    recorder.got.clear()
    post = b"POST / HTTP/1.1\r\nHost: " + PINNED.encode() + b"\r\nContent-Length: 8\r\n\r\n" + MARK
    for host, port in ((SITE, 80), (PINNED, 443)):
        with connect(proxy, host, port) as client:
            client.sendall(post)
            assert client.recv(100).split()[1] in {b"403", b"421"}
    assert MARK not in recorder.got
    assert begun(proxy, before) == 0


def test_tls_after_the_first_bytes_or_inside_tls_opens_no_way(proxy: ProxyProcess, recorder: Recorder) -> None:
    before = len(proxy.recorded("unopened"))
    recorder.got.clear()
    with connect(proxy, PINNED) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: " + PINNED.encode() + b"\r\n\r\n" + hello(PINNED))
        everything(client)
    with blind().wrap_socket(connect(proxy, PINNED), server_hostname=SITE) as outer:
        outer.sendall(hello(PINNED))
        everything(outer)
    assert b"\x16\x03" not in recorder.got
    assert begun(proxy, before) == 0


def test_the_file_is_followed_and_a_broken_one_changes_nothing(file: Path, proxy: ProxyProcess) -> None:
    def by() -> str:
        with blind().wrap_socket(connect(proxy, PINNED), server_hostname=PINNED) as client:
            return issuer(client)

    file.write_text(FILE + "- {host: x.example.com, prot: 443}\n")
    assert wait_until(lambda: "`prot` is not known" in proxy.said())
    assert by() == OUTSIDE
    file.write_text(FILE.replace("2099", "2021"))
    assert wait_until(lambda: by() == OURS)
    assert f"{PINNED}:443 (2021-01-01)" in proxy.said()
    file.write_text(FILE)
    assert wait_until(lambda: by() == OUTSIDE)


def test_what_cannot_be_recorded_is_not_passed_on(tmp_path: Path, proxy_ca: Path, recorder: Recorder) -> None:
    path = tmp_path / "bypass.yaml"
    path.write_text(FILE)
    pins = {PINNED: f"127.0.0.1:{recorder.port}"}
    made = start_stand_in(tmp_path / "proxy", proxy_ca, resolve=pins, bypass_file=str(path), fails="record")
    with running(made), connect(made, PINNED) as client:
        client.sendall(hello(PINNED))
        assert client.recv(10) == b""
