"""Several proxies on one state folder, hammered by many clients of one user round a limit: `scripts/hammer live`.

A run comes up to three quarters of the limit, then many clients send more different customers than it allows, one in
each message and each by two of them. What the origin saw, what the clients were told and what the store kept must
agree: each total once and none left out, and nothing released from the limit on. Meanwhile proxies are killed and
started again.
"""

from __future__ import annotations

import argparse
import http.client
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dlp_proxy.evidence.ocsf import event_of_record
from dlp_proxy.model.event import Event
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from tests.live.harness import Certificates, OriginThread, free_port
from tests.live.system import HOSTS, PEOPLE, System, start_system

LIMIT: Final = 200
_URL: Final = f"http://{HOSTS[2]}/u"
_POLICY: Final = f"""
format: dlp-policy/v1
policy: hammer
mode: enforce
rules:
  bulk:
    severity: high
    find: std/phone-cn
    limits: [{{at_least: {LIMIT}, within: 24h, by: user}}]
    action: block
    message: {{en: 'Stopped. Ask {{help}} and quote {{incident}}.'}}
tests:
  - name: two hundred at once
    request: {{from: a@corp.example, to: 'https://x.example/', make: {{record: one, rows: {LIMIT}}}}}
    expect: {{action: block, rule: bulk}}
records:
  one: {{has: std/phone-cn, identify_by: std/phone-cn}}
"""


type Customers = tuple[str, ...]
"""Those of one message."""


@dataclass
class Fleet:
    """Proxies on one state folder, each on a port of its own, which it keeps when it is started again."""

    folder: Path
    certificates: Certificates
    origin: OriginThread
    ports: list[int]
    running: list[System] = field(default_factory=list)
    kills: int = 0

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def start(self, number: int) -> System:
        return start_system(
            self.folder / f"proxy-{number}",
            self.certificates.ca,
            self.origin,
            self.folder / "policies",
            seconds=240,
            state=str(self.state),
            listen=f"127.0.0.1:{self.ports[number]}",
            resolve=dict.fromkeys(HOSTS, f"127.0.0.1:{self.origin.plain_port}"),
        )

    def kill_one(self, chance: random.Random) -> None:
        number = chance.randrange(len(self.ports))
        self.running[number].stop()  # SIGKILL
        self.kills += 1
        self.running[number] = self.start(number)


@contextmanager
def fleet(folder: Path, processes: int) -> Iterator[Fleet]:
    """Start the proxies, and end them whatever happens."""
    certificates = Certificates(folder)
    (folder / "policies").mkdir()
    (folder / "policies" / "hammer.yaml").write_text(_POLICY)
    origin = OriginThread(certificates.leaf(*HOSTS))
    some = Fleet(folder, certificates, origin, [free_port() for _ in range(processes)])
    try:
        for number in range(processes):
            some.running.append(some.start(number))
        yield some
    finally:
        for one in some.running:
            one.stop()
        origin.stop()


@dataclass(frozen=True, slots=True)
class Told:
    """What a client was told about a message: the status, and the event's number when it was stopped."""

    customers: Customers
    status: int
    uid: str


def plan(clients: int, customers: int, seed: int) -> tuple[list[list[Customers]], list[list[Customers]]]:
    """Return what each client sends first and then: all of the customers, in no order.

    First come three quarters of the limit, ten to a message. Then the rest, one to a message, and as many of them again
    by other clients.
    """
    chance = random.Random(seed)
    every = [f"139{seed % 1000:03}{number:05}" for number in range(customers)]
    chance.shuffle(every)
    many, rest = every[: LIMIT * 3 // 4], every[LIMIT * 3 // 4 :]
    first = [tuple(many[at : at + 10]) for at in range(0, len(many), 10)]
    then: list[Customers] = [(one,) for one in (*rest, *rest)]
    chance.shuffle(then)
    return [first[number::clients] for number in range(clients)], [then[number::clients] for number in range(clients)]


def run(some: Fleet, source: str, clients: int, customers: int, seed: int, *, kills: int = 0) -> list[str]:
    """Send, kill meanwhile, and return what does not agree; empty when all does."""
    before = _last(some.state)
    some.origin.seen.clear()
    chance = random.Random(seed)
    with ThreadPoolExecutor(clients + 1) as pool:
        killing = pool.submit(_kill, some, chance, kills)
        told = []
        for sent in plan(clients, customers, seed):
            sending = [
                pool.submit(_send, some.ports, source, messages, random.Random(seed * 1000 + number))
                for number, messages in enumerate(sent)
            ]
            told += [one for each in sending for one in each.result()]
        killing.result()
    return _faults(some, _events(some.state, before), told, customers, killed=kills > 0)


def _kill(some: Fleet, chance: random.Random, kills: int) -> None:
    for _ in range(kills):
        time.sleep(chance.uniform(0.1, 0.8))
        some.kill_one(chance)


def _send(ports: Sequence[int], source: str, messages: Sequence[Customers], chance: random.Random) -> list[Told]:
    """Send each message by some proxy; by another one when the connection breaks, as a client would."""
    told = []
    opened = {port: http.client.HTTPConnection("127.0.0.1", port, 60, (source, 0)) for port in ports}
    for customers in messages:
        end = time.monotonic() + 240
        while True:
            connection = opened[chance.choice(ports)]
            try:
                told.append(_post(connection, customers))
                break
            except (OSError, http.client.HTTPException):
                connection.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
    for connection in opened.values():
        connection.close()
    return told


def _post(connection: http.client.HTTPConnection, customers: Customers) -> Told:
    connection.request("POST", _URL, "\n".join(f"call {one}" for one in customers), {"Content-Type": "text/plain"})
    answer = connection.getresponse()
    answer.read()
    return Told(customers, answer.status, answer.headers.get("X-DLP-Proxy", ""))


@dataclass(frozen=True, slots=True)
class Kept:
    sequence: int
    uid: str
    action: str
    total: int
    customers: frozenset[bytes]


def _events(state: Path, after: int) -> list[Kept]:
    with SqliteReader(StateDir(state).events) as reader:
        rows = reader.connection.execute(
            "SELECT event, json FROM record WHERE event > ? ORDER BY event", (after,)
        ).fetchall()
        found: dict[int, set[bytes]] = {}
        for sequence, value in reader.connection.execute(
            "SELECT p.event, t.value FROM posting p JOIN token t ON t.number = p.token WHERE p.event > ?", (after,)
        ):
            found.setdefault(sequence, set()).add(value)
    return [_kept(sequence, event_of_record(record), found.get(sequence, set())) for sequence, record in rows]


def _kept(sequence: int, event: Event, customers: set[bytes]) -> Kept:
    (total,) = event.body["reasons"][0]["totals"].values()
    return Kept(sequence, event.uid, event.action, total, frozenset(customers))


def _last(state: Path) -> int:
    with SqliteReader(StateDir(state).events) as reader:
        (last,) = reader.connection.execute("SELECT coalesce(max(sequence), 0) FROM event").fetchone()
        return int(last)


def _faults(some: Fleet, kept: list[Kept], told: list[Told], customers: int, *, killed: bool) -> list[str]:
    faults = []
    if [one.sequence for one in kept] != list(range(kept[0].sequence, kept[0].sequence + len(kept))):
        faults.append("numbers of events have a gap")
    seen: set[bytes] = set()
    for one in kept:
        seen |= one.customers
        if len(seen) != one.total:
            faults.append(f"event {one.sequence} says {one.total}, there are {len(seen)} customers by then")
        if (one.action == "block") != (one.total >= LIMIT):
            faults.append(f"event {one.sequence}: {one.action} at {one.total}")
    if len(seen) != customers:
        faults.append(f"{len(seen)} customers are in the events, {customers} were sent")
    mark = KeyedFingerprint(StateDir(some.state).key())
    before_limit = {identity for one in kept if one.action == "counted" for identity in one.customers}
    passed = {customer for one in told if one.status == 200 for customer in one.customers}
    at_origin = {line.split()[-1] for one in some.origin.seen for line in one.body.decode().splitlines()}
    for customer in sorted(passed | at_origin):
        if mark("phone", f"+86{customer}") not in before_limit and mark("phone", customer) not in before_limit:
            faults.append(f"customer {customer} got out, and no event lets it")
    stopped = {one.uid for one in kept if one.action == "block"}
    faults += [f"{one.uid} was told to a client and is no event" for one in told if one.uid and one.uid not in stopped]
    if {one.status for one in told} - {200, 403}:
        faults.append(f"answers: {sorted({one.status for one in told})}")
    if not killed and len(at_origin) != LIMIT - 1:
        faults.append(f"{len(at_origin)} customers reached the origin, not {LIMIT - 1}")
    if len(at_origin) >= LIMIT or not passed <= at_origin:
        faults.append(f"{len(at_origin)} customers reached the origin, {len(passed)} were said to")
    return faults


def main() -> None:
    asked = argparse.ArgumentParser(prog="scripts/hammer live")
    asked.add_argument("--processes", type=int, nargs="+", default=[2, 4])
    asked.add_argument("--runs", type=int, default=100, help="in all; in every fifth a proxy is killed")
    asked.add_argument("--clients", type=int, default=50)
    asked.add_argument("--customers", type=int, default=215)
    args = asked.parse_args()
    wrong = 0
    sources = iter(PEOPLE)
    for processes in args.processes:
        with tempfile.TemporaryDirectory() as folder, fleet(Path(folder), processes) as some:
            began = time.monotonic()
            for number in range(args.runs // len(args.processes)):
                faults = run(some, next(sources), args.clients, args.customers, number + 1, kills=int(number % 5 == 4))
                wrong += bool(faults)
                print(f"{processes} processes, run {number + 1}, {some.kills} kills", file=sys.stderr, flush=True)
                for fault in faults[:5]:
                    print(f"{processes} processes, run {number + 1}: {fault}", flush=True)
            total = _last(some.state)
            seconds = time.monotonic() - began
            print(
                f"{processes} processes: {number + 1} runs, {some.kills} kills, {total} events, {wrong} runs wrong,"
                f" {total / seconds:.0f} events a second",
                flush=True,
            )
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
