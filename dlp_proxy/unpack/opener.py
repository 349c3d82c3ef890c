"""What a driver that may start programs opens: containers that nothing in this room reads, such as WIM and CHM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

type Kind = Literal[
    "wim", "chm", "hxs", "nsis", "squashfs", "cramfs", "rpm", "vhd", "vhdx", "vmdk", "qcow", "vdi", "dmg", "udf", "ext",
    "fat", "ntfs", "hfs", "apfs", "mslz", "djvu",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening one container gave.

    Attributes:
        members: (name, content) of each file; one without a name is text or a picture of the container's own, or all
            files behind one another where their bounds could not be told.
        end: offset of the first byte behind the container.
        problem: why it was not read to its end, for people; empty when it was.
        cut: that is because there was no more room or time.
        seconds: CPU time that it took, of all programs that were called.
    """

    members: tuple[tuple[str, bytes], ...]
    end: int
    problem: str = ""
    cut: bool = False
    seconds: float = 0.0


type Opener = Callable[[bytes, Kind, float, int], Opened | None]
"""(container, what it is, seconds of CPU, bytes that may be unpacked) -> what is in it; None: the program is not here.

Never raises for any bytes."""
