"""What an inspector does in its own process: it makes its engine once, and then looks at one body after the other."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.proxy.sandbox import confine

type Inspect = Callable[[Message], Inspection]

_ADDRESS_SPACE: Final = 2 * 1024**3
_CPU_MARGIN: Final = 5.0
_OPEN_FILES: Final = 256
_MUCH: Final = 8 * 1024 * 1024
"""Unpacked bytes after which an inspector clears up at once."""
_AT_REST: Final = 256 * 1024 * 1024
"""Bytes of memory beyond which an inspector clears up, however little it was given."""
_REUSED: Final = 32 * 1024 * 1024
"""Bytes of the largest piece of memory that is kept for the next one when it is freed, four of them at a time. Windows
of a long body are of 8 MiB: each would else be pages that the kernel has to clear."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_GROWN: Final = 32 * 1024 * 1024
"""Bytes more than clearing up has left the last time for it to be worth the while again: it takes tens of ms."""
NICE: Final = 10
"""Inspectors get the CPU that the event loop leaves: everybody's small requests wait for the loop."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a worker makes its engine: a module-level function and arguments that pickle."""

    build: Callable[..., Inspect]
    arguments: tuple[Any, ...] = ()
    early: tuple[str, ...] = ()
    """Modules that are loaded once, in the process that workers are forked from."""


_inspect: Inspect | None = None
_left = 0
"""Bytes of memory that clearing up has left the last time: what this process cannot do without."""


def begin(recipe: Recipe, *, urgent: bool = False) -> None:
    """Make a worker ready: alone, bounded, deaf to the terminal's Ctrl-C, gone with its parent, engine built.

    Args:
        urgent: one was lost, and this one takes its place: it leaves the CPU to others once it is ready, not before.
    """
    global _inspect  # noqa: PLW0603 - one engine in each worker process, made once
    if not urgent:
        os.nice(NICE)
    _reuse_memory()
    _inspect = recipe.build(*recipe.arguments)
    gc.collect()
    gc.freeze()  # the engine stays: nobody need look through it again
    if urgent:
        os.nice(NICE)
    confine()
    threading.Thread(target=end_with_parent, name="end with parent", daemon=True).start()
    for name in (signal.SIGINT, signal.SIGTERM):  # sent to all of a terminal or a unit: the proxy says when to end
        signal.signal(name, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def end_with_parent() -> None:
    """Leave when the proxy is gone, also by kill -9: a worker holds both ends of its queue and would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def work(message: Message, seconds: float) -> Inspection:
    if _inspect is None:
        raise RuntimeError("the worker has no engine")
    return bounded(_inspect, message, seconds)


def bounded(inspect: Inspect, message: Message, seconds: float) -> Inspection:
    """Inspect within the limits on memory and CPU that one inspection has of this process."""
    # The file is mapped, which costs addresses and no memory; one that grows, anew while the old map is still there.
    space = _ADDRESS_SPACE + message.body_file_bytes * (2 if message.body_grows else 1)
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (space if most == resource.RLIM_INFINITY else min(space, most), most))
    # The limit is on the life of a process, so each task gets what was used so far and its own share.
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + seconds + _CPU_MARGIN)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    inspection = inspect(message)
    if inspection.expanded_bytes > _MUCH or len(message.body) > _MUCH or _resident() > max(_AT_REST, _left + _GROWN):
        _clear_up()
    return inspection


def _clear_up() -> None:
    """Let go of what was unpacked: it hangs in cycles of exceptions and frames, and would stay until some day."""
    global _left  # noqa: PLW0603 - what this process is like
    gc.collect()
    _give_back()
    _left = _resident()


def _resident() -> int:
    """Return the bytes of memory that this process has now; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as said:  # noqa: PTH123 - opened after every inspection
            return int(said.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _reuse_memory() -> None:
    """Have the C library keep what is freed until `_give_back`, instead of returning it piece by piece (mallopt(3))."""
    with contextlib.suppress(OSError, AttributeError):  # only the C library of GNU has it
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _REUSED)
        library.mallopt(_M_TRIM_THRESHOLD, 4 * _REUSED)


def _give_back() -> None:
    """Return memory to the system that was freed: one large file must not make an inspector large for good."""
    with contextlib.suppress(OSError, AttributeError):  # only the C library of GNU has it
        ctypes.CDLL(None).malloc_trim(0)
