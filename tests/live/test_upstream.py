"""Out through another proxy, with a CA of the company's own and headers of tenants: one proxy has all three."""

from __future__ import annotations

import base64
import contextlib
import datetime
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dlp_proxy.stores.imported_authority import import_authority
from tests.live.harness import SITE, Certificates, OriginThread, ProxyProcess, curl, running, start_stand_in, wait_until

pytestmark = pytest.mark.live

PASSPHRASE = "a passphrase, of words"
LOGIN = base64.b64encode(b"dlp:pass word").decode()
PINNED = f"www.{SITE}"


class Chained:
    """A proxy as a company has one: it looks names up itself, and keeps what it was asked."""

    def __init__(self, names: dict[str, int], certificate: Path | None = None) -> None:
        self.names = names
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if certificate else None
        if self._tls is not None and certificate is not None:
            self._tls.load_cert_chain(certificate)
        self.heads: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(raw)
            client = stack.enter_context(self._tls.wrap_socket(raw, server_side=True)) if self._tls else raw
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := client.recv(4096)):
                    return
                head += more
            self.heads.append(head.decode("latin-1"))
            method, target, _ = self.heads[-1].split("\r\n")[0].split(" ")
            host, _, port = target.removeprefix("http://").partition("/")[0].partition(":")
            at = self.names.get(f"{host}:{port or 80}")
            if at is None:
                client.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", at)) as server:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    server.sendall(head)
                thread = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
                thread.start()
                _pass_on(client, server)
                thread.join(5)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


def company_ca(folder: Path) -> Path:
    """Make a root, and below it an intermediate whose key has a passphrase; take it up; return the root alone."""
    now = datetime.datetime.now(datetime.UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Example Ltd {one}")])
        for one in ("root", "inspection")
    ]
    made = [
        x509.CertificateBuilder()
        .subject_name(names[one])
        .issuer_name(names[0])
        .public_key(keys[one].public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None if one == 0 else 0), critical=True)
        .sign(keys[0], hashes.SHA256())
        for one in range(2)
    ]
    root, inspection = (one.public_bytes(serialization.Encoding.PEM) for one in made)
    key = keys[1].private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(PASSPHRASE.encode()),
    )
    import_authority(folder, key, inspection, PASSPHRASE)  # the root is left out: it is on the workstations
    trusted = folder / "mitmproxy-ca-cert.pem"
    trusted.write_bytes(root)
    return trusted


@pytest.fixture(scope="module")
def outside(certificates: Certificates) -> Iterator[OriginThread]:
    thread = OriginThread(certificates.leaf(SITE, PINNED))
    yield thread
    thread.stop()


@pytest.fixture(scope="module")
def chained(outside: OriginThread) -> Iterator[Chained]:
    names = {f"{SITE}:443": outside.port, f"{PINNED}:443": outside.port, f"wrong.{SITE}:443": outside.port}
    one = Chained({**names, f"{SITE}:80": outside.plain_port})
    yield one
    one.stop()


@pytest.fixture(scope="module")
def proxy(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates, chained: Chained
) -> Iterator[ProxyProcess]:
    folder = tmp_path_factory.mktemp("upstream")
    company_ca(folder / "ca")
    (folder / "bypass.yaml").write_text(
        f"- {{host: {PINNED}, port: 443, owner: li, reason: pins, expires: 2099-01-01}}"
    )
    made = start_stand_in(
        folder / "proxy",
        folder / "ca",
        upstream_ca=str(certificates.ca),
        upstream={"scheme": "http", "host": "127.0.0.1", "port": chained.port, "login": "dlp:pass word"},
        ca_passphrase=PASSPHRASE,
        limits={"body_bytes": 65_536},
        bypass_file=str(folder / "bypass.yaml"),
        tenant_headers={
            SITE: {"X-GoogApps-Allowed-Domains": "corp.example"},
            "*.example.test": {"sec-Restrict-Tenant-Access-Policy": "restrict-msa"},
            f"*.{SITE}": {"X-Not-Here": "1"},
        },
    )
    with running(made):
        yield made


@pytest.mark.parametrize("version", ["--http1.1", "--http2"])
def test_tls_goes_through_it_with_the_headers_of_tenants(
    version: str, proxy: ProxyProcess, chained: Chained, outside: OriginThread
) -> None:
    chained.heads.clear()
    own = ("--header", "X-GoogApps-Allowed-Domains: gmail.com", "--header", "x-googapps-allowed-domains: home.example")
    answer = curl(proxy, f"https://{SITE}/in", version, "--data", "hello", *own)
    assert answer.code == 200
    seen = outside.seen[-1]
    fields = [(name.lower(), value) for name, value in seen.headers]
    assert [value for name, value in fields if name == "x-googapps-allowed-domains"] == ["corp.example"]
    assert ("sec-restrict-tenant-access-policy", "restrict-msa") in fields
    assert not {"x-not-here", "proxy-authorization"} & {name for name, _ in fields}
    (head,) = chained.heads
    assert head.startswith(f"CONNECT {SITE}:443 HTTP/1.1\r\n")
    assert f"Proxy-Authorization: Basic {LOGIN}\r\n".lower() in head.lower()


def test_http_goes_through_it(proxy: ProxyProcess, chained: Chained) -> None:
    chained.heads.clear()
    assert curl(proxy, f"http://{SITE}/in", "--data", "hello").code == 200
    (head,) = chained.heads
    assert head.startswith(f"POST http://{SITE}/in HTTP/1.1\r\n")
    assert f"proxy-authorization: basic {LOGIN}\r\n".lower() in head.lower()
    assert "restrict" not in head.lower()


def test_the_log_in_never_gets_to_a_site(proxy: ProxyProcess, chained: Chained, outside: OriginThread) -> None:
    """HTTP in the clear inside a CONNECT goes through a tunnel, at whose end is the site."""
    chained.heads.clear()
    assert curl(proxy, f"http://{SITE}/in", "--proxytunnel", "--data", "hello").code == 200
    assert [head.split(" HTTP")[0] for head in chained.heads] == [f"CONNECT {SITE}:80"]
    assert outside.seen[-1].header("proxy-authorization") == ""


@pytest.mark.parametrize(
    "framing", [pytest.param((), id="declared"), pytest.param(("--header", "Transfer-Encoding: chunked"), id="chunked")]
)
def test_what_is_let_go_unread_has_them_too(
    framing: tuple[str, ...], proxy: ProxyProcess, chained: Chained, outside: OriginThread
) -> None:
    """Its head goes on when its length is known, long before its end."""
    chained.heads.clear()
    big = ("--http1.1", "--header", "X-Pass-Gaps: 1", "--header", "Expect:", *framing, "--data-binary", "@-")
    assert curl(proxy, f"https://{SITE}/in", *big, stdin=b"x" * 200_000).code == 200
    assert outside.seen[-1].header("x-googapps-allowed-domains") == "corp.example"
    chained.heads.clear()
    assert curl(proxy, f"http://{SITE}/in", *big, stdin=b"x" * 200_000).code == 200
    assert f"proxy-authorization: basic {LOGIN}\r\n".lower() in chained.heads[0].lower()


def test_what_is_stopped_never_gets_there(proxy: ProxyProcess, chained: Chained) -> None:
    chained.heads.clear()
    for scheme in ("https", "http"):
        assert curl(proxy, f"{scheme}://{SITE}/in", "--data", "BLOCK-ME").code == 403
    for inside in ("10.0.0.1", "169.254.169.254", "localhost", "[::ffff:127.0.0.1]", f"127.0.0.1:{chained.port}"):
        assert curl(proxy, f"http://{inside}/").code == 403, inside
        assert curl(proxy, f"https://{inside}/", check=False).exit_code, inside
    assert chained.heads == []


def test_certificates_are_verified_end_to_end(proxy: ProxyProcess) -> None:
    assert curl(proxy, f"https://wrong.{SITE}/").code == 502
    assert curl(proxy, f"https://nobody.{SITE}/").code == 502


def test_what_is_passed_on_unopened_goes_through_it_too(proxy: ProxyProcess, certificates: Certificates) -> None:
    raw = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    raw.sendall(f"CONNECT {PINNED}:443 HTTP/1.1\r\nHost: {PINNED}:443\r\n\r\n".encode())
    assert raw.recv(4096).startswith(b"HTTP/1.1 200")
    context = ssl.create_default_context(cafile=str(certificates.ca))
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # certificates of tests are small
    with context.wrap_socket(raw, server_hostname=PINNED) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 ")
    assert wait_until(lambda: len(proxy.recorded("unopened")) == 2)


def test_openssl_verifies_the_chain_by_the_root_alone(proxy: ProxyProcess) -> None:
    program = shutil.which("openssl")
    assert program is not None
    said = subprocess.run(
        [
            *(program, "s_client", "-proxy", f"127.0.0.1:{proxy.port}", "-connect", f"{SITE}:443"),
            *("-servername", SITE, "-CAfile", str(proxy.ca), "-no-CApath", "-verify_return_error", "-showcerts"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert "Verify return code: 0 (ok)" in said.stdout, said.stderr
    assert said.stdout.count("BEGIN CERTIFICATE") == 2


def test_over_tls_it_is_verified_like_anybody(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, outside: OriginThread
) -> None:
    """TLS to the proxy upstream, TLS to the site in it; and one whose certificate is another's gets nothing."""
    for names, code in ((("127.0.0.1",), 200), (("elsewhere.example",), 502)):
        far = Chained({f"{SITE}:443": outside.port}, certificates.leaf(*names))
        made = start_stand_in(
            tmp_path / names[0],
            proxy_ca,
            upstream_ca=str(certificates.ca),
            upstream={"scheme": "https", "host": "127.0.0.1", "port": far.port, "login": "dlp:pass word"},
        )
        with running(made) as proxy:
            assert curl(proxy, f"https://{SITE}/in", "--data", "hello").code == code
        assert [LOGIN in head for head in far.heads] == [True] * (code == 200)
        far.stop()
