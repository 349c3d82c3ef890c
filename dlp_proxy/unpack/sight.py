"""What a driver with eyes tells of a picture. Unpacking has none of its own: reading takes a program and a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dlp_proxy.model.finding import GapReason
from dlp_proxy.model.limits import Limits
from dlp_proxy.unpack.content import Content


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
        here: of this, CPU time of this process, which is none that unpacking took.
    """

    texts: tuple[str, ...] = ()
    codes: tuple[bytes, ...] = ()
    missed: tuple[Missed, ...] = ()
    seconds: float = 0.0
    here: float = 0.0


type Sight = Callable[[bytes, float, Limits], Seen]
"""(picture, seconds that may be spent, limits) -> what is in it. Never raises for any bytes."""


@dataclass(slots=True)
class Eyes:
    """The sight of one message: how much was looked at, for how long, and what is still to be looked at.

    Attributes:
        depth: containers around what is being read.
        waiting: pictures with their depths; they are looked at when it is known how many there are.
    """

    sight: Sight | None = None
    pictures: int = 0
    seconds: float = 0.0
    depth: int = 0
    known: set[bytes] = field(default_factory=set)
    waiting: list[tuple[Content, int]] = field(default_factory=list)
