"""What a driver with eyes tells of a picture. Unpacking has none of its own: reading takes a program and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dlp_proxy.model.finding import GapReason
from dlp_proxy.model.limits import Limits


@dataclass(frozen=True, slots=True)
class Missed:
    """Something of a picture that was not looked at; `detail` is for people and quotes nothing."""

    reason: GapReason
    detail: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What looking at one picture gave.

    Attributes:
        texts: lines of text, one text for each page or frame that has any.
        codes: what QR and bar codes say.
        missed: what was not looked at.
        seconds: CPU time that it took, of all programs that were called, over how many run at once.
    """

    texts: tuple[str, ...] = ()
    codes: tuple[bytes, ...] = ()
    missed: tuple[Missed, ...] = ()
    seconds: float = 0.0


type Sight = Callable[[bytes, float, Limits], Seen]
"""(picture, seconds that may be spent, limits) -> what is in it. Never raises for any bytes."""


@dataclass(slots=True)
class Eyes:
    """The sight of one message: how much was looked at, and for how long."""

    sight: Sight | None = None
    pictures: int = 0
    seconds: float = 0.0
    known: set[bytes] = field(default_factory=set)
