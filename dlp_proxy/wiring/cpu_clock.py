"""The CPU time of this process, asked for seldom: the call goes to the kernel, and looking at a message asks often."""

from __future__ import annotations

import time
from typing import Final

_GRAIN: Final = 0.002
"""Seconds for which an answer holds; limits of work are hundreds of times longer."""


class CpuClock:
    """Returns seconds of CPU, at most `_GRAIN` old by the clock on the wall."""

    __slots__ = ("_asked", "_seconds")

    def __init__(self) -> None:
        self._asked = float("-inf")
        self._seconds = 0.0

    def __call__(self) -> float:
        now = time.monotonic()
        if now - self._asked >= _GRAIN:
            self._asked, self._seconds = now, time.process_time()
        return self._seconds
