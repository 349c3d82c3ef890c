"""A worker: one serving process of several, on a socket that the supervisor bound, told what to do by it.

`worker_start.py` begins it with the number of an inherited descriptor. What it works with comes over that when the
supervisor has it; until then it has imported all that it needs.
"""

from __future__ import annotations

import asyncio
import pickle
import signal
import socket
import sys
from concurrent.futures.process import BrokenProcessPool
from typing import Final

import structlog
from prometheus_client import generate_latest

from dlp_proxy.detect.late import compile_all
from dlp_proxy.logs import set_up_logs
from dlp_proxy.policy.problem import PolicyError
from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.proxy.master import ProxyError, quiet_mitmproxy
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.wiring.channel import Channel, Orders, Said
from dlp_proxy.wiring.child import listening_of
from dlp_proxy.wiring.code_digest import code_stamp
from dlp_proxy.wiring.installation import Installation
from dlp_proxy.wiring.policy_set import PolicySet
from dlp_proxy.wiring.start_error import ProxyStartError

BEAT_SECONDS: Final = 1.0
_ORPHANED_SECONDS: Final = 5
"""Without a supervisor nobody restarts or watches a worker: it only ends what is under way."""
_CHANGED: Final = "the program was changed while it runs: restart it, e.g. `systemctl restart dlp-proxy`"
"""Settings are handed over by their places: to another version, one would be taken for another, and `monitor` be on."""
_REFUSALS: Final = (StoreError, PolicyError, ProxyStartError, ProxyError, KnownFileError, BrokenProcessPool)

_log = structlog.get_logger("dlp_proxy.run")


class Worker:
    """Does what the supervisor says until told to end, or until the supervisor is gone."""

    def __init__(self, here: Installation, channel: Channel) -> None:
        self._here = here
        self._channel = channel
        self._ending: asyncio.Task[None] | None = None
        self._preparing: asyncio.Task[None] | None = None
        self.going = asyncio.Event()

    async def listen(self) -> None:
        """Follow the supervisor's words; when there are no more, end."""
        while (heard := await self._channel.hear()) is not None:
            said, content = heard
            match said["is"]:
                case "go":
                    self.going.set()
                case "prepare":
                    self._preparing = asyncio.create_task(self._prepare(said, pickle.loads(content)))  # noqa: S301 - the supervisor's
                case "take":
                    self._here.take()
                case "stale":
                    self._here.stale = bool(said["stale"])
                case "drop":
                    self._here.drop()
                case "report":
                    await self._report("report")
                case "drain":
                    self.end(self._here.settings.drain_seconds)
        _log.warning("the supervisor is gone: ending")
        self.end(_ORPHANED_SECONDS)
        self.going.set()

    def end(self, seconds: float) -> None:
        """Take no more connections and stop when what is under way has ended, or `seconds` are over."""
        if self._ending is None:
            # Begun at once: one that was not told to go yet ends before it begins.
            self._ending = asyncio.eager_task_factory(asyncio.get_running_loop(), self._here.drain(seconds))
            self.going.set()

    async def beat(self) -> None:
        """Say once a second how it stands: a worker that hangs says nothing."""
        while True:
            await self._report("beat")
            await asyncio.sleep(BEAT_SECONDS)

    async def tell_last(self) -> None:
        """Say what was counted, for the last time."""
        await self._report("beat")

    async def _report(self, word: str) -> None:
        here = self._here
        readiness = here.readiness()
        metrics = generate_latest(here.metrics.registry).decode()
        facts = dict(readiness.facts)
        await self._channel.tell(word, ready=readiness.ready, warm=here.ready.is_set(), facts=facts, metrics=metrics)

    async def _prepare(self, said: Said, policies: PolicySet) -> None:
        try:
            made = await self._here.prepare(policies)
        except _REFUSALS as error:
            await self._channel.tell("refused", number=said["number"], why=str(error))
        except Exception as error:  # noqa: BLE001 - the supervisor must hear of it and not wait
            await self._channel.tell("refused", number=said["number"], why=type(error).__name__)
        else:
            await self._channel.tell("prepared", number=said["number"], digest=made.digest)


async def work(listening: socket.socket, control: socket.socket) -> int:
    """Serve as ordered; return the exit code."""
    channel = await Channel.over(control)
    heard = await channel.hear()
    if heard is None:
        return 1
    said, content = heard
    structlog.contextvars.bind_contextvars(worker=said["number"])
    if said["code"] != code_stamp():
        await channel.tell("failed", why=_CHANGED)
        return 1
    orders: Orders = pickle.loads(content)  # noqa: S301 - the supervisor's
    try:
        here = Installation(orders.settings, orders.sizes, orders.policies)
    except _REFUSALS as error:
        await channel.tell("failed", why=str(error))
        return 1
    worker = Worker(here, channel)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, worker.end, orders.settings.drain_seconds)
    following = asyncio.create_task(worker.listen())
    await channel.tell("built", digest=here.in_force.digest)
    await worker.going.wait()
    try:
        await here.serve(orders.own_ports, (worker.beat(),), listening)
    except _REFUSALS as error:
        await channel.tell("failed", why=str(error))
        return 1
    finally:
        await worker.tell_last()
        following.cancel()
    return 0


def main() -> int:
    """Run a worker on an inherited descriptor."""
    control = socket.socket(fileno=int(sys.argv[1]))
    code_stamp()  # of what is being loaded, not of what may be there when the orders come
    for name in (signal.SIGINT, signal.SIGHUP):  # for the supervisor, who tells us
        signal.signal(name, signal.SIG_IGN)
    set_up_logs()
    quiet_mitmproxy()
    compile_all()  # while the supervisor compiles the policies
    listening = listening_of(control)
    return 1 if listening is None else asyncio.run(work(listening, control))
