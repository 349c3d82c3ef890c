"""Processes that a benchmark starts, and what they cost."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self


def end_on_term() -> None:
    """Leave by way of every `finally` when told to end, so that no process that was started stays."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


@contextlib.contextmanager
def process(*command: str, log: Path) -> Iterator[subprocess.Popen[str]]:
    with log.open("w") as output:
        started = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=output, text=True, env={**os.environ, "PYTHONPATH": "scripts"}
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()
            if started.stdout:
                started.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


def wait_for_file(path: Path) -> None:
    end = time.monotonic() + 300
    while not path.exists():
        if time.monotonic() > end:
            raise RuntimeError(f"no {path}")
        time.sleep(0.1)


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def cpu(pid: int) -> float:
    """Return the CPU seconds of one process so far; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family_cpu(pid: int) -> float:
    return sum(cpu(one) for one in family(pid))


def anonymous(pid: int) -> int:
    """Return the bytes of anonymous memory of one process; pages of files do not count."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")), 0) * 1024


class PeakMemory(threading.Thread):
    """The most anonymous memory that a process, and the largest one below it, had while this ran.

    Attributes:
        before: of the process, when this began.
        process: bytes.
        below: bytes.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._stop = threading.Event()
        self.before = self.process = anonymous(pid)
        self.below = 0

    def run(self) -> None:
        others: list[int] = []
        count = 0
        while not self._stop.wait(0.02):
            if count % 25 == 0:
                others = family(self._pid)[1:]
            count += 1
            self.process = max(self.process, anonymous(self._pid))
            self.below = max([self.below, *map(anonymous, others)])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self.join()
