"""Faults of clock, disk, folder and certificates, for `scripts/faults`; see `faults.py`."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.live.crew import LONG, Crew, phones
from tests.live.harness import Certificates, curl, wait_until
from tests.live.system import HOSTS, PEOPLE

SENDER: Final = list(PEOPLE)[-1]
_DAY, _HOUR = 86_400, 3_600
_CLOCK: Final = "OFF_BY"
UNTRUSTED: Final = ("self-signed.example", "expired.example", "other-name.example")


def list_code(crew: Crew, padding: int = 0) -> int:
    """Return what a list of phones is answered: 403, or 0 for a cut connection; never anything else."""
    body = (phones(900) + " x" * (padding // 2)).encode()
    words = (f"http://{HOSTS[2]}/u", "--interface", SENDER, "--data-binary", "@-", "-H", "Expect:")
    return curl(crew.system, *words, stdin=body, check=False).code


def page_code(crew: Crew) -> int:
    return curl(crew.system, f"http://{HOSTS[2]}/", "--interface", SENDER, check=False).code


@contextmanager
def clock_of_our_own(folder: Path) -> Iterator[None]:
    """Have programs that are started meanwhile read a clock that `clock_jumps` can put forward and back."""
    library, off_by = folder / "clock.so", folder / "off-by"
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    off_by.write_bytes(struct.pack("l", 0))
    os.environ.update({"LD_PRELOAD": str(library), _CLOCK: str(off_by)})
    try:
        yield
    finally:
        del os.environ["LD_PRELOAD"], os.environ[_CLOCK]


def clock_jumps(crew: Crew) -> str:
    seen = []
    for what, seconds in (("a day forward", _DAY), ("an hour back", -_HOUR), ("right again", 0)):
        with Path(os.environ[_CLOCK]).open("r+b") as off_by:
            off_by.write(struct.pack("l", seconds))
        code, page = list_code(crew), page_code(crew)
        last = max((one.event.time for one in crew.system.events()), default=0.0)
        seen.append(f"{what}: a list {code}, a page {page}, ready {crew.ready()}")
        if what == "a day forward" and abs(last - time.time() - _DAY) > _HOUR:
            seen.append("BUT the clock did not jump")
    return "; ".join(seen)


def store_read_only(crew: Crew) -> str:
    """Its files may not be written any more, as after an error of the disk; needs root and ext4, XFS or Btrfs.

    Where its shared memory (`events.db-shm`) may not be written either, the kernel ends the workers (SIGBUS).
    """
    files = [str(crew.system.state / name) for name in ("events.db", "events.db-wal")]
    subprocess.run(["chattr", "+i", *files], check=True)
    try:
        code, page = list_code(crew), page_code(crew)
        named = wait_until(lambda: not crew.ready(), 20)
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)
    return f"a list {code}, a page {page}, /readyz told: {named}"


def policies_gone(crew: Crew) -> str:
    before = crew.system.ask("/readyz")["policy"]
    away = crew.policies.with_name("policies-away")
    crew.policies.rename(away)
    try:
        stale = wait_until(lambda: crew.system.ask("/readyz")["policy_stale"], LONG)
        during, code = crew.system.ask("/readyz")["policy"], list_code(crew)
    finally:
        away.rename(crew.policies)
    settled = wait_until(lambda: not crew.system.ask("/readyz")["policy_stale"], LONG)
    return f"told {stale}, last good in force {during == before}, a list {code}; folder back: settled {settled}"


def upstream_certificates(crew: Crew) -> str:
    """Of three destinations none has a certificate that holds; the list must reach none."""
    seen = []
    with _bad_certificates(crew.certificates) as (places, arrived):
        for name in UNTRUSTED:
            words = (f"https://{name}:{places[name]}/u",)
            done = curl(crew.system, *words, "--data-binary", "plain words", "--max-time", "30", check=False)
            seen.append(f"{name.partition('.')[0]} {done.code}")
    return f"{', '.join(seen)}; bytes that arrived: {sum(arrived)}"


@contextmanager
def _bad_certificates(certificates: Certificates) -> Iterator[tuple[dict[str, int], list[int]]]:
    """Yield the port of each destination, and a list of how many bytes came inside TLS."""
    stopping = threading.Event()
    arrived: list[int] = []

    def serve(at: socket.socket, context: ssl.SSLContext) -> None:
        at.settimeout(0.2)
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                taken, _ = at.accept()
                taken.settimeout(5)
                with context.wrap_socket(taken, server_side=True) as inside:
                    arrived.append(len(inside.recv(65536)))
        at.close()

    leaves: dict[str, Callable[[], Path]] = {
        UNTRUSTED[0]: lambda: certificates.leaf(UNTRUSTED[0], trusted=False),
        UNTRUSTED[1]: lambda: certificates.leaf(UNTRUSTED[1], days=-1),
        UNTRUSTED[2]: lambda: certificates.leaf("somebody-else.example"),
    }
    ports = {}
    for name, leaf in leaves.items():
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(leaf())
        at = socket.create_server(("127.0.0.1", 0))
        ports[name] = at.getsockname()[1]
        threading.Thread(target=serve, args=(at, context), daemon=True).start()
    try:
        yield ports, arrived
    finally:
        stopping.set()
