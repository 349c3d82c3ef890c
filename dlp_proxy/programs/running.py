"""One run of a program over bytes: no shell, no file on a disk, bounded in memory, CPU, time and what it says.

The bytes are a file in memory (memfd_create(2)), which a program opens by its place in /proc: within an inspector it
has no network and no file it could write (`dlp_proxy/proxy/sandbox.py`). What it says goes to such a file as well, so
that it can say no more than it may (RLIMIT_FSIZE, setrlimit(2)).
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FILE: Final = "{file}"
"""Stands in a command for the name of the bytes."""

_MEMORY: Final = 1024 * 1024 * 1024
_PATIENCE: Final = 3
"""Times the seconds of CPU that a program may take on the clock, where others are at work."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended.

    Attributes:
        output: what it said; at most the bytes that it might.
        fine: it ended by itself, and said that all went well.
        cut: it was stopped, having no more room or time.
    """

    output: bytes
    fine: bool
    cut: bool


def can_run() -> bool:
    """Tell whether bytes can be given to a program as a file that is on no disk: Linux has such."""
    return sys.platform == "linux"


def run(command: Sequence[str], data: bytes, seconds: float, room: int) -> Ran:
    """Run a program with a command of ours over `data`.

    Args:
        command: the program's path and its arguments; `FILE` among them is where it finds `data`.
        data: what strangers made.
        seconds: of CPU.
        room: bytes that it may say.
    """
    held, said, complained = (os.memfd_create(name) for name in ("data", "said", "complained"))
    try:
        with os.fdopen(os.dup(held), "wb") as file:
            file.write(data)
        os.lseek(held, 0, os.SEEK_SET)
        place = f"/proc/self/fd/{held}"
        # No DEVNULL: an inspector may write no file, and that is one.
        with subprocess.Popen(  # noqa: S603 - a program that was found at the start, with arguments of ours
            [place if one == FILE else one for one in command],
            stdin=held,
            stdout=said,
            stderr=complained,
            pass_fds=(held,),
            env={"LC_ALL": "C.UTF-8"},
        ) as process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                most = int(seconds) + 1  # also when whoever would end it was killed
                resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (most, most))
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (room, room))
            try:
                process.wait(timeout=_PATIENCE * seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        output = os.pread(said, room, 0)
        return Ran(output, process.returncode == 0, process.returncode < 0 or len(output) >= room)
    finally:
        for one in (held, said, complained):
            os.close(one)
