"""Where messages are inspected: small ones here and now, large or packed ones in processes that may die.

Each process is a lane of its own: killing one that overran takes nobody else's inspection with it. Whatever happens to
a lane, the caller gets an inspection; one that could not be made is a gap, and policy decides on gaps.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Final

import structlog

from dlp_proxy.model.finding import GapReason
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import unread
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.sandbox import confine

_log = structlog.get_logger("dlp_proxy.pool")

type Inspect = Callable[[Message], Inspection]

INLINE_BYTES: Final = 32 * 1024
_INLINE_BYTES_NOT_ASCII: Final = 8 * 1024
"""Addresses are what costs most to look for, and they are not ASCII."""
_PACKED: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"%PDF",
)
"""First bytes of containers, looked for anywhere in a small body: a form can hold one."""
_ADDRESS_SPACE: Final = 2 * 1024**3
_CPU_MARGIN: Final = 5.0
_SLOWEST: Final = 2 * 1024 * 1024
"""Bytes of a body in a second: what an inspection gets more time for."""
_OPEN_FILES: Final = 256
_RESTART_PAUSE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a worker makes its engine: a module-level function and arguments that pickle."""

    build: Callable[..., Inspect]
    arguments: tuple[Any, ...] = ()


class InspectionPool:
    """Inspects messages. `start` before use; it returns once every process has built its engine."""

    def __init__(self, inline: Inspect, recipe: Recipe, *, processes: int, seconds: float, metrics: Metrics) -> None:
        self._inline = inline
        self._recipe = recipe
        self._count = processes
        self._seconds = seconds
        self._metrics = metrics
        self._free: asyncio.Queue[_Lane] = asyncio.Queue()
        self._lanes: set[_Lane] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._stopped = False

    async def start(self) -> None:
        """Start and warm every process.

        Raises:
            BrokenProcessPool: an engine could not be built.
        """
        # Imported once, in the process that all inspectors are forked from: one that is lost is soon replaced.
        multiprocessing.get_context("forkserver").set_forkserver_preload([self._recipe.build.__module__])
        lanes = [_Lane(self._recipe) for _ in range(self._count)]
        self._lanes.update(lanes)
        await asyncio.gather(*(lane.warm() for lane in lanes))
        for lane in lanes:
            self._free.put_nowait(lane)

    def stop(self) -> None:
        self._stopped = True
        for task in self._starting:
            task.cancel()
        for lane in self._lanes:
            lane.kill()
        self._lanes.clear()

    async def retire(self) -> None:
        """Stop once every inspection under way is done: for a pool whose policy was replaced."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * self._seconds):
                for _ in range(self._count):
                    await self._free.get()
        self.stop()

    async def inspect(self, message: Message) -> Inspection:
        """Return the inspection of a message; what a process could not finish is a gap. Errors of ours are raised."""
        if is_small(message):
            return self._inline(message)
        try:
            async with asyncio.timeout(self._seconds):
                lane = await self._free.get()
        except TimeoutError:
            return unread(message, "timed-out", "no inspector was free in time")
        return await self._in_lane(lane, message)

    async def _in_lane(self, lane: _Lane, message: Message) -> Inspection:
        try:
            seconds = self._seconds + message.body_file_bytes / _SLOWEST
            async with asyncio.timeout(seconds):
                inspection = await lane.inspect(message, seconds)
        except TimeoutError:
            return self._lost(lane, message, "timed-out", "the inspection took too long")
        except BrokenProcessPool:
            return self._lost(lane, message, "crashed", "the inspector died on it")
        except MemoryError:
            return self._lost(lane, message, "memory", "the inspector ran out of memory on it")
        except asyncio.CancelledError:
            self._replace(lane, "cancelled")
            raise
        except Exception:
            self._free.put_nowait(lane)
            raise
        self._free.put_nowait(lane)
        return inspection

    def _lost(self, lane: _Lane, message: Message, reason: GapReason, detail: str) -> Inspection:
        _log.warning("inspector lost", reason=reason, uid=message.uid, bytes=message.size)
        self._replace(lane, reason)
        return unread(message, reason, detail)

    def _replace(self, lane: _Lane, reason: str) -> None:
        self._metrics.pool_restarts.labels(reason=reason).inc()
        lane.kill()
        self._lanes.discard(lane)
        task = asyncio.get_running_loop().create_task(self._add_lane())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _add_lane(self) -> None:
        while not self._stopped:
            lane = _Lane(self._recipe)
            self._lanes.add(lane)
            try:
                await lane.warm()
            except BrokenProcessPool:
                _log.error("inspector does not start")
                lane.kill()
                self._lanes.discard(lane)
                await asyncio.sleep(_RESTART_PAUSE)
            else:
                self._free.put_nowait(lane)
                return


class _Lane:
    """One worker process behind an executor, which brings the pickling, the pipe and the word that it died."""

    def __init__(self, recipe: Recipe) -> None:
        self._executor = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("forkserver"),
            initializer=_begin,
            initargs=(recipe,),
        )
        self._pid = 0

    async def warm(self) -> None:
        self._pid = await asyncio.get_running_loop().run_in_executor(self._executor, os.getpid)

    async def inspect(self, message: Message, seconds: float) -> Inspection:
        return await asyncio.get_running_loop().run_in_executor(self._executor, _work, message, seconds)

    def kill(self) -> None:
        """End the process at once; it may hang in a loop that hears nothing."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._pid = 0


def is_small(message: Message) -> bool:
    """Tell whether a body is looked at in the event loop: short, not encoded, and holding nothing packed."""
    body = message.body
    if message.body_file or len(body) >= INLINE_BYTES or (len(body) >= _INLINE_BYTES_NOT_ASCII and not body.isascii()):
        return False
    if any(magic in body for magic in _PACKED):
        return False
    return not body or message.header("content-encoding").strip().lower() in {"", "identity"}


_inspect: Inspect | None = None


def _begin(recipe: Recipe) -> None:
    """Make a worker ready: alone, bounded, deaf to the terminal's Ctrl-C, gone with its parent, engine built."""
    global _inspect  # noqa: PLW0603 - one engine in each worker process, made once
    _inspect = recipe.build(*recipe.arguments)
    confine()
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def _end_with_parent() -> None:
    """Leave when the proxy is gone, also by kill -9: a worker holds both ends of its queue and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _work(message: Message, seconds: float) -> Inspection:
    if _inspect is None:
        raise RuntimeError("the worker has no engine")
    # The limit is on the life of a process, so each task gets what was used so far and its own share.
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + seconds + _CPU_MARGIN)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    return _inspect(message)
