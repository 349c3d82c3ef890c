"""Faults put into a running proxy one by one, under load: `scripts/faults` prints what was asked and what happened.

The oracle of every row: no list of phones reaches the origin and none is answered as let through; the load is answered
again when the fault is over; all workers are there again in the end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.live.crew import LONG, Crew, Load, killed, phones, policy
from tests.live.harness import curl, wait_until
from tests.live.odd_faults import (
    SENDER,
    UNTRUSTED,
    clock_jumps,
    clock_of_our_own,
    list_code,
    page_code,
    policies_gone,
    store_read_only,
    upstream_certificates,
)
from tests.live.system import HOSTS

_HANGING: Final = HOSTS[0]
_RESETTING: Final = HOSTS[1]
_BREAKING: Final = HOSTS[3]


@dataclass(frozen=True, slots=True)
class Fault:
    """`does` injects it, waits, and takes it away; the text it returns says what was seen meanwhile."""

    name: str
    asked: str
    does: Callable[[Crew], str]


def worker_dies(crew: Crew) -> str:
    os.kill(crew.workers()[0], signal.SIGKILL)
    return f"another took over; whole again: {crew.heal()}"


def worker_stops(crew: Crew) -> str:
    """One that is stopped holds what it had; the others take new connections."""
    pid = crew.workers()[0]
    os.kill(pid, signal.SIGSTOP)
    codes = [list_code(crew) for _ in range(3)]
    os.kill(pid, signal.SIGCONT)
    return f"new connections answered {codes}"


def supervisor_dies(crew: Crew) -> str:
    ended = killed(crew)
    crew.start()
    return f"its workers ended: {ended}; started again on the same port"


def inspector_dies(crew: Crew) -> str:
    """Inspectors are killed as soon as they are seen, while a body that needs one is sent."""
    ended = threading.Event()

    def kill() -> None:
        while not ended.is_set():
            for pid in inspectors(crew):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    killing = threading.Thread(target=kill)
    killing.start()
    code = list_code(crew, padding=200_000)
    ended.set()
    killing.join()
    return f"a large body meanwhile: {code}; restarts {count(crew, 'dlp_proxy_inspector_restarts_total')}"


def disk_full(crew: Crew) -> str:
    """No file of a worker may grow: the kernel refuses each write beyond."""
    with limited(crew, resource.RLIMIT_FSIZE, 4096):
        code, page = list_code(crew), page_code(crew)
        named = wait_until(lambda: not crew.ready(), 20)
    return f"a list {code}, a page {page}, /readyz told: {named}"


def store_locked(crew: Crew) -> str:
    with closing(sqlite3.connect(crew.system.state / "events.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        code, page = list_code(crew), page_code(crew)
        waited = time.monotonic() - began
        other.execute("ROLLBACK")
    return f"a list {code} and a page {page} after {waited:.0f} s"


def store_corrupt(crew: Crew) -> str:
    """Damaged while it is down: it must say so and not start, or start on it with nothing let through."""
    killed(crew)
    path = crew.system.state / "events.db"
    good = {one: one.read_bytes() for one in path.parent.glob("events.db*")}
    path.write_bytes(b"\0" * 4096 + path.read_bytes()[4096:])
    try:
        crew.start()
        said = f"it started; a list {list_code(crew)}"
        killed(crew)
    except AssertionError as error:
        said = "refused to start: " + str(error).strip().splitlines()[-1][:110]
    for one, content in good.items():
        one.write_bytes(content)
    crew.start()
    return said


def policy_broken(crew: Crew) -> str:
    before = crew.system.ask("/readyz")["policy"]
    whole = policy(at_least=19)
    crew.file.write_text(whole[: len(whole) // 2])
    stale = wait_until(lambda: crew.system.ask("/readyz")["policy_stale"], LONG)
    during, code = crew.system.ask("/readyz")["policy"], list_code(crew)
    crew.file.write_text(whole)
    taken = wait_until(lambda: crew.system.ask("/readyz")["policy"] != before, LONG)
    return f"half a file: told {stale}, last good in force {during == before}, a list {code}; whole: taken {taken}"


def policies_change(crew: Crew) -> str:
    digests = set()
    for turn in range(3):
        crew.file.write_text(policy(at_least=18 - turn))
        crew.system.process.send_signal(signal.SIGHUP)
        before = crew.system.ask("/readyz")["policy"]
        wait_until(lambda before=before: crew.system.ask("/readyz")["policy"] != before, LONG)
        digests.add(str(crew.system.ask("/readyz")["policy"]))
    named = {str(one.event.body["policy"]) for one in crew.system.events()}
    return f"{len(digests)} sets taken up; events name {len(named)} sets, each exactly one"


def descriptors_gone(crew: Crew) -> str:
    most = max(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in crew.workers())
    with limited(crew, resource.RLIMIT_NOFILE, most + 8):
        some = [socket.create_connection(("127.0.0.1", crew.port)) for _ in range(60)]
        time.sleep(2)
        for one in some:
            one.close()
        alive = len(crew.workers())
    return f"60 connections beyond the limit; workers alive {alive}"


def cpu_gone(crew: Crew) -> str:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    codes = [list_code(crew) for _ in range(4)]
    for one in busy:
        one.kill()
        one.wait()
    return f"lists answered {codes}"


def upstream_hangs(crew: Crew) -> str:
    """Accepts and says nothing; the client gives up, and its connection upstream must go too."""
    before = crew.descriptors()
    done = curl(crew.system, f"http://{_HANGING}/", "--max-time", "3", check=False)
    settled = wait_until(lambda: crew.descriptors() <= before + 8, 60)
    return f"the client gave up (curl {done.exit_code}); descriptors back: {settled}"


def upstream_resets(crew: Crew) -> str:
    return f"a page {curl(crew.system, f'http://{_RESETTING}/', check=False).code}"


def upstream_breaks(crew: Crew) -> str:
    done = curl(crew.system, f"http://{_BREAKING}/", "--max-time", "20", check=False)
    return f"an answer that ends in its middle: curl {done.exit_code}"


def client_aborts(crew: Crew) -> str:
    seen = len(crew.world.seen)
    with socket.create_connection(("127.0.0.1", crew.port), source_address=(SENDER, 0)) as client:
        head = f"POST http://{HOSTS[2]}/aborted HTTP/1.1\r\nHost: {HOSTS[2]}\r\nContent-Length: 90000\r\n\r\n"
        client.sendall(head.encode())
        client.sendall(phones(7, 1000).encode())
    time.sleep(1)
    arrived = [one.target for one in crew.world.seen[seen:] if "aborted" in one.target]
    return f"of the half body the origin saw {len(arrived)} requests"


FAULTS: Final = (
    Fault("a worker is killed", "others go on, it is replaced", worker_dies),
    Fault("a worker is stopped (SIGSTOP)", "others take what is new", worker_stops),
    Fault("the supervisor is killed", "workers end, the port is free, it starts again", supervisor_dies),
    Fault("inspectors are killed under a body", "that body is stopped", inspector_dies),
    Fault("disk full: no file may grow", "no record, no release; told; goes on without a restart", disk_full),
    Fault("store becomes read-only", "no record, no release; told; goes on without a restart", store_read_only),
    Fault("store locked by another", "what has findings is stopped, the rest goes on", store_locked),
    Fault("store damaged while down", "loud, never silently allowed", store_corrupt),
    Fault("half a policy file", "the last good set stays and it is told", policy_broken),
    Fault("policy folder gone", "the last good set stays and it is told", policies_gone),
    Fault("policies change under load", "no error, one set an event", policies_change),
    Fault("clock put forward and back", "no reset, nothing let through", clock_jumps),
    Fault("descriptors run out", "no crash, goes on after", descriptors_gone),
    Fault("CPU is taken by others", "no fail-open by time", cpu_gone),
    Fault("destination hangs", "no leak of connections", upstream_hangs),
    Fault("destination resets", "502", upstream_resets),
    Fault("destination ends half-way", "told to the client", upstream_breaks),
    Fault("destination's certificate does not hold", "502, nothing sent", upstream_certificates),
    Fault("client gone in the middle of a body", "nothing of it goes on", client_aborts),
)


@contextmanager
def limited(crew: Crew, what: int, soft: int) -> Iterator[None]:
    """Set a limit of every worker of the moment, and take it back."""
    before = {pid: resource.prlimit(pid, what) for pid in crew.workers()}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, what, (soft, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, what, limits)


def inspectors(crew: Crew) -> list[int]:
    found: list[int] = []
    for worker in crew.workers():
        for task in Path(f"/proc/{worker}/task").iterdir():
            for child in (task / "children").read_text().split():
                with contextlib.suppress(OSError):
                    found += map(int, Path(f"/proc/{child}/task/{child}/children").read_text().split())
    return found


def count(crew: Crew, name: str) -> float:
    lines = str(crew.system.ask("/metrics")).splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


@contextmanager
def bad_sites() -> Iterator[dict[str, str]]:
    """Yield where destinations are that hang, reset, and end in the middle of an answer."""
    stopping = threading.Event()

    def serve(at: socket.socket, how: str) -> None:
        at.settimeout(0.2)
        kept = []
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                taken, _ = at.accept()
                if how == "hang":
                    kept.append(taken)
                elif how == "reset":
                    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    taken.close()
                else:
                    taken.recv(65536)
                    taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
                    taken.close()
        for one in kept:
            one.close()
        at.close()

    places = {}
    for name, how in ((_HANGING, "hang"), (_RESETTING, "reset"), (_BREAKING, "break")):
        at = socket.create_server(("127.0.0.1", 0))
        places[name] = f"127.0.0.1:{at.getsockname()[1]}"
        threading.Thread(target=serve, args=(at, how), daemon=True).start()
    try:
        yield places
    finally:
        stopping.set()


def run(crew: Crew, faults: tuple[Fault, ...]) -> Iterator[tuple[str, bool]]:
    """Yield a row of the table for each fault, and whether all was as it must be."""
    for fault in faults:
        leaked = crew.leaked()
        with Load(crew.port, clients=2, rate=4) as load:
            time.sleep(1)
            said = fault.does(crew)
            over = time.monotonic()
            again = wait_until(lambda over=over, load=load: load.answered_since(over) is not None, LONG)
            after = (load.answered_since(over) or over) - over
            whole = crew.heal()
        through = crew.leaked() - leaked + sum(kind == "list" for kind, _ in load.wrong)
        good = not through and again and whole
        codes = ", ".join(f"{code}: {number}" for code, number in sorted(load.codes.items()))
        cells = [fault.name, fault.asked, said, f"{codes}, cut: {load.failed}", f"{after:.1f} s", str(through)]
        yield "| " + " | ".join([*cells, "yes" if good else "**NO**"]) + " |", good


def main() -> int:
    """Run and print the table; 1 when a row is not as it must be."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--first", type=int, default=1, help="begin with this one of the list")
    arguments.add_argument("--only", default="", help="only faults whose name holds this")
    words = arguments.parse_args()
    faults = tuple(one for one in FAULTS[words.first - 1 :] if words.only in one.name)
    head = ("fault", "asked", "seen", "answers of the load", "next answer after", "lists let through", "as asked")
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head), flush=True)
    good = True
    with (
        tempfile.TemporaryDirectory(prefix="dlp-proxy-faults-") as name,
        bad_sites() as places,
        clock_of_our_own(Path(name)),
    ):
        crew = Crew(Path(name), resolve={**places, **dict.fromkeys(UNTRUSTED, "127.0.0.1")})
        try:
            for row, fine in run(crew, faults):
                print(row, flush=True)
                good = good and fine
        finally:
            crew.close()
    return 0 if good and faults else 1


if __name__ == "__main__":
    raise SystemExit(main())
