"""Where noise shows something: one look at all bytes, by arithmetic on many of them at a time.

Each byte becomes a set of bits, one for each class that it is of. Runs of a class are what is left when the sets are
cut with themselves a few places further on; so all classes are looked for in the same few passes, and what a pass makes
stays in the processor's cache. A run is long enough to be rare in noise: whoever reads it looks closer at little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

type Places = npt.NDArray[np.int64]
type _Bits = npt.NDArray[np.uint8]

PRINTABLE: Final = bytes(range(32, 127)) + b"\t"
_STRIDE: Final = 128 * 1024
"""Bytes that are looked at together: what is made of them fits the cache, and is not worth a call of the kernel."""
_AHEAD: Final = 8
"""Bytes of the next stride that show what begins in this one."""

_PLAIN, _TRIPLE, _DOUBLE, _WIDE = 1, 2, 4, 8
_FROM_SIX: Final = np.uint8(_PLAIN | _TRIPLE)
"""Classes of which six side by side are a run; of the others eight are."""


def _sets() -> bytes:
    """Return a table for `bytes.translate` that makes each byte the set of its classes."""
    table = bytearray(256)
    for bit, members in {
        _PLAIN: PRINTABLE,
        _WIDE: PRINTABLE + b"\0",
        _TRIPLE: (*range(0x80, 0xC0), *range(0xE4, 0xEA)),
        _DOUBLE: range(0xA1, 0xFF),
    }.items():
        for member in members:
            table[member] |= bit
    return bytes(table)


_SETS: Final = _sets()


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of bytes of one class, ascending and apart; each is as long as it can be."""

    starts: Places
    ends: Places

    def spans(self) -> list[tuple[int, int]]:
        return list(zip(self.starts.tolist(), self.ends.tolist(), strict=True))

    def where(self, which: npt.NDArray[np.bool_]) -> Runs:
        return Runs(self.starts[which], self.ends[which])


@dataclass(frozen=True, slots=True)
class Sights:
    """What was seen.

    Attributes:
        plain: six and more printable characters of ASCII.
        triple: six and more bytes such as Chinese characters have in UTF-8, three each.
        double: eight and more bytes of GB 18030's pairs.
        wide: eight and more printable characters and NULs, as UTF-16 and UTF-32 write ASCII.
    """

    plain: Runs
    triple: Runs
    double: Runs
    wide: Runs


def sights(data: bytes, start: int, end: int) -> Sights:
    """Look at `data` from `start` to `end`, as if nothing stood around it; places are counted from the beginning."""
    seen = _Seen()
    # What is made of a stride is made in the same places each time: new ones would cost the kernel more than the work.
    rooms = np.empty((4, _STRIDE + _AHEAD), np.uint8)
    for at in range(start, end, _STRIDE):
        piece = data[at : min(at + _STRIDE + _AHEAD, end)]
        # Behind the last byte stands nothing of any class: so every run has an end.
        piece += b"\x01" * (_STRIDE + _AHEAD - len(piece))
        alone: _Bits = np.frombuffer(piece.translate(_SETS), np.uint8)
        two = _both(alone, alone, 1, rooms[0])
        four = _both(two, two, 2, rooms[1])
        six = _both(four, two, 4, rooms[2])
        eight = _both(four, four, 4, rooms[3])
        seen.add(at, six, eight)
    return Sights(seen.runs(_PLAIN, 6), seen.runs(_TRIPLE, 6), seen.runs(_DOUBLE, 8), seen.runs(_WIDE, 8))


def _both(first: _Bits, then: _Bits, behind: int, room: _Bits) -> _Bits:
    """Return, in `room`, the sets of `first` cut with those that stand so far behind in `then`."""
    count = min(len(first), len(then) - behind)
    return np.bitwise_and(first[:count], then[behind : behind + count], out=room[:count])


class _Seen:
    """Where runs begin and end, over the strides: all classes are looked for at once, since most places have none."""

    def __init__(self) -> None:
        self._places: list[Places] = []
        self._kinds: list[_Bits] = []
        self._inside = 0
        self._bits = np.empty(_STRIDE + 1, np.uint8)
        self._changes = np.empty(_STRIDE, np.uint8)

    def add(self, start: int, six: _Bits, eight: _Bits) -> None:
        """Take a stride: a set of `six` or `eight` that has a bit says that a run goes on from there for so long."""
        bits, eight = self._bits, eight[:_STRIDE]
        bits[0] = self._inside
        np.bitwise_or(eight, _FROM_SIX, out=eight)
        np.bitwise_and(six[:_STRIDE], eight, out=bits[1:])
        self._inside = int(bits[-1])
        np.bitwise_xor(bits[1:], bits[:-1], out=self._changes)
        places = _nonzero(self._changes)
        self._places.append(places + start)
        self._kinds.append(self._changes[places])

    def runs(self, kind: int, reach: int) -> Runs:
        """Return the runs of so many and more."""
        if not self._places:
            return Runs(np.empty(0, np.int64), np.empty(0, np.int64))
        found: Places = np.concatenate(self._places)[(np.concatenate(self._kinds) & kind) != 0]
        # The last byte that begins so many is so far before the end of the run.
        return Runs(found[::2], found[1::2] + (reach - 1))


def _nonzero(sets: _Bits) -> Places:
    """Return the places of what is not empty; most is."""
    words = (sets.view(np.uint64) != 0).nonzero()[0]
    among = sets.reshape(-1, 8)[words].ravel().nonzero()[0]
    places: Places = words[among >> 3] * 8 + (among & 7)
    return places
