"""Processes that inspect bodies, each item within its time: one that dies or overruns costs one item."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import queue
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final, Protocol, Self

from dlp_proxy.model.held import Held
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message, head_of
from dlp_proxy.model.pickling import by_fields


class Eyes(Protocol):
    """What looks, in its own process."""

    def read(self, held: Held) -> Message:
        """Return a message of a file."""

    def look(self, name: str, message: Message) -> Inspection:
        """Return what is seen in a message with the policy set of that name."""


_AHEAD: Final = 64
"""Items for each process that may be done before the oldest is: their results wait in memory."""
_QUEUED: Final = 48
"""Jobs that a process has before it, so that it need not wait for the next; of few bytes all together."""
_QUEUED_BYTES: Final = 8 * 1024 * 1024
_NAP: Final = 0.02
"""Seconds to wait while everybody has enough to do: woken for each result, this process takes a tenth of all time."""
_MAKING: Final = 120.0
"""Seconds in which a process must have its engine."""
_NETWORK: Final = frozenset({"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"})


@dataclass(frozen=True, slots=True)
class Job:
    """A message to be looked at with each of some policy sets; one that lies in a file is read by whoever looks."""

    message: Message | Held
    sets: tuple[str, ...]


@by_fields
@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen with each of the sets.

    Attributes:
        message: without its body.
        given: digest of all that was looked at, in hexadecimal.
        recorded: the body was there.
    """

    inspections: tuple[Inspection, ...]
    message: Message
    given: str
    recorded: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why there is no result for an item: its kind of error, never its text."""

    why: str


type Seen = Looked | Skipped


class Crew:
    """Gives jobs to processes and hands back what they saw, in the order of the jobs whoever was quicker."""

    def __init__(self, make: Callable[[], Eyes], size: int, seconds: float) -> None:
        """Take what it works with; processes start with the first job.

        Args:
            make: makes what looks, in its own process; can be pickled.
            seconds: that one item may take.
        """
        self._make = make
        self._seconds = seconds
        self._workers: list[_Worker] = []
        self._size = size
        self._context = multiprocessing.get_context("spawn")

    def seen[T](self, jobs: Iterable[tuple[T, Job | None]]) -> Iterator[tuple[T, Seen | None]]:
        """Yield each item with what was seen; with None where there was no job."""
        waiting: deque[tuple[int, T]] = deque()
        results: dict[int, Seen | None] = {}
        for number, (item, job) in enumerate(jobs):
            waiting.append((number, item))
            if job is None:
                results[number] = None
            else:
                while not self._given(number, job):
                    results.update(self._done())
            while waiting and (waiting[0][0] in results or len(waiting) > _AHEAD * self._size):
                yield self._first(waiting, results)
        while waiting:
            yield self._first(waiting, results)

    def _first[T](self, waiting: deque[tuple[int, T]], results: dict[int, Seen | None]) -> tuple[T, Seen | None]:
        number, item = waiting.popleft()
        while number not in results:
            results.update(self._done())
        return item, results.pop(number)

    def _given(self, number: int, job: Job) -> bool:
        """Give a job to whoever has least to do; False when all have enough."""
        if len(self._workers) < self._size and all(one.jobs for one in self._workers):
            self._workers.append(_Worker(self._context, self._make, self._seconds))
        worker = min(self._workers, key=lambda one: len(one.jobs))
        return worker.give(number, job)

    def _done(self) -> dict[int, Seen | None]:
        """Wait until somebody is done, or is given up, and return with what."""
        busy = [one for one in self._workers if one.jobs]
        if min(len(one.jobs) for one in busy) > _QUEUED // 2:
            time.sleep(_NAP)
        wait([one.pipe for one in busy], max(0.0, min(one.until for one in busy) - time.monotonic()))
        found: dict[int, Seen | None] = {}
        for worker in busy:
            while worker.jobs and (answer := worker.answer()) is not None:
                number, seen = answer
                found[number] = seen
                if worker.ended:
                    self._replace(worker)
                    break
        return found

    def _replace(self, worker: _Worker) -> None:
        """Give what waited behind the item that ended a process, and was not looked at, to one without a past."""
        self._workers.remove(worker)
        fresh = _Worker(self._context, self._make, self._seconds)
        self._workers.append(fresh)
        for left, job in worker.jobs:
            fresh.give(left, job, at_once=True)

    def close(self) -> None:
        for worker in self._workers:
            worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Worker:
    """One process and the jobs it was given: the first of them is the one that it looks at."""

    def __init__(self, context: multiprocessing.context.SpawnContext, make: Callable[[], Eyes], seconds: float) -> None:
        self.pipe, theirs = context.Pipe()
        self._came = select.poll()  # what `Connection.poll` makes anew each time
        self._came.register(self.pipe, select.POLLIN)
        self.process: BaseProcess = context.Process(target=_work, args=(theirs, make), daemon=True)
        self.process.start()
        theirs.close()
        self.jobs: deque[tuple[int, Job]] = deque()
        self._held = 0
        # The first item waits for the engine to be made, which is no fault of the item.
        self.until = time.monotonic() + seconds + _MAKING
        self.ended = False
        self._seconds = seconds

    def give(self, number: int, job: Job, *, at_once: bool = False) -> bool:
        """Send a job; False when there is enough to do already."""
        size = job.message.size
        if not at_once and self.jobs and (len(self.jobs) >= _QUEUED or self._held + size > _QUEUED_BYTES):
            return False
        if not self.jobs:
            self.until = max(self.until, time.monotonic() + self._seconds)
        self.jobs.append((number, job))
        self._held += size
        with contextlib.suppress(OSError):  # it died: `answer` says so
            self.pipe.send(job)
        return True

    def answer(self) -> tuple[int, Seen] | None:
        """Return what came of the first job; None while it is looked at."""
        seen: Seen
        try:
            if self._came.poll(0):
                seen = self.pipe.recv()
                self.until = time.monotonic() + self._seconds
                return self._first(), seen
            if time.monotonic() < self.until:
                return None
            seen = Skipped("it took longer than one item may")
        except (EOFError, OSError):
            seen = Skipped("its inspector died")
        self.end()
        return self._first(), seen

    def _first(self) -> int:
        number, job = self.jobs.popleft()
        self._held -= job.message.size
        return number

    def end(self) -> None:
        self.ended = True
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _work(pipe: Connection, make: Callable[[], Eyes]) -> None:
    jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    # Jobs are taken in while one is looked at, so that whoever sends never waits for whoever answers.
    threading.Thread(target=_take_in, args=(pipe, jobs), daemon=True).start()
    eyes = make()
    gc.collect()
    gc.freeze()  # the engine stays: looking through it again and again is a twentieth of all that is done
    sys.addaudithook(_stay_here)
    while (job := jobs.get()) is not None:
        pipe.send(_looked(eyes, job))


def _take_in(pipe: Connection, jobs: queue.SimpleQueue[Job | None]) -> None:
    try:
        while True:
            jobs.put(pipe.recv())
    except (EOFError, OSError):
        jobs.put(None)


def _looked(eyes: Eyes, job: Job) -> Seen:
    try:
        message = eyes.read(job.message) if isinstance(job.message, Held) else job.message
        inspections = tuple(eyes.look(name, message) for name in job.sets)
        given = sha256(head_of(message) + sha256(message.body).digest()).hexdigest()
        recorded = bool(message.body) or not message.gaps
        return Looked(inspections, replace(message, body=b""), given, recorded)
    except Exception as error:  # noqa: BLE001 - whatever a body does to us, it is one item
        return Skipped(f"inspecting it stopped on {type(error).__name__}")


def _stay_here(event: str, _: tuple[object, ...]) -> None:
    if event in _NETWORK:
        raise PermissionError("replay talks to nobody")
