"""Everything a live test needs: certificates, the origin in a thread, the proxy as a process, and clients."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from mitmproxy.certs import CertStore

from tests.live.origin import Origin, Seen

ROOT: Final = Path(__file__).resolve().parents[2]
COMPOSITION: Final = ROOT / "tests" / "proxy" / "composition.py"
SITE: Final = "files.example.test"
WAIT: Final = 20.0


class Certificates:
    """A CA of the world outside, and leaves of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA of the outside")])
        self._name = name
        cert = (
            self._builder(name, name, self._key.public_key(), days=30)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.ca = folder / "outside-ca.pem"
        self.ca.write_bytes(cert.public_bytes(serialization.Encoding.PEM))

    def leaf(self, *names: str, days: int = 30, trusted: bool = True) -> Path:
        """Return a PEM file with key and certificate for the names; negative days make it expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        signer = self._key if trusted else ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        cert = (
            self._builder(subject, self._name, key.public_key(), days=days)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(signer, hashes.SHA256())
        )
        path = self._folder / f"leaf-{names[0]}-{days}-{trusted}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + cert.public_bytes(serialization.Encoding.PEM))
        return path

    @staticmethod
    def _builder(
        subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, days: int
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
        )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class OriginThread:
    """The origin on a loop of its own, so that tests stay plain functions."""

    def __init__(self, certificate: Path, *, http2: bool = True) -> None:
        self.origin = Origin()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self.origin.start(certificate, http2=http2))

    @property
    def seen(self) -> list[Seen]:
        return self.origin.seen

    @property
    def port(self) -> int:
        return self.origin.port

    @property
    def plain_port(self) -> int:
        return self.origin.plain_port

    @property
    def connections(self) -> int:
        return self.origin.connections

    def stop(self) -> None:
        self._do(self.origin.stop())
        self._do(_end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT)
        self._loop.close()

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(WAIT)


async def _end_tasks() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.05)


@dataclass
class ProxyProcess:
    """A proxy that runs. `log` holds what the stand-in engine recorded, when there is one."""

    process: subprocess.Popen[str]
    port: int
    ca: Path
    log: Path
    stderr: Path
    temp: Path = Path()
    idle_descriptors: int = 0
    idle_tasks: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def recorded(self, kind: str = "event") -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        lines = [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if line["kind"] == kind]

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def anonymous_memory(self) -> int:
        """Return the bytes of anonymous memory in use; file pages do not count."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1]) * 1024

    def task_count(self) -> int:
        """Ask the proxy how many tasks its loop has, by a signal: it answers in its log."""
        asked = len(self.recorded("tasks"))
        self.process.send_signal(signal.SIGUSR1)
        assert wait_until(lambda: len(self.recorded("tasks")) > asked)
        return int(self.recorded("tasks")[-1]["number"])

    def temp_files(self) -> list[str]:
        """Return what lies in the folder of temporary files and in that of held bodies."""
        return [str(path) for folder in (self.temp, self.spool) for path in folder.rglob("*")]

    @property
    def spool(self) -> Path:
        return self.ca.parent.parent / "spool"

    def said(self) -> str:
        return self.stderr.read_text(encoding="utf-8")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(WAIT)
        if self.process.stdout:
            self.process.stdout.close()


def make_ca(folder: Path) -> Path:
    """Make a CA for a proxy, small because it is a test's."""
    CertStore.create_store(folder, "mitmproxy", 2048)
    return folder


def start_stand_in(folder: Path, ca: Path, **config: Any) -> ProxyProcess:
    """Start the proxy with a stand-in engine (`tests/proxy/composition.py`)."""
    folder.mkdir(parents=True, exist_ok=True)
    log, stderr, temp = folder / "recorded.jsonl", folder / "stderr.txt", folder / "temp"
    temp.mkdir()
    told = json.dumps({"ca": str(ca), "log": str(log), **config})
    with stderr.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, str(COMPOSITION), told],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temp)},
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait(WAIT)
        process.stdout.close()
        raise AssertionError(f"the proxy did not start: {stderr.read_text()[-2000:]}")
    proxy = ProxyProcess(process, json.loads(line)["port"], ca / "mitmproxy-ca-cert.pem", log, stderr, temp)
    proxy.idle_descriptors, proxy.idle_tasks = proxy.descriptors(), proxy.task_count()
    return proxy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client got."""

    code: int
    version: str
    headers: dict[str, str]
    body: bytes
    exit_code: int = 0
    uploaded: int = 0
    said: str = ""


def curl(
    proxy: ProxyProcess, url: str, *arguments: str | Path, stdin: bytes | None = None, check: bool = True
) -> Answer:
    """Run curl through the proxy. `--http1.1` or `--http2` choose the version; the answer says what was negotiated."""
    out = proxy.log.parent / f"curl-{time.monotonic_ns()}"
    done = subprocess.run(
        [
            *("curl", "--silent", "--show-error", "--max-time", "150", "--proxy", proxy.url, "--cacert", str(proxy.ca)),
            *("--dump-header", f"{out}.head", "--output", f"{out}.body"),
            *("--write-out", "%{response_code} %{http_version} %{size_upload}"),
            *map(str, arguments),
            url,
        ],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=90,
    )
    said = done.stderr.decode(errors="replace")
    assert done.returncode == 0 or not check, said
    code, version, uploaded = done.stdout.decode().split()
    body = Path(f"{out}.body").read_bytes() if Path(f"{out}.body").exists() else b""
    return Answer(int(code), version, _last_head(Path(f"{out}.head")), body, done.returncode, int(uploaded), said)


def _last_head(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    blocks = [block for block in path.read_bytes().decode("latin-1").split("\r\n\r\n") if block.strip()]
    lines = blocks[-1].split("\r\n")[1:] if blocks else []
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Any, seconds: float = WAIT) -> bool:
    """Wait for something that happens in another process; the time is a bound, not a measurement."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


@contextlib.contextmanager
def running(proxy: ProxyProcess) -> Iterator[ProxyProcess]:
    try:
        yield proxy
    finally:
        proxy.stop()


def header_lines(*lines: str) -> Sequence[str]:
    return [piece for line in lines for piece in ("--header", line)]
