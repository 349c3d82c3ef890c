"""Where messages are inspected: small ones here and now, large or packed ones in processes that may die.

Each process is a lane of its own: killing one that overran takes nobody else's inspection with it. Whatever happens to
a lane, the caller gets an inspection; one that could not be made is a gap, and policy decides on gaps.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import select
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Final

import structlog

from dlp_proxy.model.finding import GapReason
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import unread
from dlp_proxy.proxy.growing import WAIT_SECONDS
from dlp_proxy.proxy.inspector import Inspect, Recipe, begin, work
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.starvation import Allowance
from dlp_proxy.unpack.budget import Deferred

_log = structlog.get_logger("dlp_proxy.pool")

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
    b"\xd0\xcf\x11\xe0",
    b"Rar!\x1a\x07",
    b"MSCF\0\0\0\0",
    b"xar!",
    b"!<arch>\n",
    b"\x04\x22\x4d\x18",
    b"PAR1",
    b"ARROW1\0\0",
    b"Obj\x01",
    b"SQLite format 3\0",
    b"PACK\0\0\0",
)
"""First bytes of containers, looked for anywhere in a small body: a form can hold one."""
_TEXT: Final = bytes((*b"\t\n\r", *range(0x20, 0x7F)))
_PACKED_AS_TEXT: Final = tuple(magic for magic in _PACKED if not magic.translate(None, _TEXT))
"""Those that a body of nothing but plain text can hold."""
_SLOWEST: Final = 2 * 1024 * 1024
"""Bytes of a body in a second: what an inspection gets more time for."""
_RESTART_PAUSE: Final = 0.5
_START_SECONDS: Final = 120.0
"""Wall time after which one that has not started is given up: it takes a quarter of a second of CPU."""
LOST: Final[dict[GapReason, str]] = {
    "timed-out": "the inspection took too long",
    "crashed": "the inspector died on it",
    "memory": "the inspector ran out of memory on it",
}
"""Gaps of a body that cost an inspector, with what they say."""
_SPARE: Final = 1
"""Processes beyond those that inspect at once: one stands ready while the successor of a lost one builds its engine."""
_EARLY: Final = "dlp_proxy.unpack.early"
"""A module that is imported in the process that inspectors are forked from, and nowhere else."""


class InspectionPool:
    """Inspects messages. `start` before use; it returns once every process has built its engine."""

    def __init__(self, inline: Inspect, recipe: Recipe, *, processes: int, seconds: float, metrics: Metrics) -> None:
        self._inline = inline
        self._recipe = recipe
        self._count = processes
        self._seconds = seconds
        self._metrics = metrics
        self._free: asyncio.Queue[_Lane] = asyncio.Queue()
        self._room = asyncio.Semaphore(processes)
        self._lanes: set[_Lane] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._ahead = 0
        """Inspectors that look at bodies which are still on their way."""

    async def start(self) -> None:
        """Start and warm every process, unless that was done.

        Raises:
            BrokenProcessPool: an engine could not be built.
        """
        if self._lanes:
            return
        # Imported once, in the process that all inspectors are forked from: one that is lost is soon replaced.
        early = [*self._recipe.early, _EARLY, self._recipe.build.__module__]
        multiprocessing.get_context("forkserver").set_forkserver_preload(early)
        lanes = [_Lane(self._recipe, self._ended) for _ in range(self._count + _SPARE)]
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
                    await self._room.acquire()
        self.stop()

    async def inspect(self, message: Message) -> Inspection:
        """Return the inspection of a message; what a process could not finish is a gap. Errors of ours are raised."""
        if is_small(message):
            with contextlib.suppress(Deferred):
                return self._inline(message)
        try:
            with self._metrics.inspections_waiting.track_inprogress():
                await self._turn(message)
        except TimeoutError:
            return unread(message, "timed-out", "no inspector was free in time")
        try:
            with self._metrics.inspections_under_way.track_inprogress():
                async with asyncio.timeout(self._seconds):
                    lane = await self._idle()
                return await self._in_lane(lane, message)
        except TimeoutError:
            return unread(message, "timed-out", "no inspector was there in time")
        finally:
            self._room.release()

    async def _turn(self, message: Message) -> None:
        """Wait for a turn as long as the message itself may take: what is before it may be as large.

        Raises:
            TimeoutError: it did not come.
        """
        allowance = Allowance(self._may_take(message), *(lane.pid for lane in self._lanes))
        # Begun at once: turns go in the order in which they were asked for, and who retires the pool asks too.
        turn = asyncio.eager_task_factory(asyncio.get_running_loop(), self._room.acquire())
        try:
            await _patiently(turn, allowance)
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._room.release()
            raise

    def _may_take(self, message: Message) -> float:
        return self._seconds + message.body_file_bytes / _SLOWEST

    async def look_ahead(self, message: Message) -> Inspection | None:
        """Inspect a message whose body is still on its way; None where it must be inspected once it is here.

        One inspector at least is left to bodies that are here already.
        """
        if self._ahead >= self._count - 1 or self._room.locked():
            return None
        self._ahead += 1
        try:
            async with self._room:
                async with asyncio.timeout(self._seconds):
                    lane = await self._idle()
                seen = await self._in_lane(lane, message)
        except Exception as error:  # noqa: BLE001 - it was too early; the second look tells what is wrong
            _log.debug("not looked at ahead", error=type(error).__name__)
            return None
        finally:
            self._ahead -= 1
        return None if any(LOST.get(gap.reason) == gap.detail for gap in seen.gaps) else seen

    def living(self) -> int:
        """Return how many inspectors are there, the spare one among them."""
        return sum(lane.warmed for lane in self._lanes)

    async def _idle(self) -> _Lane:
        """Return a free lane that lives; one that died while it was free has a successor on its way."""
        while True:
            lane = await self._free.get()
            if lane.lives():
                lane.busy = True
                return lane
            self._ended(lane)

    def _ended(self, lane: _Lane) -> None:
        """Replace a lane whose process ended while nobody used it; a message in it is told by its executor."""
        if lane in self._lanes and not lane.busy and not self._stopped:
            self._replace(lane, "crashed")

    def _let_go(self, lane: _Lane) -> None:
        lane.busy = False
        self._free.put_nowait(lane)

    async def _in_lane(self, lane: _Lane, message: Message) -> Inspection:
        try:
            seconds = self._may_take(message)
            if message.body_grows:
                seconds += WAIT_SECONDS
            inspection = await _in_time(lane, message, seconds)
        except TimeoutError:
            return self._lost(lane, message, "timed-out")
        except BrokenProcessPool:
            return self._lost(lane, message, "crashed")
        except MemoryError:
            return self._lost(lane, message, "memory")
        except asyncio.CancelledError:
            self._replace(lane, "cancelled")
            raise
        except Exception:
            self._let_go(lane)
            raise
        self._let_go(lane)
        return inspection

    def _lost(self, lane: _Lane, message: Message, reason: GapReason) -> Inspection:
        _log.warning("inspector lost", reason=reason, uid=message.uid, bytes=message.size)
        self._replace(lane, reason)
        return unread(message, reason, LOST[reason])

    def _replace(self, lane: _Lane, reason: str) -> None:
        self._metrics.pool_restarts.labels(reason=reason).inc()
        lane.kill()
        self._lanes.discard(lane)
        task = asyncio.get_running_loop().create_task(self._add_lane())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _add_lane(self) -> None:
        urgent = True
        while not self._stopped:
            lane = _Lane(self._recipe, self._ended, urgent=urgent)
            self._lanes.add(lane)
            try:
                async with asyncio.timeout(_START_SECONDS):
                    await lane.warm()
            except (BrokenProcessPool, TimeoutError):
                _log.error("inspector does not start")
                lane.kill()
                self._lanes.discard(lane)
                urgent = False  # an engine that cannot be built must not take the CPU from everybody, again and again
                await asyncio.sleep(_RESTART_PAUSE)
            else:
                self._free.put_nowait(lane)
                return


async def _in_time(lane: _Lane, message: Message, seconds: float) -> Inspection:
    """Return what the inspector finds within the seconds.

    Raises:
        TimeoutError: it took longer.
    """
    return await _patiently(lane.inspect(message, seconds), Allowance(seconds, lane.pid))


async def _patiently[T](work: Awaitable[T], allowance: Allowance) -> T:
    """Return what comes of some work within its time.

    Raises:
        TimeoutError: it took longer.
    """
    doing = asyncio.ensure_future(work)
    try:
        while wait := allowance.wait():
            await asyncio.wait({doing}, timeout=wait)
            if doing.done():
                return doing.result()
    finally:
        doing.cancel()
    raise TimeoutError


class _Lane:
    """One worker process behind an executor, which brings the pickling, the pipe and the word that it died.

    Attributes:
        pid: the process; 0 until it was started.
    """

    def __init__(self, recipe: Recipe, ended: Callable[[_Lane], None], *, urgent: bool = False) -> None:
        self.busy = False
        self.warmed = False
        self._ended = ended
        self._dead = False
        self._watch = -1
        self._executor = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("forkserver"),
            initializer=partial(begin, urgent=urgent),
            initargs=(recipe,),
        )
        self.pid = 0

    async def warm(self) -> None:
        loop = asyncio.get_running_loop()
        # In a thread: the first task starts the process, which takes a while, and traffic is served meanwhile.
        begun = await asyncio.to_thread(self._executor.submit, os.getpid)
        self.pid = await asyncio.wrap_future(begun)
        with contextlib.suppress(OSError, AttributeError):  # a kernel without it: told when it is used
            self._watch = os.pidfd_open(self.pid)
            loop.add_reader(self._watch, self._gone)
        self.warmed = True

    def lives(self) -> bool:
        """Tell whether the process is there, as far as the kernel tells."""
        if self._watch >= 0:
            look = select.poll()
            look.register(self._watch, select.POLLIN)
            self._dead = self._dead or bool(look.poll(0))
        return not self._dead

    def _gone(self) -> None:
        self._dead = True
        self._unwatch()
        self._ended(self)

    def _unwatch(self) -> None:
        if self._watch >= 0:
            asyncio.get_running_loop().remove_reader(self._watch)
            os.close(self._watch)
            self._watch = -1

    async def inspect(self, message: Message, seconds: float) -> Inspection:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, message, seconds)

    def kill(self) -> None:
        """End the process at once; it may hang in a loop that hears nothing."""
        self._unwatch()
        pids = {self.pid} if self.pid else set(self._executor._processes or ())  # noqa: SLF001 - one that never started
        self._executor.shutdown(wait=False, cancel_futures=True)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.pid = 0


def is_small(message: Message) -> bool:
    """Tell whether a body is looked at in the event loop: short, not encoded, and holding nothing packed."""
    body = message.body
    if message.body_file or len(body) >= INLINE_BYTES or (len(body) >= _INLINE_BYTES_NOT_ASCII and not body.isascii()):
        return False
    packed = _PACKED if body.translate(None, _TEXT) else _PACKED_AS_TEXT
    if any(magic[0] in body and magic in body for magic in packed):
        return False
    return not body or message.header("content-encoding").strip().lower() in {"", "identity"}
