"""The outside web site of the demo: HTTPS on loopback, under a CA of its own, and a log of all that reached it."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from dlp_proxy.stores.authority import SIGNS_ONLY


@dataclass(frozen=True, slots=True)
class Received:
    """One request that reached the site."""

    method: str
    host: str
    target: str
    body: bytes


class DemoSite:
    """Serves every path of its hosts and keeps what it got. `start` gives the port; `received` is the log."""

    def __init__(self, folder: Path, hosts: tuple[str, ...]) -> None:
        self.ca = folder / "site-ca.pem"
        self.received: list[Received] = []
        self._context = _context(folder, self.ca, hosts)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo-site", daemon=True)

    def start(self) -> int:
        """Listen on a free port of loopback and return it."""
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _listen(self) -> int:
        application = Application([(r".*", _Keep, {"received": self.received})])
        server = HTTPServer(application, ssl_options=self._context, max_body_size=1 << 30, max_buffer_size=1 << 30)
        server.listen(0, "127.0.0.1")
        (listener,) = server._sockets.values()  # noqa: SLF001 - tornado has no public way to a free port's number
        return int(listener.getsockname()[1])


class _Keep(RequestHandler):
    def initialize(self, received: list[Received]) -> None:
        self._received = received

    def _keep(self) -> None:
        request = self.request
        self._received.append(Received(request.method or "", request.host, request.uri or "", request.body))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(f"<!doctype html><title>{request.host_name}</title><p>Thank you, this is {request.host_name}.")

    def get(self, *_: Any) -> None:  # noqa: ANN401 - tornado's signature
        self._keep()

    def post(self, *_: Any) -> None:  # noqa: ANN401 - tornado's signature
        self._keep()

    def log_exception(self, *_: Any) -> None:  # noqa: ANN401 - a client that goes away is no news in a demo
        return


def _context(folder: Path, ca_file: Path, hosts: tuple[str, ...]) -> ssl.SSLContext:
    """Make a CA and a certificate for `hosts` (ECDSA P-256, one day) and return a server's TLS context."""
    now = dt.datetime.now(dt.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dlp_proxy demo: the outside world")])
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    names = [x509.DNSName(host) for host in hosts] + [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]

    def builder(subject: x509.Name) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )

    ca = (
        builder(ca_name)
        .public_key(ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(SIGNS_ONLY, critical=True)
        .add_extension(ca_id, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    leaf = (
        builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])]))
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    ca_file.write_bytes(ca.public_bytes(pem))
    chain = folder / "site.pem"
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(secret + leaf.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain)
    return context
