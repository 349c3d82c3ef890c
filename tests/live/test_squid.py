"""Behind a real Squid that asks for a log-in and looks names up itself."""

from __future__ import annotations

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.harness import (
    SITE,
    Certificates,
    OriginThread,
    curl,
    free_port,
    running,
    start_stand_in,
    wait_until,
)

pytestmark = pytest.mark.live


@pytest.fixture
def squid() -> Iterator[int]:
    """Start it on loopback; it gives up root, so its files lie where everybody may read."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        (folder / "hosts").write_text(f"127.0.0.1 {SITE} wrong.{SITE}\n")
        made = subprocess.run(
            ["htpasswd", "-bc", folder / "users", "dlp", "pass word"], check=False, capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
        (folder / "squid.conf").write_text(
            f"http_port 127.0.0.1:{port}\nhosts_file {folder}/hosts\n"
            f"auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/users\n"
            "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all\n"
            "cache deny all\naccess_log none\ncache_log /dev/null\npid_filename none\nshutdown_lifetime 0 seconds\n"
        )
        process = subprocess.Popen(
            ["/usr/sbin/squid", "-N", "-f", folder / "squid.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            assert wait_until(lambda: _answers(port))
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_everything_goes_through_it_and_nothing_that_is_stopped(
    squid: int, tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> None:
    made = start_stand_in(
        tmp_path / "proxy",
        proxy_ca,
        upstream_ca=str(certificates.ca),
        upstream={"scheme": "http", "host": "127.0.0.1", "port": squid, "login": "dlp:pass word"},
    )
    tls, plain = f"{SITE}:{origin.port}", f"{SITE}:{origin.plain_port}"
    with running(made) as proxy:
        for version in ("--http1.1", "--http2"):
            assert curl(proxy, f"https://{tls}/in", version, "--data", "hello").code == 200
            assert (origin.seen[-1].body, origin.seen[-1].header("proxy-authorization")) == (b"hello", "")
        assert curl(proxy, f"http://{plain}/in", "--data", "in the clear").code == 200
        assert "squid" in origin.seen[-1].header("via")
        assert origin.seen[-1].header("proxy-authorization") == ""
        before = len(origin.seen)
        assert curl(proxy, f"https://{tls}/in", "--data", "BLOCK-ME").code == 403
        assert curl(proxy, f"http://{plain}/in", "--data", "BLOCK-ME").code == 403
        assert curl(proxy, f"https://wrong.{tls}/").code == 502
        assert len(origin.seen) == before
