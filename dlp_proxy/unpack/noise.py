"""Where noise shows something: one look at all bytes, by arithmetic on many of them at a time.

Each byte becomes a set of bits, one for each class that it is of. Runs of a class are what is left when the sets are
cut with themselves a few places further on; so all classes are looked for in the same few passes, and what a pass makes
stays in the processor's cache.
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
_AHEAD: Final = 16
"""Bytes of the next stride that show what begins in this one."""

# Classes of a byte by itself; four places higher, of one that stands before another. Cut, the two tell pairs.
_PLAIN, _TRAIL, _GB = 1, 2, 4
_HIGHER: Final = 4
_NUL_BEFORE, _LEAD_BEFORE, _COMMON_BEFORE = _PLAIN, _TRAIL, _GB
_COMMON_SEEN: Final = _COMMON_BEFORE << 1
_ONES: Final = 0x0101010101010101


def _sets() -> bytes:
    """Return a table for `bytes.translate` that makes each byte the set of its classes."""
    table = bytearray(256)
    for bit, members in {
        _PLAIN: PRINTABLE,
        _TRAIL: range(0x80, 0xC0),
        _GB: range(0xA1, 0xFF),
        _NUL_BEFORE << _HIGHER: (0,),
        _LEAD_BEFORE << _HIGHER: range(0xE4, 0xEA),
        _COMMON_BEFORE << _HIGHER: range(0xB0, 0xD8),
    }.items():
        for member in members:
            table[member] |= bit
    return bytes(table)


_SETS: Final = _sets()


@dataclass(frozen=True, slots=True)
class Sights:
    """What was seen, by offsets.

    Attributes:
        plain: starts and ends, in turn, of runs of six and more printable characters of ASCII.
        double: starts and ends of runs of eight and more bytes of GB 18030's pairs.
        common: where three of GB 2312's common characters stand side by side.
        triple: where two characters of three bytes in UTF-8, as Chinese ones are, stand side by side.
        wide: three printable characters of ASCII stand side by side, two bytes each.
        wider: the same, four bytes each.
    """

    plain: Places
    double: Places
    common: Places
    triple: Places
    wide: bool
    wider: bool


def sights(data: bytes) -> Sights:
    """Look at all of `data`."""
    seen = _Seen()
    wide = wider = np.uint64(0)
    # What is made of a stride is made in the same places each time: new ones would cost the kernel more than the work.
    before, *rooms = np.empty((7, _STRIDE + _AHEAD), np.uint8)
    for start in range(0, len(data), _STRIDE):
        piece = data[start : start + _STRIDE + _AHEAD]
        # Behind the last byte stands nothing of any class: so every run has an end.
        piece += b"\x01" * (_STRIDE + _AHEAD - len(piece))
        alone: _Bits = np.frombuffer(piece.translate(_SETS), np.uint8)
        # Over eight bytes at a time: into the higher half of each comes something of the next, which nobody looks at.
        np.right_shift(alone.view(np.uint64), _HIGHER, out=before.view(np.uint64))
        two = _both(alone, alone, 1, rooms[0])
        four = _both(two, two, 2, rooms[1])
        six = _both(four, two, 4, rooms[2])
        eight = _both(four, four, 4, rooms[3])
        pairs = _both(before, alone, 1, rooms[4])
        wider |= np.bitwise_or.reduce(_words(_both(_both(pairs, pairs, 4, rooms[0]), pairs, 8, rooms[0])))
        three = _both(_both(pairs, pairs, 2, rooms[0]), pairs, 4, rooms[0])
        wide |= np.bitwise_or.reduce(_words(three))
        character = _both(pairs, alone, 2, rooms[1])
        characters = _both(character, character, 3, rooms[5])
        seen.add(start, six, eight, three, characters)
    nul = np.uint64(_NUL_BEFORE * _ONES)
    return Sights(
        seen.runs(_PLAIN, 6),
        seen.runs(_GB, 8),
        seen.places(_COMMON_SEEN),
        seen.places(_LEAD_BEFORE),
        bool(wide & nul),
        bool(wider & nul),
    )


def _both(first: _Bits, then: _Bits, behind: int, room: _Bits) -> _Bits:
    """Return, in `room`, the sets of `first` cut with those that stand so far behind in `then`."""
    count = min(len(first), len(then) - behind)
    return np.bitwise_and(first[:count], then[behind : behind + count], out=room[:count])


class _Seen:
    """What there is at which place, over the strides: all kinds are looked for at once, since most places have none."""

    def __init__(self) -> None:
        self._places: list[Places] = []
        self._kinds: list[_Bits] = []
        self._inside = 0
        self._bits = np.empty(_STRIDE + 1, np.uint8)
        self._more, self._kinds_here = np.empty((2, _STRIDE), np.uint8)

    def add(self, start: int, six: _Bits, eight: _Bits, three: _Bits, characters: _Bits) -> None:
        """Take a stride: a set of `six` or `eight` that has a bit says that a run goes on from there for so long."""
        bits, more, kinds = self._bits, self._more, self._kinds_here
        bits[0] = self._inside
        np.bitwise_and(eight[:_STRIDE], _GB, out=more)
        np.bitwise_or(more, _PLAIN, out=more)
        np.bitwise_and(six[:_STRIDE], more, out=bits[1:])
        self._inside = int(bits[-1])
        np.bitwise_xor(bits[1:], bits[:-1], out=kinds)
        np.bitwise_and(characters[:_STRIDE], _LEAD_BEFORE, out=more)
        np.bitwise_or(kinds, more, out=kinds)
        np.bitwise_and(three[:_STRIDE], _COMMON_BEFORE, out=more)
        np.left_shift(_words(more), 1, out=_words(more))
        np.bitwise_or(kinds, more, out=kinds)
        places = _nonzero(kinds)
        self._places.append(places + start)
        self._kinds.append(kinds[places])

    def places(self, kind: int) -> Places:
        if not self._places:
            return np.empty(0, np.int64)
        found: Places = np.concatenate(self._places)[(np.concatenate(self._kinds) & kind) != 0]
        return found

    def runs(self, kind: int, reach: int) -> Places:
        """Return the starts and ends of runs of so many and more."""
        found = self.places(kind)
        found[1::2] += reach - 1  # the last byte that begins so many is so far before the end of the run
        return found


def _words(sets: _Bits) -> npt.NDArray[np.uint64]:
    """Return the sets of a stride, eight in a word."""
    return sets[:_STRIDE].view(np.uint64)


def _nonzero(sets: _Bits) -> Places:
    """Return the places of what is not empty; most is."""
    words = (_words(sets) != 0).nonzero()[0]
    among = sets[:_STRIDE].reshape(-1, 8)[words].ravel().nonzero()[0]
    places: Places = words[among >> 3] * 8 + (among & 7)
    return places
