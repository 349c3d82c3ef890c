"""The whole proxy, as `dlp-proxy run` starts it, with the shipped policies and a real store."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import yaml

from dlp_proxy.stores.ports import IncidentRow, Kept
from dlp_proxy.stores.sqlite.read import SqliteReader
from tests.kept_gate import POLICIES, give
from tests.live.harness import ROOT, WAIT, OriginThread, ProxyProcess, wait_until

HOSTS: Final = (
    "mail.qq.example",
    "pan.baidu.example",
    "transfer.example",
    "another-drop.example",
    "chat.openai.example",
    "api.sf-courier.example",
)
_START_SECONDS: Final = 180.0
"""A bound for machines that are busy: a start takes some nine seconds of CPU."""
PEOPLE: Final = {
    f"127.0.{group}.{one}": f"staff-{group}-{one}@corp.example" for group in range(1, 5) for one in range(1, 250)
}
"""Enough people that each test can take new ones: address on loopback -> user."""


@dataclass
class System(ProxyProcess):
    """A running proxy with its state folder and its operations port."""

    state: Path = Path()
    operations: int = 0
    before: int = 0
    people: Iterator[str] = field(default_factory=lambda: iter(PEOPLE))
    sender: str = ""

    def start_afresh(self) -> None:
        """Forget the events so far and send as somebody new."""
        self.before = max((kept.sequence for kept in self.events()), default=self.before)
        self.sender = next(self.people)

    def events(self) -> list[Kept]:
        with SqliteReader(self.state / "events.db") as reader:
            return [kept for kept in reader.events() if kept.sequence > self.before]

    def incidents(self) -> list[IncidentRow]:
        with SqliteReader(self.state / "events.db") as reader:
            rows = list(reader.incidents(10_000))
        mine = {kept.incident for kept in self.events()}
        return [row for row in rows if row.incident in mine]

    def ask(self, path: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.operations}{path}") as answer:
            text = answer.read().decode()
        return json.loads(text) if path == "/readyz" else text

    def engines(self) -> list[str]:
        """Return what looked first in each set that was taken up: ``regex``, ``hyperscan``."""
        lines = [json.loads(line) for line in self.said().splitlines() if line.startswith("{")]
        return [line["engine"] for line in lines if line["event"] == "detectors ready"]

    def end(self) -> int:
        """Ask it to stop as an init system does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT)


def start_system(
    folder: Path,
    upstream_ca: Path,
    origin: OriginThread,
    policies: Path = POLICIES,
    seconds: float = _START_SECONDS,
    **config: Any,
) -> System:
    """Start the proxy on free ports and wait until it says that it is ready; the folder may hold an earlier state."""
    folder.mkdir(parents=True, exist_ok=True)
    settings: Mapping[str, Any] = {
        "device_map": PEOPLE,
        "resolve": dict.fromkeys(HOSTS, f"127.0.0.1:{origin.port}"),
        "upstream_ca": str(upstream_ca),
        "allow_private_destinations": True,
        "help_contact": "soc@corp.example",
        "listen": "127.0.0.1:0",
        "operations": "127.0.0.1:0",
        "inspectors": 1,
        # Compiling a gate for each proxy of the tests costs more than it saves.
        "hyperscan": policies == POLICIES and give(folder / "state"),
        "state": str(folder / "state"),
        "policies": str(policies),
        **config,
    }
    (folder / "proxy.yaml").write_text(yaml.safe_dump(settings))
    ready, stderr = folder / "ready.json", folder / "stderr.txt"
    ready.unlink(missing_ok=True)
    with stderr.open("a") as errors:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "dlp_proxy.cli.main", "run"),
                *("--config", str(folder / "proxy.yaml"), "--ready-file", str(ready)),
            ],
            stdout=errors,
            stderr=errors,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    state = folder / "state"
    made = System(process, 0, state / "ca" / "ca.pem", folder / "none", stderr, state=state)
    wait_until(lambda: ready.exists() or process.poll() is not None, seconds)
    if not ready.exists():
        made.stop()
        raise AssertionError(f"the proxy did not start ({process.poll()}): {stderr.read_text()[-4000:]}")
    ports = json.loads(ready.read_text())
    made.port, made.operations = ports["listen"], ports["operations"]
    return made
