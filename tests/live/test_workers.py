"""Several workers on one port: a worker dies, the policies change, the supervisor dies, all are told to end."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.live.crew import LONG, phones, policy, workers_of
from tests.live.harness import ROOT, WAIT, Certificates, OriginThread, curl, free_port, wait_until
from tests.live.system import PEOPLE, System, start_system

pytestmark = pytest.mark.live

POLICY = """\
format: dlp-policy/v1
policy: phones
owner: soc@corp.example
mode: enforce

rules:
  phones-out:
    description: Lists of phones; one quick detector, since six engines are built here.
    severity: high
    find: std/phone-cn
    limits:
      - {at_least: 20, per: request}
    action: block
    message: {en: 'Stopped, {incident}.'}

tests:
  - name: a list is stopped
    request:
      from: zhang.wei@corp.example
      to: https://a.example/u
      body: '%s'
    expect: {action: block, rule: phones-out}
"""


def export(system: System, sender: str, seed: int) -> str:
    """Upload an export that must be stopped, on a connection of its own; return its event's number."""
    words = ("https://transfer.example/u", "--interface", sender, "--data-binary", "@-")
    answer = curl(system, *words, stdin=phones(seed).encode())
    assert answer.code == 403
    return answer.headers["x-dlp-proxy"]


def judged(system: System) -> float:
    found = re.search(r'^dlp_proxy_verdicts_total\{action="block"\} (\S+)$', system.ask("/metrics"), re.MULTILINE)
    return float(found[1]) if found else 0.0


def crew_of_two(system: System) -> bool:
    return bool(system.ask("/readyz")["workers"] == {"wanted": 2, "serving": 2, "ready": 2})


def test_a_crew_goes_on_whoever_dies(tmp_path: Path, certificates: Certificates, world: OriginThread) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    file = policies / "phones.yaml"
    file.write_text(policy())
    port, senders, stopped = free_port(), iter(PEOPLE), []
    config: dict[str, Any] = {"policies": policies, "workers": 2, "inspectors": 2, "listen": f"127.0.0.1:{port}"}
    system = start_system(tmp_path, certificates.ca, world, seconds=LONG, **config)
    try:
        assert crew_of_two(system)
        first, other = workers_of(system)
        stopped += [export(system, next(senders), seed) for seed in range(4)]
        assert judged(system) == 4

        os.kill(first, signal.SIGKILL)
        stopped += [export(system, next(senders), seed) for seed in range(4, 8)]
        assert wait_until(lambda: len(set(workers_of(system))) == 2 and crew_of_two(system), LONG)
        assert other in set(workers_of(system))
        assert judged(system) >= 4  # what the dead one had said stays; what it had not yet said is lost

        before = system.ask("/readyz")["policy"]
        good = file.read_text()
        file.write_text(good.replace("mode: enforce", "mode: simulate"))
        system.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: system.ask("/readyz")["policy_stale"], LONG)
        assert system.ask("/readyz")["policy"] == before
        file.write_text(policy(at_least=21))
        system.process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: not system.ask("/readyz")["policy_stale"], LONG)
        after = system.ask("/readyz")["policy"]
        assert isinstance(after, str)  # one digest in all workers
        assert after != before

        crew = set(workers_of(system))
        os.kill(system.process.pid, signal.SIGKILL)
        system.stop()
        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in crew), LONG)
    finally:
        system.stop()
    assert {one.event.uid for one in system.events()} >= set(stopped)
    with closing(sqlite3.connect(system.state / "events.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    system = start_system(tmp_path, certificates.ca, world, seconds=LONG, **config)
    try:
        stopped.append(export(system, next(senders), 9))
        sender = next(senders)
        body = phones(10).encode()
        with socket.create_connection(("127.0.0.1", port), source_address=(sender, 0)) as slow:
            site = f"transfer.example:{world.plain_port}"
            head = f"POST http://{site}/u HTTP/1.1\r\nHost: {site}\r\n"
            slow.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:100])
            time.sleep(0.5)  # until its head is taken
            system.process.send_signal(signal.SIGTERM)
            assert wait_until(lambda: not _listens(port))
            assert system.process.poll() is None  # it waits for what is under way
            slow.sendall(body[100:])
            slow.settimeout(WAIT)
            answer = b"".join(iter(lambda: slow.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 403")
        assert b"\r\nconnection: close\r\n" in answer.partition(b"\r\n\r\n")[0].lower() + b"\r\n"
        assert system.process.wait(LONG) == 0
    finally:
        system.stop()
    assert len(system.events()) >= 10


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "dlp_proxy.cli.main", "run", "--workers", "2", "--state", str(tmp_path / "s")),
                *("--policies", str(ROOT / "policies"), "--listen", f"127.0.0.1:{port}", "--operations", "127.0.0.1:0"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=LONG,
        )
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in done.stderr


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
