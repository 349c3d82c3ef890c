"""A proxy with workers, and clients that keep it busy: what `scripts/deaths` and `scripts/faults` work with."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, Self

from tests.live.harness import Certificates, OriginThread, free_port, wait_until
from tests.live.system import HOSTS, PEOPLE, System, start_system

SITE: Final = HOSTS[2]
LONG: Final = 400.0
"""A worker starts in two or three seconds of CPU, of which a busy machine gives little."""
LIST: Final = 20
"""Phones in one request from which on it is stopped."""
_PHONE: Final = re.compile(rb"1380\d{7}")

POLICY: Final = f"""\
format: dlp-policy/v1
policy: phones
owner: soc@corp.example
mode: enforce

rules:
  phones-out:
    description: Lists of phones; one quick detector, since many engines are built here.
    severity: high
    find: std/phone-cn
    limits:
      - {{at_least: {LIST}, per: request}}
    action: block
    message: {{en: 'Stopped, {{incident}}.'}}

tests:
  - name: a list is stopped
    request:
      from: zhang.wei@corp.example
      to: https://a.example/u
      body: 'PHONES'
    expect: {{action: block, rule: phones-out}}
"""


def phones(seed: int, count: int = LIST + 5) -> str:
    return " ".join(f"1380{number:07d}" for number in range(1_000_000 + 30 * seed, 1_000_000 + 30 * seed + count))


def policy(at_least: int = LIST) -> str:
    return POLICY.replace("PHONES", phones(0)).replace(f"at_least: {LIST}", f"at_least: {at_least}")


class Crew:
    """The proxy, started again on the same state and port as often as wanted."""

    def __init__(self, folder: Path, workers: int = 2, **config: Any) -> None:
        self.folder = folder
        self.certificates = Certificates(folder)
        self.world = OriginThread(self.certificates.leaf(*HOSTS))
        self.policies = folder / "policies"
        self.policies.mkdir()
        self.file = self.policies / "phones.yaml"
        self.file.write_text(policy())
        self.port = free_port()
        self._config = {"policies": self.policies, "workers": workers, "inspectors": workers, **config}
        self._config["listen"] = f"127.0.0.1:{self.port}"
        names = dict.fromkeys(HOSTS, f"127.0.0.1:{self.world.plain_port}")
        self._config["resolve"] = {**names, **config.get("resolve", {})}
        self.system = self.start()

    def start(self) -> System:
        self.system = start_system(self.folder, self.certificates.ca, self.world, seconds=LONG, **self._config)
        return self.system

    def workers(self) -> list[int]:
        return workers_of(self.system)

    def whole(self) -> bool:
        with suppress(OSError):
            counts = self.system.ask("/readyz")["workers"]
            return bool(counts["ready"] == counts["wanted"])
        return False

    def ready(self) -> bool:
        """Tell what /readyz says, by its status."""
        try:
            self.system.ask("/readyz")
        except OSError:  # HTTPError is one
            return False
        return True

    def descriptors(self) -> int:
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.workers())

    def heal(self) -> bool:
        """Wait until every worker is there again, and tell whether it came to that."""
        return wait_until(self.whole, LONG)

    def leaked(self) -> int:
        """Return how many lists of phones reached the origin."""
        return sum(len(_PHONE.findall(seen.body)) >= LIST for seen in self.world.seen)

    def sound(self) -> str:
        with closing(sqlite3.connect(self.system.state / "events.db")) as connection:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])

    def close(self) -> None:
        crew = self.workers()
        self.system.stop()
        for pid in crew:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.world.stop()


def killed(crew: Crew) -> bool:
    """Kill the supervisor; tell whether its workers ended by themselves."""
    old = crew.workers()
    crew.system.stop()
    return wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in old), LONG)


def workers_of(system: System) -> list[int]:
    with suppress(OSError):
        children = Path(f"/proc/{system.process.pid}/task/{system.process.pid}/children").read_text().split()
        return [int(one) for one in children if b"wiring.worker" in Path(f"/proc/{one}/cmdline").read_bytes()]
    return []


class Load:
    """Clients that send pages, single phones and lists of phones, each some times a second, until stopped.

    Attributes:
        stopped: numbers of the events that a 403 named; `unrecorded` those that are said not to be on record.
        codes: how often each status was answered; `failed` counts requests without an answer.
        wrong: lists that were answered otherwise than 403, and anything else that was stopped.
        answers: when each answer came, and when its request was begun.
    """

    def __init__(self, port: int, clients: int = 4, rate: float = 8.0) -> None:
        self._port = port
        self._pause = 1 / rate
        self._end = threading.Event()
        self.stopped: list[str] = []
        self.unrecorded: list[str] = []
        self.codes: Counter[int] = Counter()
        self.failed = 0
        self.wrong: list[tuple[str, int]] = []
        self.answers: list[tuple[float, float]] = []
        senders = iter(PEOPLE)
        self._threads = [
            threading.Thread(target=self._run, args=(number, next(senders)), daemon=True) for number in range(clients)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(30)

    def answered_since(self, moment: float) -> float | None:
        """Return when the first request that began after `moment` was answered."""
        return min((answered for began, answered in list(self.answers) if began >= moment), default=None)

    def _run(self, number: int, sender: str) -> None:
        chance = random.Random(number)
        connection: http.client.HTTPConnection | None = None
        seed = number * 10_000
        while not self._end.wait(self._pause):
            seed += 1
            kind = chance.choice(("page", "one", "list", "list"))
            body = {"page": None, "one": phones(seed, 1), "list": phones(seed)}[kind]
            connection = connection or http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=30, source_address=(sender, 0)
            )
            began = time.monotonic()
            try:
                connection.request("POST" if body else "GET", f"http://{SITE}/u", body, {"Host": SITE})
                answer = connection.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException):
                self.failed += 1
                connection.close()
                connection = None
                continue
            self.answers.append((began, time.monotonic()))
            self.codes[answer.status] += 1
            if answer.status == 403 and (uid := answer.headers.get("x-dlp-proxy")):
                self.stopped.append(uid)
                if b"could not be put on record" in said:
                    self.unrecorded.append(uid)
            if (answer.status == 403) != (kind == "list"):
                self.wrong.append((kind, answer.status))
        if connection is not None:
            connection.close()
