"""A block reaches the company's SIEM, whatever ends in between, and the operator sees how far it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import as_csv, orders
from tests.forward.receivers import WebReceiver
from tests.live.harness import ROOT, Certificates, OriginThread, curl, free_port, wait_until
from tests.live.system import PEOPLE, System, start_system

pytestmark = pytest.mark.live

LI = "127.0.1.1"


def test_blocks_arrive_though_the_receiver_came_late_and_the_forwarder_was_killed(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"))
    port = free_port()
    target = {"to": f"https://127.0.0.1:{port}/in", "format": "ecs", "ca": str(certificates.ca)}
    system = start_system(tmp_path, certificates.ca, world, forward={"siem": target})
    try:
        cursor = system.state / "forward" / "siem.json"
        assert wait_until(cursor.exists)
        first = blocked(system, 1)
        assert wait_until(lambda: 'forward_failing{target="siem"} 1.0' in system.ask("/metrics"))
        assert 'dlp_proxy_forward_waiting{target="siem"} 1.0' in system.ask("/metrics")
        receiver.start(port)
        assert wait_until(lambda: ids(receiver) == [first], 40)
        (forwarder,) = forwarders(system)
        os.kill(forwarder, signal.SIGKILL)
        second = blocked(system, 2)
        # The first may come again: it was killed before or after it had written down that it was taken.
        assert wait_until(lambda: ids(receiver) == [first, second], 40)
        found = [json.loads(line) for line in receiver.taken]
        assert {one["user"]["name"] for one in found} == {PEOPLE[LI]}
        assert {one["dlp_proxy"]["outcome"]["disposition"] for one in found} == {"blocked"}
        assert wait_until(lambda: 'forward_failing{target="siem"} 0.0' in system.ask("/metrics"))
        said = command(system, "status")
        assert (said.returncode, said.stdout) == (0, "siem: 2 sent, 0 waiting\n")
        taken = len(receiver.taken)
        tried = command(system, "test")
        assert (tried.returncode, tried.stdout) == (0, f"siem: taken by https://127.0.0.1:{port}/in\n")
        assert wait_until(lambda: len(receiver.taken) == taken + 1)
        assert system.end() == 0
        assert wait_until(lambda: not forwarders(system))
    finally:
        system.stop()
        receiver.stop()


def ids(receiver: WebReceiver) -> list[str]:
    """Return the events that were taken, each once, in the order of their first coming."""
    return list(dict.fromkeys(json.loads(line)["event"]["id"] for line in list(receiver.taken)))


def blocked(system: System, seed: int) -> str:
    body = as_csv(orders(60, seed=seed))
    answer = curl(system, "https://pan.baidu.example/u", "--interface", LI, "--data-binary", "@-", stdin=body)
    assert answer.code == 403
    return answer.headers["x-dlp-proxy"]


def forwarders(system: System) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if b"forward" in words and parent in {str(system.process.pid), "1"} and b"--with-parent" in words:
                found.append(int(folder.name))
    return found


def command(system: System, verb: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "dlp_proxy.cli.main",
            "forward",
            verb,
            "--config",
            str(system.stderr.parent / "proxy.yaml"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
