"""What unpacking one message may still cost."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, Protocol

from dlp_proxy.model.finding import GapReason
from dlp_proxy.model.limits import Limits
from dlp_proxy.unpack.opener import Kind, Opened, Opener
from dlp_proxy.unpack.sight import Eyes, Sight

_UNPACKING: Final = 0.5
"""Share of the time that unpacking may take: what was unpacked by then must still be looked at."""
_DENSE: Final = 3
"""How many times what was sent may bring time once made out of that: a document is told of in some times its size."""
_PACKED: Final = 8
"""The same for what was packed: programs are so much, a bomb hundreds of times."""
_FASTER: Final = 3
"""How many times the time of as much that was sent: an archive has thousands of files, each of which takes its own."""


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


class Deferred(BaseException):
    """A decoder would have to run that may not run here: this is for an inspector, which may die of it.

    No error, and nothing on its way may take it for one: hence no `Exception`.
    """


class Time(Protocol):
    """The processor time that looking at a message may take."""

    def over(self, share: float, /) -> bool:
        """Tell whether so much of it is gone."""

    def extend(self, seconds: float, /) -> None: ...
    def restart(self) -> None: ...


class Budget:
    """Counts what was really produced, never what headers declare.

    Attributes:
        produced: bytes that decoders made so far; slices of what was there already are free.
        eyes: what looks at pictures, and how much of it was asked.
    """

    def __init__(
        self,
        limits: Limits,
        sight: Sight | None = None,
        time: Time | None = None,
        sent: int | None = None,
        opener: Opener | None = None,
    ) -> None:
        """Begin with a message.

        Args:
            limits: not to be gone over.
            sight: reads what pictures show.
            time: that unpacking may take a share of.
            sent: bytes of the message; where it is given, what is unpacked brings time in proportion to it.
            opener: opens containers by programs.
        """
        self.limits = limits
        self._time = time
        self._bringing = limits.streamed_bytes if sent is None else _DENSE * sent
        self._unpacking = limits.streamed_bytes if sent is None else _PACKED * sent
        self.eyes = Eyes(sight)
        self._opener = opener
        self._opening = 0.0
        self._met: set[bytes] = set()
        self.produced = 0
        self._members = 0
        self._parts = 0

    def decoder(self) -> None:
        """Say that what follows is a decoder in C, or may take long.

        Raises:
            Deferred: no such thing may run in this process.
        """
        if not self.limits.decoders:
            raise Deferred

    def hurry(self) -> None:
        """Stop when the time for unpacking is gone.

        Raises:
            Exhausted: it is.
        """
        if self._time is not None and self._time.over(_UNPACKING):
            raise Exhausted("timed-out", "unpacking took too long", whole=True)

    def next_window(self) -> None:
        """Begin with the next window of a long content: it has the time of a window, whatever the others gave."""
        if self._time is not None:
            self._time.restart()

    def lengthen(self, count: int, *, packed: bool = False) -> None:
        """Give time for so many bytes that are to be looked at as one, as far as so many bring any.

        `packed`: they were made smaller by a program that packs.
        """
        if self._time is None:
            return
        if packed:
            bringing = min(count, self._unpacking)
            self._unpacking -= bringing
            bringing *= _FASTER
        else:
            bringing = min(count, self._bringing)
            self._bringing -= bringing
        self._time.extend(bringing / self.limits.work_bytes)

    def excuse(self, seconds: float) -> None:
        """Say that so much of the time was taken by something that has a limit of its own."""
        if self._time is not None:
            self._time.extend(seconds / _UNPACKING)

    def open(self, data: bytes, kind: Kind, room: int) -> Opened | None:
        """Open a container by a program; None where none is installed.

        Raises:
            Exhausted: the time for programs is gone.
        """
        if self._opener is None:
            return None
        left = self.limits.program_seconds - self._opening
        if left <= 0:
            raise Exhausted("timed-out", "opening containers took too long", whole=False)
        opened = self._opener(data, kind, left, room)
        if opened is not None:
            self._opening += opened.seconds
        return opened

    def is_new(self, text: str) -> bool:
        """Tell whether a text was not asked for before."""
        digest = blake2b(text.encode(errors="replace"), digest_size=16).digest()
        if digest in self._met:
            return False
        self._met.add(digest)
        return True

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

    def charge(self, count: int, *, packed: bool = False) -> None:
        """Count bytes that were produced. The caller asked for no more than `room`.

        `packed`: a program that packs had made them smaller.

        Raises:
            Exhausted: the time for unpacking is gone.
        """
        self._left -= count
        self.budget.produced += count
        self.budget.lengthen(count, packed=packed)
        self.budget.hurry()

    def give_back(self, count: int) -> None:
        """Say that so much of what was counted is memory that is free again, and nothing that was produced."""
        self._left += count
        self.budget.produced -= count

    def overrun(self) -> Exhausted:
        """Return what to raise when there is more to produce and no room for it."""
        limits = self.budget.limits
        if self.budget.produced >= limits.expanded_bytes:
            return Exhausted("too-large", f"unpacks to more than {limits.expanded_bytes} bytes", whole=True)
        return Exhausted("too-large", f"unpacks to more than {limits.ratio} times its size", whole=False)
