"""Inspection in a process of its own, for `scan`: a decoder in C that dies on a file takes not the command with it."""

from __future__ import annotations

import multiprocessing
import resource
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine, inspect, unread
from dlp_proxy.proxy.starvation import Allowance

_MEMORY: Final = 1024**3
"""What a process may take beside what the command has already."""

_SLOWEST: Final = 2 * 1024 * 1024
"""Bytes of a body in a second: what an inspection gets more time for."""


def inspect_apart(message: Message, engine: Engine) -> Inspection:
    """Return the inspection of a message, made by a process that may die; then it is a gap, as in the proxy."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(message, engine, theirs))
    process.start()
    theirs.close()
    try:
        allowance = Allowance(engine.limits.seconds + message.size / _SLOWEST, process.pid or 0)
        while wait := allowance.wait():
            if ours.poll(wait):
                break
        else:
            return unread(message, "timed-out", "the inspection took too long")
        inspection: Inspection = ours.recv()
    except EOFError:
        return unread(message, "crashed", "the inspector died on it")
    finally:
        process.kill()
        process.join()
        ours.close()
    return inspection


def _work(message: Message, engine: Engine, answer: Connection) -> None:
    most = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer.send(inspect(message, engine))
    except MemoryError:
        answer.send(unread(message, "memory", "the inspector ran out of memory on it"))
    except Exception as error:  # noqa: BLE001 - fail closed: every error must become a verdict
        answer.send(unread(message, "failed", f"inspection stopped on {type(error).__name__}"))
