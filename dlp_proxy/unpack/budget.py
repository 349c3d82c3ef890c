"""What unpacking one message may still cost."""

from __future__ import annotations

from collections.abc import Callable

from dlp_proxy.model.finding import GapReason
from dlp_proxy.model.limits import Limits


class Exhausted(Exception):  # noqa: N818 - a limit that was reached is not an error
    """A limit was reached; `unpack.py` makes one gap of it.

    Attributes:
        whole: no more may be unpacked from the message; otherwise only the container at hand stops.
        noted: a gap was made of it already, on its way up.
    """

    def __init__(self, reason: GapReason, detail: str, *, whole: bool) -> None:
        super().__init__(detail)
        self.reason: GapReason = reason
        self.detail = detail
        self.whole = whole
        self.noted = False


class Budget:
    """Counts what was really produced, never what headers declare.

    Attributes:
        produced: bytes that decoders made so far; slices of what was there already are free.
        quiet: tells that nothing can be found in a text however it is laid out; None when nobody can tell.
    """

    def __init__(self, limits: Limits, quiet: Callable[[str], bool] | None = None) -> None:
        self.limits = limits
        self.quiet = quiet
        self.produced = 0
        self._members = 0
        self._parts = 0

    def spend_member(self) -> None:
        """Count one file of a container.

        Raises:
            Exhausted: there were too many.
        """
        self._members += 1
        if self._members > self.limits.members:
            raise Exhausted("too-large", f"more than {self.limits.members} files in archives", whole=True)

    def spend_part(self) -> None:
        """Count one part.

        Raises:
            Exhausted: there were too many.
        """
        self._parts += 1
        if self._parts > self.limits.parts:
            raise Exhausted("too-large", f"more than {self.limits.parts} parts", whole=True)

    def meter(self, packed: int) -> Meter:
        """Return a meter for one container of `packed` bytes."""
        return Meter(self, packed)


class Meter:
    """Bytes that one container may still produce: by its own ratio, and by what is left for the message."""

    def __init__(self, budget: Budget, packed: int) -> None:
        self.budget = budget
        limits = budget.limits
        self._left = max(limits.ratio_floor, packed * limits.ratio)

    @property
    def room(self) -> int:
        """Return how many bytes more may be produced."""
        return max(0, min(self._left, self.budget.limits.expanded_bytes - self.budget.produced))

    def charge(self, count: int) -> None:
        """Count bytes that were produced. The caller asked for no more than `room`."""
        self._left -= count
        self.budget.produced += count

    def overrun(self) -> Exhausted:
        """Return what to raise when there is more to produce and no room for it."""
        limits = self.budget.limits
        if self.budget.produced >= limits.expanded_bytes:
            return Exhausted("too-large", f"unpacks to more than {limits.expanded_bytes} bytes", whole=True)
        return Exhausted("too-large", f"unpacks to more than {limits.ratio} times its size", whole=False)
