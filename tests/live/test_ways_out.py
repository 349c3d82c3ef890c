"""Every way out of a request: steps that fail, clients that go away. Nothing passes, nothing is left behind."""

from __future__ import annotations

import socket
import ssl
import subprocess
from pathlib import Path

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

pytestmark = pytest.mark.live


def start(tmp_path: Path, ca: Path, certificates: Certificates, origin: OriginThread, **config: object) -> ProxyProcess:
    pins = {SITE: f"127.0.0.1:{origin.port}"}
    return start_stand_in(tmp_path / "proxy", ca, upstream_ca=str(certificates.ca), resolve=pins, **config)


ERRORS = {
    "inspect": "inspect: ZeroDivisionError",
    "judge": "judge: KeyError",
    "record": "record: StoreError",
    "hang": "record: TimeoutError",
}
"""Step that fails -> what the event and the log say. The errors' texts hold a number, which must not be seen."""


@pytest.mark.parametrize("step", ERRORS)
def test_a_step_that_raises_blocks_and_says_so(
    step: str, tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> None:
    with running(start(tmp_path, proxy_ca, certificates, origin, fails=step, record_seconds=0.5)) as proxy:
        can_record = step in {"inspect", "judge"}
        for version in ("--http1.1", "--http2"):
            answer = curl(proxy, f"https://{SITE}/in", version, "--data-binary", "an ordinary note")
            assert answer.code == 403
            assert answer.headers["x-dlp-proxy"].startswith("unrecorded; reference=") is not can_record
        assert (origin.seen, origin.connections) == ([], 0)
        events = [(event["action"], event["error"]) for event in proxy.recorded()]
        assert events == ([("block", ERRORS[step])] * 2 if can_record else [])
        assert proxy.said().count(ERRORS[step]) == 2
        assert "13800138000" not in proxy.said()


def _half_an_upload(proxy: ProxyProcess, sent: int) -> None:
    context = ssl.create_default_context(cafile=str(proxy.ca))
    with socket.create_connection(("127.0.0.1", proxy.port)) as raw:
        raw.sendall(f"CONNECT {SITE}:443 HTTP/1.1\r\n\r\n".encode())
        raw.recv(4096)
        # A reset, not a polite end: what a pulled cable or a closed tab looks like.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        with context.wrap_socket(raw, server_hostname=SITE) as client:
            client.sendall(f"POST / HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: 10000000\r\n\r\n".encode())
            client.sendall(b"x" * sent)


def _half_an_http2_upload(proxy: ProxyProcess) -> None:
    process = subprocess.Popen(
        [
            *("curl", "-s", "--http2", "--proxy", proxy.url, "--cacert", str(proxy.ca)),
            *("--limit-rate", "300k", "-T", "/dev/zero", "-X", "POST", f"https://{SITE}/"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.kill()
    process.wait()


def test_clients_that_go_away_leave_nothing_behind(stand_in: ProxyProcess, origin: OriginThread) -> None:
    curl(stand_in, f"https://{SITE}/", "--data-binary", "warm")
    temp_before = sorted(stand_in.temp_files())
    assert wait_until(lambda: stand_in.task_count() == stand_in.idle_tasks)
    assert wait_until(lambda: stand_in.descriptors() <= stand_in.idle_descriptors)
    for sent in (0, 1_000_000, 5_000_000, 9_999_999):
        for _ in range(5):
            _half_an_upload(stand_in, sent)
    for _ in range(2):
        _half_an_http2_upload(stand_in)
    assert wait_until(lambda: stand_in.descriptors() <= stand_in.idle_descriptors)
    assert wait_until(lambda: stand_in.task_count() == stand_in.idle_tasks)
    assert sorted(stand_in.temp_files()) == temp_before
    assert len(origin.seen) == 1


def test_a_client_that_leaves_during_the_inspection_sends_nothing(
    tmp_path: Path, proxy_ca: Path, certificates: Certificates, origin: OriginThread
) -> None:
    with running(start(tmp_path, proxy_ca, certificates, origin, delay=1.0)) as proxy:
        curl(proxy, f"https://{SITE}/", "--data-binary", "left early", "--max-time", "0.5", check=False)
        assert wait_until(lambda: bool(proxy.recorded()))
        assert wait_until(lambda: proxy.task_count() == proxy.idle_tasks)
    assert origin.seen == []
