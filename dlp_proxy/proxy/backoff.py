"""Slowing down who guesses: after some attempts, a wait that doubles, and is forgotten with time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final

_LONGEST_WAIT: Final = 300.0
_FORGOTTEN_AFTER: Final = 900.0
"""Seconds without an attempt: somebody's old password in a forgotten program must not lock them out for ever."""
_KEPT: Final = 10_000


@dataclass(slots=True)
class _Tries:
    count: int = 0
    last: float = 0.0
    until: float = 0.0


class Backoff:
    """Counts attempts per key. An attempt counts when it begins, so that many at once gain nothing."""

    def __init__(self, free: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = free
        self._clock = clock
        self._tries: OrderedDict[Hashable, _Tries] = OrderedDict()

    def wait(self, key: Hashable) -> float:
        """Return the seconds until the next attempt is looked at; 0 for now."""
        tries = self._tries.get(key)
        return max(0.0, tries.until - self._clock()) if tries is not None else 0.0

    def begin(self, key: Hashable) -> None:
        now = self._clock()
        tries = self._tries.setdefault(key, _Tries())
        self._tries.move_to_end(key)
        if now - tries.last > _FORGOTTEN_AFTER:
            tries.count = 0
        tries.count, tries.last = tries.count + 1, now
        if (over := tries.count - self._free) >= 0:
            tries.until = now + min(_LONGEST_WAIT, 2.0 ** min(over, 10))
        while len(self._tries) > _KEPT:
            self._tries.popitem(last=False)

    def succeeded(self, key: Hashable, *, clears: bool) -> None:
        """Take the attempt back; with `clears` those before it too."""
        tries = self._tries.get(key)
        if tries is None:
            return
        tries.count -= 1
        if clears or tries.count <= 0:
            del self._tries[key]
        elif tries.count < self._free:
            tries.until = 0.0
