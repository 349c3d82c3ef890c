"""Many damaged files for each dispatch: the way to an inspector and back takes longer than most of them.

The inspector is a real one, and each file has the limits of one inspection. Which file it is at stands in a file that
both sides map, so that the one it died on is known.
"""

from __future__ import annotations

import mmap
import random
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.proxy.inspector import bounded
from dlp_proxy.wiring.engine import EngineParts, build_inspect
from tests.samples.judge import message
from tests.samples.mutations import mutated
from tests.samples.sample import Sample

SLOTS: Final = 16
"""Batches that may be under way at once."""
_PLACE: Final = struct.Struct("<q")
_WATCHED: Final = frozenset({"failed", "crashed", "memory", "timed-out"})


@dataclass(slots=True)
class Came:
    """What came of a batch that was inspected to its end, and which of it is named."""

    came: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)

    def note(self, name: str, inspection: Inspection) -> None:
        self.came["with findings"] += bool(inspection.records)
        self.came["with a gap"] += bool(inspection.gaps)
        for gap in inspection.gaps:
            if gap.reason in _WATCHED:
                self.came[gap.reason] += 1
                self.named[f"{gap.reason}: {gap.detail}: {name}"] += 1

    def note_error(self, name: str, error: str) -> None:
        self.came["exceptions"] += 1
        self.named[f"exception {error}: {name}"] += 1


class Places:
    """Where each batch is: one number for each slot, in a file that processes share."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._held = mmap.mmap(file.fileno(), SLOTS * _PLACE.size)

    @classmethod
    def made(cls, path: Path) -> Places:
        path.write_bytes(bytes(SLOTS * _PLACE.size))
        return cls(path)

    def __getitem__(self, slot: int) -> int:
        return int(_PLACE.unpack_from(self._held, slot * _PLACE.size)[0])

    def __setitem__(self, slot: int, number: int) -> None:
        _PLACE.pack_into(self._held, slot * _PLACE.size, number)


def order(slot: int, sample: int, first: int, end: int) -> Message:
    """Return the message that asks for a batch: mutations from `first` up to `end` of a sample."""
    return replace(message("batch", b""), target=f"{slot} {sample} {first} {end}")


def build(parts: EngineParts, held: Sequence[Sample], path: Path, seconds: float) -> Callable[[Message], Inspection]:
    """Return what an inspector does with orders; it goes before the inspector is confined."""
    inspect = build_inspect(parts)
    places = Places(path)

    def batch(ordered: Message) -> Inspection:
        slot, sample, first, end = map(int, ordered.target.split())
        one, came = held[sample], Came()
        for number in range(first, end):
            places[slot] = number
            data = mutated(one.data, random.Random(f"{one.name} {number}"))
            try:
                came.note(f"{one.name} {number}", bounded(inspect, message(one.name, data), seconds))
            except MemoryError:
                raise  # costs the inspector, as in the proxy
            except Exception as error:  # noqa: BLE001 - the very thing that is looked for
                came.note_error(f"{one.name} {number}", repr(error))
        return cast("Inspection", _Answer(came))

    return batch


@dataclass(frozen=True, slots=True)
class _Answer:
    """Stands where the pool hands an inspection through."""

    came: Came
    expanded_bytes: int = 0


def came_of(answer: Inspection) -> Came | None:
    """Return what came of a batch; None when its inspector was lost."""
    held: object = answer
    return held.came if isinstance(held, _Answer) else None
